"""What people tell risk: positions, locates, restrictions, the end of a latch; and the marking of positions (PO-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import Action, Directory, entitled
from sottovoce.core.command import Command
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.risk_commands import (
    MarkPositions,
    RecordLocate,
    RecordPosition,
    ReenableScope,
    SetShortSaleTest,
)
from sottovoce.core.risk_events import (
    LocateRecorded,
    MarkedPosition,
    PositionRecorded,
    PositionsMarked,
    ScopeReenabled,
    ShortSaleTestSet,
)
from sottovoce.core.stage import Decider
from sottovoce.core.units import NS_PER_DAY, NS_PER_MILLISECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.risk.book import RiskBook
from sottovoce.stages.risk.case import STAGE, Case, reference_price
from sottovoce.stages.risk.checks_short import OWN, fallen, fallen_to
from sottovoce.stages.risk.lines import FIRM
from sottovoce.stages.risk.policy import RiskPolicy

UNSEEN = "the market restricts the name, and its last sale is not at or below the trigger, or not known"
UNFLAGGED = "the last sale is at or below the trigger, and nobody has passed the market's flag on"


class Desk:
    """Decides on what operations and risk say, and on the marking timer."""

    def __init__(
        self,
        book: RiskBook,
        reference: ReferenceData,
        policy: RiskPolicy,
        directory: Directory | None,
        calendar: TradingCalendar | None,
    ) -> None:
        self._book, self._reference, self._policy, self._calendar = book, reference, policy, calendar
        people = () if directory is None else directory.principals
        self._directory = {principal.name: principal for principal in people}

    def deciders(self) -> Mapping[type, Decider]:
        """Message type → function."""
        return {
            RecordPosition: self._position,
            RecordLocate: self._locate,
            SetShortSaleTest: self._short_test,
            ReenableScope: self._reenable,
            MarkPositions: self._mark,
        }

    # people ----------------------------------------------------------------------------------------------

    def _position(self, command: RecordPosition, view: MarketView) -> Sequence[StageEvent]:
        failures = self._may(command, Action.RECORD) or self._known(command.instrument_id)
        instrument, name = self._reference.get(command.instrument_id), command.instrument_id
        px = reference_price(view.state(name), view.quote(name), instrument, view.ts_ns).px
        if not failures and px <= 0:
            failures = [failure(STAGE, "no_reference", name)]
        if failures or instrument is None:
            return (self._refused(command, failures, view),)
        recorded = PositionRecorded(
            parent_id="",
            ts_ns=view.ts_ns,
            principal=command.principal,
            account=command.account,
            instrument_id=name,
            qty=command.qty,
            px=px,
            sector=instrument.sector or "",
            country=instrument.country,
            source=command.source,
        )
        return (recorded,)

    def _locate(self, command: RecordLocate, view: MarketView) -> Sequence[StageEvent]:
        failures = self._may(command, Action.RECORD) or self._known(command.instrument_id)
        if not failures and (command.qty <= 0 or not command.locate_id):
            failures = [failure(STAGE, "bad_locate", command.qty)]
        if not failures and command.locate_id in self._book.state.locates:
            failures = [failure(STAGE, "locate_again", command.locate_id)]
        expires_ns = self._end_of_day(command.expires_ns, view.ts_ns)
        if not failures and expires_ns <= view.ts_ns:
            failures = [failure(STAGE, "locate_expired", command.locate_id)]
        if failures:
            return (self._refused(command, failures, view),)
        recorded = LocateRecorded(
            parent_id="",
            ts_ns=view.ts_ns,
            principal=command.principal,
            locate_id=command.locate_id,
            account=command.account,
            instrument_id=command.instrument_id,
            qty=command.qty,
            expires_ns=expires_ns,
            source=command.source,
        )
        return (recorded,)

    def _end_of_day(self, asked_ns: int, ts_ns: int) -> int:
        """PT-16: a locate is good for the session it was recorded in, and no longer."""
        if self._calendar is None:
            return asked_ns
        return min(asked_ns, self._calendar.session_at(ts_ns).close_ns)

    def _short_test(self, command: SetShortSaleTest, view: MarketView) -> Sequence[StageEvent]:
        failures = self._may(command, Action.RECORD) or self._known(command.instrument_id)
        if failures:
            return (self._refused(command, failures, view),)
        restricted = ShortSaleTestSet(
            parent_id="",
            ts_ns=view.ts_ns,
            instrument_id=command.instrument_id,
            until_ns=command.until_ns,
            source=command.source,
            disagrees=UNSEEN if self._unseen(command, view) else "",
        )
        return (restricted,)

    def _unseen(self, command: SetShortSaleTest, view: MarketView) -> bool:
        """Whether the market's flag comes without a fall we see. The flag, as the stricter, holds."""
        name = command.instrument_id
        return command.until_ns > view.ts_ns and fallen_to(view.state(name), self._reference.get(name)) is not True

    def short_test(self, case: Case) -> list[StageEvent]:
        """PT-17: our own look at the last sale restricts a name for this session and the next, once."""
        name = case.path.instrument_id
        if not case.short or self._book.state.short_tests.get(name, 0) > case.ts_ns or not fallen(case):
            return []
        until_ns = case.ts_ns + 2 * NS_PER_DAY
        if self._calendar is not None:
            until_ns = self._calendar.sessions_from(case.ts_ns, 2)[1].close_ns
        return [
            ShortSaleTestSet(
                parent_id="", ts_ns=case.ts_ns, instrument_id=name, until_ns=until_ns, source=OWN, disagrees=UNFLAGGED
            )
        ]

    def _reenable(self, command: ReenableScope, view: MarketView) -> Sequence[StageEvent]:
        scope = FIRM if command.scope == "firm" else command.scope
        failures = self._may(command, Action.REENABLE)
        if not failures and scope not in self._book.state.latches:
            failures = [failure(STAGE, "not_latched", command.scope[:80])]
        if not failures and not command.reason:
            failures = [failure(STAGE, "reason_missing", command.scope[:80])]
        if failures:
            return (self._refused(command, failures, view),)
        again = ScopeReenabled(
            parent_id="", ts_ns=view.ts_ns, principal=command.principal, scope=scope, reason=command.reason
        )
        return (again,)

    def _may(self, command: Command, action: Action) -> list[Failure]:
        return entitled(self._directory.get(command.principal), command.principal, action)

    def _known(self, instrument_id: str) -> list[Failure]:
        if self._reference.get(instrument_id) is not None:
            return []
        return [failure(STAGE, "unknown_instrument", instrument_id[:40])]

    def _refused(self, command: Command, failures: list[Failure], view: MarketView) -> CommandRefused:
        return CommandRefused(
            parent_id="",
            ts_ns=view.ts_ns,
            principal=command.principal,
            command=type(command).__name__,
            failures=tuple(failures),
        )

    # marks -----------------------------------------------------------------------------------------------

    def marking(self, ts_ns: int) -> list[StageEvent]:
        """The marking timer, when it is wanted and not on."""
        every_ms = self._policy.mark_every_ms
        if every_ms <= 0 or self._book.state.mark_number:
            return []
        return [self._timer(ts_ns, 1)]

    def _timer(self, ts_ns: int, number: int) -> TimerSet:
        at_ns = ts_ns + self._policy.mark_every_ms * NS_PER_MILLISECOND
        return TimerSet(parent_id="", ts_ns=ts_ns, at_ns=at_ns, timer=MarkPositions(number=number))

    def _mark(self, timer: MarkPositions, view: MarketView) -> Sequence[StageEvent]:
        """Value what is held; latch what has lost too much; go on while anything is open or held."""
        state = self._book.state
        if timer.number != state.mark_number:
            return ()
        marks, unpriced = [], []
        for name in sorted(state.exposure.lines_of):
            if not any(state.exposure.lines[key].qty for key in state.exposure.lines_of[name]):
                continue
            quote = view.quote(name)
            if isinstance(quote, Unusable):
                unpriced.append(name)
            else:
                marks.append(MarkedPosition(instrument_id=name, px=quote.mid))
        goes_on = bool(state.running or marks or unpriced)
        number = timer.number + 1 if goes_on else 0
        marked = PositionsMarked(
            parent_id="", ts_ns=view.ts_ns, marks=tuple(marks), number=number, unpriced=tuple(unpriced)
        )
        again = [self._timer(view.ts_ns, number)] if goes_on else []
        return (marked, *again)
