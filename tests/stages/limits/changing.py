"""A desk with two people in every role that changes limits or lists, and the stage that decides for them."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.events import StageEvent
from sottovoce.core.limit_commands import ApproveChange, LimitCommand, LimitTimer, ProposeLimits, ProposeLists
from sottovoce.core.limit_events import ChangeProposed, LimitsChanged, ListChanged
from sottovoce.core.limits import KEPT, Level, LimitBook, LimitRow, ListName, ListRow, Path, rows_of
from sottovoce.core.order_events import CommandRefused
from sottovoce.stages.limits.config import LimitsPolicy, PeakUse
from sottovoce.stages.limits.limits import Limits, LimitsState
from tests.scenarios.small_desk import OPEN_NS, Shelf, view_at

ANN, BOB, DEPUTY, CY, DI, TRADER = "ann", "bob", "deputy", "cy", "di", "tom"
DIRECTORY = Directory(
    principals=(
        Principal(name=ANN, role=Role.RISK, delegates=(DEPUTY,)),
        Principal(name=BOB, role=Role.RISK),
        Principal(name=DEPUTY, role=Role.RISK),
        Principal(name=CY, role=Role.COMPLIANCE),
        Principal(name=DI, role=Role.COMPLIANCE),
        Principal(name=TRADER, role=Role.TRADER),
    )
)
POLICY = LimitsPolicy(peaks=(PeakUse(account="F1", limit="gross", value=100_000),))
MILLION = 1_000_000
PATH = Path(desk="US", trader=TRADER, account="F1", strategy="VWAP", instrument_id="ACME")

E = TypeVar("E", bound=StageEvent)


def limit(limit_id: object, value: int, **changes: object) -> LimitRow:
    """A limit on gross exposure of account F1, but for what is changed."""
    made = LimitRow(
        limit_id="", level=Level.ACCOUNT, scope="F1", name="gross", value=value, owner=ANN, review_date="2018-12-31"
    )
    changed: LimitRow = msgspec.structs.replace(made, limit_id=limit_id, **changes)
    return changed


def entry(entry_id: object, **changes: object) -> ListRow:
    """ACME on the firm's restricted list, but for what is changed."""
    made = ListRow(entry_id="", list_name=ListName.RESTRICTED, owner=CY, instrument_id="ACME")
    changed: ListRow = msgspec.structs.replace(made, entry_id=entry_id, **changes)
    return changed


FIRM_GROSS = limit("firm", 50 * MILLION, level=Level.FIRM, scope="")
F1_GROSS = limit("F1", MILLION)
KEPT_LIST = entry("restricted", instrument_id=KEPT)


class Changing:
    """The stage alone, its events folded as they come."""

    def __init__(self, policy: LimitsPolicy = POLICY, directory: Directory = DIRECTORY) -> None:
        self.stage = Limits(rows_of((FIRM_GROSS, F1_GROSS), (KEPT_LIST,)), directory, Shelf(), policy)

    def ask(self, message: LimitCommand | LimitTimer, ts_ns: int = OPEN_NS) -> list[StageEvent]:
        """What the stage decides on a message, applied."""
        events = list(self.stage.deciders()[type(message)](message, view_at(ts_ns)))
        for event in events:
            applier = self.stage.appliers().get(type(event))
            if applier is not None:
                applier(event)
        return events

    def limits(self, *rows: LimitRow, by: str = ANN, ts_ns: int = OPEN_NS, **more: object) -> list[StageEvent]:
        """Propose limits."""
        asked: ProposeLimits = msgspec.structs.replace(
            ProposeLimits(principal=by, rows=rows, reason="review of the week"), **more
        )
        return self.ask(asked, ts_ns)

    def lists(self, *rows: ListRow, by: str = CY, ts_ns: int = OPEN_NS, **more: object) -> list[StageEvent]:
        """Propose entries of lists."""
        asked: ProposeLists = msgspec.structs.replace(
            ProposeLists(principal=by, rows=rows, reason="takeover talks"), **more
        )
        return self.ask(asked, ts_ns)

    def approve(
        self, by: str = BOB, ts_ns: int = OPEN_NS, change_id: str = "LC-1", digest: str = ""
    ) -> list[StageEvent]:
        """Approve a change on its own digest, or on another."""
        pending = self.state.pending.get(change_id)
        named = digest or ("" if pending is None else pending.change.digest)
        return self.ask(ApproveChange(principal=by, change_id=change_id, digest=named), ts_ns)

    @property
    def state(self) -> LimitsState:
        state = self.stage.state()
        assert isinstance(state, LimitsState)
        return state

    def gross(self, ts_ns: int = OPEN_NS) -> int | None:
        """The gross limit of F1."""
        row = LimitBook(self.stage.rows).row_at(Level.ACCOUNT, "F1", "gross", ts_ns)
        return None if row is None else row.value

    def restricted(self, instrument_id: str = "ACME", ts_ns: int = OPEN_NS) -> bool:
        """Whether a name is on the firm's restricted list."""
        return LimitBook(self.stage.rows).listed(ListName.RESTRICTED, instrument_id, PATH, ts_ns) is not None


def only(events: list[StageEvent], kind: type[E]) -> E:
    """The one event of a kind."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


def codes(events: list[StageEvent]) -> list[str]:
    """Why a request was refused, which is all that happened."""
    (refused,) = events
    assert isinstance(refused, CommandRefused)
    return [failed.code for failed in refused.failures]


def waits(events: list[StageEvent]) -> bool:
    """Whether a change was taken that waits for another person, and nothing has changed."""
    kinds = [type(event) for event in events]
    return ChangeProposed in kinds and not {LimitsChanged, ListChanged} & set(kinds)


def holds(events: list[StageEvent]) -> bool:
    """Whether a change holds from now on."""
    return any(isinstance(event, LimitsChanged | ListChanged) for event in events)
