"""Why a replayed venue would not take an order: the answer a real one would give, in its words."""

from __future__ import annotations

import msgspec

from sottovoce.adapters.tape.orders import VenueOrder
from sottovoce.core.enums import OrdType, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import VenueFacts
from sottovoce.core.session_events import RouteReplaceRequested


def refusal(route: Route, facts: VenueFacts | None, tick: int, left_ns: int | None, entry_ns: int) -> str:
    """The reason to reject, or "".

    Args:
        facts: of the venue, None where it does not trade the instrument. tick: in units.
        left_ns: time left to the close, None while closed.
        entry_ns: the least that may be left for an order to join the auction.
    """
    if facts is None:
        return f"{route.instrument_id} does not trade at {route.venue} here"
    if left_ns is None:
        return f"{route.venue} is closed"
    if route.qty <= 0 or (route.ord_type is OrdType.LIMIT and route.price <= 0):
        return f"quantity {route.qty} and price {route.price} must be above zero"
    if (route.time_in_force is TimeInForce.AT_THE_CLOSE) != (facts.kind is VenueKind.AUCTION):
        return f"{route.venue} takes no orders that are {route.time_in_force.value}"
    if facts.kind is VenueKind.DARK:
        return "" if route.qty >= facts.min_qty else f"quantity {route.qty} is below the minimum of {facts.min_qty}"
    return _shown_refusal(route, facts.kind, tick, left_ns, entry_ns)


def _shown_refusal(route: Route, kind: VenueKind, tick: int, left_ns: int, entry_ns: int) -> str:
    if route.ord_type is OrdType.PEGGED:
        return f"{route.venue} takes no pegged orders"
    if route.ord_type is OrdType.LIMIT and route.price % tick:
        return f"price {route.price} is not a multiple of the tick {tick}"
    if kind is VenueKind.AUCTION and left_ns < entry_ns:
        return f"{route.venue} takes no more orders this close to the auction"
    return ""


def change_refusal(
    message: RouteReplaceRequested,
    order: VenueOrder | None,
    facts: VenueFacts | None,
    tick: int,
    left_ns: int | None,
    entry_ns: int,
) -> str:
    """The reason not to change an order, or "": only lit books do, and never below what has traded."""
    text = too_late(order, left_ns, entry_ns).replace("cancel", "replace")
    if text or order is None:
        return text
    if order.kind is not VenueKind.LIT:
        return "this venue changes no orders: cancel it and send another"
    if message.qty <= order.cum_qty:
        return f"too late to replace: {order.cum_qty} have traded"
    changed = msgspec.structs.replace(order.route, qty=message.qty - order.cum_qty, price=message.price)
    return refusal(changed, facts, tick, left_ns, entry_ns)


def too_late(order: VenueOrder | None, left_ns: int | None, entry_ns: int) -> str:
    """The reason not to cancel, or ""; left_ns and entry_ns as for refusal."""
    if order is None:
        return "unknown order"
    if not order.leaves_qty:
        return f"too late to cancel: the order is {order.status.value}"
    if order.kind is VenueKind.AUCTION and (left_ns is None or left_ns < entry_ns):
        return "too late to cancel: the auction takes no more changes"
    return ""
