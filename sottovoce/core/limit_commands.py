"""What may be asked about limits and lists: propose, approve, withdraw. And what the clock says about them."""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command
from sottovoce.core.limit_rows import LimitRow, ListRow


class ProposeLimits(Command, frozen=True, kw_only=True, gc=False, tag="propose_limits"):
    """Change limits: rows are the versions to add, or with whole every limit there is to be.

    A row's version must be the next of its limit (with whole it is counted here). What only tightens holds at once;
    what loosens anything waits for another person. source names the file the rows were read from, and faults are what
    its reader could not take: then nothing changes, and the record says why.
    """

    rows: tuple[LimitRow, ...]
    reason: str
    whole: bool = False
    source: str = ""
    faults: tuple[str, ...] = ()


class ProposeLists(Command, frozen=True, kw_only=True, gc=False, tag="propose_lists"):
    """Change the lists of instruments: as ProposeLimits, for compliance."""

    rows: tuple[ListRow, ...]
    reason: str
    whole: bool = False
    source: str = ""
    faults: tuple[str, ...] = ()


class ApproveChange(Command, frozen=True, kw_only=True, gc=False, tag="approve_change"):
    """The second person lets a proposed change hold, on the digest of exactly what was proposed."""

    change_id: str
    digest: str


class WithdrawChange(Command, frozen=True, kw_only=True, gc=False, tag="withdraw_change"):
    """Take back, or turn down, a change that waits for its second person."""

    change_id: str
    reason: str


class ChangeExpiry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="change_expiry"):
    """A proposed change has waited as long as it may."""

    change_id: str
    parent_id: str = ""


class RowEnd(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="row_end"):
    """The window of one version of a limit, or of a list entry, has closed."""

    row_id: str
    version: int
    parent_id: str = ""


LimitCommand = ProposeLimits | ProposeLists | ApproveChange | WithdrawChange
LimitTimer = ChangeExpiry | RowEnd
