"""The algos stage: wakes each parent, releases what is due, pulls what waited too long, and knows when to stop.

Every strategy runs through the same code; they differ in their cumulative target alone (targets.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.clearance_events import AmendCleared, ChildRejected
from sottovoce.core.commands import AlgoWake
from sottovoce.core.enums import CROSSING, Tactic
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, InputPoisoned, ParentPaused, RouteUpdated
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.order_events import CancelAccepted, PauseAccepted, ResumeAccepted
from sottovoce.core.plan_events import OrderApproved, OrderReplanned, ReplanRefused, ReplanWanted
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.core.session_events import ChildReplaceRejected
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ChildCreated, ParentDone, ParentReturned, TimerSet, WorkStarted
from sottovoce.stages.algos.amending import misfits, pull, replan, stale
from sottovoce.stages.algos.book import AlgosBook
from sottovoce.stages.algos.departing import looked
from sottovoce.stages.algos.envelope import judged
from sottovoce.stages.algos.finishing import finished_if_idle
from sottovoce.stages.algos.following import followed
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.release import (
    SOR,
    AlgoConfig,
    auction_due,
    bound_px,
    build_child,
    ceiling,
    clip,
    continuous_qty,
    due_now,
    next_wake_ns,
    others_volume,
    pace,
    tactic_for,
)
from sottovoce.stages.algos.setbacks import enough
from sottovoce.stages.algos.willing import would_qty


class Algos:
    """Decides on OrderApproved, AlgoWake, the operator's wishes, and whatever brings quantity back."""

    name = "algos"

    def __init__(self, config: AlgoConfig) -> None:
        self._config = config
        self._book = AlgosBook(config.done_kept)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            OrderApproved: self._start,
            AlgoWake: self._wake,
            CancelAccepted: self._stop,
            PauseAccepted: self._stop,
            ParentPaused: self._stop,
            InputPoisoned: self._poisoned,
            ResumeAccepted: self._again,
            AmendCleared: self._amended,
            OrderReplanned: self._replanned,
            ReplanRefused: self._replanned,
            ChildReplaceRejected: self._not_replaced,
            Fill: self._settle,
            RouteUpdated: self._news,
            ChildRejected: self._settle,
            ChildUnrouted: self._settle,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # decisions -------------------------------------------------------------------------------------------

    def _timer(self, parent: WorkedParent, at_ns: int, ts_ns: int) -> TimerSet:
        order = parent.order
        wake = AlgoWake(parent_id=order.parent_id, number=parent.wake + 1)
        return TimerSet(parent_id=order.parent_id, ts_ns=ts_ns, at_ns=at_ns, timer=wake)

    def _start(self, event: OrderApproved, view: MarketView) -> Sequence[StageEvent]:
        parent = self._book.state.parents[event.parent_id]
        if not parent.live:  # approved into a halt: it waits for a person, and keeps its appointment with the end
            return (self._timer(parent, max(parent.order.end_ns, view.ts_ns), view.ts_ns),)
        if parent.order.start_ns <= view.ts_ns:
            return self._look(parent, view)
        return (self._timer(parent, parent.order.start_ns, view.ts_ns),)

    def _wake(self, timer: AlgoWake, view: MarketView) -> Sequence[StageEvent]:
        parent = self._book.state.parents.get(timer.parent_id)
        if parent is None or timer.number != parent.wake or parent.done:
            return ()
        if view.ts_ns >= parent.order.end_ns:
            return self._finish(parent, view)
        if not parent.live:
            return (self._timer(parent, parent.order.end_ns, view.ts_ns),)
        return self._look(parent, view)

    def _look(self, parent: WorkedParent, view: MarketView) -> Sequence[StageEvent]:
        """One look at a live parent: pull what waited too long, release what is due, set the next look."""
        now, others = view.ts_ns, self._others(parent, view)
        ready_ns = next_wake_ns(parent, now, parent.order.would_px is not None)
        decided: list[StageEvent] = [*self._started(parent, view), *self._outside(parent, view, others)]
        if decided and isinstance(decided[-1], ParentPaused):
            return [*decided, self._timer(parent, parent.order.end_ns, now)]
        if parent.children:
            decided.extend(stale(parent, now, self._config.patience_ns))
        decided.extend(looked(parent, view, others, self._config.replanning))
        if decided and type(decided[-1]) is ReplanWanted:
            return decided  # the answer, a plan or a refusal, brings the next look
        created = self._released(parent, view, ready_ns, others)
        decided.extend(created)
        tactic = created[0].child.tactic if created else Tactic.PASSIVE
        if tactic is Tactic.AUCTION:
            ready_ns = now + NS_PER_SECOND  # the rest of the auction's part, and back to the schedule
        elif tactic in CROSSING and parent.plan.strategy is not SOR:
            ready_ns = next_wake_ns(parent, now, True)
        decided.append(self._timer(parent, ready_ns, now))
        return decided

    def _started(self, parent: WorkedParent, view: MarketView) -> list[StageEvent]:
        if parent.volume_0 is not None:
            return []
        state = view.state(parent.order.instrument_id)
        volume = 0 if state is None else state.volume
        name, parent_id = parent.order.instrument_id, parent.order.parent_id
        own_qty = self._book.state.own.get(name, 0)
        return [WorkStarted(parent_id=parent_id, ts_ns=view.ts_ns, market_volume=volume, own_qty=own_qty)]

    def _others(self, parent: WorkedParent, view: MarketView) -> int:
        name = parent.order.instrument_id
        return others_volume(parent, view.state(name), self._book.state.own.get(name, 0))

    def _outside(self, parent: WorkedParent, view: MarketView, others: int) -> list[StageEvent]:
        """AT-06: is the order within its plan? The last event is a pause where it has been outside for too long."""
        name, now, config = parent.order.instrument_id, view.ts_ns, self._config
        wanted = followed(parent, now, now, continuous_qty(parent, now, config), others) + parent.base_qty
        return judged(parent, wanted, view.quote(name), now, config.envelope)

    def _released(self, parent: WorkedParent, view: MarketView, ready_ns: int, others: int) -> list[ChildCreated]:
        order, now = parent.order, view.ts_ns
        quote = view.quote(order.instrument_id)
        if isinstance(quote, Unusable):
            return []
        due = due_now(parent, now, ready_ns, others, self._config)
        qty, tactic = auction_due(parent, now, self._config), Tactic.AUCTION
        if not qty:
            qty, tactic = would_qty(parent, quote, others, now), Tactic.WOULD
        if not qty:
            pace_qty = 0 if parent.plan.strategy is SOR else pace(parent, now, ready_ns, others, self._config)
            qty = clip(parent, due, pace_qty, now, self._config)
            tactic = tactic_for(parent, due, pace_qty, quote, now, self._config)
        if qty <= 0:
            return []
        number = parent.children_made + 1
        limit = bound_px(parent, tactic, quote, self._config)
        qty = min(qty, ceiling(parent, limit, self._config))
        created = ChildCreated(
            parent_id=order.parent_id,
            ts_ns=now,
            child=build_child(parent, qty, tactic, limit, now, number),
            number=number,
            due_qty=due.due,
            target_qty=due.target,
        )
        return [created]

    def _stop(self, event: CancelAccepted | PauseAccepted | ParentPaused, view: MarketView) -> Sequence[StageEvent]:
        """Pull everything that is out; a cancel with nothing out is finished at once."""
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None:
            return self._never_started(event, view)
        if parent.done:
            return ()
        reason = event.reason if isinstance(event, CancelAccepted | ParentPaused) else "paused"
        pulls = self._pull_all(parent, reason, view.ts_ns)
        return pulls or finished_if_idle(parent, view.ts_ns)

    def _poisoned(self, event: InputPoisoned, view: MarketView) -> Sequence[StageEvent]:
        """A step of this parent failed: pull what is out, and keep the appointment with the end of the horizon."""
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None or parent.done:
            return ()
        at_ns = max(parent.order.end_ns, view.ts_ns + parent.plan.wake_ns)
        return [*self._pull_all(parent, "a step failed", view.ts_ns), self._timer(parent, at_ns, view.ts_ns)]

    def _never_started(
        self, event: CancelAccepted | PauseAccepted | ParentPaused, view: MarketView
    ) -> Sequence[StageEvent]:
        """A cancel of an order that was still held: nothing was sent, so all of it is returned."""
        qty = self._book.state.waiting.get(event.parent_id)
        if qty is None or not isinstance(event, CancelAccepted):
            return ()
        parent, ts_ns, reason = event.parent_id, view.ts_ns, event.reason
        return (
            ParentReturned(parent_id=parent, ts_ns=ts_ns, qty=qty, reason=reason),
            ParentDone(parent_id=parent, ts_ns=ts_ns, reason=reason),
        )

    def _pull_all(self, parent: WorkedParent, reason: str, ts_ns: int) -> list[StageEvent]:
        return [
            pull(parent, child_id, reason, ts_ns) for child_id, child in parent.children.items() if not child.canceling
        ]

    def _again(self, event: ResumeAccepted, view: MarketView) -> Sequence[StageEvent]:
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None or not parent.live:
            return ()
        return (self._timer(parent, max(view.ts_ns, parent.order.start_ns), view.ts_ns),)

    def _amended(self, event: AmendCleared, view: MarketView) -> Sequence[StageEvent]:
        """After a change: make what is out fit, then plan what is left again, or look at once."""
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None or parent.done:
            return ()
        settled = self._settle(event, view)
        if settled:
            return settled
        wanted = replan(parent, event, view.ts_ns)
        return [*misfits(parent, view.ts_ns), *(wanted or self._look_soon(parent, view))]

    def _replanned(self, event: OrderReplanned | ReplanRefused, view: MarketView) -> Sequence[StageEvent]:
        """The schedule has changed, or could not be: look at once either way. What a person changed and nobody can plan
        is not worked on by the old plan: it waits for a person.
        """
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None or parent.done:
            return []
        if isinstance(event, ReplanRefused) and event.amended and parent.live:
            reason = f"the change could not be planned: {event.failures[0].code}, {event.failures[0].value}"
            paused = ParentPaused(parent_id=event.parent_id, ts_ns=view.ts_ns, reason=reason)
            return [paused, self._timer(parent, max(parent.order.end_ns, view.ts_ns), view.ts_ns)]
        return self._look_soon(parent, view)

    def _look_soon(self, parent: WorkedParent, view: MarketView) -> list[StageEvent]:
        """A paused parent keeps only its appointment with the end, which may have moved."""
        at_ns = parent.order.start_ns if parent.live else parent.order.end_ns
        return [self._timer(parent, max(view.ts_ns, at_ns), view.ts_ns)]

    def _not_replaced(self, event: ChildReplaceRejected, view: MarketView) -> Sequence[StageEvent]:
        """What cannot be changed where it rests is pulled."""
        parent = self._book.state.parents.get(event.parent_id)
        child = None if parent is None else parent.children.get(event.child_id)
        if parent is None or child is None or child.canceling:
            return ()
        return (pull(parent, event.child_id, f"not replaced: {event.failures[0].code}", view.ts_ns),)

    def _news(self, event: RouteUpdated, view: MarketView) -> Sequence[StageEvent]:
        """An order at a venue changed: enough setbacks pause the parent; else it may be finished."""
        parent = self._book.state.parents.get(event.parent_id)
        if parent is not None and event.freed_qty:
            paused = enough(parent, event, self._config.setbacks_max)
            if paused:
                return paused
        return self._settle(event, view)

    def _settle(
        self, event: Fill | RouteUpdated | ChildRejected | ChildUnrouted | AmendCleared, view: MarketView
    ) -> Sequence[StageEvent]:
        """After quantity traded or came back: is the parent finished?"""
        parent = self._book.state.parents.get(event.parent_id)
        if parent is None or parent.done:
            return ()
        return finished_if_idle(parent, view.ts_ns)

    def _finish(self, parent: WorkedParent, view: MarketView) -> Sequence[StageEvent]:
        """The horizon is over: pull what rests, let the closing auction answer, then return what is left."""
        pulls: list[StageEvent] = [
            pull(parent, child_id, "horizon over", view.ts_ns)
            for child_id, child in parent.children.items()
            if not child.canceling and child.tactic is not Tactic.AUCTION
        ]
        finished = pulls or list(finished_if_idle(parent, view.ts_ns))
        if parent.ledger.working:  # a cancel may be rejected, an auction may print late: look again
            finished.append(self._timer(parent, view.ts_ns + parent.plan.wake_ns, view.ts_ns))
        return finished
