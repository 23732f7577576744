"""What the venue knows: every order it took, every report it made, each written down before it is said.

It trades at random, repeatable by seed: an immediate order gets part of its size at once, one for the day gets pieces
over the next seconds. A ClOrdID it has seen is never a second order; it is counted, and answered with what was said.
Asked for a status it repeats the order's executions, as a resend would, and ends with how the order stands.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, RejReason, TimeInForce
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import MassStatusEnd
from sottovoce.core.session_events import MassStatusRequested, StatusRequested

NEXT_TRADE_S = 0.8
"""Mean time between the pieces of an order for the day, seconds."""

OPEN = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)


class Taken(msgspec.Struct, frozen=True, kw_only=True, tag="taken"):
    """An order arrived for the first time."""

    route: Route


class Repeated(msgspec.Struct, frozen=True, kw_only=True, tag="repeated"):
    """A ClOrdID arrived again as a new order: same says whether it was the very same order."""

    cl_ord_id: str
    same: bool


Line = Taken | Repeated | ExecutionReport
"""What the venue writes down."""
Write = Callable[[Line], None]


class VenueOrder:
    """One order: what was asked, what was said of it, and when it trades next."""

    __slots__ = ("cum_qty", "dice", "next_ns", "reports", "route", "status")

    def __init__(self, route: Route, seed: str) -> None:
        self.route = route
        self.reports: list[ExecutionReport] = []
        self.status = OrdStatus.PENDING_NEW
        self.cum_qty = 0
        self.next_ns = 0
        self.dice = random.Random(f"{seed}:{route.cl_ord_id}")

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def leaves_qty(self) -> int:
        return self.route.qty - self.cum_qty if self.open else 0


class VenueBook:
    """Several venues under one roof: an order names its own."""

    def __init__(self, seed: str, write: Write) -> None:
        self._seed = seed
        self._write = write
        self.orders: dict[str, VenueOrder] = {}
        self._trading: dict[str, VenueOrder] = {}
        self.duplicates: list[Repeated] = []

    def take(self, message: Outbound, now_ns: int) -> list[VenueMessage]:
        """What the venue answers to a message."""
        if isinstance(message, ChildRouted):
            return self._order(message.route, now_ns)
        if isinstance(message, RouteCancelRequested):
            return self._cancel(message.route, now_ns)
        if isinstance(message, StatusRequested):
            return self._told(message.route, message.request_id, now_ns)
        if isinstance(message, MassStatusRequested):
            return self._mass(message, now_ns)
        return [self._refused(message.route, now_ns, "this venue does not replace", RejReason.OTHER)]

    def due(self, now_ns: int) -> list[VenueMessage]:
        """The trades whose time has come."""
        said: list[VenueMessage] = []
        for name, order in list(self._trading.items()):
            if not order.open:
                del self._trading[name]
            elif order.next_ns <= now_ns:
                said.append(self._trade(order, now_ns))
        return said

    def trade(self, cl_ord_id: str, qty: int, now_ns: int) -> ExecutionReport:
        """So many shares of an open order trade now."""
        order = self.orders[cl_ord_id]
        order.cum_qty += qty
        status = OrdStatus.PARTIALLY_FILLED if order.cum_qty < order.route.qty else OrdStatus.FILLED
        return self._report(order, ExecType.TRADE, status, now_ns, qty)

    def end_day(self, now_ns: int) -> list[VenueMessage]:
        """Every open order was for the day."""
        opened = [order for order in self.orders.values() if order.open]
        return [self._report(order, ExecType.EXPIRED, OrdStatus.EXPIRED, now_ns) for order in opened]

    def recall(self, line: Line, now_ns: int) -> None:
        """Take in a line of an earlier life; open orders go on trading."""
        if isinstance(line, Taken):
            order = self.orders[line.route.cl_ord_id] = VenueOrder(line.route, f"{self._seed}:{now_ns}")
            order.next_ns, self._trading[line.route.cl_ord_id] = now_ns, order
        elif isinstance(line, Repeated):
            self.duplicates.append(line)
        else:
            order = self.orders[line.cl_ord_id]
            order.reports.append(line)
            order.status, order.cum_qty = line.ord_status, line.cum_qty

    # orders ----------------------------------------------------------------------------------------------

    def _order(self, route: Route, now_ns: int) -> list[VenueMessage]:
        known = self.orders.get(route.cl_ord_id)
        if known is not None:
            again = Repeated(cl_ord_id=route.cl_ord_id, same=known.route == route)
            self._write(again)
            self.duplicates.append(again)
            return list(known.reports)
        self._write(Taken(route=route))
        order = self.orders[route.cl_ord_id] = VenueOrder(route, self._seed)
        said: list[VenueMessage] = [self._report(order, ExecType.NEW, OrdStatus.NEW, now_ns)]
        if route.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL:
            if order.dice.random() < 0.8:
                said.append(self._trade(order, now_ns))
            if order.open:
                said.append(self._report(order, ExecType.CANCELED, OrdStatus.CANCELED, now_ns))
        else:
            self._trading[route.cl_ord_id] = order
            self._next_trade(order, now_ns)
        return said

    def _trade(self, order: VenueOrder, now_ns: int) -> ExecutionReport:
        left = order.route.qty - order.cum_qty
        qty = left if order.dice.random() < 0.4 else order.dice.randrange(1, left + 1)
        self._next_trade(order, now_ns)
        return self.trade(order.route.cl_ord_id, qty, now_ns)

    def _next_trade(self, order: VenueOrder, now_ns: int) -> None:
        order.next_ns = now_ns + 1 + int(order.dice.expovariate(1 / NEXT_TRADE_S) * 1e9)

    def _cancel(self, route: Route, now_ns: int) -> list[VenueMessage]:
        order = self.orders.get(route.cl_ord_id)
        if order is None:
            return [self._refused(route, now_ns, "unknown order", RejReason.UNKNOWN_ORDER)]
        if not order.open:
            return [self._refused(route, now_ns, f"too late: {order.status.value}", RejReason.TOO_LATE)]
        return [self._report(order, ExecType.CANCELED, OrdStatus.CANCELED, now_ns)]

    # answers ---------------------------------------------------------------------------------------------

    def _told(self, route: Route, request_id: str, now_ns: int) -> list[VenueMessage]:
        order = self.orders.get(route.cl_ord_id)
        if order is None:
            return [self._status(VenueOrder(route, ""), request_id, now_ns, RejReason.UNKNOWN_ORDER)]
        return [*order.reports, self._status(order, request_id, now_ns, None)]

    def _mass(self, asked: MassStatusRequested, now_ns: int) -> list[VenueMessage]:
        found = [
            order
            for order in self.orders.values()
            if order.open and (order.route.venue, order.route.instrument_id) == (asked.venue, asked.instrument_id)
        ]
        said: list[VenueMessage] = []
        for order in found:
            said += [*order.reports, self._status(order, asked.request_id, now_ns, None)]
        end = MassStatusEnd(
            venue=asked.venue,
            instrument_id=asked.instrument_id,
            request_id=asked.request_id,
            reports=len(found),
            transact_ns=now_ns,
        )
        return [*said, end]

    def _status(self, order: VenueOrder, request_id: str, now_ns: int, reason: RejReason | None) -> ExecutionReport:
        route = order.route
        return ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-{request_id}",
            exec_type=ExecType.ORDER_STATUS,
            ord_status=OrdStatus.REJECTED if reason else order.status,
            cum_qty=order.cum_qty,
            leaves_qty=order.leaves_qty,
            transact_ns=now_ns,
            reason=reason,
        )

    def _report(
        self, order: VenueOrder, exec_type: ExecType, status: OrdStatus, now_ns: int, qty: int = 0
    ) -> ExecutionReport:
        """The order's next report, written down before it is said."""
        route, order.status = order.route, status
        report = ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-{len(order.reports) + 1}",
            exec_type=exec_type,
            ord_status=status,
            cum_qty=order.cum_qty,
            leaves_qty=order.leaves_qty,
            transact_ns=now_ns,
            last_qty=qty,
            last_px=route.price if qty else 0,
            liquidity=LastLiquidityInd.ADDED if qty else None,
            order_qty=route.qty,
        )
        order.reports.append(report)
        self._write(report)
        return report

    def _refused(self, route: Route, now_ns: int, text: str, reason: RejReason) -> CancelReject:
        order = self.orders.get(route.cl_ord_id)
        return CancelReject(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-C{now_ns}",
            ord_status=OrdStatus.REJECTED if order is None else order.status,
            transact_ns=now_ns,
            text=text,
            reason=reason,
        )
