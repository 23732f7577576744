"""What the algorithms remember, and how each event changes it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.clearance_events import AmendCleared, ChildRejected, OrderRejected
from sottovoce.core.commands import AlgoWake
from sottovoce.core.enums import OrdStatus, ParentStatus, Tactic
from sottovoce.core.envelope_events import EnvelopeKept, EnvelopeLeft
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, InputPoisoned, ParentPaused, RouteUpdated
from sottovoce.core.halts import Halts, path_of, stops
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import TERMINAL
from sottovoce.core.order_events import (
    CancelAccepted,
    HaltLifted,
    HaltSet,
    OrderAccepted,
    PauseAccepted,
    ResumeAccepted,
)
from sottovoce.core.plan_events import OrderApproved, OrderReplanned, ReplanWanted
from sottovoce.core.replan_events import MarketSampled
from sottovoce.core.route_events import ChildRouted, ChildUnrouted
from sottovoce.core.session_events import ChildReplaceApproved
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import (
    ChildCancelRequested,
    ChildCreated,
    ParentDone,
    ParentReturned,
    TimerSet,
    WorkStarted,
)
from sottovoce.stages.algos.drift import Drift, asked, begun, resumed, take
from sottovoce.stages.algos.parent import OpenChild, WorkedParent
from sottovoce.stages.algos.setbacks import is_setback

STAYING = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)
"""What a venue says of an order it will not cancel: the child may be asked for again."""


class AlgosState(msgspec.Struct, kw_only=True):
    """parents: approved, by id; of the done ones the last stay at hand, finished says which, oldest first.

    waiting: quantity of those not yet approved. own: shares all our parents have traded, by instrument.
    """

    parents: dict[str, WorkedParent] = {}
    waiting: dict[str, int] = {}
    halts: Halts = msgspec.field(default_factory=Halts)
    own: dict[str, int] = {}
    finished: dict[str, int] = {}


class AlgosBook:
    """The only place that writes the state of the algos stage."""

    def __init__(self, done_kept: int = 1_000) -> None:
        self.state = AlgosState()
        self._done_kept = done_kept

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRejected: self._on_rejected,
            OrderApproved: self._on_approved,
            OrderReplanned: self._on_replanned,
            ReplanWanted: self._on_replan_wanted,
            MarketSampled: self._on_sampled,
            ChildRouted: self._on_routed,
            ChildReplaceApproved: self._on_replace,
            WorkStarted: self._on_started,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
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
            EnvelopeLeft: self._on_outside,
            EnvelopeKept: self._on_inside,
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
        halted = self.state.halts.matching(path_of(event.order, event.plan.strategy.value))
        self.state.parents[event.parent_id] = WorkedParent(
            status=ParentStatus.WORKING if halted is None else ParentStatus.PAUSED,
            order=event.order,
            plan=event.plan,
            seed=event.seed,
            ledger=Ledger.opened(event.order.order_qty),
            limit_px=event.order.limit_px,
            drift=Drift(approved_bps=event.plan.expected_cost_bps),
        )

    def _on_started(self, event: WorkStarted) -> None:
        parent = self.state.parents[event.parent_id]
        parent.volume_0, parent.started_ns = event.market_volume, event.ts_ns
        parent.own_0 = event.own_qty

    def _on_replanned(self, event: OrderReplanned) -> None:
        """The new plan is of the rest alone: what was done before stays outside it, and volume counts from now."""
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            parent.plan, parent.volume_0 = event.plan, None
            parent.base_qty = parent.ledger.filled + parent.ledger.busted
            parent.would_before = parent.would_taken
            begun(parent.drift, event)

    def _on_replan_wanted(self, event: ReplanWanted) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            asked(parent.drift, event)

    def _on_sampled(self, event: MarketSampled) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            take(parent.drift, event, parent.order.side.sign, parent.ledger.wanted - parent.base_qty)

    def _on_routed(self, event: ChildRouted) -> None:
        parent, route = self.state.parents.get(event.parent_id), event.route
        child = None if parent is None else parent.children.get(route.child_id)
        if child is not None:
            child.routes[route.cl_ord_id] = (route.qty, route.price)

    def _on_replace(self, event: ChildReplaceApproved) -> None:
        parent = self.state.parents.get(event.parent_id)
        child = None if parent is None else parent.children.get(event.child_id)
        if child is not None:
            child.routes[event.cl_ord_id] = (event.qty, event.price)
            child.limit_px = event.price

    def _on_halt(self, event: HaltSet) -> None:
        """Parents in the scope pause; lifting the halt does not resume them, a person does."""
        self.state.halts.set(event.halt)
        for parent in self.state.parents.values():
            if parent.live and stops(event.halt.scope, parent.order, parent.plan.strategy.value):
                parent.status = ParentStatus.PAUSED

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.halts.lift(event.scope, event.conduct)

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
        elif child.tactic is Tactic.WOULD:
            parent.would_taken += child.qty
            parent.would_ns = event.ts_ns
        parent.children[child.child_id] = OpenChild(
            open_qty=child.qty, created_ns=child.created_ns, tactic=child.tactic, limit_px=child.limit_px
        )

    def _on_cancel_requested(self, event: ChildCancelRequested) -> None:
        child = self.state.parents[event.parent_id].children.get(event.child_id)
        if child is not None:
            child.canceling = True
            self.state.parents[event.parent_id].cancels += 1

    def _came_back(self, parent: WorkedParent, child_id: str, qty: int) -> None:
        """Quantity that did not trade: what a child gives back may be sent again where it was meant for."""
        child = parent.children.get(child_id)
        if child is not None and child.tactic is Tactic.AUCTION:
            parent.auction_taken -= qty
        elif child is not None and child.tactic is Tactic.WOULD:
            parent.would_taken -= qty
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
        parent = self.state.parents.get(event.parent_id)
        if parent is None:
            return
        parent.ledger.apply(event)
        hit = parent.children.get(event.child_id)
        if hit is not None and is_setback(event, hit):
            hit.setback = True
            parent.setbacks += 1
        self._came_back(parent, event.child_id, event.freed_qty - event.raised_qty)
        child = parent.children.get(event.child_id)
        if child is not None and event.state.status in STAYING:
            child.canceling = False
        if child is not None and event.state.cl_ord_id in child.routes:
            _, price = child.routes.pop(event.state.cl_ord_id)
            if event.state.status not in TERMINAL:
                child.routes[event.state.cl_ord_id] = (event.state.order_qty, price)

    def _on_fill(self, event: Fill) -> None:
        parent = self.state.parents.get(event.parent_id)
        if parent is None:
            return  # a late fill of a parent that is done and gone from here
        instrument_id = parent.order.instrument_id
        self.state.own[instrument_id] = self.state.own.get(instrument_id, 0) + event.qty
        parent.setbacks = 0
        parent.fills += 1
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
            parent.order = event.terms.applied(parent.order, event.order_qty, event.limit_px)
        elif event.parent_id in self.state.waiting:  # changed while it was held
            self.state.waiting[event.parent_id] = event.order_qty

    def _on_cancel(self, event: CancelAccepted) -> None:
        self._mark(event.parent_id, ParentStatus.CANCELING, event.reason)

    def _on_pause(self, event: PauseAccepted | ParentPaused | InputPoisoned) -> None:
        """Only what works can pause: an order on its way out stays on its way out."""
        parent = self.state.parents.get(event.parent_id)
        if parent is not None and parent.live:
            parent.status = ParentStatus.PAUSED

    def _on_resume(self, event: ResumeAccepted) -> None:
        """A person has looked: setbacks, cancels and fills count from here, and what is broken is known."""
        parent = self.state.parents.get(event.parent_id)
        if parent is not None and parent.status is ParentStatus.PAUSED:
            parent.status = ParentStatus.WORKING
            parent.setbacks = parent.cancels = parent.fills = 0
            parent.excused = dict.fromkeys(parent.outside, True)
            resumed(parent.drift)

    def _on_outside(self, event: EnvelopeLeft) -> None:
        self.state.parents[event.parent_id].outside[event.failure.code] = event.ts_ns

    def _on_inside(self, event: EnvelopeKept) -> None:
        parent = self.state.parents[event.parent_id]
        parent.outside.pop(event.code, None)
        parent.excused.pop(event.code, None)

    def _on_done(self, event: ParentDone) -> None:
        self.state.waiting.pop(event.parent_id, None)
        self._mark(event.parent_id, ParentStatus.DONE, event.reason)
        self.state.finished[event.parent_id] = 1
        while len(self.state.finished) > self._done_kept:
            oldest = next(iter(self.state.finished))
            del self.state.finished[oldest]
            self.state.parents.pop(oldest, None)

    def _mark(self, parent_id: str, status: ParentStatus, reason: str) -> None:
        parent = self.state.parents.get(parent_id)
        if parent is not None and not parent.done:
            parent.status = status
            parent.reason = reason
