"""What the breakers stage remembers: a breaker and a queue for each downstream, and how events change them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.breaker_commands import ANSWERS, VENUE, Outcome
from sottovoce.core.breaker_events import (
    AvoidanceEnded,
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    ChildDequeued,
    ChildQueued,
    OpenReason,
    OutcomeCounted,
    QueueTicked,
    RejectsHigh,
)
from sottovoce.core.enums import OrdStatus, Word
from sottovoce.core.execution_events import RouteUpdated
from sottovoce.core.halts import HaltPath, Halts, path_of
from sottovoce.core.order_events import HaltLifted, HaltSet
from sottovoce.core.orders import Child
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.route_events import ChildRouted, ChildUnrouted
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ChildCancelRequested, ParentDone
from sottovoce.stages.breakers.config import BreakerConfig
from sottovoce.stages.breakers.window import Window


class BreakerStatus(Word):
    """closed: call freely; open: do not; half_open: only its probes."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker(msgspec.Struct, kw_only=True):
    """One downstream's breaker. number counts openings and avoidances; instrument_id is what its probes ask about."""

    status: BreakerStatus = BreakerStatus.CLOSED
    window: Window = msgspec.field(default_factory=Window)
    consecutive: int = 0
    rejects_in_row: int = 0
    number: int = 0
    backoff_ns: int = 0
    reason: OpenReason = OpenReason.ERROR_RATIO
    probes_ok: int = 0
    avoided: int = 0
    avoiding: bool = False
    instrument_id: str = ""


