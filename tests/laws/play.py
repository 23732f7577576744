"""One sequence: an order worked by the real stages while people, timers and an adversarial street do what they like.

A sequence is a string of bytes, three to an action (what, which, how much), so a failing one shrinks and replays.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.clearance_events import AmendCleared, ChildApproved, OrderRejected
from sottovoce.core.commands import AlgoWake, Input
from sottovoce.core.enums import Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused, RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.ledger import Ledger
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CancelAccepted, HaltLifted, HaltSet, PauseAccepted, ResumeAccepted
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import AckTimeout
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.work_events import ChildCreated, ParentDone, TimerSet
from sottovoce.runtime.system import System
from sottovoce.stages.algos.book import AlgosState
from sottovoce.stages.executions.records import ExecutionsState
from sottovoce.stages.risk.risk import RiskState
from tests.laws.checks import check_books, check_child
from tests.laws.plans import QTY, law_system, order_of
from tests.laws.street import Street
from tests.scenarios.small_desk import ACCOUNT, MAX_AGE_NS, OPEN_NS, drive, market_state

MOMENT_NS = 1_000_000
STEP_VOLUME = 100
SECOND_NS = 1_000_000_000


class Play:
    """The desk, the street, and what the events have said so far."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.parent = parent_id(ACCOUNT, "c-1")
        self.now_ns = OPEN_NS
        self.street = Street()
        self.asked = QTY
        self.canceled = self.paused = self.done = self.rejected = self.amended = self.dry = False
        self.halts: set[str] = set()
        self.timer: TimerSet | None = None
        self.old_timer: TimerSet | None = None
        self.answers_due: TimerSet | None = None
        self.children: dict[str, ChildCreated] = {}
        self.approved: set[str] = set()
        self.routed: dict[str, int] = {}
        self.adopt(law_system())
        self.step(order_of(strategy))

    def adopt(self, system: System) -> None:
        """Go on with this system."""
        self.system = system
        algos, executions, risk = (system.stage(name).state() for name in ("algos", "executions", "risk"))
        assert isinstance(algos, AlgosState)
        assert isinstance(executions, ExecutionsState)
        assert isinstance(risk, RiskState)
        self.algos, self.executions, self.exposure = algos, executions, risk.exposure

    def restart(self) -> None:
        """Save, start anew, take over: nothing may be different."""
        digest, saved = self.system.digest(), self.system.save()
        system = law_system()
        system.restore(saved)
        self.adopt(system)
        assert self.system.digest() == digest

    @property
    def ledger(self) -> Ledger:
        """The parent's ledger as executions keeps it."""
        return self.executions.ledgers[self.parent]

    def view(self) -> MarketView:
        """A still market in which others trade 100 shares a second; dry, no venue shows its prices."""
        volume = STEP_VOLUME * (self.now_ns - OPEN_NS) // SECOND_NS
        state = market_state(ts_ns=self.now_ns, volume=volume)
        if self.dry:
            state = msgspec.structs.replace(state, venues=())
        return MarketView(self.now_ns, {"ACME": state}, MAX_AGE_NS)

    def step(self, message: Input) -> Sequence[StageEvent]:
        """One input a moment later, and every law after it."""
        self.now_ns += MOMENT_NS
        before = self.ledger if self.parent in self.executions.ledgers else Ledger.opened(QTY)
        unsent = before.unsent
        events = drive(self.system, message, self.view())
        for event in events:
            self._observe(event, unsent)
        if not self.rejected:
            check_books(self)
        return events

    def wake(self, timer: TimerSet | None) -> Sequence[StageEvent]:
        """Deliver a timer at its time, or at once when that is over."""
        if timer is None:
            return ()
        self.now_ns = max(self.now_ns, timer.at_ns)
        return self.step(timer.timer)

    def _observe(self, event: StageEvent, unsent: int) -> None:
        """Follow the record, and hold each release against the laws."""
        kind = type(event)
        if isinstance(event, ChildCreated):
            stopped = self.canceled or self.paused or self.done
            assert not stopped, f"{event.child.child_id} created when stopped"
            check_child(self, event, unsent)
            self.children[event.child.child_id] = event
        elif isinstance(event, ChildApproved):
            assert event.child == self.children[event.child.child_id].child
            self.approved.add(event.child.child_id)
        elif isinstance(event, ChildRouted):
            self._route(event)
        elif isinstance(event, RouteCancelRequested):
            self.street.by_id[event.route.cl_ord_id].canceling = True
        elif isinstance(event, RouteReplaceRequested):
            self.street.asked(event.route.cl_ord_id, event.new_cl_ord_id, event.qty)
        elif isinstance(event, TimerSet) and isinstance(event.timer, AckTimeout):
            self.answers_due = event
        elif isinstance(event, TimerSet) and isinstance(event.timer, AlgoWake):
            self.old_timer, self.timer = self.timer, event
        elif isinstance(event, AmendCleared):
            self.asked, self.amended = event.order_qty, True
        elif isinstance(event, HaltSet):
            self.halts.add(event.halt.scope.name)
            self.paused = True
        elif isinstance(event, HaltLifted):
            self.halts.discard(event.scope.name)
        elif isinstance(event, PauseAccepted | ParentPaused):
            self.paused = True
        elif isinstance(event, ResumeAccepted):
            self.paused = False
        self.canceled |= kind is CancelAccepted
        self.rejected |= kind is OrderRejected
        if kind is ParentDone:
            assert not self.done, "the parent was done twice"
            self.done = True

    def _route(self, event: ChildRouted) -> None:
        child_id, qty = event.route.child_id, event.route.qty
        assert not self.halts, "an order left during a halt"
        assert child_id in self.approved, "an order left without approval"
        self.routed[child_id] = self.routed.get(child_id, 0) + qty
        assert 0 < qty <= self.routed[child_id] <= self.children[child_id].child.qty, "routes exceed their child"
        self.street.take(event.route)
