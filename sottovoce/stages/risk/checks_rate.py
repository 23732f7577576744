"""Too much too fast: messages per second, and an algorithm that runs by itself too long."""

from __future__ import annotations

from sottovoce.core.limits import Bound
from sottovoce.core.orders import Failure
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk.case import PPM, Case, Found, broken
from sottovoce.stages.risk.windows import SLOTS

SLOT_NS = NS_PER_SECOND // SLOTS
SESSION = "session"
"""The counted scope of all messages to venues."""
RATES = ("strategy_rate", "instrument_rate", "trader_rate", "session_rate")
"""The limits on messages, in the order of counted_scopes."""


def counted_scopes(parent_id: str, instrument_id: str, trader: str) -> tuple[str, str, str, str]:
    """Where a message of an order counts, in the order of RATES: a running strategy is the order it works."""
    return (f"order:{parent_id}", f"instrument:{instrument_id}", f"trader:{trader}", SESSION)


def message_rate(case: Case) -> Found:
    """PT-09: new orders use so much of every rate; the rest is kept for cancels, which always leave."""
    kept = case.levels.tight.get("cancel_reserve_ppm")
    part = PPM - (0 if kept is None else kept.value)
    slot, found = case.ts_ns // SLOT_NS, []
    for name, scope in zip(RATES, scopes_of(case), strict=True):
        bound = case.levels.tight.get(name)
        if bound is None:
            continue
        window = case.state.rates.get(scope)
        used = 0 if window is None else window.within(slot)
        if used >= bound.value * part // PPM:
            found.append(_full(name, scope, used, bound, part))
    return found or None


def over_pressed(case: Case) -> str | None:
    """PT-09: the scope that was refused as often within a second as it may send: it is latched. None where none was."""
    slot = case.ts_ns // SLOT_NS
    for name, scope in zip(RATES, scopes_of(case), strict=True):
        bound = case.levels.tight.get(name)
        refused = case.state.refused.get(scope)
        if bound is not None and refused is not None and refused.within(slot) + 1 >= bound.value:
            return scope
    return None


def scopes_of(case: Case) -> tuple[str, str, str, str]:
    """The counted scopes of a case."""
    return counted_scopes(case.order.parent_id, case.path.instrument_id, case.path.trader)


def _full(name: str, scope: str, used: int, bound: Bound, part: int) -> Failure:
    return broken("message_rate", f"{scope} {used}", str(bound.value * part // PPM), "0", bound)


def rerun(case: Case) -> Found:
    """PT-10: an order that has traded, or gone back to the market, so often lately without a person is disabled."""
    running = case.state.running.get(case.order.parent_id)
    length = case.levels.tight.get("rerun_window_ns")
    if case.child is None or running is None or length is None:
        return None
    slot, found = case.ts_ns // max(length.value // SLOTS, 1), []
    for name, window in (("rerun_fills", running.fills), ("rerun_entries", running.reentries)):
        bound, count = case.levels.tight.get(name), window.within(slot)
        if bound is not None and count >= bound.value:
            found.append(broken("rerun", f"{name.removeprefix('rerun_')} {count}", str(bound.value), "0", bound))
    return found or None
