"""What a venue checks before it takes an order, a replace or a cancel of ours, and the words it refuses with."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import OrdStatus, OrdType, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Session, VenueFacts
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested
from sottovoce.models.venue_orders import VenueOrder
from sottovoce.models.venue_terms import terms_fault


def order_fault(route: Route, facts: VenueFacts | None, session: Session | None, tick: int, at_ns: int) -> str:
    """Why a venue will not take an order, "" when it will. session is None while the market is closed."""
    if facts is None:
        return f"unknown venue {route.venue}"
    if session is None:
        return "market closed"
    if route.qty <= 0:
        return f"quantity {route.qty} is not positive"
    if route.ord_type is OrdType.LIMIT and route.price <= 0:
        return f"limit price {route.price} is not positive"
    if route.ord_type is not OrdType.MARKET and route.price % tick and facts.kind is not VenueKind.DARK:
        return f"price {route.price} is not a multiple of the tick {tick}"
    if route.qty < facts.min_qty:
        return f"quantity {route.qty} is below the minimum of {facts.min_qty} at {facts.venue}"
    return terms_fault(route, facts) or _auction_fault(route, facts, session, at_ns)


def cancel_fault(order: VenueOrder | None, facts: VenueFacts | None, session: Session | None, at_ns: int) -> str:
    """Why a cancel cannot be done, "" when it can."""
    if order is None:
        return "unknown order"
    if not order.live:
        return f"too late to cancel: order is {order.status.value}"
    if facts is None or facts.kind is not VenueKind.AUCTION:
        return ""
    if session is None or at_ns > session.close_ns - facts.cutoff_ns:
        return "too late to cancel: the auction is closed to changes"
    return ""


def replace_fault(
    order: VenueOrder | None, message: RouteReplaceRequested, facts: VenueFacts | None, session: Session | None,
    tick: int, at_ns: int,
) -> str:  # fmt: skip
    """Why a replace cannot be done, "" when it can: only lit books change orders, and never below what has traded."""
    fault = cancel_fault(order, facts, session, at_ns).replace("cancel", "replace")
    if fault or order is None:
        return fault
    if order.route.cl_ord_id != message.route.cl_ord_id:
        return "the order was replaced before"
    if facts is None or facts.kind is not VenueKind.LIT:
        return "this venue changes no orders: cancel it and send another"
    if message.qty <= order.cum_qty:
        return f"too late to replace: {order.cum_qty} have traded"
    changed = msgspec.structs.replace(order.route, qty=message.qty - order.cum_qty, price=message.price)
    return order_fault(changed, facts, session, tick, at_ns)


def addressee(message: Outbound) -> tuple[str, str]:
    """(venue, instrument id) a message of ours is for."""
    if isinstance(message, MassStatusRequested):
        return message.venue, message.instrument_id
    return message.route.venue, message.route.instrument_id


def same_order(first: VenueOrder | None, route: Route) -> bool:
    """Whether an order with this ClOrdID and content arrived before: a second delivery, to be passed over."""
    known = first is not None and (first.route == route or bool(first.was))
    return known and first is not None and first.status is not OrdStatus.PENDING_NEW


def _auction_fault(route: Route, facts: VenueFacts, session: Session, at_ns: int) -> str:
    """Whether the call an order is for can still be joined; the opening is over once there is a session."""
    if facts.kind is not VenueKind.AUCTION:
        return ""
    if route.time_in_force is TimeInForce.AT_THE_OPENING:
        return "too late for the opening auction: the session is open"
    if route.time_in_force is not TimeInForce.AT_THE_CLOSE:
        return f"{facts.venue} takes {route.time_in_force.value} orders only during a halt, for the reopening"
    if at_ns > session.close_ns - facts.cutoff_ns:
        return f"too late for the auction: its cut-off is {facts.cutoff_ns // 60_000_000_000} minutes before the close"
    return ""
