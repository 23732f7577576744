"""A breakers stage alone, driven as the engine drives it: decide, apply, decide on what follows; timers when due."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import msgspec

from sottovoce.core.breaker_commands import DownstreamOutcome, Outcome
from sottovoce.core.breaker_events import ChildBlocked, ProbeRequested
from sottovoce.core.enums import DarkUse, Side, Tactic, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Child
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.breakers.book import BreakersState, BreakerStatus
from sottovoce.stages.breakers.breakers import Breakers
from sottovoce.stages.breakers.config import BreakerConfig

START_NS = 1_518_446_000 * NS_PER_SECOND
VENUE_A = "venue:LITA"


def child_of(parent: str, number: int, created_ns: int) -> Child:
    return Child(
        child_id=f"{parent}/{number}", parent_id=parent, instrument_id="ACME", side=Side.BUY, qty=100,
        limit_px=50_000_000, tactic=Tactic.AGGRESSIVE, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
        created_ns=created_ns, dark=DarkUse.NONE, dark_ppm=0, lot=100, tick=10_000,
    )  # fmt: skip


class BreakerDesk:
    """now is the clock, in seconds after the start; said is everything decided so far."""

    def __init__(self, config: BreakerConfig | None = None) -> None:
        self.stage = Breakers(config or BreakerConfig())
        self.now_ns = START_NS
        self.said: list[StageEvent] = []
        self._timers: list[tuple[int, int, object]] = []

    @property
    def book(self) -> BreakersState:
        state = self.stage.state()
        assert isinstance(state, BreakersState)
        return state

    def status(self, downstream: str = VENUE_A) -> BreakerStatus:
        breaker = self.book.breakers.get(downstream)
        return BreakerStatus.CLOSED if breaker is None else breaker.status

    def take(self, message: object) -> list[StageEvent]:
        """One step."""
        decided: list[StageEvent] = []
        pending: list[object] = [message]
        while pending:
            decide = self.stage.deciders().get(type(pending[0]))
            batch = [] if decide is None else list(decide(pending[0], MarketView(self.now_ns, {}, 1)))
            for event in batch:
                self.apply(event)
                if isinstance(event, TimerSet):
                    heapq.heappush(self._timers, (event.at_ns, len(self.said) + len(decided), event.timer))
                decided.append(event)
            pending = pending[1:]
        self.said += decided
        return decided

    def apply(self, event: object) -> None:
        applier = self.stage.appliers().get(type(event))
        if applier is not None:
            applier(event)

    def call(self, outcome: Outcome = Outcome.OK, downstream: str = VENUE_A, probe_id: str = "") -> list[StageEvent]:
        return self.take(DownstreamOutcome(downstream=downstream, outcome=outcome, probe_id=probe_id))

    def calls(self, good: int, bad: int, kind: Outcome = Outcome.TIMEOUT) -> None:
        """good calls, with the bad ones spread among them so that no run of them is long."""
        for number in range(good + bad):
            due = (number + 1) * bad // (good + bad) > number * bad // (good + bad)
            self.call(kind if due else Outcome.OK)

    def block(self, number: int, parent: str = "P") -> list[StageEvent]:
        """Routing says that a new child may go nowhere."""
        child = child_of(parent, number, self.now_ns)
        blocked = ChildBlocked(parent_id=parent, ts_ns=self.now_ns, child=child, downstream=VENUE_A)
        return self.take(blocked)

    def wait(self, seconds: float) -> list[StageEvent]:
        """Let time pass; timers fire when they are due. Returns what was decided meanwhile."""
        end_ns, before = self.now_ns + int(seconds * NS_PER_SECOND), len(self.said)
        while self._timers and self._timers[0][0] <= end_ns:
            self.now_ns, _, timer = heapq.heappop(self._timers)
            self.take(timer)
        self.now_ns = end_ns
        return self.said[before:]

    def restarted(self) -> BreakerDesk:
        """The same desk after a crash: a new stage from the saved state, timers set again."""
        again = BreakerDesk()
        again.stage.restore(msgspec.json.encode(self.stage.state()))
        again.now_ns, again._timers = self.now_ns, list(self._timers)
        return again


def opened() -> BreakerDesk:
    """A desk whose venue has just failed five times in a row."""
    desk = BreakerDesk()
    for _ in range(5):
        desk.call(Outcome.TIMEOUT)
    assert desk.status() is BreakerStatus.OPEN
    return desk


def answer_probes(desk: BreakerDesk, outcomes: Sequence[Outcome]) -> list[StageEvent]:
    asked = [event for event in desk.said if isinstance(event, ProbeRequested)][-3:]
    said: list[StageEvent] = []
    for probe, outcome in zip(asked, outcomes, strict=False):
        said += desk.call(outcome, probe_id=probe.probe_id)
    return said


def kinds(events: Sequence[StageEvent], *wanted: type) -> list[str]:
    return [type(event).__name__ for event in events if isinstance(event, wanted)]
