"""Our orders as the venues know them, and what the venues say about them.

Every report is built here, so quantities add up in one place: order quantity = cumulative + leaves while
live, and leaves is 0 once it is not. An exec_id is the venue, the order and a counter: the same run gives the
same ids.

A replace makes an heir: a new order under the new ClOrdID that carries what the old one has traded, so a book that
holds orders by name sees one leave and one come. The venue speaks of the heir as REPLACED, never as NEW.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, RejReason
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound
from sottovoce.core.session_commands import MassStatusEnd
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested

_CLOSED = {
    ExecType.CANCELED: OrdStatus.CANCELED,
    ExecType.EXPIRED: OrdStatus.EXPIRED,
    ExecType.REJECTED: OrdStatus.REJECTED,
}
UNKNOWN_TEXT = "unknown order"


class VenueOrder:
    """One order of ours at its venue. route.qty is what came in with it; carried is what an order before it traded."""

    __slots__ = ("carried", "cum_qty", "heir", "leaves_qty", "news", "route", "status", "was")

    def __init__(self, route: Route, carried: int = 0, was: str = "") -> None:
        self.route = route
        self.carried = self.cum_qty = carried
        self.leaves_qty = route.qty
        self.status = OrdStatus.PENDING_NEW
        self.news = 0
        self.was = was
        self.heir: VenueOrder | None = None

    @property
    def live(self) -> bool:
        """Whether the order can still trade."""
        return self.status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)

    @property
    def order_qty(self) -> int:
        """The whole of it, what was traded before a replace included."""
        return self.carried + self.route.qty


class VenueOrders:
    """Every order that reached a venue, by ClOrdID, and the reports that have not been collected yet."""

    def __init__(self, latency_ns: dict[str, int]) -> None:
        self._latency_ns = latency_ns
        self._orders: dict[str, VenueOrder] = {}
        self._refused = 0
        self.news: list[tuple[int, VenueMessage]] = []

    def find(self, cl_ord_id: str) -> VenueOrder | None:
        """The order of a ClOrdID as it now is, live or not; a replaced one is its heir."""
        order = self._orders.get(cl_ord_id)
        while order is not None and order.heir is not None:
            order = order.heir
        return order

    def register(self, route: Route) -> VenueOrder:
        """Remember an arriving order, before it is judged."""
        order = self._orders[route.cl_ord_id] = VenueOrder(route)
        return order

    def acknowledge(self, order: VenueOrder, at_ns: int) -> None:
        """The venue took the order, or the change that made it."""
        order.status = OrdStatus.PARTIALLY_FILLED if order.cum_qty else OrdStatus.NEW
        self._report(order, ExecType.REPLACED if order.was else ExecType.NEW, at_ns)

    def fill(self, order: VenueOrder, at_ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> None:
        """The order traded."""
        order.cum_qty += qty
        order.leaves_qty -= qty
        order.status = OrdStatus.PARTIALLY_FILLED if order.leaves_qty else OrdStatus.FILLED
        self._report(order, ExecType.TRADE, at_ns, qty=qty, px=px, liquidity=liquidity)

    def close(self, order: VenueOrder, exec_type: ExecType, at_ns: int, text: str = "") -> None:
        """The order is over without trading more: canceled, expired or rejected; nothing is said of a replaced one."""
        order.leaves_qty = 0
        order.status = _CLOSED[exec_type]
        if order.heir is None:
            self._report(order, exec_type, at_ns, text=text)

    def succeed(self, order: VenueOrder, message: RouteReplaceRequested) -> VenueOrder:
        """The heir of a live order that a replace makes; the caller takes the old one out of its book and enters it."""
        left = message.qty - order.cum_qty
        route = msgspec.structs.replace(order.route, cl_ord_id=message.new_cl_ord_id, qty=left, price=message.price)
        heir = order.heir = VenueOrder(route, carried=order.cum_qty, was=order.route.cl_ord_id)
        self._orders[message.new_cl_ord_id] = heir
        return heir

    def refuse_cancel(self, route: Route, order: VenueOrder | None, at_ns: int, text: str) -> None:
        """A cancel that cannot be done. OrdStatus is REJECTED for an order the venue does not know, as in
        FIX."""
        number = 0
        if order is not None:
            order.news += 1
            number = order.news
        self._refuse(route, route.cl_ord_id, order, at_ns, text, f"{route.venue}-{route.cl_ord_id}-{number}")

    def refuse_replace(self, message: RouteReplaceRequested, order: VenueOrder | None, at_ns: int, text: str) -> None:
        """A replace that cannot be done, under the ClOrdID it asked for; the order stays as it is."""
        name = message.new_cl_ord_id
        self._refuse(message.route, name, order, at_ns, text, f"{message.route.venue}-{name}-refused")

    def _refuse(self, route: Route, name: str, order: VenueOrder | None, at_ns: int, text: str, exec_id: str) -> None:
        reject = CancelReject(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=name,
            exec_id=exec_id,
            ord_status=OrdStatus.REJECTED if order is None else order.status,
            transact_ns=at_ns,
            text=text,
            reason=RejReason.UNKNOWN_ORDER if order is None else RejReason.TOO_LATE,
        )
        self.news.append((at_ns + self._latency_ns.get(route.venue, 0), reject))

    # questions -------------------------------------------------------------------------------------------

    def tell_status(self, route: Route, request_id: str, at_ns: int) -> None:
        """Answer OrderStatusRequest(H): the order as it now is, or that there is none."""
        order = self.find(route.cl_ord_id)
        if order is not None:
            self._report(order, ExecType.ORDER_STATUS, at_ns, exec_id=f"{route.venue}-{route.cl_ord_id}-{request_id}")
            return
        self._say(route.venue, at_ns, unknown_status(route, request_id, at_ns))

    def answer(self, message: StatusRequested | MassStatusRequested, at_ns: int) -> None:
        """Answer a question about one order or all of them."""
        if isinstance(message, MassStatusRequested):
            self.tell_mass_status(message, at_ns)
        else:
            self.tell_status(message.route, message.request_id, at_ns)

    def know_nothing(self, message: Outbound, at_ns: int) -> None:
        """Answer whatever is asked of a place that has no orders of ours; a new order is not for here."""
        if isinstance(message, MassStatusRequested | StatusRequested):
            self.answer(message, at_ns)
        elif isinstance(message, RouteReplaceRequested):
            self.refuse_replace(message, None, at_ns, UNKNOWN_TEXT)
        else:
            self.refuse_cancel(message.route, None, at_ns, UNKNOWN_TEXT)

    def tell_mass_status(self, message: MassStatusRequested, at_ns: int) -> None:
        """Answer OrderMassStatusRequest(AF): every live order at the venue, then the end of the list."""
        live = [order for order in self._orders.values() if order.live and order.heir is None]
        asked = [order for order in live if order.route.venue == message.venue]
        for order in asked:
            name = f"{message.venue}-{order.route.cl_ord_id}-{message.request_id}"
            self._report(order, ExecType.ORDER_STATUS, at_ns, exec_id=name)
        end = MassStatusEnd(
            venue=message.venue,
            instrument_id=message.instrument_id,
            request_id=message.request_id,
            reports=len(asked),
            transact_ns=at_ns,
        )
        self._say(message.venue, at_ns, end)

    # words -----------------------------------------------------------------------------------------------

    def _say(self, venue: str, at_ns: int, message: VenueMessage) -> None:
        self.news.append((at_ns + self._latency_ns.get(venue, 0), message))

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
        exec_id: str = "",
    ) -> None:
        route = order.route
        order.news += 1
        report = ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=exec_id or f"{route.venue}-{route.cl_ord_id}-{order.news}",
            exec_type=exec_type,
            ord_status=order.status,
            cum_qty=order.cum_qty,
            leaves_qty=order.leaves_qty,
            transact_ns=at_ns,
            last_qty=qty,
            last_px=px,
            liquidity=liquidity,
            order_qty=order.order_qty,
            price=route.price or None,
            text=text,
            orig_cl_ord_id=order.was if exec_type is ExecType.REPLACED else "",
        )
        self._say(route.venue, at_ns, report)


def unknown_status(route: Route, request_id: str, at_ns: int) -> ExecutionReport:
    """A venue's answer to a question about an order it does not have: OrdStatus REJECTED, as FIX says."""
    return ExecutionReport(
        parent_id=route.parent_id,
        venue=route.venue,
        cl_ord_id=route.cl_ord_id,
        exec_id=f"{route.venue}-{route.cl_ord_id}-{request_id}",
        exec_type=ExecType.ORDER_STATUS,
        ord_status=OrdStatus.REJECTED,
        cum_qty=0,
        leaves_qty=0,
        transact_ns=at_ns,
        text=UNKNOWN_TEXT,
        reason=RejReason.UNKNOWN_ORDER,
    )
