"""The desk as it runs for real: recovered from its journal, reconciled before it trades, careful when the disk is ill.

Under strain (venues still being asked, a full or slow disk, an audit store that does not answer) it takes what tells
and what lowers risk: venues' news, cancels, pauses, halts, and the timers of questions. All else waits or is refused
with the reason. Whenever it comes to rest after enough steps it leaves a snapshot to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from sottovoce.adapters.clock import Clock
from sottovoce.core import commands as c
from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.commands import ClientCommand, ExecutionReport, Input
from sottovoce.core.errors import ConnectivityError
from sottovoce.core.ports import Journal, Market, Step
from sottovoce.core.recovery_commands import ArrivalDenied, ClockJumped, DayRoll, DeskRestarted
from sottovoce.core.recovery_events import DayRolled, RouteResent
from sottovoce.core.session_commands import (
    AckTimeout,
    DropCopyReport,
    DropCopySweep,
    MassStatusEnd,
    RouteStopped,
    SessionMessage,
    SessionStatus,
)
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk, Watcher
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.reconciliation import Reconciliation
from sottovoce.runtime.recovery import Recovered
from sottovoce.runtime.system import System
from sottovoce.stages.executions.records import ExecutionsState

SNAPSHOT_STEPS = 5_000
"""Steps between snapshots: what must be folded after a crash is about as many."""

SAFE: tuple[type, ...] = (
    c.ExecutionReport, c.CancelReject, c.CancelOrder, c.PauseOrder, c.HaltTrading, c.RefuseHold, c.ApprovalExpiry,
    SessionStatus, MassStatusEnd, DropCopyReport, AckTimeout, DropCopySweep, RouteStopped,
    DeskRestarted, ArrivalDenied, ClockJumped, DayRoll, ClockReading, RecordStoreReport,
)  # fmt: skip
"""What is taken under any strain: it tells what happened, or lowers risk."""

SENTENCES = {
    "reconciling": "The desk has been restarted and venues have not told about every order yet; try again in a moment.",
    "journal_full": "The journal's disk is full: nothing new is taken; cancels and halts work.",
    "journal_slow": "The journal's disk does not keep up: nothing new is taken; cancels and halts work.",
    "audit_unavailable": "The audit store does not answer: nothing new is taken; cancels and halts work.",
}


@runtime_checkable
class KeepingJournal(Journal, Protocol):
    """A journal that says when it is not well, and writes snapshots while the loop goes on."""

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int: ...

    def strain(self) -> str: ...


class LiveDesk(Desk):
    """A desk on a recovered memory. Its journal keeps snapshots; strains are asked before anything risky is taken."""

    def __init__(
        self,
        engine: Engine,
        market: Market,
        clock: Clock,
        memory: Memory,
        journal: KeepingJournal,
        *,
        watchers: Sequence[Watcher] = (),
        strains: Sequence[Callable[[], str]] = (),
        snapshot_steps: int = SNAPSHOT_STEPS,
        snapshotter: Callable[[], bool] | None = None,
        turns: Sequence[Callable[[Desk], None]] = (),
    ) -> None:
        """snapshotter: has snapshots taken by another process; without one the desk takes them when it is at rest.

        turns: called at every turn of the loop, to put what they know on the agenda.
        """
        super().__init__(engine, market, clock, [self._after, *watchers])
        self.memory = memory
        self._door.guard = memory.guard
        self.reconciliation = Reconciliation(self._door)
        self._journal = journal
        self._strains = strains
        self._turns = tuple(turns)
        self._snapshot_steps = snapshot_steps
        self._snapshotter = snapshotter or self._snapshot
        self._since_snapshot = 0
        self._postponed: list[tuple[int, Input]] = []
        self._came_up: dict[str, SessionStatus] = {}

    # starting --------------------------------------------------------------------------------------------

    def start(self, recovered: Recovered) -> None:
        """Record the restart, put what is pending on the agenda, and wait for the venues to tell."""
        now_ns = max(self.clock.now_ns(), recovered.last_ns)
        pending = self.memory.timers.items()
        venues = tuple(facts.venue for facts in self.market.venues())
        orders = self.reconciliation.begin(venues, self._orders(), now_ns)
        restarted = DeskRestarted(
            snapshot_seq=recovered.snapshot_seq,
            steps=recovered.steps,
            cut=recovered.tail.cut,
            log_bytes=recovered.tail.log_bytes,
            venues=venues,
            orders=orders,
            clock_back_ns=max(recovered.last_ns - self.clock.now_ns(), 0),
        )
        self._take(now_ns, restarted)
        for at_ns, timer in pending:
            self.agenda.add(max(at_ns, now_ns), timer)
        self._settle()

    def strain(self) -> str:
        """Why nothing that raises exposure is taken now; "" when all is well."""
        own = self.reconciliation.strain(self.clock.now_ns()) or self._journal.strain()
        return own or next((found for strain in self._strains if (found := strain())), "")

    # taking inputs ---------------------------------------------------------------------------------------

    def submit(self, command: ClientCommand) -> Step:
        """As Desk.submit. Raises ConnectivityError, with the strain as its code, for what may not be taken now."""
        if not isinstance(command, SAFE) and (strain := self.strain()):
            raise ConnectivityError(SENTENCES.get(strain, strain), code=strain)
        return super().submit(command)

    def run_next(self, end_ns: int) -> bool:
        """As Desk.run_next; under strain what is not safe waits."""
        strained = bool(self.strain())
        if self._postponed and not strained:
            now_ns = self.clock.now_ns()
            for at_ns, message in self._postponed:
                self.agenda.add(max(at_ns, now_ns), message)
            self._postponed.clear()
        due_ns = self._bring_market(end_ns)
        if due_ns is None or due_ns > end_ns:
            return False
        self.clock.wait_until(due_ns)
        at_ns, message = self.agenda.pop()
        if strained and not isinstance(message, SAFE):
            self._postponed.append((at_ns, message))
        else:
            self._admit(at_ns, message)
        return True

    def _look(self) -> int:
        for turn in self._turns:
            turn(self)
        return super()._look()

    def run_until(self, end_ns: int, done: Callable[[], bool] | None = None) -> None:
        """As Desk.run_until; at rest, a snapshot is taken, or left to be taken, when one is due."""
        super().run_until(end_ns, done)
        if self._since_snapshot >= self._snapshot_steps and not self.strain() and self._snapshotter():
            self._since_snapshot = 0

    def _snapshot(self) -> bool:
        self._journal.begin_snapshot(self.memory.save())
        return True

    def _admit(self, at_ns: int, message: Input) -> None:
        if isinstance(message, SessionStatus):
            self._line(at_ns, message)
            return
        heard: Input | None = message
        if isinstance(message, ExecutionReport):
            heard = self.reconciliation.hear(message, self._orders(), at_ns)
        if heard is not None:
            self._follow(self._take(at_ns, heard), at_ns)
        for venue in [venue for venue in self._came_up if self.reconciliation.settled(venue)]:
            self._reconciled(at_ns, self._came_up.pop(venue))

    def _line(self, at_ns: int, status: SessionStatus) -> None:
        """A line went down: its orders must be asked about. It came up: they are, before the stages hear of it."""
        if not status.up:
            self._came_up.pop(status.venue, None)
            self.reconciliation.line_down(status.venue, self._orders(), at_ns)
            self._tell(at_ns, status)
            return
        self._settle()  # an order that waits for the disk must not be overtaken by the question about it
        self.reconciliation.line_down(status.venue, self._orders(), at_ns)
        if self.reconciliation.line_up(status.venue, self._orders(), at_ns):
            self._came_up[status.venue] = msgspec.structs.replace(status, logon_ns=at_ns)
        else:
            self._reconciled(at_ns, status)

    def _reconciled(self, at_ns: int, status: SessionStatus) -> None:
        self._tell(at_ns, status)
        for denied in self.reconciliation.take_denied(status.venue):
            self._take(at_ns, denied)

    def _tell(self, at_ns: int, message: SessionMessage) -> None:
        if type(message) in self.engine.system.deciders:
            self._take(at_ns, message)

    def _take(self, ts_ns: int, message: Input) -> Step:
        step = super()._take(ts_ns, message)
        self.memory.learn(step)
        self._since_snapshot += 1
        return step

    def _follow(self, step: Step, ts_ns: int) -> None:
        """What a step means for the venues: an order leaves again, or a day is over and all orders are asked about."""
        for event in step.events:
            if isinstance(event, RouteResent):
                self.reconciliation.leaves_again(event.cl_ord_id, event.venue)
            elif isinstance(event, DayRolled):
                self._settle()
                for facts in self.market.venues():
                    self.reconciliation.line_down(facts.venue, self._orders(), ts_ns)
                    self.reconciliation.line_up(facts.venue, self._orders(), ts_ns)

    def _after(self, ts_ns: int, step: Step) -> None:
        """What leaves again, now that the step that says so is durable."""
        for event in step.events:
            if isinstance(event, RouteResent):
                self._resend(event, ts_ns)

    def _resend(self, event: RouteResent, ts_ns: int) -> None:
        """An order the guard had kept in never left, and does not now."""
        intent, route = self.memory.intents.of(event.cl_ord_id), self._orders().sent[event.cl_ord_id].route
        if intent is not None and route.cl_ord_id in self.memory.guard.counts()[1]:
            self.reconciliation.resend(intent, ts_ns)
            return
        stopped = RouteStopped(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            scope="parent",
            qty=route.qty,
            committed=0,
            most=0,
        )
        self.agenda.add(ts_ns, stopped)

    def _orders(self) -> ExecutionsState:
        return orders_of(self.engine.system)


def orders_of(system: System) -> ExecutionsState:
    """The orders at venues as the executions stage has them; looked at only."""
    state = system.stage("executions").state()
    assert isinstance(state, ExecutionsState)
    return state
