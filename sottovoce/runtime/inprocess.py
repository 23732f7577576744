"""The in-process runner: one loop, journal first, a virtual or a real clock.

The market runs from one input of ours to the next. A step is durable before anything in it leaves: before an order
or a cancel reaches the door, and before an answer or a blotter row is shown (settle).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from sottovoce.adapters.clock import Clock
from sottovoce.core.commands import ClientCommand, Input
from sottovoce.core.events import StageEvent
from sottovoce.core.ports import Market, Step
from sottovoce.core.work_events import TimerSet
from sottovoce.runtime.agenda import Agenda
from sottovoce.runtime.door import Door, leaves
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.outcomes import outcomes_of
from sottovoce.stages.blotter import BlotterRow

Watcher = Callable[[int, Step], None]


CLOSED_LOOK_NS = 60_000_000_000
"""How often the desk looks whether a market that is closed has opened."""


class Desk:
    """A system, a market and a clock, run in one process."""

    def __init__(self, engine: Engine, market: Market, clock: Clock, watchers: Sequence[Watcher] = ()) -> None:
        self.engine = engine
        self.market = market
        self.clock = clock
        self.agenda = Agenda()
        self._door = Door(market, engine.metrics)
        self._watchers = list(watchers)
        self._waiting: deque[tuple[int, int, Step]] = deque()
        self._next_look_ns = 0

    def watch(self, watcher: Watcher) -> None:
        """Call watcher(ts_ns, step) after each step is durable enough to be shown."""
        self._watchers.append(watcher)

    def submit(self, command: ClientCommand) -> Step:
        """Take a person's command now; the answer is in the events, and it is durable when this returns."""
        if self.clock.is_real:
            self.run_until(self.clock.now_ns())
        step = self._take(self.clock.now_ns(), command)
        self._settle()
        return step

    def schedule(self, at_ns: int, message: Input) -> None:
        """Put an input on the agenda, as a test or a script does."""
        self.agenda.add(at_ns, message)

    def run_until(self, end_ns: int, done: Callable[[], bool] | None = None) -> None:
        """Run market and agenda until end_ns, or until done() says so or nothing is left to happen."""
        while not (done is not None and done()):
            if not self.run_next(end_ns):
                break
        self._settle()

    def run_next(self, end_ns: int) -> bool:
        """Bring the market to the next input and take it; False when end_ns comes first."""
        due_ns = self._bring_market(end_ns)
        if due_ns is None or due_ns > end_ns:
            return False
        self.clock.wait_until(due_ns)
        at_ns, message = self.agenda.pop()
        self._take(at_ns, message)
        return True

    def _bring_market(self, end_ns: int) -> int | None:
        """Run the market up to the next input, or to end_ns; news of our own joins the agenda. Returns its time."""
        while True:
            look_ns = self._look()
            due_ns = self.agenda.next_ns()
            goal_ns = end_ns if due_ns is None else min(due_ns, end_ns)
            target_ns = min(goal_ns, self.clock.limit_ns(), look_ns)
            if self.clock.is_real:
                self.clock.wait_until(target_ns)
            self._let_out()
            news = self.market.advance(target_ns)
            if not news:
                self.clock.wait_until(target_ns)
            for arrival_ns, message in news:
                self.agenda.add(arrival_ns, message)
            if not news and target_ns == goal_ns:
                return due_ns

    def _look(self) -> int:
        """Look at the market when it is time to and put what has changed on the agenda; returns when to look again."""
        now_ns, watch = self.clock.now_ns(), self.engine.market_watch
        if now_ns >= self._next_look_ns:
            states = self.market.states()
            for condition in watch.look(now_ns, states):
                self.agenda.add(now_ns, condition)
            closed = all(state.phase == "closed" for state in states.values())
            self._next_look_ns = now_ns + (CLOSED_LOOK_NS if closed else watch.look_ns)
        return self._next_look_ns

    def rows(self) -> Sequence[BlotterRow]:
        """The blotter, durable before it is shown."""
        self._settle()
        return tuple(self.engine.system.blotter.rows().values())

    def _take(self, ts_ns: int, message: Input) -> Step:
        step = self.engine.step(ts_ns, message, self.market.states())
        self._set_timers(step.events)
        for outcome in outcomes_of(step):
            self.agenda.add(ts_ns, outcome)
        self._waiting.append((self.engine.last_seq, ts_ns, step))
        if leaves(step.events) and not self.clock.is_real:
            self.engine.journal.flush()
        self._let_out()
        return step

    def _let_out(self) -> None:
        """Send and show what is durable, in order. On the real clock the disk catches up while the loop goes on."""
        durable = self.engine.journal.durable()
        while self._waiting and self._waiting[0][0] <= durable:
            _, ts_ns, step = self._waiting.popleft()
            # A virtual clock may already stand at the next timer, which news of an earlier moment overtook.
            at_ns = self.clock.now_ns() if self.clock.is_real else ts_ns
            for stopped in self._door.open_for(step, at_ns):
                self.agenda.add(at_ns, stopped)
            for watcher in self._watchers:
                watcher(ts_ns, step)

    def _settle(self) -> None:
        """Wait for the disk, then let out everything."""
        self.engine.journal.flush()
        self._let_out()

    def _set_timers(self, events: Sequence[StageEvent]) -> None:
        for event in events:
            if isinstance(event, TimerSet):
                self.agenda.add(event.at_ns, event.timer)
