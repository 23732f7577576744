"""What an order costs as it would be sent: swept through what venues show, or moved through one auction.

A schedule's cost is the planner's business (temporary and permanent impact at its own rate). These two are the ways of
sending that a schedule's model does not see: everything at once, and everything into one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from sottovoce.models.guards import positive
from sottovoce.models.impact_almgren import almgren2005
from sottovoce.models.impact_istar import ALL_STOCK, istar
from sottovoce.models.market_factors import annual_volatility

BPS = 10_000.0


class Level(NamedTuple):
    """Shares shown at a price, price units."""

    px: int
    size: int


class Sweep(NamedTuple):
    """What the shown levels give: shares, and the sum of px x qty of them; last_px is the worst price used."""

    qty: int
    value: int
    last_px: int


def sweep(levels: Sequence[Level], qty: int, sign: int, limit_px: int | None = None) -> Sweep:
    """Take up to qty shares from the levels, best first, none beyond the limit.

    sign: +1 buys from offers, lowest first; -1 sells to bids, highest first. Levels without size or price are skipped.
    """
    left, value, last = qty, 0, 0
    for level in sorted(levels, key=lambda each: sign * each.px):
        beyond = limit_px is not None and sign * (level.px - limit_px) > 0
        if left <= 0 or beyond:
            break
        if level.px <= 0 or level.size <= 0:
            continue
        part = min(left, level.size)
        left, value, last = left - part, value + part * level.px, level.px
    return Sweep(qty - left, value, last)


def sweep_cost_bps(
    levels: Sequence[Level],
    qty: int,
    sign: int,
    mid: int,
    *,
    adv: float | None,
    sigma_daily: float | None,
    limit_px: int | None = None,
) -> float | None:
    """Average cost of sending qty at once against the mid, bps, positive = worse; None where it cannot be estimated.

    What is shown trades at its prices. What is left of a market order goes deeper: from the worst shown price on by the
    square-root law, sigma x sqrt(rest / adv), of which an order that eats its way pays two thirds on average. What is
    left of a limit order rests at its limit and costs nothing yet.
    Source: as models/impact_sqrt.py (T-IMP-4), applied beyond the shown depth.
    """
    shown = sweep(levels, qty, sign, limit_px)
    rest = qty - shown.qty
    cost = float(sign * (shown.value - shown.qty * mid))
    if rest and limit_px is None:
        if not adv or not sigma_daily:
            return None
        deeper = mid * sigma_daily * sqrt(rest / adv) * 2.0 / 3.0
        cost += rest * (max(sign * (shown.last_px - mid), 0) if shown.qty else 0) + rest * deeper
    return BPS * cost / (qty * positive("Mid", mid))


def auction_cost_bps(
    qty: int, adv: float, auction_share: float, sigma_daily: float, shares_outstanding: float | None
) -> float:
    """What an order moves the one auction it is sent to, bps, positive = worse.

    The auction trades adv x auction_share shares of others in one call, so the order is worked in that much volume
    time: Almgren 2005 with T = auction_share, where the temporary part grows with (qty / auction volume)^0.6. Without
    shares outstanding I-Star at the order's share of the call stands in.
    Raises: ModelError when a figure is not above zero.
    """
    volume = positive("Average daily volume", adv) * positive("Auction share", auction_share)
    if shares_outstanding:
        return almgren2005(qty, adv, shares_outstanding, sigma_daily, auction_share).cost_bps
    yearly = annual_volatility(positive("Daily volatility", sigma_daily)) or 0.0
    return istar(qty / adv, yearly, qty / (qty + volume), ALL_STOCK).cost_bps
