"""The conservation guard (AT-05): counts what left against what was asked for, and stops the first share too many.

It stands at the door, after the router, and shares no code with risk, the algorithms or the ledger: its parents come
from what was accepted and amended, its counts from the messages that leave and from the venues' own words, each
execution once by its ExecID. An algorithm that ignores its fills, a router that sends twice, a ledger that adds up
wrongly: whatever they believe, filled + live of a parent never exceeds its size by an order that leaves here.

    committed = sum over the parent's orders of (done + what is still live)
    done      = the larger of the trades told one by one and the venue's CumQty; busts do not give room back

A parent that was stopped stays stopped until risk lifts the halt that follows. What is not known is stopped too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sottovoce.core.clearance_events import AmendCleared, ChildApproved
from sottovoce.core.commands import CancelReject, ExecutionReport, Input
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.halts import HaltKind
from sottovoce.core.order_events import HaltLifted, OrderAccepted
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import DropCopyReport, RouteStopped
from sottovoce.core.session_events import ArrivalDisproved, RouteReplaceRequested, UnknownResolved
from sottovoce.core.work_events import ParentDone

OVER = (OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED, OrdStatus.DONE_FOR_DAY, OrdStatus.FILLED)
"""What a venue says of an order that can trade no more."""
ENDS = (ExecType.CANCELED, ExecType.REJECTED, ExecType.EXPIRED, ExecType.DONE_FOR_DAY)
TELLS = (*ENDS, ExecType.ORDER_STATUS)
TRADES = (ExecType.TRADE, ExecType.TRADE_CORRECT)


class CountedOrder:
    """One order that left. held is the largest size it may have at the venue while a replace is unanswered."""

    __slots__ = ("asked", "cum_qty", "held", "over", "parent_id", "qty", "trades")

    def __init__(self, parent_id: str, qty: int) -> None:
        self.parent_id = parent_id
        self.qty = self.held = qty
        self.asked = ""
        self.cum_qty = 0
        self.over = False
        self.trades: dict[str, int] = {}

    @property
    def committed(self) -> int:
        """Shares that traded or still may."""
        done = max(sum(self.trades.values()), self.cum_qty)
        return done if self.over else max(done, self.held)


class CountedParent:
    """What a client asked for, what its orders have committed, and which they are."""

    __slots__ = ("committed", "latched", "orders", "room_by_child", "target")

    def __init__(self, target: int) -> None:
        self.target = target
        self.committed = 0
        self.latched = False
        self.orders: list[str] = []
        self.room_by_child: dict[str, int] = {}


class ConservationGuard:
    """Counts; judges each order before it leaves; remembers nothing of parents that are done."""

    def __init__(self) -> None:
        self._parents: dict[str, CountedParent] = {}
        self._orders: dict[str, CountedOrder] = {}
        self._learners: dict[type, Callable[[Any], None]] = {
            OrderAccepted: self._accepted,
            AmendCleared: self._amended,
            ChildApproved: self._approved,
            HaltLifted: self._lifted,
            UnknownResolved: self._declared,
            ArrivalDisproved: self._declared,
            ParentDone: self._done,
        }

    def hear(self, message: Input | None) -> None:
        """Count a venue's own words, from its session or from the drop copy; other inputs say nothing here."""
        if isinstance(message, ExecutionReport | DropCopyReport):
            self._told(message)
        elif isinstance(message, CancelReject):
            order = self._orders.get(message.cl_ord_id)
            if order is not None and order.asked == message.cl_ord_id:
                self._recount(order, lambda: self._answered(order, order.qty))

    def learn(self, event: StageEvent) -> None:
        """Take in what was accepted, approved, amended, or proven by people."""
        learner = self._learners.get(type(event))
        if learner is not None:
            learner(event)

    def judge(self, event: ChildRouted | RouteReplaceRequested) -> RouteStopped | None:
        """Whether an order or a replace would commit more than its parent or its child may; None lets it leave."""
        parent = self._parents.get(event.parent_id)
        if parent is None:
            return self._stopped(event, "parent", 0, 0)
        more = self._more(event)
        if more == 0 and isinstance(event, RouteReplaceRequested):
            return None  # it asks for less, which always leaves
        if parent.latched or parent.committed + more > parent.target:
            parent.latched = True
            return self._stopped(event, "parent", parent.committed, parent.target)
        if isinstance(event, ChildRouted) and parent.room_by_child.get(event.route.child_id, 0) < more:
            parent.latched = True
            return self._stopped(event, "child", 0, parent.room_by_child.get(event.route.child_id, 0))
        return None

    def left(self, event: ChildRouted | RouteReplaceRequested) -> None:
        """Count an order or a replace that leaves."""
        parent, more = self._parents[event.parent_id], self._more(event)
        if isinstance(event, ChildRouted) and event.route.cl_ord_id in self._orders:
            return  # the same order said again, under the same ClOrdID
        parent.committed += more
        if isinstance(event, ChildRouted):
            route = event.route
            self._orders[route.cl_ord_id] = CountedOrder(event.parent_id, route.qty)
            parent.orders.append(route.cl_ord_id)
            parent.room_by_child[route.child_id] -= route.qty
            return
        order = self._orders[event.route.cl_ord_id]
        order.held, order.asked = max(order.qty, event.qty), event.new_cl_ord_id
        self._orders[event.new_cl_ord_id] = order
        parent.orders.append(event.new_cl_ord_id)

    def counts(self) -> tuple[dict[str, CountedParent], dict[str, CountedOrder]]:
        """Everything counted, by parent id and by ClOrdID, as a snapshot keeps it (guard_memory.py)."""
        return self._parents, self._orders

    def __len__(self) -> int:
        """Parents and orders remembered."""
        return len(self._parents) + len(self._orders)

    # counting --------------------------------------------------------------------------------------------

    def _more(self, event: ChildRouted | RouteReplaceRequested) -> int:
        """Shares a message could add to what is committed; one that changes an order never sent adds all of it."""
        if isinstance(event, ChildRouted):
            return 0 if event.route.cl_ord_id in self._orders else event.route.qty
        order = self._orders.get(event.route.cl_ord_id)
        return event.qty if order is None else max(event.qty - order.committed, 0)

    def _told(self, report: ExecutionReport | DropCopyReport) -> None:
        order = self._orders.get(report.cl_ord_id)
        if order is not None:
            self._recount(order, lambda: self._take(order, report))

    def _take(self, order: CountedOrder, report: ExecutionReport | DropCopyReport) -> None:
        kind = report.exec_type
        if kind in TRADES and report.last_qty > 0:
            name = report.exec_id if kind is ExecType.TRADE else report.exec_ref_id
            if kind is ExecType.TRADE or name in order.trades:  # what corrects nothing we know of is no trade
                order.trades[name] = max(order.trades.get(name, 0), report.last_qty)
        elif kind in TELLS:
            order.cum_qty = max(order.cum_qty, report.cum_qty)
            order.over = order.over or kind in ENDS or (report.ord_status in OVER and not _unknown(report))
        elif isinstance(report, ExecutionReport) and kind in (ExecType.REPLACED, ExecType.RESTATED):
            self._answered(order, order.qty if report.order_qty is None else report.order_qty)

    def _answered(self, order: CountedOrder, qty: int) -> None:
        order.qty = order.held = qty
        order.asked = ""

    def _recount(self, order: CountedOrder, change: Callable[[], None]) -> None:
        before = order.committed
        change()
        self._parents[order.parent_id].committed += order.committed - before

    # learning --------------------------------------------------------------------------------------------

    def _accepted(self, event: OrderAccepted) -> None:
        self._parents[event.parent_id] = CountedParent(event.order.order_qty)

    def _amended(self, event: AmendCleared) -> None:
        parent = self._parents.get(event.parent_id)
        if parent is not None:
            parent.target = event.order_qty

    def _approved(self, event: ChildApproved) -> None:
        parent = self._parents.get(event.parent_id)
        if parent is not None:
            parent.room_by_child[event.child.child_id] = event.child.qty

    def _lifted(self, event: HaltLifted) -> None:
        """Risk has lifted the halt of one order: it is judged by its numbers again."""
        parent = self._parents.get(event.scope.name) if event.scope.kind is HaltKind.ORDER else None
        if parent is not None:
            parent.latched = False

    def _declared(self, event: UnknownResolved | ArrivalDisproved) -> None:
        order = self._orders.get(event.cl_ord_id)
        if order is not None:
            self._recount(order, lambda: setattr(order, "over", True))

    def _done(self, event: ParentDone) -> None:
        parent = self._parents.pop(event.parent_id, None)
        for cl_ord_id in () if parent is None else parent.orders:
            self._orders.pop(cl_ord_id, None)

    def _stopped(
        self, event: ChildRouted | RouteReplaceRequested, scope: str, committed: int, most: int
    ) -> RouteStopped:
        return RouteStopped(
            parent_id=event.parent_id,
            venue=event.route.venue,
            cl_ord_id=event.route.cl_ord_id if isinstance(event, ChildRouted) else event.new_cl_ord_id,
            scope=scope,
            qty=event.route.qty if isinstance(event, ChildRouted) else event.qty,
            committed=committed,
            most=most,
        )


def _unknown(report: ExecutionReport | DropCopyReport) -> bool:
    """Whether a venue says that it has no such order, which proves nothing while the order may be on its way."""
    return isinstance(report, ExecutionReport) and report.reason is not None
