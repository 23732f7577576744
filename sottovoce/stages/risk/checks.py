"""One pure function per control. Each returns what failed, or None; none looks at anything but its arguments."""

from __future__ import annotations

from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.exposure import FIRM, Exposure, Reservation
from sottovoce.stages.risk.limits import DOLLAR, PPM, RiskLimits

STAGE = "risk"
# In every failure room is what would still have passed: the whole limit for a size, what is left of an exposure.


def money(value: int) -> str:
    """Price units times shares as currency, for a person."""
    return f"{value / DOLLAR:,.2f}"


def price(px: int) -> str:
    """Price units as currency, for a person."""
    return f"{px / DOLLAR:.6g}"


def restricted(instrument_id: str, limits: RiskLimits) -> Failure | None:
    """PT-12: the restricted list."""
    return failure(STAGE, "restricted", instrument_id) if instrument_id in limits.restricted else None


def halted(account: str, halts: dict[str, str]) -> Failure | None:
    """AT-01: a halt of the firm or the account."""
    for scope in (FIRM, account):
        if scope in halts:
            return failure(STAGE, "halted", scope or "firm", halts[scope])
    return None


def locate(order: ParentOrder) -> Failure | None:
    """PT-16: a short sale needs a locate; none can be recorded yet, so every short sale stops here."""
    return failure(STAGE, "locate_missing", order.side.value) if order.side is Side.SELL_SHORT else None


def order_value(value: int, limits: RiskLimits) -> Failure | None:
    """PT-02: the value of a parent at its worst price."""
    most = limits.parent_value_max * DOLLAR
    return failure(STAGE, "order_value", money(value), money(most), money(most)) if value > most else None


def order_quantity(qty: int, limits: RiskLimits) -> Failure | None:
    """PT-03: the quantity of a parent."""
    most = limits.parent_qty_max
    return failure(STAGE, "order_quantity", qty, most, most) if qty > most else None


def adv_share(qty: int, instrument: Instrument | None, limit_ppm: int, code: str) -> Failure | None:
    """PT-03: a quantity against average daily volume; unknown volume is a failure, never a pass."""
    adv = known(instrument.adv) if instrument is not None else None
    if adv is None:
        return failure(STAGE, "adv_unknown", qty)
    most = int(adv * limit_ppm / PPM)
    return failure(STAGE, code, qty, most, most) if qty > most else None


def collar(side: Side, px: int, mid: int, limits: RiskLimits) -> Failure | None:
    """PT-05: how far through the mid a price reaches. A passive price is never stopped by it."""
    sign = side.sign
    bound = mid + sign * (mid * limits.collar_ppm // PPM)
    return failure(STAGE, "price_collar", price(px), price(bound), 0) if sign * (px - bound) > 0 else None


def exposure_limits(
    account: str, sign: int, value: int, exposure: Exposure, limits: RiskLimits
) -> list[Failure]:
    """PT-01: gross and net worst case of the account and of the firm; a missing row is a failure."""
    found: list[Failure] = []
    for scope in (account, FIRM):
        limit = limits.exposures.get(scope)
        if limit is None:
            found.append(failure(STAGE, "limit_missing", scope or "firm"))
            continue
        gross, net = exposure.after(scope, sign, value)
        if gross > limit.gross * DOLLAR:
            found.append(_exceeded("gross_exposure", scope, gross, limit.gross * DOLLAR, value))
        if net > limit.net * DOLLAR:
            found.append(_exceeded("net_exposure", scope, net, limit.net * DOLLAR, value))
    return found


def _exceeded(code: str, scope: str, after: int, most: int, value: int) -> Failure:
    return failure(STAGE, code, f"{scope or 'firm'} {money(after)}", money(most), money(most - after + value))


def child_value(child: Child, limits: RiskLimits) -> Failure | None:
    """PT-02: the value of one child at its limit."""
    value, most = child.qty * child.limit_px, limits.child_value_max * DOLLAR
    return failure(STAGE, "child_value", money(value), money(most), money(most)) if value > most else None


def parent_price(child: Child, order: ParentOrder | None, held: Reservation | None) -> list[Failure]:
    """A child trades within its parent's limit, and a buy no higher than its exposure was reserved at."""
    sign, found = child.side.sign, []
    limit = None if order is None else order.limit_px
    if limit is not None and sign * (child.limit_px - limit) > 0:
        found.append(failure(STAGE, "beyond_limit", price(child.limit_px), price(limit), 0))
    if held is not None and sign > 0 and child.limit_px > held.worst_px:
        found.append(failure(STAGE, "beyond_reserve", price(child.limit_px), price(held.worst_px), 0))
    return found


def reserved(child: Child, held: Reservation | None) -> Failure | None:
    """AT-05: a child draws on its parent's reservation and never on more than is left of it."""
    left = 0 if held is None else held.open_qty - held.drawn_qty
    return failure(STAGE, "not_reserved", child.qty, left, left) if child.qty > left else None
