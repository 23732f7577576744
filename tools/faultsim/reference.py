"""The reference model: what every order and every parent must be by now, from nothing but what left and what was said.

Dictionaries and plain sums, slow and in the open; it shares no code with the stages and reads no quantity they decided
on. An order: its size, what is left, what traded, what was undone, what ended unfilled, what was too much.
"""

from __future__ import annotations

from typing import Any

from sottovoce.core.clearance_events import AmendCleared, ChildRejected, OrderCleared
from sottovoce.core.commands import CancelReject, ExecutionReport, Input
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.route_events import ChildRouted, ChildUnrouted
from sottovoce.core.session_commands import RouteStopped
from sottovoce.core.session_events import ArrivalDisproved, RouteReplaceRequested, UnknownResolved
from sottovoce.core.work_events import ChildCreated

Order = dict[str, Any]
"""qty, left, traded, value, ended, undone, too_much; over: it can end no more; trades: ExecID → [qty, px].

asked is what a replace nobody has answered would add, asked_as its name, asked_qty the whole size it asks for; ending:
its end was told, and waits_for so much traded to be told as well.
"""

OVER = (OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED, OrdStatus.DONE_FOR_DAY)
ENDINGS = (ExecType.CANCELED, ExecType.REJECTED, ExecType.EXPIRED, ExecType.DONE_FOR_DAY)


