"""Our orders as the replayed venues hold them, and the reports they send about them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, RejReason, Side, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.session_commands import MassStatusEnd
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested

NO_TIME = 1 << 62
"""Later than anything on a tape."""


class VenueOrder:
    """One order at one replayed venue: what is left of it, and where it stands in the tape.

    cursor is the next print to look at; queue_qty the shares ahead of us at our price, from queued_ns, none
    once alone_ns has passed. end_ns is when the venue gives up on it. through_qty is what prints through
    our price alone would have filled.
    """

    __slots__ = (
        "alone_ns",
        "arrived_ns",
        "carried",
        "cum_qty",
        "cursor",
        "end_ns",
        "executions",
        "first_print",
        "kind",
        "leaves_qty",
        "queue_qty",
        "queued_ns",
        "rested_qty",
        "route",
        "sign",
        "status",
        "through_qty",
        "was",
    )

    def __init__(self, route: Route, arrived_ns: int, carried: int = 0, was: str = "") -> None:
        self.route = route
        self.carried = carried
        self.was = was
        self.sign = 1 if route.side is Side.BUY else -1
        self.arrived_ns = arrived_ns
        self.end_ns = NO_TIME
        self.kind = VenueKind.LIT
        self.status = OrdStatus.PARTIALLY_FILLED if carried else OrdStatus.NEW
        self.leaves_qty = route.qty
        self.cum_qty = carried
        self.executions = 0
        self.rested_qty = 0
        self.through_qty = 0
        self.cursor = 0
        self.first_print = 0
        self.queue_qty = 0
        self.queued_ns = NO_TIME
        self.alone_ns = NO_TIME

    def accepted(self) -> ExecutionReport:
        return self._report(ExecType.REPLACED if self.was else ExecType.NEW, self.arrived_ns)

    def changed(self, message: RouteReplaceRequested, ns: int) -> VenueOrder:
        """The order that takes this one's place, with what it has traded."""
        route = msgspec.structs.replace(
            self.route, cl_ord_id=message.new_cl_ord_id, qty=message.qty - self.cum_qty, price=message.price
        )
        return VenueOrder(route, ns, carried=self.cum_qty, was=self.route.cl_ord_id)

    def told(self, ns: int, request_id: str) -> ExecutionReport:
        """The order as it now is, in answer to a question."""
        return self._report(ExecType.ORDER_STATUS, ns, exec_id=f"{self.route.cl_ord_id}-{request_id}")

    def rejected(self, text: str) -> ExecutionReport:
        return self._ended(ExecType.REJECTED, OrdStatus.REJECTED, self.arrived_ns, text)

    def canceled(self, ns: int, text: str = "") -> ExecutionReport:
        return self._ended(ExecType.CANCELED, OrdStatus.CANCELED, ns, text)

    def expired(self, ns: int, text: str) -> ExecutionReport:
        return self._ended(ExecType.EXPIRED, OrdStatus.EXPIRED, ns, text)

    def traded(self, ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> ExecutionReport:
        """Book a trade of qty at px and report it."""
        self.leaves_qty -= qty
        self.cum_qty += qty
        self.status = OrdStatus.PARTIALLY_FILLED if self.leaves_qty else OrdStatus.FILLED
        return self._report(ExecType.TRADE, ns, last_qty=qty, last_px=px, liquidity=liquidity)

    def _ended(self, what: ExecType, status: OrdStatus, ns: int, text: str) -> ExecutionReport:
        self.leaves_qty = 0
        self.status = status
        return self._report(what, ns, text=text)

    def _report(
        self,
        what: ExecType,
        ns: int,
        last_qty: int = 0,
        last_px: int = 0,
        liquidity: LastLiquidityInd | None = None,
        text: str = "",
        exec_id: str = "",
    ) -> ExecutionReport:
        self.executions += 1
        return ExecutionReport(
            parent_id=self.route.parent_id,
            venue=self.route.venue,
            cl_ord_id=self.route.cl_ord_id,
            exec_id=exec_id or f"{self.route.cl_ord_id}-{self.executions}",
            exec_type=what,
            ord_status=self.status,
            cum_qty=self.cum_qty,
            leaves_qty=self.leaves_qty,
            transact_ns=ns,
            last_qty=last_qty,
            last_px=last_px,
            liquidity=liquidity,
            order_qty=self.carried + self.route.qty,
            text=text,
            orig_cl_ord_id=self.was if what is ExecType.REPLACED else "",
        )


def cancel_rejected(route: Route, ns: int, order: VenueOrder | None, text: str) -> CancelReject:
    """The answer to a cancel that cannot be done; the order, where it was ever here, stays as it is."""
    return _refused(route, route.cl_ord_id, ns, order, text)


def replace_rejected(message: RouteReplaceRequested, ns: int, order: VenueOrder | None, text: str) -> CancelReject:
    """The answer to a replace that cannot be done, under the ClOrdID it asked for."""
    return _refused(message.route, message.new_cl_ord_id, ns, order, text)


def _refused(route: Route, name: str, ns: int, order: VenueOrder | None, text: str) -> CancelReject:
    return CancelReject(
        parent_id=route.parent_id,
        venue=route.venue,
        cl_ord_id=name,
        exec_id=f"{name}-x{ns}",
        ord_status=OrdStatus.REJECTED if order is None else order.status,
        transact_ns=ns,
        text=text,
        reason=RejReason.UNKNOWN_ORDER if order is None else RejReason.TOO_LATE,
    )


def mass_status(message: MassStatusRequested, orders: Iterable[VenueOrder], ns: int) -> list[VenueMessage]:
    """Every order of ours that is live at the venue, and the end of the list."""
    named = {order.route.cl_ord_id: order for order in orders if order.leaves_qty}
    live = [order for order in named.values() if order.route.venue == message.venue]
    end = MassStatusEnd(
        venue=message.venue,
        instrument_id=message.instrument_id,
        request_id=message.request_id,
        reports=len(live),
        transact_ns=ns,
    )
    return [*(order.told(ns, message.request_id) for order in live), end]
