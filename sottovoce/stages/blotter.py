"""The blotter: one row a parent, folded from the events like everything else; it decides on nothing."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.clearance_events import ChildRejected, OrderRejected
from sottovoce.core.enums import ParentStatus, Side, Strategy
from sottovoce.core.event import Event
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, InputPoisoned, ParentPaused
from sottovoce.core.halts import HaltPath, Halts, covers, path_of
from sottovoce.core.ledger import LEDGER_EVENTS, Ledger
from sottovoce.core.order_events import (
    CancelAccepted,
    HaltLifted,
    HaltSet,
    OrderAccepted,
    OrderRefused,
    PauseAccepted,
    ResumeAccepted,
)
from sottovoce.core.orders import Failure
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import ChildCreated, ParentDone


class BlotterRow(msgspec.Struct, kw_only=True, gc=False):
    """A parent as a trader sees it. value and fees are price units times shares; value is of what stands filled."""

    parent_id: str
    cl_ord_id: str
    account: str
    status: ParentStatus
    symbol: str = ""
    side: Side | None = None
    strategy: Strategy | None = None
    order_qty: int = 0
    arrival_px: int = 0
    price_scale: int = 1_000_000
    ledger: Ledger | None = None
    value: int = 0
    fees: int = 0
    fills: int = 0
    children: int = 0
    children_rejected: int = 0
    late_fills: int = 0
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    accepted_ns: int = 0
    done_ns: int = 0
    path: HaltPath | None = None


class BlotterState(msgspec.Struct, kw_only=True):
    """Rows by parent id, in order of arrival; the halts in force."""

    rows: dict[str, BlotterRow] = {}
    halts: Halts = msgspec.field(default_factory=Halts)


class Blotter:
    """Folds; never decides."""

    name = "blotter"

    def __init__(self) -> None:
        self._state = BlotterState()

    def deciders(self) -> Mapping[type, Decider]:
        return {}

    def appliers(self) -> Mapping[type, Applier]:
        appliers: dict[type, Applier] = dict.fromkeys(LEDGER_EVENTS, self._on_ledger)
        appliers |= {
            OrderAccepted: self._on_accepted,
            OrderRefused: self._on_refused,
            OrderRejected: self._on_rejected,
            OrderHeld: self._on_held,
            OrderApproved: self._on_approved,
            PauseAccepted: self._on_paused,
            ParentPaused: self._on_paused,
            InputPoisoned: self._on_paused,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
            ResumeAccepted: self._on_resumed,
            CancelAccepted: self._on_canceling,
            ParentDone: self._on_done,
        }
        return appliers

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=BlotterState)

    def rows(self) -> Mapping[str, BlotterRow]:
        """Every parent seen, in order of arrival."""
        return self._state.rows

    def _on_accepted(self, event: OrderAccepted) -> None:
        order = event.order
        self._state.rows[event.parent_id] = BlotterRow(
            parent_id=event.parent_id,
            cl_ord_id=order.cl_ord_id,
            account=order.account,
            status=ParentStatus.ACCEPTED,
            symbol=order.symbol,
            side=order.side,
            strategy=order.strategy,
            order_qty=order.order_qty,
            arrival_px=order.arrival_px,
            price_scale=order.price_scale,
            ledger=Ledger.opened(order.order_qty),
            accepted_ns=event.ts_ns,
            path=path_of(order),
        )

    def _on_refused(self, event: OrderRefused) -> None:
        self._state.rows[event.parent_id] = BlotterRow(
            parent_id=event.parent_id,
            cl_ord_id=event.cl_ord_id,
            account=event.account,
            status=ParentStatus.REJECTED,
            reason="refused by the gateway",
            failures=event.failures,
            done_ns=event.ts_ns,
        )

    def _on_rejected(self, event: OrderRejected) -> None:
        self._on_ledger(event)
        row = self._state.rows[event.parent_id]
        row.status, row.reason, row.failures = ParentStatus.REJECTED, f"rejected by {event.by}", event.failures
        row.done_ns = event.ts_ns

    def _on_held(self, event: OrderHeld) -> None:
        row = self._state.rows[event.parent_id]
        row.status, row.reason, row.failures = ParentStatus.HELD, f"needs {event.role}", event.rules

    def _on_approved(self, event: OrderApproved) -> None:
        row = self._state.rows[event.parent_id]
        row.status, row.reason, row.strategy = ParentStatus.WORKING, event.by, event.plan.strategy
        row.failures, row.path = (), path_of(event.order, event.plan.strategy.value)
        halt = self._state.halts.matching(row.path)
        if halt is not None:
            row.status, row.reason = ParentStatus.PAUSED, f"halt: {halt.reason}"

    def _turn(self, event: Event, before: ParentStatus, after: ParentStatus, reason: str) -> None:
        row = self._state.rows.get(event.parent_id)
        if row is not None and row.status is before:
            row.status, row.reason = after, reason

    def _on_paused(self, event: PauseAccepted | ParentPaused | InputPoisoned) -> None:
        reason = event.reason if isinstance(event, ParentPaused) else type(event).__name__
        self._turn(event, ParentStatus.WORKING, ParentStatus.PAUSED, reason)

    def _on_halt(self, event: HaltSet) -> None:
        self._state.halts.set(event.halt)
        for row in self._state.rows.values():
            if row.status is ParentStatus.WORKING and row.path is not None and covers(event.halt.scope, row.path):
                row.status, row.reason = ParentStatus.PAUSED, f"halt: {event.halt.reason}"

    def _on_lift(self, event: HaltLifted) -> None:
        self._state.halts.lift(event.scope, event.conduct)

    def _on_resumed(self, event: ResumeAccepted) -> None:
        self._turn(event, ParentStatus.PAUSED, ParentStatus.WORKING, "resumed")

    def _on_canceling(self, event: CancelAccepted) -> None:
        row = self._state.rows.get(event.parent_id)
        if row is not None and row.status not in (ParentStatus.DONE, ParentStatus.REJECTED):
            row.status, row.reason = ParentStatus.CANCELING, event.reason

    def _on_done(self, event: ParentDone) -> None:
        row = self._state.rows[event.parent_id]
        row.status, row.reason, row.done_ns = ParentStatus.DONE, event.reason, event.ts_ns

    def _on_ledger(self, event: Event) -> None:
        row = self._state.rows[event.parent_id]
        assert row.ledger is not None
        row.ledger.apply(event)
        row.order_qty = row.ledger.target
        if isinstance(event, Fill):
            row.value += event.qty * event.px
            row.fees += event.fee
            row.fills += 1
            row.late_fills += event.late
        elif isinstance(event, FillBusted):
            row.value -= event.qty * event.px
            row.fees -= event.fee
        elif isinstance(event, FillCorrected):
            row.value += event.qty * event.px - event.old_qty * event.old_px
            row.fees += event.fee - event.old_fee
        elif isinstance(event, ChildCreated):
            row.children += 1
        elif isinstance(event, ChildRejected):
            row.children_rejected += 1
