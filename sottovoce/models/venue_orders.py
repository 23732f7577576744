"""Our orders as the venues know them, and what the venues say about them.

Every report is built here, so quantities add up in one place: order quantity = cumulative + leaves while
live, and leaves is 0 once it is not. An exec_id is the venue, the order and a counter: the same run gives the
same ids.
"""

from __future__ import annotations

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus
from sottovoce.core.orders import Route

_CLOSED = {
    ExecType.CANCELED: OrdStatus.CANCELED,
    ExecType.EXPIRED: OrdStatus.EXPIRED,
    ExecType.REJECTED: OrdStatus.REJECTED,
}


class VenueOrder:
    """One order of ours at its venue."""

    __slots__ = ("cum_qty", "leaves_qty", "news", "route", "status")

    def __init__(self, route: Route) -> None:
        self.route = route
        self.cum_qty = 0
        self.leaves_qty = route.qty
        self.status = OrdStatus.PENDING_NEW
        self.news = 0

    @property
    def live(self) -> bool:
        """Whether the order can still trade."""
        return self.status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)


class VenueOrders:
    """Every order that reached a venue, by ClOrdID, and the reports that have not been collected yet."""

    def __init__(self, latency_ns: dict[str, int]) -> None:
        self._latency_ns = latency_ns
        self._orders: dict[str, VenueOrder] = {}
        self.news: list[tuple[int, VenueMessage]] = []

    def find(self, cl_ord_id: str) -> VenueOrder | None:
        """The order of a ClOrdID, live or not."""
        return self._orders.get(cl_ord_id)

    def register(self, route: Route) -> VenueOrder:
        """Remember an arriving order, before it is judged."""
        order = self._orders[route.cl_ord_id] = VenueOrder(route)
        return order

    def acknowledge(self, order: VenueOrder, at_ns: int) -> None:
        """The venue took the order."""
        order.status = OrdStatus.NEW
        self._report(order, ExecType.NEW, at_ns)

    def fill(self, order: VenueOrder, at_ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> None:
        """The order traded."""
        order.cum_qty += qty
        order.leaves_qty -= qty
        order.status = OrdStatus.PARTIALLY_FILLED if order.leaves_qty else OrdStatus.FILLED
        self._report(order, ExecType.TRADE, at_ns, qty=qty, px=px, liquidity=liquidity)

    def close(self, order: VenueOrder, exec_type: ExecType, at_ns: int, text: str = "") -> None:
        """The order is over without trading more: canceled, expired or rejected."""
        order.leaves_qty = 0
        order.status = _CLOSED[exec_type]
        self._report(order, exec_type, at_ns, text=text)

    def refuse_cancel(self, route: Route, order: VenueOrder | None, at_ns: int, text: str) -> None:
        """A cancel that cannot be done. OrdStatus is REJECTED for an order the venue does not know, as in
        FIX."""
        number = 0
        if order is not None:
            order.news += 1
            number = order.news
        reject = CancelReject(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-{number}",
            ord_status=OrdStatus.REJECTED if order is None else order.status,
            transact_ns=at_ns,
            text=text,
        )
        self.news.append((at_ns + self._latency_ns.get(route.venue, 0), reject))

    def _report(
        self,
        order: VenueOrder,
        exec_type: ExecType,
        at_ns: int,
        *,
        qty: int = 0,
        px: int = 0,
        liquidity: LastLiquidityInd | None = None,
        text: str = "",
    ) -> None:
        route = order.route
        order.news += 1
        report = ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-{order.news}",
            exec_type=exec_type,
            ord_status=order.status,
            cum_qty=order.cum_qty,
            leaves_qty=order.leaves_qty,
            transact_ns=at_ns,
            last_qty=qty,
            last_px=px,
            liquidity=liquidity,
            order_qty=route.qty,
            price=route.price or None,
            text=text,
        )
        self.news.append((at_ns + self._latency_ns.get(route.venue, 0), report))
