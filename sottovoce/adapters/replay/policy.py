"""The venue a recorded order-by-order feed stands for, as dated facts, and what its replay takes.

One feed is one venue's book. What has no public source is an assumption and says so; pass other facts to change it.
"""

from __future__ import annotations

from sottovoce.core.enums import OrdType, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import OrderTerms, VenueFacts

ACCESS_FEE_CAP = 3_000
"""$0.0030 a share in units of 1e-6 dollar: the cap of Rule 610(c) of Regulation NMS."""

XNAS = VenueFacts(
    venue="XNAS",
    name="Nasdaq, order by order",
    kind=VenueKind.LIT,
    make_fee=0,
    take_fee=ACCESS_FEE_CAP,
    auction_fee=ACCESS_FEE_CAP,
    latency_ns=500_000,
    min_qty=1,
    effective_from="2007-08-01",
    source="fees: the 610(c) cap where we take, no rebate where we make; latency: assumption",
    takes=OrderTerms(
        times_in_force=(TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL),
        post_only=True,
        min_qty=True,
    ),
)


def replay_fault(route: Route, *, halted: bool) -> str:
    """Why this replay cannot take an order a lit venue might, "" when it can.

    A recorded feed has no auction to join, no reserve to refill, and shows only displayed queues.
    """
    if halted:
        return f"{route.instrument_id} is halted at {route.venue}"
    if route.time_in_force is TimeInForce.AT_THE_OPENING:
        return f"{route.venue} takes no orders for the opening in a replay"
    if route.display_qty is not None and route.display_qty < route.qty:
        return f"{route.venue} takes no hidden or reserve orders in a replay: their place in the queue is not recorded"
    if route.min_qty > 1 and may_rest(route):
        return f"{route.venue} takes a minimum quantity only with orders that do not rest"
    if route.post_only and not may_rest(route):
        return "an order that only adds liquidity must be a limit order for the day"
    return ""


def may_rest(route: Route) -> bool:
    """Whether what does not trade on arrival stays in the book."""
    return route.ord_type is OrdType.LIMIT and route.time_in_force is TimeInForce.DAY