class Waiting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A child that waits."""

    child: Child
    queued_ns: int


class Queue(msgspec.Struct, kw_only=True):
    """The children that wait for one downstream, oldest first; pulled: those somebody canceled since.

    tick is the number of the look that is due, 0 when none is; ticks counts all there have been.
    """

    waiting: dict[str, Waiting] = {}
    pulled: dict[str, None] = {}
    tick: int = 0
    ticks: int = 0


class BreakersState(msgspec.Struct, kw_only=True):
    """breakers and queues by downstream; awaiting: orders no venue has answered yet, ClOrdID → downstream.

    where: child → the downstream whose queue it is in; paths: what each worked parent belongs to, for the halts.
    """

    breakers: dict[str, Breaker] = {}
    queues: dict[str, Queue] = {}
    awaiting: dict[str, str] = {}
    where: dict[str, str] = {}
    paths: dict[str, HaltPath] = {}
    halts: Halts = msgspec.field(default_factory=Halts)


class BreakersBook:
    """The only place that writes the state of the breakers stage."""

    def __init__(self, config: BreakerConfig) -> None:
        self.config = config
        self.state = BreakersState()

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OutcomeCounted: self._on_outcome,
            ChildRouted: self._on_routed,
            RouteUpdated: self._on_answered,
            BreakerOpened: self._on_opened,
            BreakerHalfOpened: self._on_half_opened,
            BreakerClosed: self._on_closed,
            RejectsHigh: self._on_rejects,
            AvoidanceEnded: self._on_avoidance_ended,
            ChildQueued: self._on_queued,
            ChildDequeued: self._on_left,
            ChildUnrouted: self._on_left,
            ChildCancelRequested: self._on_pulled,
            QueueTicked: self._on_ticked,
            OrderApproved: self._on_worked,
            ParentDone: self._on_done,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=BreakersState)

    def breaker(self, downstream: str) -> Breaker:
        """The breaker of a downstream as it stands, for reading; one never heard of is closed."""
        return self.state.breakers.get(downstream) or Breaker()

    def _own(self, downstream: str) -> Breaker:
        return self.state.breakers.setdefault(downstream, Breaker())

    # calls and their outcomes ----------------------------------------------------------------------------

    def _count(self, breaker: Breaker, outcome: Outcome, ts_ns: int) -> None:
        breaker.window.add(outcome, ts_ns, self.config.window_s)
        breaker.consecutive = 0 if outcome in ANSWERS else breaker.consecutive + 1
        breaker.rejects_in_row = breaker.rejects_in_row + 1 if outcome is Outcome.REJECT else 0

    def _on_outcome(self, event: OutcomeCounted) -> None:
        breaker = self._own(event.downstream)
        self._count(breaker, event.outcome, event.ts_ns)
        self.state.awaiting.pop(event.cl_ord_id, None)
        if event.probe_id and event.outcome in ANSWERS:
            breaker.probes_ok += 1

    def _on_routed(self, event: ChildRouted) -> None:
        route = event.route
        downstream = VENUE + route.venue
        self.state.awaiting[route.cl_ord_id] = downstream
        own = self._own(downstream)
        # Any name traded there will do; the last by its id is the same in whatever order routes are told.
        own.instrument_id = max(own.instrument_id, route.instrument_id)

    def _on_answered(self, event: RouteUpdated) -> None:
        """The first answer to an order is a call that went well; rejects and timeouts come as outcomes."""
        if event.state.status in (OrdStatus.REJECTED, OrdStatus.UNKNOWN):
            return
        downstream = self.state.awaiting.pop(event.state.cl_ord_id, None)
        if downstream is not None:
            self._count(self._own(downstream), Outcome.OK, event.ts_ns)

    # breakers --------------------------------------------------------------------------------------------

    def _on_opened(self, event: BreakerOpened) -> None:
        breaker = self._own(event.downstream)
        breaker.status, breaker.reason = BreakerStatus.OPEN, event.reason
        breaker.number, breaker.backoff_ns = event.number, event.backoff_ns

    def _on_half_opened(self, event: BreakerHalfOpened) -> None:
        breaker = self._own(event.downstream)
        breaker.status, breaker.probes_ok = BreakerStatus.HALF_OPEN, 0

    def _on_closed(self, event: BreakerClosed) -> None:
        """What opened it is over: the window begins again, and so does the back-off."""
        breaker = self._own(event.downstream)
        breaker.status, breaker.consecutive, breaker.backoff_ns = BreakerStatus.CLOSED, 0, 0
        breaker.window.clear()

    def _on_rejects(self, event: RejectsHigh) -> None:
        breaker = self._own(event.downstream)
        breaker.avoiding, breaker.avoided = True, event.number

    def _on_avoidance_ended(self, event: AvoidanceEnded) -> None:
        breaker = self._own(event.downstream)
        breaker.avoiding = False
        breaker.window.clear()

    # queues ----------------------------------------------------------------------------------------------

    def _on_queued(self, event: ChildQueued) -> None:
        queue = self.state.queues.setdefault(event.downstream, Queue())
        queue.waiting[event.child.child_id] = Waiting(child=event.child, queued_ns=event.ts_ns)
        self.state.where[event.child.child_id] = event.downstream
        if not queue.tick:
            queue.ticks += 1
            queue.tick = queue.ticks

    def _on_left(self, event: ChildDequeued | ChildUnrouted) -> None:
        child_id = event.child.child_id if isinstance(event, ChildDequeued) else event.child_id
        downstream = self.state.where.pop(child_id, None)
        if downstream is not None:
            queue = self.state.queues[downstream]
            del queue.waiting[child_id]
            queue.pulled.pop(child_id, None)

    def _on_pulled(self, event: ChildCancelRequested) -> None:
        downstream = self.state.where.get(event.child_id)
        if downstream is not None:
            self.state.queues[downstream].pulled[event.child_id] = None

    def _on_ticked(self, event: QueueTicked) -> None:
        queue = self.state.queues[event.downstream]
        queue.tick = event.next_number
        queue.ticks = max(queue.ticks, event.next_number)

    # halts -----------------------------------------------------------------------------------------------

    def _on_worked(self, event: OrderApproved) -> None:
        self.state.paths[event.parent_id] = path_of(event.order, event.plan.strategy.value)

    def _on_done(self, event: ParentDone) -> None:
        self.state.paths.pop(event.parent_id, None)

    def _on_halt(self, event: HaltSet) -> None:
        self.state.halts.set(event.halt)

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.halts.lift(event.scope, event.conduct)
