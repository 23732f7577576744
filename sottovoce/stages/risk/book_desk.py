"""News about the desk as a whole: latches, positions, locates, restrictions, marks, a new day, outside answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.core.band_events import BandsDoubted
from sottovoce.core.commands import Timer
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.risk_commands import MarkPositions
from sottovoce.core.risk_events import (
    DayResultPeaked,
    LocateRecorded,
    LossWarned,
    MarkStale,
    OutsideAnswered,
    OutsideAsked,
    PositionRecorded,
    PositionsMarked,
    ScopeLatched,
    ScopeReenabled,
    ShortSaleTestSet,
)
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.risk.lines import Holder
from sottovoce.stages.risk.state import Locate, RiskState, Waiting

Fold = Callable[[RiskState, Any], None]
ANY = -(1 << 62)
"""The best result of a day that begins again: a person has looked, and the next mark is the one to fall from."""


def latched(state: RiskState, event: ScopeLatched) -> None:
    """The first cause of a latch stands."""
    state.latches.setdefault(event.scope, event.failure)


def reenabled(state: RiskState, event: ScopeReenabled) -> None:
    """The latch is gone, and what was counted towards it."""
    state.latches.pop(event.scope, None)
    state.loss_warned.pop(event.scope, None)
    if event.scope in state.peaks:
        state.peaks[event.scope] = ANY
    state.refused.pop(event.scope, None)


def recorded(state: RiskState, event: PositionRecorded) -> None:
    """From here on the account's positions are known."""
    holder = Holder("", "", event.account, "", event.instrument_id, event.sector, event.country)
    state.exposure.mark(event.instrument_id, event.px, event.ts_ns)
    state.exposure.record(holder, event.qty, event.px)
    state.known_accounts[event.account] = True


def located(state: RiskState, event: LocateRecorded) -> None:
    """Shares to sell short are set aside."""
    state.locates[event.locate_id] = Locate(
        account=event.account,
        instrument_id=event.instrument_id,
        qty=event.qty,
        left=event.qty,
        expires_ns=event.expires_ns,
    )


def tested(state: RiskState, event: ShortSaleTestSet) -> None:
    """The stricter of two restrictions holds."""
    until_ns = state.short_tests.get(event.instrument_id, 0)
    state.short_tests[event.instrument_id] = max(until_ns, event.until_ns)


def marked(state: RiskState, event: PositionsMarked) -> None:
    """Every position at its price."""
    state.mark_number = event.number
    for mark in event.marks:
        state.exposure.mark(mark.instrument_id, mark.px, event.ts_ns)
        state.stale_marks.pop(mark.instrument_id, None)


def peaked(state: RiskState, event: DayResultPeaked) -> None:
    """The best of a day never falls."""
    for each in event.results:
        state.peaks[each.scope] = max(state.peaks.get(each.scope, ANY), each.profit)


def loss_warned(state: RiskState, event: LossWarned) -> None:
    """Told once a day, or until risk has looked."""
    state.loss_warned[event.scope] = True


def doubted(state: RiskState, event: BandsDoubted) -> None:
    """Told of once."""
    state.bands_doubted[event.instrument_id] = (event.lower_px, event.upper_px)


def stale(state: RiskState, event: MarkStale) -> None:
    """Not worth its last mark until it has another."""
    state.stale_marks[event.instrument_id] = event.since_ns


def timed(state: RiskState, event: TimerSet) -> None:
    """The marking timer is on."""
    timer: Timer = event.timer
    if isinstance(timer, MarkPositions):
        state.mark_number = timer.number


def rolled(state: RiskState, event: DayRolled) -> None:
    """A new day has lost nothing yet, and yesterday's locates are worth nothing."""
    for totals in state.exposure.totals.values():
        totals.traded = totals.position
    state.peaks, state.loss_warned = {}, {}
    state.locates = {key: each for key, each in state.locates.items() if each.expires_ns > event.ts_ns}


def asked(state: RiskState, event: OutsideAsked) -> None:
    """An order waits for answers."""
    answers: dict[str, bool | None] = dict.fromkeys(event.checks)
    state.waiting[event.parent_id] = Waiting(order=event.order, answers=answers, holds=event.holds)


def answered(state: RiskState, event: OutsideAnswered) -> None:
    """One of them is in."""
    waiting = state.waiting.get(event.parent_id)
    if waiting is not None:
        waiting.answers[event.check] = event.passed
        if event.flagged:
            waiting.flags = (*waiting.flags, event.check)


FOLDS: Mapping[type, Fold] = {
    DayResultPeaked: peaked,
    LossWarned: loss_warned,
    MarkStale: stale,
    BandsDoubted: doubted,
    ScopeLatched: latched,
    ScopeReenabled: reenabled,
    PositionRecorded: recorded,
    LocateRecorded: located,
    ShortSaleTestSet: tested,
    PositionsMarked: marked,
    TimerSet: timed,
    DayRolled: rolled,
    OutsideAsked: asked,
    OutsideAnswered: answered,
}
