"""Asking a market about our orders, and to change them, as the door would."""

from __future__ import annotations

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.session_commands import MassStatusEnd
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from tests.contracts.market_desk import SECOND_NS, Desk


def ask(desk: Desk, cl_ord_id: str, request_id: str = "S1") -> None:
    """What is this order?"""
    route = desk.sent[cl_ord_id]
    message = StatusRequested(parent_id=route.parent_id, ts_ns=desk.now_ns, route=route, request_id=request_id)
    desk.market.send(message, desk.now_ns)


def ask_all(desk: Desk, request_id: str = "L1") -> tuple[MassStatusEnd, list[str]]:
    """What is live of ours at the lit venue? Returns the end of the answer, and the orders told of before it."""
    message = MassStatusRequested(
        parent_id="", ts_ns=desk.now_ns, venue=desk.case.lit, instrument_id=desk.case.instrument_id,
        request_id=request_id,
    )  # fmt: skip
    desk.market.send(message, desk.now_ns)
    before = len(desk.arrivals)
    desk.run(desk.now_ns + SECOND_NS)
    heard = [message for _, message in desk.arrivals[before:]]
    (end,) = [each for each in heard if isinstance(each, MassStatusEnd)]
    told = [
        each.cl_ord_id
        for each in heard
        if isinstance(each, ExecutionReport) and each.exec_type is ExecType.ORDER_STATUS
    ]
    assert heard.index(end) == len(heard) - 1, "the end comes last"
    return end, told


def replace(desk: Desk, cl_ord_id: str, new_cl_ord_id: str, qty: int, price: int) -> None:
    """Ask for another size and price."""
    route = desk.sent[cl_ord_id]
    state = OrderState(
        cl_ord_id=cl_ord_id, child_id=route.child_id, parent_id=route.parent_id, venue=route.venue,
        status=OrdStatus.PENDING_REPLACE, order_qty=route.qty, leaves_qty=route.qty,
    )  # fmt: skip
    message = RouteReplaceRequested(
        parent_id=route.parent_id, ts_ns=desk.now_ns, route=route, new_cl_ord_id=new_cl_ord_id, qty=qty, price=price,
        state=state,
    )  # fmt: skip
    desk.market.send(message, desk.now_ns)