class Reference:
    """orders by ClOrdID, parents by id; touched is what the last step may have changed."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.names: dict[str, str] = {}
        self.parents: dict[str, dict[str, Any]] = {}
        self.heard: set[tuple[str, str]] = set()
        self.doubted: set[str] = set()
        self.touched: dict[str, None] = {}

    def step(self, message: Input | None, events: tuple[StageEvent, ...]) -> None:
        """Take in one step: its input, and of its events only what people were promised and what leaves."""
        self.touched = {}
        poisoned = any(isinstance(event, InputPoisoned) for event in events)
        if isinstance(message, ExecutionReport) and not poisoned:
            self._report(message)
        elif isinstance(message, CancelReject) and not poisoned:
            self._kept_as_it_is(message.cl_ord_id)
        elif isinstance(message, RouteStopped) and not poisoned:
            self._never_left(message.cl_ord_id)
        for event in events:
            if isinstance(event, OrderAccepted):
                self.parents[event.parent_id] = {"asked": event.order.order_qty, "orders": [], "between": 0}
            elif isinstance(event, OrderCleared):
                self.parents[event.parent_id]["cleared"] = True
            elif isinstance(event, AmendCleared):
                self.parents[event.parent_id]["asked"] = event.order_qty
            elif isinstance(event, ChildCreated):
                self.parents[event.parent_id]["between"] += event.child.qty
            elif isinstance(event, ChildRejected | ChildUnrouted):
                self.parents[event.parent_id]["between"] -= event.qty
            elif isinstance(event, ChildRouted):
                self._leaves(event)
            elif isinstance(event, RouteReplaceRequested):
                self._replace(event)
            elif isinstance(event, ArrivalDisproved | UnknownResolved):
                self._end(self.orders[event.cl_ord_id])
                self.touched[event.cl_ord_id] = None

    def _leaves(self, event: ChildRouted) -> None:
        route = event.route
        self.orders[route.cl_ord_id] = {
            "qty": route.qty, "left": route.qty, "traded": 0, "value": 0, "ended": 0, "undone": 0, "too_much": 0,
            "over": False, "ending": False, "waits_for": 0, "asked": 0, "asked_as": "", "asked_qty": 0, "trades": {},
            "parent": route.parent_id, "venue": route.venue,
        }  # fmt: skip
        self.parents[route.parent_id]["orders"].append(route.cl_ord_id)
        self.parents[route.parent_id]["between"] -= route.qty
        self.touched[route.cl_ord_id] = None

    def _replace(self, event: RouteReplaceRequested) -> None:
        """A replace leaves: until it is answered both sizes are held."""
        first = self.names.get(event.route.cl_ord_id, event.route.cl_ord_id)
        order = self.orders[first]
        self.names[event.new_cl_ord_id] = first
        order["asked"] = max(event.qty - order["qty"], 0)
        order["asked_as"], order["asked_qty"] = event.new_cl_ord_id, event.qty
        self.touched[first] = None

    def _kept_as_it_is(self, name: str) -> None:
        """The venue refused a replace, or a cancel, which changes no quantity."""
        order = self.orders.get(self.names.get(name, name))
        if order is not None and name == order["asked_as"]:
            order["asked"], order["asked_as"] = 0, ""
            self.touched[self.names[name]] = None

    def _never_left(self, name: str) -> None:
        """The guard kept an order or a replace in."""
        if name in self.names:
            self._kept_as_it_is(name)
        elif name in self.orders:
            self._end(self.orders[name])
            self.touched[name] = None

    # what venues say -------------------------------------------------------------------------------------

    def _report(self, report: ExecutionReport) -> None:
        first = self.names.get(report.cl_ord_id, report.cl_ord_id)
        order = self.orders.get(first)
        if order is None or report.venue != order["venue"] or (first, report.exec_id) in self.heard:
            return
        if not self._sense(order, report):
            self.doubted.add(first)
            return
        self.heard.add((first, report.exec_id))
        self.touched[first] = None
        kind = report.exec_type
        if kind in (ExecType.RESTATED, ExecType.REPLACED):
            self.parents[order["parent"]]["resized"] = True
        if kind is ExecType.TRADE:
            order["trades"][report.exec_id] = [report.last_qty, report.last_px]
            self._more(order, report.last_qty, report.last_qty * report.last_px)
            self._catch_up(order)
        elif kind is ExecType.TRADE_CANCEL:
            self._undo(order, order["trades"][report.exec_ref_id], report.last_qty)
        elif kind is ExecType.TRADE_CORRECT:
            self._restated_trade(order, order["trades"][report.exec_ref_id], report)
        elif not order["over"]:
            self._life(order, report)

    def _sense(self, order: Order, report: ExecutionReport) -> bool:
        """Whether a report can be true of its order."""
        kind, trade = report.exec_type, order["trades"].get(report.exec_ref_id)
        if kind is ExecType.TRADE:
            return report.last_qty > 0 and report.last_px > 0
        if kind is ExecType.TRADE_CANCEL:
            return trade is not None and 0 <= report.last_qty <= trade[0]
        if kind is ExecType.TRADE_CORRECT:
            return trade is not None and report.last_qty > 0 and report.last_px > 0
        return True

    def _life(self, order: Order, report: ExecutionReport) -> None:
        """What a venue says of an order that is not over."""
        told_over = report.exec_type is ExecType.ORDER_STATUS and report.reason is None and report.ord_status in OVER
        if report.exec_type in ENDINGS or told_over:
            order["waits_for"] = max(report.cum_qty, order["waits_for"])
            order["ending"] = True
            self._catch_up(order)
        elif report.exec_type in (ExecType.RESTATED, ExecType.REPLACED) and report.order_qty is not None:
            self._resize(order, report.order_qty)
        elif report.exec_type is ExecType.ORDER_STATUS and report.cl_ord_id == order["asked_as"] and report.leaves_qty:
            self._resize(order, order["asked_qty"])

    def _resize(self, order: Order, qty: int) -> None:
        used = order["traded"] + order["undone"] - order["too_much"]
        order["qty"] = max(qty, used)
        order["left"] = order["qty"] - used
        order["over"] = order["left"] == 0
        order["asked"], order["asked_as"] = 0, ""

    def _catch_up(self, order: Order) -> None:
        """An end that counted more trades than were told waits for them: what traded is never free."""
        if order["ending"] and order["traded"] + order["undone"] >= order["waits_for"]:
            self._end(order)

    def _end(self, order: Order) -> None:
        if not order["over"]:
            order["ended"] += order["left"]
            order["left"] = order["asked"] = 0
            order["over"] = True

    def _more(self, order: Order, qty: int, value: int) -> None:
        """More traded: it comes out of what is left, then of what had ended, and the rest is too much."""
        order["traded"] += qty
        order["value"] += value
        for bucket in ("left", "asked", "ended"):
            part = min(qty, order[bucket])
            order[bucket] -= part
            order["qty"] += part if bucket == "asked" else 0
            qty -= part
        order["too_much"] += qty
        if order["left"] == order["asked"] == 0:
            order["over"] = True

    def _undo(self, order: Order, trade: list[int], qty: int) -> None:
        undone = qty or trade[0]
        trade[0] -= undone
        order["traded"] -= undone
        order["undone"] += undone
        order["value"] -= undone * trade[1]

    def _restated_trade(self, order: Order, trade: list[int], report: ExecutionReport) -> None:
        had_qty, had_px = trade
        trade[0], trade[1] = report.last_qty, report.last_px
        more = report.last_qty - had_qty
        value = report.last_qty * report.last_px - had_qty * had_px
        if more > 0:
            self._more(order, more, value)
            return
        order["traded"] += more
        order["undone"] -= more
        order["value"] += value

    # sums ------------------------------------------------------------------------------------------------

    def parent(self, parent_id: str) -> dict[str, int]:
        """filled, working (what waits between release and its venues included) and undone of a parent, added up."""
        orders = [self.orders[name] for name in self.parents[parent_id]["orders"]]
        return {
            "filled": sum(order["traded"] for order in orders),
            "working": sum(order["left"] + order["asked"] for order in orders) + self.parents[parent_id]["between"],
            "undone": sum(order["undone"] for order in orders),
        }
