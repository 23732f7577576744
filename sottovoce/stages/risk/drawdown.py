"""What the day has given back from its best, and what positions without a fresh price may have lost (AT-10).

Looked at whenever positions are marked, never on the order path. A level that has fallen its limit below the best
result of its day is latched, as one that has lost its limit is; at a part of it the desk is warned, once. A position
whose market has given no price for a time is not worth its last mark: until it has one again, it counts as having
moved against us by a stated part. Only a closed market keeps its last price.
"""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.core.events import StageEvent
from sottovoce.core.limits import Bound, Effective, LimitBook
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure
from sottovoce.core.risk_events import (
    DayResultPeaked,
    LossWarned,
    MarkStale,
    PositionsMarked,
    ScopeLatched,
    ScopeResult,
)
from sottovoce.stages.risk.breaches import path_to
from sottovoce.stages.risk.case import DOLLAR, PPM, broken, money
from sottovoce.stages.risk.levels import scope_of
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState


class Losses:
    """Judges one marking; made once, since it only reads."""

    def __init__(self, state: RiskState, limits: LimitBook, policy: RiskPolicy, view: MarketView) -> None:
        self._state, self._limits, self._policy, self._view = state, limits, policy, view

    def judged(self, event: PositionsMarked) -> list[StageEvent]:
        """Prices that have gone stale, new bests, warnings and latches, in this order."""
        stale = self._newly_stale(event)
        assumed = self._assumed([*self._state.stale_marks, *(each.instrument_id for each in stale)])
        peaked, found = [], []
        for scope, effective in self._scopes():
            profit = self._state.exposure.totals[scope].profit - assumed.get(scope, 0)
            best = self._state.peaks.get(scope, 0)
            if profit > best:
                peaked.append(ScopeResult(scope=scope, profit=profit))
            found += self._scope(scope, effective, profit, max(best, profit), scope in assumed)
        events: list[StageEvent] = [*stale]
        if peaked:
            events.append(DayResultPeaked(parent_id="", ts_ns=self._view.ts_ns, results=tuple(peaked)))
        return events + found

    def _scopes(self) -> Iterator[tuple[str, Effective]]:
        """The levels that have a limit on what they lose, by name."""
        for scope in sorted(self._state.exposure.totals):
            if "|" in scope or scope.startswith(("sector:", "country:")):
                continue
            effective = self._limits.effective(path_to(scope), self._view.ts_ns)
            if any(scope_of(bound) == scope for name in ("loss", "drawdown") for bound in effective.each(name)):
                yield scope, effective

    def _scope(self, scope: str, effective: Effective, profit: int, best: int, guessed: bool) -> list[StageEvent]:
        """A latch or a warning for one level; of a plain loss only where prices had to be assumed."""
        part = effective.tightest("loss_warn_ppm")
        for name, lost in (("drawdown", best - profit), ("loss", -profit if guessed else 0)):
            bound = next((each for each in effective.each(name) if scope_of(each) == scope), None)
            if bound is None or lost <= 0 or scope in self._state.latches:
                continue
            most = bound.value * DOLLAR
            if lost >= most:
                return [self._latched(scope, _failed("drawdown_stop" if name == "drawdown" else "loss_stop", scope,
                                                     lost, bound))]  # fmt: skip
            if name == "drawdown" and part is not None and lost * PPM >= most * part.value:
                return self._warned(scope, _failed("drawdown_near", scope, lost, bound))
        return []

    def _latched(self, scope: str, cause: Failure) -> ScopeLatched:
        return ScopeLatched(parent_id="", ts_ns=self._view.ts_ns, scope=scope, failure=cause)

    def _warned(self, scope: str, cause: Failure) -> list[StageEvent]:
        if scope in self._state.loss_warned:
            return []
        return [LossWarned(parent_id="", ts_ns=self._view.ts_ns, scope=scope, failure=cause)]

    # prices that are not there ---------------------------------------------------------------------------

    def _newly_stale(self, event: PositionsMarked) -> list[MarkStale]:
        """Held names whose market has been open and without a price for the policy's time."""
        found, ts_ns = [], self._view.ts_ns
        for name in event.unpriced:
            state, known = self._view.state(name), self._state.exposure.marks.get(name)
            if name in self._state.stale_marks or (state is not None and state.phase == "closed"):
                continue
            since_ns = 0 if known is None else known.ts_ns
            if ts_ns - since_ns >= self._policy.stale_mark_ns:
                part = self._policy.stale_mark_ppm
                stale = MarkStale(parent_id="", ts_ns=ts_ns, instrument_id=name, since_ns=since_ns, assumed_ppm=part)
                found.append(stale)
        return found

    def _assumed(self, names: list[str]) -> dict[str, int]:
        """Scope → what its positions in these names are taken to have lost since their last mark, never below 0."""
        lost: dict[str, int] = {}
        exposure = self._state.exposure
        for name in names:
            for key in exposure.lines_of.get(name, ()):
                line = exposure.lines[key]
                moved = abs(line.qty) * line.mark_px * self._policy.stale_mark_ppm // PPM
                for scope in line.scopes if moved else ():
                    lost[scope] = lost.get(scope, 0) + moved
        return lost


def _failed(code: str, scope: str, lost: int, bound: Bound) -> Failure:
    most = bound.value * DOLLAR
    return broken(code, f"{scope or 'firm'} {money(lost)}", money(most), money(most - lost), bound)
