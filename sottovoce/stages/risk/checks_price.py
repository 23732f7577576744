"""Is the price one to trade at: a usable market, collars, protection of unpriced orders, the chase in small steps."""

from __future__ import annotations

from sottovoce.core.limits import Bound
from sottovoce.core.market import Unusable
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import DOLLAR, PPM, STAGE, Case, Found, broken, price
from sottovoce.stages.risk.windows import SLOTS, Path


def market(case: Case) -> Found:
    """PT-19, PT-20, PT-26: halted, closed, one-sided, crossed, stale or doubted: there is no price to act on."""
    quote = case.quote
    return [failure(STAGE, quote.code, quote.detail)] if isinstance(quote, Unusable) else None


def reference(case: Case) -> Found:
    """PT-05: without any reference price no price can be judged."""
    return None if case.reference.px > 0 else [failure(STAGE, "no_reference", case.path.instrument_id)]


def fresh(case: Case) -> Found:
    """PT-26: a liquid name's price is younger than any other's has to be."""
    if case.reference.kind != "mid" or not liquid(case):
        return None
    bound = case.levels.tight.get("price_age_liquid_ns")
    if bound is None or case.reference.age_ns <= bound.value:
        return None
    age, most = f"{case.reference.age_ns / 1e9:.3f} s", f"{bound.value / 1e9:.3f} s"
    return [broken("stale_price", age, most, "", bound)]


def liquid(case: Case) -> bool:
    """Whether the name trades enough every day to be called liquid."""
    least, adv = case.levels.tight.get("liquid_adv_qty"), case.adv
    return adv is not None and least is not None and adv >= least.value


def collar_bound(case: Case) -> Bound | None:
    """The collar of the name's class: low price, else liquid, else the wider one of any other name."""
    low = case.levels.tight.get("low_price")
    if low is not None and case.reference.px < low.value * DOLLAR:
        return case.levels.tight.get("collar_low_price_ppm")
    return case.levels.tight.get("collar_liquid_ppm" if liquid(case) else "collar_other_ppm")


def collar(case: Case) -> Found:
    """PT-05: how far through the reference price a limit reaches. A passive price is never stopped by it."""
    px, mid = case.limit_px, case.reference.px
    bound = collar_bound(case)
    if px is None or mid <= 0 or bound is None:
        return None
    edge = mid + case.sign * (mid * bound.value // PPM)
    return [broken("price_collar", price(px), price(edge), "0", bound)] if case.sign * (px - edge) > 0 else None


def passive(case: Case) -> Found:
    """PT-05, a warning: a limit so far from the market that it is probably a slip."""
    px, mid = case.limit_px, case.reference.px
    bound = case.levels.tight.get("passive_warn_ppm")
    if px is None or mid <= 0 or bound is None or case.sign * (mid - px) * PPM <= mid * bound.value:
        return None
    return [broken("passive_far", price(px), price(mid), "", bound)]


def protection(case: Case) -> Found:
    """PT-07: a child of an order without a limit stays within a protection price from the far touch."""
    if case.child is None or case.order.limit_px is not None or isinstance(case.quote, Unusable):
        return None
    bound = case.levels.tight.get("protection_ppm")
    if bound is None:
        return None
    touch = case.quote.ask if case.sign > 0 else case.quote.bid
    edge = touch + case.sign * (touch * bound.value // PPM)
    if case.sign * (case.px - edge) <= 0:
        return None
    return [broken("protection_price", price(case.px), price(edge), "0", bound)]


def drift(case: Case) -> Found:
    """PT-06: a child dearer than what the same order asked for a little while ago, and a longer while ago."""
    running = case.state.running.get(case.order.parent_id)
    if case.child is None or running is None:
        return None
    found = []
    for path, part, length in ((running.fast, "drift_fast_ppm", "drift_fast_ns"),
                               (running.slow, "drift_slow_ppm", "drift_slow_ns")):  # fmt: skip
        bound, window = case.levels.tight.get(part), case.levels.tight.get(length)
        if bound is not None and window is not None:
            start = _start(path, case, window.value)
            if start is not None and case.sign * (case.px - start) * PPM > start * bound.value:
                edge = start + case.sign * (start * bound.value // PPM)
                found.append(broken("price_drift", price(case.px), price(edge), "0", bound))
    return found or None


def slot(ts_ns: int, window_ns: int) -> int:
    """The slot of a window that a time falls in."""
    return ts_ns // max(window_ns // SLOTS, 1)


def _start(path: Path, case: Case, window_ns: int) -> int | None:
    return path.start(slot(case.ts_ns, window_ns), case.sign)
