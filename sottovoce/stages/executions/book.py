"""What the executions stage keeps (orders at venues, their trades, the ledgers), and how events change it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.enums import OrdStatus
from sottovoce.core.events import (
    AmendCleared,
    ChildCreated,
    ChildRejected,
    ChildRouted,
    ChildUnrouted,
    Fill,
    FillBusted,
    FillCorrected,
    OrderAccepted,
    OrderRejected,
    ParentReturned,
    RouteCancelRequested,
    RouteUpdated,
)
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import Execution, OrderState
from sottovoce.core.orders import Route
from sottovoce.core.stage import Applier


class SentOrder(msgspec.Struct, kw_only=True, gc=False):
    """One order that left: what was sent, what it is now, its trades by ExecID, every report id seen."""

    route: Route
    state: OrderState
    executions: dict[str, Execution] = {}
    seen: dict[str, int] = {}


class ExecutionsState(msgspec.Struct, kw_only=True):
    """sent: by ClOrdID; by_child: child id → its ClOrdIDs; ledgers: by parent id."""

    sent: dict[str, SentOrder] = {}
    by_child: dict[str, list[str]] = {}
    ledgers: dict[str, Ledger] = {}


class ExecutionsBook:
    """The only place that writes the state of the executions stage."""

    def __init__(self) -> None:
        self.state = ExecutionsState()

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRejected: self._on_ledger,
            ChildCreated: self._on_ledger,
            ChildRejected: self._on_ledger,
            ChildUnrouted: self._on_ledger,
            ParentReturned: self._on_ledger,
            AmendCleared: self._on_ledger,
            ChildRouted: self._on_routed,
            RouteUpdated: self._on_updated,
            RouteCancelRequested: self._on_cancel_requested,
            Fill: self._on_fill,
            FillBusted: self._on_busted,
            FillCorrected: self._on_corrected,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=ExecutionsState)

    def _on_accepted(self, event: OrderAccepted) -> None:
        self.state.ledgers[event.parent_id] = Ledger.opened(event.order.order_qty)

    def _on_ledger(
        self, event: ChildCreated | ChildRejected | ChildUnrouted | ParentReturned | OrderRejected | AmendCleared
    ) -> None:
        self.state.ledgers[event.parent_id].apply(event)

    def _on_routed(self, event: ChildRouted) -> None:
        route = event.route
        self.state.sent[route.cl_ord_id] = SentOrder(
            route=route,
            state=OrderState(
                cl_ord_id=route.cl_ord_id,
                child_id=route.child_id,
                parent_id=route.parent_id,
                venue=route.venue,
                status=OrdStatus.PENDING_NEW,
                order_qty=route.qty,
                leaves_qty=route.qty,
            ),
        )
        self.state.by_child.setdefault(route.child_id, []).append(route.cl_ord_id)

    def _on_updated(self, event: RouteUpdated) -> None:
        sent = self.state.sent[event.state.cl_ord_id]
        sent.state = event.state
        sent.seen[event.exec_id] = 1
        self.state.ledgers[event.parent_id].apply(event)

    def _on_cancel_requested(self, event: RouteCancelRequested) -> None:
        self.state.sent[event.route.cl_ord_id].state = event.state

    def _on_fill(self, event: Fill) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        trade = Execution(qty=event.qty, px=event.px, fee=event.fee)
        self.state.sent[event.cl_ord_id].executions[event.exec_id] = trade

    def _on_busted(self, event: FillBusted) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        trades = self.state.sent[event.cl_ord_id].executions
        old = trades[event.exec_ref_id]
        trades[event.exec_ref_id] = Execution(qty=old.qty - event.qty, px=old.px, fee=old.fee - event.fee)

    def _on_corrected(self, event: FillCorrected) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        trades = self.state.sent[event.cl_ord_id].executions
        fee = trades[event.exec_ref_id].fee
        trades[event.exec_ref_id] = Execution(qty=event.qty, px=event.px, fee=fee)
