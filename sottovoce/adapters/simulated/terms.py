"""What an order of ours may do at a lit venue as it arrives: how far it reaches, whether it rests, when it just ends.

Nothing of ours trades at, locks or crosses an order of ours on the other side, nor outside the price bands.
"""

from __future__ import annotations

from typing import NamedTuple

from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.orders import Route


class Terms(NamedTuple):
    """limit: the worst price in ticks; rest: whether what is left stays; text: why it does not."""

    limit: int
    rest: bool
    text: str


def terms(route: Route, tick: int, bands: tuple[int, int], wall: int | None) -> Terms:
    """The terms of a route; bands and wall, our own best order on the other side or None, in ticks."""
    lower, upper = bands
    limit = upper if buys(route) else lower
    if route.ord_type is not OrdType.MARKET:
        own = route.price // tick
        limit = min(limit, own) if buys(route) else max(limit, own)
    if wall is not None and (limit >= wall if buys(route) else limit <= wall):
        return Terms(wall - 1 if buys(route) else wall + 1, rest=False, text="would trade with your own order")
    rest = route.time_in_force is TimeInForce.DAY and route.ord_type is OrdType.LIMIT
    return Terms(limit, rest, "no more to trade with at once")


def ends_at_once(route: Route, there: int) -> str:
    """Why an order ends as it arrives, "" when it does not: all or nothing, or nothing but resting, asked for.

    there: shares it would trade with at once.
    """
    if route.time_in_force is TimeInForce.FILL_OR_KILL and there < route.qty:
        return f"{there} shares to trade with at once, {route.qty} wanted or none"
    if route.post_only and there:
        return "would take liquidity, and was to post only"
    return ""


def buys(route: Route) -> bool:
    """Whether an order of ours buys."""
    return route.side is Side.BUY
