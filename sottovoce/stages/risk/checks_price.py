"""Is the price one to trade at: a usable market, collars, protection of unpriced orders, the chase in small steps."""

from __future__ import annotations

from sottovoce.core.limits import Bound
from sottovoce.core.market import Unusable
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import PPM, STAGE, Case, Found, broken, price
from sottovoce.stages.risk.tight import NEVER
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
    if case.reference.age_ns <= case.levels.tight.price_age_liquid_ns:
        return None
    if case.reference.kind != "mid" or not liquid(case):
        return None
    bound = case.levels.tight.get("price_age_liquid_ns")
    if bound is None:
        return None
    age, most = f"{case.reference.age_ns / 1e9:.3f} s", f"{bound.value / 1e9:.3f} s"
    return [broken("stale_price", age, most, "", bound)]


def liquid(case: Case) -> bool:
    """Whether the name trades enough every day to be called liquid."""
    least, adv = case.levels.tight.liquid_adv_qty, case.adv
    return adv is not None and least != NEVER and adv >= least


def collar_bound(case: Case) -> Bound | None:
    """The collar of the name's class: low price, else liquid, else the wider one of any other name."""
    tight = case.levels.tight
    if case.reference.px < tight.low_price:
        return tight.get("collar_low_price_ppm")
    return tight.get("collar_liquid_ppm" if liquid(case) else "collar_other_ppm")


def collar(case: Case) -> Found:
    """PT-05: how far through the reference price a limit reaches, or the price at which an order without one would be
    taken. A passive price is never stopped by it.
    """
    px, mid = case.limit_px, case.reference.px
    if px is None and case.child is None:
        px = case.order.would_px
    bound = collar_bound(case)
    if px is None or mid <= 0 or bound is None:
        return None
    edge = mid + case.sign * (mid * bound.value // PPM)
    return [broken("price_collar", price(px), price(edge), "0", bound)] if case.sign * (px - edge) > 0 else None


def passive(case: Case) -> Found:
    """PT-05, a warning: a limit so far from the market that it is probably a slip."""
    px, mid = case.limit_px, case.reference.px
    if px is None or mid <= 0 or case.sign * (mid - px) * PPM <= mid * case.levels.tight.passive_warn_ppm:
        return None
    bound = case.levels.tight.get("passive_warn_ppm")
    if bound is None:
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
    running, tight = case.running, case.levels.tight
    if case.child is None or running is None:
        return None
    fast = _chased(case, running.fast, "drift_fast_ppm", tight.drift_fast_ppm, tight.drift_fast_ns)
    slow = _chased(case, running.slow, "drift_slow_ppm", tight.drift_slow_ppm, tight.drift_slow_ns)
    return [*fast, *slow] if fast and slow else fast or slow


def _chased(case: Case, path: Path, name: str, most_ppm: int, window_ns: int) -> Found:
    if not path.slots or NEVER in (most_ppm, window_ns):
        return None
    start = path.start(slot(case.ts_ns, window_ns), case.sign)
    if start is None or case.sign * (case.px - start) * PPM <= start * most_ppm:
        return None
    edge = start + case.sign * (start * most_ppm // PPM)
    return [broken("price_drift", price(case.px), price(edge), "0", case.levels.tight.bounds[name])]


def slot(ts_ns: int, window_ns: int) -> int:
    """The slot of a window that a time falls in."""
    return ts_ns // max(window_ns // SLOTS, 1)
