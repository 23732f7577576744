"""The brokered runner: every stage behind a broker that delays, reorders across parents and delivers some things twice.

This broker lives in memory and rolls seeded dice; it is the shape real ones will have, and what proves that the
stages do not mind. Each parent has a *lane*: its inputs are taken one at a time, in the agenda's order, and what a
stage decides is an *envelope* on the lane, numbered from one. The deciding stage applies its own envelope together
with the decision; every other stage receives it separately, some time later, perhaps twice, and knows a repetition
by the highest number it has applied of that lane: one number a lane, however long the day. The lane goes on to the
next decision, depth first as in process, when every stage has acknowledged. A step is journalled when its whole
cascade is finished, and leaves after that.

The lane "" is the firm's, for halts: it waits until every other lane is at rest and runs alone, so that no child can
slip past a kill switch. An exception inside a step stops the runner: what is half delivered cannot be undone here.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from operator import attrgetter

import msgspec

from sottovoce.core.commands import Input, NewOrder
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.ports import Journal, Market, Step
from sottovoce.core.stage import Stage
from sottovoce.core.work_events import TimerSet
from sottovoce.runtime.agenda import Agenda
from sottovoce.runtime.door import Door, leaves
from sottovoce.runtime.metrics import Metrics, NoMetrics
from sottovoce.runtime.outcomes import outcomes_of
from sottovoce.runtime.system import System

FIRM_LANE = ""
DELAY_ROUNDS_MAX = 64
TWICE = 0.3
FOREVER_NS = 1 << 62
_seq = attrgetter("seq")


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One decision's events on their lane; number counts from 1 and never skips."""

    lane: str
    number: int
    events: tuple[StageEvent, ...]


class Subscriber:
    """A stage's end of the broker."""

    def __init__(self, stage: Stage, deduplicate: bool) -> None:
        self._appliers = stage.appliers()
        self._deduplicate = deduplicate
        self._applied: dict[str, int] = {}

    def take(self, envelope: Envelope) -> None:
        """Apply an envelope, unless it was applied before."""
        if envelope.number <= self._applied.get(envelope.lane, 0) and self._deduplicate:
            return
        self._applied[envelope.lane] = envelope.number
        for event in envelope.events:
            apply = self._appliers.get(type(event))
            if apply is not None:
                apply(event)


