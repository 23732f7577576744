"""What a move of the market has done to limits: past its loss a level is latched, past its gross increases stop.

Looked at when positions are marked, never on the order path. Reductions go on.
"""

from __future__ import annotations

from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.limits import Bound, Level, LimitBook, Path
from sottovoce.core.risk_events import ScopeLatched
from sottovoce.stages.risk.book import path_of
from sottovoce.stages.risk.case import DOLLAR, broken, money
from sottovoce.stages.risk.levels import scope_of
from sottovoce.stages.risk.lines import Totals
from sottovoce.stages.risk.state import RiskState
from sottovoce.stages.risk.worst_case import reduces

LEVELS = (Level.FIRM, Level.DESK, Level.TRADER, Level.ACCOUNT, Level.STRATEGY, Level.INSTRUMENT)


def breaches(state: RiskState, limits: LimitBook, ts_ns: int) -> list[StageEvent]:
    """Latches for losses, and a pause for every open order that would make a breach of gross larger."""
    events: list[StageEvent] = []
    over: dict[str, Bound] = {}
    for scope in sorted(state.exposure.totals):
        if "|" in scope or scope.startswith(("sector:", "country:")):
            continue
        totals = state.exposure.totals[scope]
        effective = limits.effective(path_to(scope), ts_ns)
        for bound in effective.each("loss"):
            if scope_of(bound) == scope and scope not in state.latches:
                events += _loss(scope, totals, bound, ts_ns)
        for bound in effective.each("gross"):
            if scope_of(bound) == scope and totals.gross > bound.value * DOLLAR:
                over[scope] = bound
    return events + (_paused(state, over, ts_ns) if over else [])


def path_to(scope: str) -> Path:
    """The path that has only this scope on it."""
    level, _, name = scope.partition(":")
    fields = {"desk": 0, "trader": 1, "account": 2, "strategy": 3, "instrument": 4}
    return Path(*(name if fields.get(level) == place else "" for place in range(5)))


def _loss(scope: str, totals: Totals, bound: Bound, ts_ns: int) -> list[StageEvent]:
    lost, most = -totals.profit, bound.value * DOLLAR
    if lost < most:
        return []
    cause = broken("loss_stop", f"{scope or 'firm'} {money(lost)}", money(most), money(most - lost), bound)
    return [ScopeLatched(parent_id="", ts_ns=ts_ns, scope=scope, failure=cause)]


def _paused(state: RiskState, over: dict[str, Bound], ts_ns: int) -> list[StageEvent]:
    found: list[StageEvent] = []
    for parent in sorted(state.running):
        order, held = state.orders[parent], state.exposure.reservations[parent]
        path = path_of(order, state)
        scopes = ("", f"desk:{path.desk}", f"trader:{path.trader}", f"account:{path.account}",
                  f"strategy:{path.strategy}", f"instrument:{path.instrument_id}")  # fmt: skip
        hit = next((scope for scope in scopes if scope in over), None)
        if hit is None or held.open_qty == 0 or reduces(state.exposure.lines[held.lines[0]], held.sign, 0):
            continue
        reason = f"gross_exposure: {hit or 'firm'} is past its limit by a move of the market"
        found.append(ParentPaused(parent_id=parent, ts_ns=ts_ns, reason=reason))
    return found
