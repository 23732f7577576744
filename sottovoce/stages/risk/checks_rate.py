"""Too much too fast: messages per second, and an algorithm that runs by itself too long."""

from __future__ import annotations

from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk.case import Case, Found, broken
from sottovoce.stages.risk.tight import NEVER, RATES
from sottovoce.stages.risk.windows import SLOTS

SLOT_NS = NS_PER_SECOND // SLOTS
SESSION = "session"
"""The counted scope of all messages to venues."""


def counted_scopes(parent_id: str, instrument_id: str, trader: str) -> tuple[str, str, str, str]:
    """Where a message of an order counts, in the order of RATES: a running strategy is the order it works."""
    return (f"order:{parent_id}", f"instrument:{instrument_id}", f"trader:{trader}", SESSION)


def message_rate(case: Case) -> Found:
    """PT-09: new orders use so much of every rate; the rest is kept for cancels, which always leave."""
    tight, windows, slot = case.levels.tight, case.state.rates, case.ts_ns // SLOT_NS
    found = []
    for name, most, scope in zip(RATES, tight.rates, scopes_of(case), strict=True):
        window = windows.get(scope)
        used = 0 if window is None else window.within(slot)
        if used >= most:
            found.append(broken("message_rate", f"{scope} {used}", str(most), "0", tight.bounds[name]))
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


def rerun(case: Case) -> Found:
    """PT-10: an order that has traded, or gone back to the market, so often lately without a person is disabled."""
    running, tight = case.running, case.levels.tight
    if case.child is None or running is None or tight.rerun_window_ns == NEVER:
        return None
    slot = case.ts_ns // max(tight.rerun_window_ns // SLOTS, 1)
    fills, entries = running.fills.within(slot), running.reentries.within(slot)
    if fills < tight.rerun_fills and entries < tight.rerun_entries:
        return None
    found = []
    for name, count in (("fills", fills), ("entries", entries)):
        bound = tight.get(f"rerun_{name}")
        if bound is not None and count >= bound.value:
            found.append(broken("rerun", f"{name} {count}", str(bound.value), "0", bound))
    return found or None
