"""Continuity: what happened to the process itself, and what may be repeated because of it.

It decides whether an order that never arrived leaves again under its own ClOrdID (only while it is as fresh as a
venue's own resend may be), whether a day is over (once, whatever the clock does), and keeps the record of restarts
and clock jumps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.ports import TradingCalendar
from sottovoce.core.ranges import Span
from sottovoce.core.recovery_commands import ArrivalDenied, ClockJumped, DayRoll, DeskRestarted
from sottovoce.core.recovery_events import ClockJumpSeen, DayRolled, DeskRecovered, RouteNotResent, RouteResent
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.core.work_events import TimerSet

AFTER_CLOSE_NS = 20 * NS_PER_MINUTE
"""A closing auction may print well after the close; its orders are answered within a quarter of an hour."""


class ContinuityConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """resend_age_max_s: seconds after which an order is not sent again as it was decided (F-14)."""

    resend_age_max_s: Span = 3.0


class ContinuityState(msgspec.Struct, kw_only=True):
    """starts and jumps are counts; rolled is the last day that was over, next_roll the one whose end is awaited."""

    starts: int = 0
    jumps: int = 0
    rolled: str = ""
    next_roll: str = ""


class Continuity:
    """Decides on DeskRestarted, ArrivalDenied, ClockJumped and DayRoll."""

    name = "continuity"

    def __init__(self, config: ContinuityConfig, calendar: TradingCalendar) -> None:
        self._config = config
        self._calendar = calendar
        self._state = ContinuityState()

    def deciders(self) -> Mapping[type, Decider]:
        return {
            DeskRestarted: self._restarted,
            ArrivalDenied: self._denied,
            ClockJumped: self._jumped,
            DayRoll: self._roll,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return {
            DeskRecovered: self._on_recovered,
            ClockJumpSeen: self._on_jump,
            DayRolled: self._on_rolled,
            TimerSet: self._on_timer,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=ContinuityState)

    # decisions -------------------------------------------------------------------------------------------

    def _restarted(self, found: DeskRestarted, view: MarketView) -> Sequence[StageEvent]:
        recovered = DeskRecovered(
            parent_id="",
            ts_ns=view.ts_ns,
            number=self._state.starts + 1,
            **msgspec.structs.asdict(found),
        )
        return (recovered,) if self._state.next_roll else (recovered, self._next_roll(view))

    def _denied(self, denied: ArrivalDenied, view: MarketView) -> Sequence[StageEvent]:
        """The same order once more, unless what it was decided on is history by now."""
        age_ns = view.ts_ns - denied.decided_ns
        if age_ns > self._config.resend_age_max_s * NS_PER_SECOND:
            return (
                RouteNotResent(
                    parent_id=denied.parent_id,
                    ts_ns=view.ts_ns,
                    cl_ord_id=denied.cl_ord_id,
                    venue=denied.venue,
                    age_ns=age_ns,
                ),
            )
        resent = RouteResent(
            parent_id=denied.parent_id,
            ts_ns=view.ts_ns,
            cl_ord_id=denied.cl_ord_id,
            venue=denied.venue,
            decided_ns=denied.decided_ns,
        )
        return (resent,)

    def _jumped(self, jump: ClockJumped, view: MarketView) -> Sequence[StageEvent]:
        number = self._state.jumps + 1
        return (ClockJumpSeen(parent_id="", ts_ns=view.ts_ns, number=number, by_ns=jump.by_ns, wall_ns=jump.wall_ns),)

    def _roll(self, timer: DayRoll, view: MarketView) -> Sequence[StageEvent]:
        """A day that has rolled does not roll again; the next roll is set as this one is decided."""
        if timer.date <= self._state.rolled:
            return ()
        return DayRolled(parent_id="", ts_ns=view.ts_ns, date=timer.date), self._next_roll(view)

    def _next_roll(self, view: MarketView) -> TimerSet:
        """The end of the session that is open, or of the next one, once its auctions have printed."""
        session = self._calendar.session_at(view.ts_ns)
        at_ns = session.close_ns + AFTER_CLOSE_NS
        return TimerSet(parent_id="", ts_ns=view.ts_ns, at_ns=at_ns, timer=DayRoll(date=session.date))

    # state -----------------------------------------------------------------------------------------------

    def _on_recovered(self, event: DeskRecovered) -> None:
        self._state.starts = event.number

    def _on_jump(self, event: ClockJumpSeen) -> None:
        self._state.jumps = event.number

    def _on_rolled(self, event: DayRolled) -> None:
        self._state.rolled = event.date

    def _on_timer(self, event: TimerSet) -> None:
        if isinstance(event.timer, DayRoll):
            self._state.next_roll = event.timer.date