class Lane:
    """One parent's inputs waiting, and the step in progress."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.agenda = Agenda()
        self.number = 0
        self.message: Input | None = None
        self.view: MarketView | None = None
        self.pending: list[object] = []
        self.events: list[StageEvent] = []
        self.awaited: set[str] = set()

    def due(self, horizon_ns: int) -> bool:
        """Whether an input may be taken now."""
        next_ns = self.agenda.next_ns()
        return self.message is None and next_ns is not None and next_ns <= horizon_ns


def lane_of(message: Input) -> str:
    """The lane an input belongs to: its parent's, or the firm's."""
    if isinstance(message, NewOrder):
        return parent_id(message.account, message.cl_ord_id)
    name: str = getattr(message, "parent_id", FIRM_LANE)
    return name


class BrokeredDesk:
    """A system whose stages hear of each other through a broker only.

    Args:
        system, journal, market, metrics: as for the in-process desk.
        seed: of the broker's dice.
        max_quote_age_ns: as for the engine.
        window_ns: how far lanes may run ahead of the earliest input; their quotes are as much newer at most.
            FOREVER_NS lets every lane run at its own pace, which needs a market that does not mind.
        states_at: the feed's last word at a moment; by default the market's own, now.
        deduplicate: False shows what duplicates would do.
    """

    def __init__(
        self,
        system: System,
        journal: Journal,
        market: Market,
        seed: int,
        *,
        max_quote_age_ns: int,
        metrics: Metrics | None = None,
        window_ns: int = 0,
        states_at: Callable[[int], Mapping[str, MarketState]] | None = None,
        deduplicate: bool = True,
    ) -> None:
        self.system = system
        self.journal = journal
        self.market = market
        self._dice = random.Random(seed)
        self._max_quote_age_ns = max_quote_age_ns
        self._window_ns = window_ns
        self._states_at = states_at or (lambda ts_ns: market.states())
        self._door = Door(market, metrics or NoMetrics())
        self._subscribers = {stage.name: Subscriber(stage, deduplicate) for stage in system.stages}
        self._lanes: dict[str, Lane] = {FIRM_LANE: Lane(FIRM_LANE)}
        self._active = 0
        self._stirred = False
        self._horizon_ns = 0
        self._round = 0
        self._posted = 0
        self._mail: list[tuple[int, float, int, str, Envelope]] = []

    def schedule(self, at_ns: int, message: Input) -> None:
        """Put an input on its lane."""
        name = lane_of(message)
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane(name)
        lane.agenda.add(at_ns, message)
        self._stirred = True

    def run_until(self, end_ns: int) -> None:
        """Run market, lanes and broker until end_ns, or until nothing is left to happen."""
        while True:
            if self._stirred:
                self._begin_lanes()
            if self._mail:
                self._deliver()
            elif not self._active and not self._advance(end_ns):
                break
        self.journal.flush()

    # time ------------------------------------------------------------------------------------------------

    def _next_ns(self) -> int | None:
        due = [next_ns for lane in self._lanes.values() if (next_ns := lane.agenda.next_ns()) is not None]
        return min(due, default=None)

    def _advance(self, end_ns: int) -> bool:
        """Every lane is at rest: bring the market to the next input and the window after it. False at the end."""
        due_ns = self._next_ns()
        self._horizon_ns = end_ns if due_ns is None else min(due_ns + self._window_ns, end_ns)
        self._hear()
        self._stirred = True
        due_ns = self._next_ns()
        return due_ns is not None and due_ns <= end_ns

    def _hear(self) -> None:
        """Put what the market has to say up to the horizon on the lanes."""
        while news := self.market.advance(self._horizon_ns):
            for arrival_ns, message in news:
                self.schedule(arrival_ns, message)

    # lanes -----------------------------------------------------------------------------------------------

    def _begin_lanes(self) -> None:
        """Begin the next input of every lane that may; the firm's turn comes when all others have finished."""
        self._stirred = False
        firm = self._lanes[FIRM_LANE]
        if firm.message is not None:
            return
        if firm.due(self._horizon_ns):
            if self._active == 0:
                self._begin(firm)
            return
        for lane in [each for each in self._lanes.values() if each.due(self._horizon_ns)]:
            self._begin(lane)

    def _begin(self, lane: Lane) -> None:
        ts_ns, lane.message = lane.agenda.pop()
        lane.view = MarketView(ts_ns, self._states_at(ts_ns), self._max_quote_age_ns)
        lane.pending = [lane.message]
        lane.events = []
        self._active += 1
        self._proceed(lane)

    def _proceed(self, lane: Lane) -> None:
        """Decide until a decision has to be heard by the others, or the step is over."""
        assert lane.view is not None
        while lane.pending and not lane.awaited:
            message = lane.pending.pop()
            stage, decide = self.system.deciders[type(message)]
            batch = tuple(decide(message, lane.view))
            if batch:
                lane.number += 1
                lane.events.extend(batch)
                lane.pending.extend(event for event in reversed(batch) if type(event) in self.system.deciders)
                self._post(stage, Envelope(lane=lane.name, number=lane.number, events=batch), lane)
        if not lane.awaited:
            self._finish(lane)

    def _finish(self, lane: Lane) -> None:
        """The cascade is over: journal it whole, then let it out."""
        assert lane.view is not None
        view, message, events = lane.view, lane.message, tuple(lane.events)
        feed_seq = max(map(_seq, view.states.values())) if view.states else 0
        step = Step(ts_ns=view.ts_ns, feed_seq=feed_seq, input=message, events=events)
        self.journal.append(step)
        lane.message = lane.view = None
        self._active -= 1
        self._stirred = True
        for event in events:
            if isinstance(event, TimerSet):
                self.schedule(event.at_ns, event.timer)
        for outcome in outcomes_of(step):
            self.schedule(view.ts_ns, outcome)
        if leaves(events):
            self.journal.flush()
        for stopped in self._door.open_for(step, view.ts_ns):
            self.schedule(view.ts_ns, stopped)
        if leaves(events):
            self._hear()

    # the broker ------------------------------------------------------------------------------------------

    def _post(self, decider: str, envelope: Envelope, lane: Lane) -> None:
        """Apply an envelope where it was decided; give it to everybody else later, in any order, or twice."""
        self._subscribers[decider].take(envelope)
        lane.awaited = {name for name in self._subscribers if name != decider}
        for name in self._subscribers:
            copies = (1 + (self._dice.random() < TWICE)) if name != decider else 0
            for _ in range(copies):
                self._posted += 1
                due = self._round + self._dice.randrange(DELAY_ROUNDS_MAX)
                heapq.heappush(self._mail, (due, self._dice.random(), self._posted, name, envelope))

    def _deliver(self) -> None:
        """Deliver whatever is next, and let its lane go on when everybody has heard."""
        self._round, _, _, name, envelope = heapq.heappop(self._mail)
        self._subscribers[name].take(envelope)
        lane = self._lanes[envelope.lane]
        if envelope.number == lane.number and name in lane.awaited:
            lane.awaited.discard(name)
            if not lane.awaited:
                self._proceed(lane)
