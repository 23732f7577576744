"""What the algorithms remember, and how each event changes it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.commands import AlgoWake
from sottovoce.core.enums import OrdStatus, ParentStatus, Tactic
from sottovoce.core.events import (
    AmendCleared,
    CancelAccepted,
    ChildCancelRequested,
    ChildCreated,
    ChildRejected,
    ChildUnrouted,
    Fill,
    FillBusted,
    FillCorrected,
    HaltSet,
    InputPoisoned,
    OrderAccepted,
    OrderApproved,
    OrderRejected,
    ParentDone,
    ParentPaused,
    ParentReturned,
    PauseAccepted,
    ResumeAccepted,
    RouteUpdated,
    TimerSet,
    WorkStarted,
)
from sottovoce.core.ledger import Ledger
from sottovoce.core.stage import Applier
from sottovoce.stages.algos.parent import OpenChild, WorkedParent

STAYING = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)
"""What a venue says of an order it will not cancel: the child may be asked for again."""


class AlgosState(msgspec.Struct, kw_only=True):
    """parents: every parent ever approved, by id; done ones stay for late news. waiting: quantity of those not yet."""

    parents: dict[str, WorkedParent] = {}
    waiting: dict[str, int] = {}


class AlgosBook:
    """The only place that writes the state of the algos stage."""

    def __init__(self) -> None:
        self.state = AlgosState()

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRejected: self._on_rejected,
            OrderApproved: self._on_approved,
            WorkStarted: self._on_started,
            HaltSet: self._on_halt,
            TimerSet: self._on_timer,
            ChildCreated: self._on_created,
            ChildCancelRequested: self._on_cancel_requested,
            ChildRejected: self._on_come_back,
            ChildUnrouted: self._on_come_back,
            RouteUpdated: self._on_updated,
            Fill: self._on_fill,
            FillBusted: self._on_moved,
            FillCorrected: self._on_moved,
            ParentReturned: self._on_moved,
            AmendCleared: self._on_amended,
            CancelAccepted: self._on_cancel,
            PauseAccepted: self._on_pause,
            ParentPaused: self._on_pause,
            InputPoisoned: self._on_pause,
            ResumeAccepted: self._on_resume,
            ParentDone: self._on_done,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=AlgosState)

    def _on_accepted(self, event: OrderAccepted) -> None:
        self.state.waiting[event.parent_id] = event.order.order_qty

    def _on_rejected(self, event: OrderRejected) -> None:
        self.state.waiting.pop(event.parent_id, None)

    def _on_approved(self, event: OrderApproved) -> None:
        self.state.waiting.pop(event.parent_id, None)
        self.state.parents[event.parent_id] = WorkedParent(
            order=event.order,
            plan=event.plan,
            seed=event.seed,
            ledger=Ledger.opened(event.order.order_qty),
            limit_px=event.order.limit_px,
        )

    def _on_started(self, event: WorkStarted) -> None:
        self.state.parents[event.parent_id].volume_0 = event.market_volume

    def _on_halt(self, event: HaltSet) -> None:
        """Parents in the scope pause; lifting the halt does not resume them, a person does."""
        for parent in self.state.parents.values():
            if parent.live and event.account in ("", parent.order.account):
                parent.status = ParentStatus.PAUSED

    def _on_timer(self, event: TimerSet) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None and isinstance(event.timer, AlgoWake):
            parent.wake = event.timer.number

    def _on_created(self, event: ChildCreated) -> None:
        parent, child = self.state.parents[event.parent_id], event.child
        parent.ledger.apply(event)
        parent.children_made = event.number
        if child.tactic is Tactic.AUCTION:
            parent.auction_taken += child.qty
        parent.children[child.child_id] = OpenChild(
            open_qty=child.qty, created_ns=child.created_ns, tactic=child.tactic, limit_px=child.limit_px
        )

    def _on_cancel_requested(self, event: ChildCancelRequested) -> None:
        child = self.state.parents[event.parent_id].children.get(event.child_id)
        if child is not None:
            child.canceling = True

    def _came_back(self, parent: WorkedParent, child_id: str, qty: int) -> None:
        """Quantity that did not trade: what an auction child gives back may be sent to the auction again."""
        child = parent.children.get(child_id)
        if child is not None and child.tactic is Tactic.AUCTION:
            parent.auction_taken -= qty
        self._less_open(parent, child_id, qty)

    def _less_open(self, parent: WorkedParent, child_id: str, qty: int) -> None:
        child = parent.children.get(child_id)
        if child is not None:
            child.open_qty -= qty
            if child.open_qty <= 0:
                del parent.children[child_id]

    def _on_come_back(self, event: ChildRejected | ChildUnrouted) -> None:
        parent = self.state.parents[event.parent_id]
        parent.ledger.apply(event)
        self._came_back(parent, event.child_id, event.qty)

    def _on_updated(self, event: RouteUpdated) -> None:
        parent = self.state.parents[event.parent_id]
        parent.ledger.apply(event)
        self._came_back(parent, event.child_id, event.freed_qty - event.raised_qty)
        child = parent.children.get(event.child_id)
        if child is not None and event.state.status in STAYING:
            child.canceling = False

    def _on_fill(self, event: Fill) -> None:
        parent = self.state.parents[event.parent_id]
        parent.ledger.apply(event)
        self._less_open(parent, event.child_id, event.from_working)

    def _on_moved(self, event: FillBusted | FillCorrected | ParentReturned) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            parent.ledger.apply(event)
            if isinstance(event, FillCorrected):
                self._less_open(parent, event.child_id, event.from_working)

    def _on_amended(self, event: AmendCleared) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            parent.ledger.apply(event)
            parent.limit_px = event.limit_px

    def _on_cancel(self, event: CancelAccepted) -> None:
        self._mark(event.parent_id, ParentStatus.CANCELING, event.reason)

    def _on_pause(self, event: PauseAccepted | ParentPaused | InputPoisoned) -> None:
        """Only what works can pause: an order on its way out stays on its way out."""
        parent = self.state.parents.get(event.parent_id)
        if parent is not None and parent.live:
            parent.status = ParentStatus.PAUSED

    def _on_resume(self, event: ResumeAccepted) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None and parent.status is ParentStatus.PAUSED:
            parent.status = ParentStatus.WORKING

    def _on_done(self, event: ParentDone) -> None:
        self.state.waiting.pop(event.parent_id, None)
        self._mark(event.parent_id, ParentStatus.DONE, event.reason)

    def _mark(self, parent_id: str, status: ParentStatus, reason: str) -> None:
        parent = self.state.parents.get(parent_id)
        if parent is not None and not parent.done:
            parent.status = status
            parent.reason = reason
