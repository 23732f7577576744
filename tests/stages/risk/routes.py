"""What venues and the router say about a child, as far as risk listens."""

from __future__ import annotations

from sottovoce.core.enums import OrdStatus, OrdType, TimeInForce
from sottovoce.core.execution_events import RouteUpdated
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from tests.scenarios.small_desk import LIT, MID
from tests.stages.risk.stage import Alone


def routed(desk: Alone, parent: str, number: int, freed: int = 0) -> ChildRouted | RouteUpdated:
    """The n-th child left for a venue; or, with freed, so much of it came back."""
    child, order = f"{parent}.{number}", desk.state.orders[parent]
    cl_ord_id = f"R-{child}"
    if freed:
        state = OrderState(
            cl_ord_id=cl_ord_id, child_id=child, parent_id=parent, venue=LIT, status=OrdStatus.CANCELED,
            order_qty=freed, leaves_qty=0, canceled_qty=freed,
        )  # fmt: skip
        return RouteUpdated(
            parent_id=parent, ts_ns=desk.now_ns, child_id=child, state=state, freed_qty=freed, raised_qty=0,
            exec_id="E", cause="canceled",
        )  # fmt: skip
    route = Route(
        cl_ord_id=cl_ord_id, route_id=cl_ord_id, child_id=child, parent_id=parent, venue=LIT,
        instrument_id=order.instrument_id, side=order.side, qty=1, ord_type=OrdType.LIMIT, price=MID,
        time_in_force=TimeInForce.DAY, min_qty=0, sent_ns=desk.now_ns,
    )  # fmt: skip
    return ChildRouted(parent_id=parent, ts_ns=desk.now_ns, route=route, decision_id="")
