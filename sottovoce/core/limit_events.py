"""What is decided about limits and lists. Changes carry whole rows, so whoever needs limits folds them by itself."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.event import Event
from sottovoce.core.limit_rows import LimitRow, ListRow


class ChangeOutcome(Word):
    """How a proposed change ended without holding."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class LimitChange(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One change, as proposed: limits or lists, never both, because two roles own them.

    looser says, a sentence each, what it would loosen; digest is over everything else here.
    """

    change_id: str
    principal: str
    reason: str
    limits: tuple[LimitRow, ...] = ()
    lists: tuple[ListRow, ...] = ()
    source: str = ""
    looser: tuple[str, ...] = ()
    digest: str = ""


class ChangeProposed(Event, frozen=True, kw_only=True, gc=False, tag="change_proposed"):
    """A change that loosens something waits for another person of the role, until expires_ns."""

    change: LimitChange
    expires_ns: int


class LimitsChanged(Event, frozen=True, kw_only=True, gc=False, tag="limits_changed"):
    """These versions of limits stand from now on, as one change; approved_by "" where it only tightens."""

    version: int
    rows: tuple[LimitRow, ...]
    change_id: str
    proposed_by: str
    reason: str
    digest: str
    approved_by: str = ""
    source: str = ""


class ListChanged(Event, frozen=True, kw_only=True, gc=False, tag="list_changed"):
    """These versions of list entries stand from now on, as one change."""

    version: int
    rows: tuple[ListRow, ...]
    change_id: str
    proposed_by: str
    reason: str
    digest: str
    approved_by: str = ""
    source: str = ""


class ChangeClosed(Event, frozen=True, kw_only=True, gc=False, tag="change_closed"):
    """A proposed change will not hold."""

    change_id: str
    outcome: ChangeOutcome
    principal: str = ""
    reason: str = ""


class RowEnded(Event, frozen=True, kw_only=True, gc=False, tag="row_ended"):
    """A dated version has run out by itself; stands is the version in force again, 0 when none is.

    value and value_before are a limit's figures now and until now (None: no row; for list entries always None).
    """

    row_id: str
    version: int
    stands: int
    value_before: int | None = None
    value: int | None = None


LimitEvent = ChangeProposed | LimitsChanged | ListChanged | ChangeClosed | RowEnded
