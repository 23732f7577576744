"""What leaves for venues, counted: messages per second by scope (PT-09), and what each order there asks for (P4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.core.execution_events import RouteCancelRequested, RouteUpdated
from sottovoce.core.lifecycle import TERMINAL
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import ChildReplaceApproved, RouteReplaceRequested
from sottovoce.stages.risk.checks_rate import SLOT_NS, counted_scopes
from sottovoce.stages.risk.state import RiskState, RouteSize
from sottovoce.stages.risk.windows import Window

Fold = Callable[[RiskState, Any], None]


def routed(state: RiskState, event: ChildRouted) -> None:
    """A new order leaves."""
    route = event.route
    state.routes[route.cl_ord_id] = RouteSize(child_id=route.child_id, qty=route.qty)
    count(state, state.rates, event.parent_id, event.ts_ns)


def canceling(state: RiskState, event: RouteCancelRequested) -> None:
    """A cancel leaves, whatever the rates say; it counts in them."""
    count(state, state.rates, event.parent_id, event.ts_ns)


def replacing(state: RiskState, event: RouteReplaceRequested) -> None:
    """A replace leaves: until it is answered the larger of the two sizes stands, under both names."""
    old = state.routes.get(event.route.cl_ord_id)
    qty = max(event.qty, event.route.qty if old is None else old.qty)
    state.routes[event.new_cl_ord_id] = RouteSize(child_id=event.route.child_id, qty=qty)
    if old is not None:
        old.qty = qty
    count(state, state.rates, event.parent_id, event.ts_ns)


def replace_approved(state: RiskState, event: ChildReplaceApproved) -> None:
    """The more aggressive of the old and the new price is what an own order could meet."""
    child = state.interest.live.get(event.child_id)
    if child is not None:
        state.interest.reprice(event.child_id, child.sign * max(child.sign * child.px, child.sign * event.price))


def updated(state: RiskState, event: RouteUpdated) -> None:
    """The venue has spoken: what the order asks for is what it says, and what is over is forgotten."""
    order = event.state
    if order.status in TERMINAL:
        state.routes.pop(order.cl_ord_id, None)
    elif order.cl_ord_id in state.routes:
        state.routes[order.cl_ord_id].qty = order.order_qty + order.pending_qty


def count(state: RiskState, windows: dict[str, Window], parent_id: str, ts_ns: int) -> None:
    """One more message, in every scope it counts in."""
    order = state.orders.get(parent_id)
    if order is None:
        return
    slot = ts_ns // SLOT_NS
    for scope in counted_scopes(parent_id, order.instrument_id, order.principal):
        if scope not in windows:
            windows[scope] = Window()
        windows[scope].add(slot)


FOLDS: Mapping[type, Fold] = {
    ChildRouted: routed,
    RouteCancelRequested: canceling,
    RouteReplaceRequested: replacing,
    ChildReplaceApproved: replace_approved,
}
