"""Every venue of the simulated market: what each of our orders truly is there, and what its venue says about it.

The truth is kept here and nowhere else, so that at the end what the desk believes can be held against it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, RejReason
from sottovoce.core.orders import Route
from sottovoce.core.session_events import RouteReplaceRequested

Say = Callable[[int, VenueMessage], None]
"""Puts a venue's words on the line at a time."""

TRADES_KEPT = 200


class HeldOrder:
    """One order as its venue holds it. trades: by ExecID, (quantity, price) as they now stand."""

    __slots__ = ("cum_qty", "leaves_qty", "live", "order_qty", "route", "status", "trades")

    def __init__(self, route: Route) -> None:
        self.route = route
        self.order_qty = self.leaves_qty = route.qty
        self.cum_qty = 0
        self.live = True
        self.status = OrdStatus.NEW
        self.trades: dict[str, tuple[int, int]] = {}


class Exchange:
    """The orders of all venues by ClOrdID, and the words venues have for what happens to them."""

    def __init__(self, say: Say, dice: Random) -> None:
        self.orders: dict[str, HeldOrder] = {}
        self.recent: list[tuple[HeldOrder, str]] = []
        self.say = say
        self._dice = dice
        self._said = 0

    def accept(self, route: Route) -> HeldOrder:
        """Take an order into the book."""
        order = self.orders[route.cl_ord_id] = HeldOrder(route)
        return order

    def acknowledge(self, order: HeldOrder, at_ns: int) -> None:
        self.tell(order, ExecType.NEW, at_ns)

    def trade(self, order: HeldOrder, qty: int, px: int, at_ns: int) -> None:
        """A trade of any size: what is left of the order goes first."""
        order.leaves_qty = max(order.leaves_qty - qty, 0)
        order.cum_qty += qty
        if order.live:
            order.live = order.leaves_qty > 0
            order.status = OrdStatus.PARTIALLY_FILLED if order.live else OrdStatus.FILLED
        exec_id = self.tell(order, ExecType.TRADE, at_ns, qty=qty, px=px)
        order.trades[exec_id] = (qty, px)
        self.recent.append((order, exec_id))
        del self.recent[:-TRADES_KEPT]

    def close(self, order: HeldOrder, how: ExecType, at_ns: int) -> None:
        """The order is over: nothing of it can trade any more."""
        order.leaves_qty = 0
        order.live = False
        order.status = CLOSED[how]
        self.tell(order, how, at_ns)

    def restate(self, order: HeldOrder, qty: int, at_ns: int) -> None:
        """The venue changes the size of a live order; at least one share more than has been used stays."""
        used = order.order_qty - order.leaves_qty
        order.order_qty = max(qty, used + 1)
        order.leaves_qty = order.order_qty - used
        self.tell(order, ExecType.RESTATED, at_ns)

    def replace(self, message: RouteReplaceRequested, at_ns: int) -> None:
        """OrderCancelReplaceRequest(G): the same order under a new ClOrdID and with another size, while it is live."""
        order = self.orders.get(message.route.cl_ord_id)
        if order is None or not order.live:
            self.refuse_cancel(msgspec.structs.replace(message.route, cl_ord_id=message.new_cl_ord_id), order, at_ns)
            return
        used = order.order_qty - order.leaves_qty
        order.route = msgspec.structs.replace(order.route, cl_ord_id=message.new_cl_ord_id, price=message.price)
        order.order_qty = max(message.qty, used)
        order.leaves_qty = order.order_qty - used
        if not order.leaves_qty:
            order.live, order.status = False, OrdStatus.FILLED
        self.orders[message.new_cl_ord_id] = order
        self.tell(order, ExecType.REPLACED, at_ns)

    def bust(self, order: HeldOrder, exec_id: str, qty: int, at_ns: int) -> None:
        """Undo so much of a trade; 0 is all of it."""
        had, px = order.trades[exec_id]
        undone = qty or had
        order.trades[exec_id] = (had - undone, px)
        order.cum_qty -= undone
        self.tell(order, ExecType.TRADE_CANCEL, at_ns, qty=qty, px=px, ref=exec_id)

    def correct(self, order: HeldOrder, exec_id: str, qty: int, px: int, at_ns: int) -> None:
        """A trade was for another quantity, or at another price, than was said."""
        had, _ = order.trades[exec_id]
        more = qty - had
        order.trades[exec_id] = (qty, px)
        order.cum_qty += more
        if more > 0:
            order.leaves_qty = max(order.leaves_qty - more, 0)
            if order.live and not order.leaves_qty:
                order.live, order.status = False, OrdStatus.FILLED
        self.tell(order, ExecType.TRADE_CORRECT, at_ns, qty=qty, px=px, ref=exec_id)

    def refuse_cancel(self, route: Route, order: HeldOrder | None, at_ns: int) -> None:
        """OrderCancelReject(9): too late, or of an order nobody knows."""
        reject = CancelReject(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=self._next_id(route.venue),
            ord_status=OrdStatus.REJECTED if order is None else order.status,
            transact_ns=at_ns,
            text="unknown order" if order is None else "too late to cancel",
            reason=RejReason.UNKNOWN_ORDER if order is None else RejReason.TOO_LATE,
        )
        self.say(at_ns, reject)

    def status(self, route: Route, order: HeldOrder | None, exec_id: str, at_ns: int) -> ExecutionReport:
        """The answer to a question about one order."""
        if order is not None:
            return self.report(order, ExecType.ORDER_STATUS, exec_id, at_ns)
        return ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=exec_id,
            exec_type=ExecType.ORDER_STATUS,
            ord_status=OrdStatus.REJECTED,
            cum_qty=0,
            leaves_qty=0,
            transact_ns=at_ns,
            text="unknown order",
            reason=RejReason.UNKNOWN_ORDER,
        )

    def tell(self, order: HeldOrder, kind: ExecType, at_ns: int, *, qty: int = 0, px: int = 0, ref: str = "") -> str:
        """Report what happened to an order; returns the ExecID."""
        exec_id = self._next_id(order.route.venue)
        self.say(at_ns, self.report(order, kind, exec_id, at_ns, qty=qty, px=px, ref=ref))
        return exec_id

    def report(
        self, order: HeldOrder, kind: ExecType, exec_id: str, at_ns: int, *, qty: int = 0, px: int = 0, ref: str = ""
    ) -> ExecutionReport:
        """An execution report in the venue's words, with the order as it now is."""
        return ExecutionReport(
            parent_id=order.route.parent_id,
            venue=order.route.venue,
            cl_ord_id=order.route.cl_ord_id,
            exec_id=exec_id,
            exec_type=kind,
            ord_status=order.status,
            cum_qty=order.cum_qty,
            leaves_qty=order.leaves_qty,
            transact_ns=at_ns,
            last_qty=qty,
            last_px=px,
            liquidity=LastLiquidityInd.ADDED if kind is ExecType.TRADE else None,
            exec_ref_id=ref,
            order_qty=order.order_qty,
        )

    def _next_id(self, venue: str) -> str:
        self._said += 1
        return f"{venue}-{self._said}"


CLOSED = {
    ExecType.CANCELED: OrdStatus.CANCELED,
    ExecType.REJECTED: OrdStatus.REJECTED,
    ExecType.EXPIRED: OrdStatus.EXPIRED,
    ExecType.DONE_FOR_DAY: OrdStatus.DONE_FOR_DAY,
}
"""What an order is after each kind of end."""
