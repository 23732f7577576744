"""A step: its events in the order of the record, whole or not at all, and replayed to the same state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.commands import AlgoWake, Input, NewOrder, PauseOrder, ResumeOrder
from sottovoce.core.enums import ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned, RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketView
from sottovoce.core.ports import Step
from sottovoce.core.stage import Decider, Stage
from sottovoce.core.work_events import ChildCancelRequested, TimerSet
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.metrics import NoMetrics, StageMetrics
from sottovoce.runtime.replay import fold
from sottovoce.runtime.system import System
from sottovoce.stages.risk.exposure import Exposure
from sottovoce.stages.routing.routing import Routing
from tests.scenarios.small_desk import (
    ACCOUNT,
    MAX_AGE_NS,
    OPEN_NS,
    TRADER,
    drive,
    new_order,
    small_system,
    states_at,
    view_at,
)

PARENT = parent_id(ACCOUNT, "c-1")


def engine_of(system: System, metrics: StageMetrics | None = None) -> Engine:
    return Engine(system, MemoryJournal(), metrics or NoMetrics(), MAX_AGE_NS)


def step(engine: Engine, message: Input, ts_ns: int = OPEN_NS) -> Step:
    return engine.step(ts_ns, message, states_at(ts_ns))


class Failing:
    """Routing that fails when it is asked, after the stages before it have applied half a step."""

    name = "routing"

    def __init__(self, honest: Stage) -> None:
        self._honest = honest
        self.broken = False

    def deciders(self) -> Mapping[type, Decider]:
        return {kind: self._decide(decide) for kind, decide in self._honest.deciders().items()}

    def _decide(self, honest: Decider) -> Decider:
        def decide(message: object, view: MarketView) -> Sequence[StageEvent]:
            if self.broken:
                raise RuntimeError("a venue table is missing")
            return honest(message, view)

        return decide

    def __getattr__(self, name: str) -> object:
        return getattr(self._honest, name)


def fragile_system() -> tuple[System, Failing]:
    honest = small_system()
    routing = Failing(honest.stage("routing"))
    stages: list[Stage] = []
    for stage in honest.stages:
        stages.append(routing if isinstance(stage, Routing) else stage)  # type: ignore[arg-type]  # forwards the rest
    return System(stages), routing


def test_events_are_recorded_in_the_order_they_are_applied() -> None:
    engine = engine_of(small_system())
    message = new_order(strategy=Strategy.SOR)
    recorded = step(engine, message).events
    assert list(recorded) == drive(small_system(), message, view_at())
    names = [type(event).__name__ for event in recorded]
    path = "OrderAccepted OrderCleared OrderPlanned OrderApproved WorkStarted ChildCreated TimerSet ChildApproved"
    assert names[:8] == path.split()
    assert set(names[8:]) == {"ChildRouted", "RouteDecided", "TimerSet"}
    assert names.count("TimerSet") == 2, "the next look, and one look at whether the venues have answered"


def test_step_is_journalled_with_its_input_and_feed() -> None:
    engine = engine_of(small_system())
    message = new_order()
    taken = step(engine, message)
    assert [each for _, each in engine.journal.steps()] == [taken]
    assert (taken.input, taken.ts_ns) == (message, OPEN_NS)
    assert taken.feed_seq == max(state.seq for state in states_at(OPEN_NS).values())


def test_folding_the_record_gives_the_same_state() -> None:
    engine = engine_of(small_system())
    step(engine, new_order(strategy=Strategy.TWAP))
    for number in range(1, 4):
        step(engine, AlgoWake(parent_id=PARENT, number=number), OPEN_NS + number * 10**9)
    assert fold(small_system(), engine.journal.steps()) == engine.system.digest()


def test_stages_are_timed_from_outside() -> None:
    metrics = StageMetrics()
    step(engine_of(small_system(), metrics), new_order(strategy=Strategy.SOR))
    stages = metrics.summary()["stages"]
    assert isinstance(stages, dict)
    decided = {name: figures["decisions"] for name, figures in stages.items() if figures["decisions"]}
    path = {"gateway": 1, "risk": 2, "planning": 1, "approval": 1, "algos": 1, "routing": 1, "executions": 3}
    assert decided == path | {"escalations": 1}


# a poisoned step ------------------------------------------------------------------------------------------


def poisoned_wake() -> tuple[Engine, Failing, str, Step]:
    """A working parent whose next wake fails inside; the digest before, and the step."""
    system, routing = fragile_system()
    engine = engine_of(system)
    order = new_order(strategy=Strategy.IS, order_qty=100_000)
    taken = step(engine, order)
    timers = [event.timer for event in taken.events if isinstance(event, TimerSet)]
    timers = [timer for timer in timers if isinstance(timer, AlgoWake)]
    before = system.digest()
    routing.broken = True
    return engine, routing, before, step(engine, timers[-1], OPEN_NS + 60 * 10**9)


def test_failed_step_leaves_no_trace_but_its_poison() -> None:
    engine, _, before, taken = poisoned_wake()
    poison = taken.events[0]
    assert all(isinstance(event, ChildCancelRequested | RouteCancelRequested | TimerSet) for event in taken.events[1:])
    assert isinstance(poison, InputPoisoned)
    assert (poison.parent_id, poison.error) == (PARENT, "RuntimeError: a venue table is missing")
    twin = small_system()
    steps = list(engine.journal.steps())
    assert fold(twin, steps[:-1]) == before
    for event in taken.events:
        twin.apply(event)
    assert engine.system.digest() == twin.digest()


def test_parent_of_a_failed_step_is_held_until_a_person_looks() -> None:
    engine, routing, _, taken = poisoned_wake()
    assert engine.system.blotter.rows()[PARENT].status is ParentStatus.PAUSED
    routing.broken = False
    again = engine.step(taken.ts_ns + 1, AlgoWake(parent_id=PARENT, number=1), states_at(taken.ts_ns + 1))
    assert not any(type(event).__name__ == "ChildCreated" for event in again.events)


def test_failed_step_is_in_the_journal_and_replays() -> None:
    engine, _, _, taken = poisoned_wake()
    assert [each for _, each in engine.journal.steps()][-1] == taken
    assert fold(small_system(), engine.journal.steps()) == engine.system.digest()


def test_other_parents_go_on_after_a_failed_step() -> None:
    engine, routing, _, taken = poisoned_wake()
    routing.broken = False
    after = engine.step(taken.ts_ns, new_order("c-2", strategy=Strategy.SOR), states_at(taken.ts_ns))
    assert any(type(event).__name__ == "ChildRouted" for event in after.events)


def test_a_parent_that_fails_every_time_is_set_aside_until_a_person_speaks_of_it() -> None:
    """F-28: three tries, then its wake-ups are recorded and not tried, so that nobody waits for it."""
    engine, routing, _, taken = poisoned_wake()
    wake = taken.input
    assert isinstance(wake, AlgoWake)
    said = []
    for number in range(1, 5):
        engine.step(taken.ts_ns + number, taken_again(engine, wake), states_at(taken.ts_ns))
        said.append(poison_of(engine))
    assert said[:2] == ["RuntimeError: a venue table is missing"] * 2
    assert said[2:] == ["not tried again after 3 failures"] * 2
    routing.broken = False
    resumed = engine.step(taken.ts_ns + 9, ResumeOrder(principal=TRADER, parent_id=PARENT), states_at(taken.ts_ns))
    timer = next(event.timer for event in resumed.events if isinstance(event, TimerSet))
    assert isinstance(timer, AlgoWake)
    woken = engine.step(taken.ts_ns + 10, timer, states_at(taken.ts_ns))
    assert not any(isinstance(event, InputPoisoned) for event in woken.events)


def taken_again(engine: Engine, wake: AlgoWake) -> AlgoWake:
    """The wake-up as its parent now expects it, working again: what a person who only presses resume would cause."""
    algos = engine.system.stage("algos").state()
    parent = algos.parents[PARENT]  # type: ignore[attr-defined]  # the state of the algos stage
    parent.status = ParentStatus.WORKING
    return AlgoWake(parent_id=wake.parent_id, number=parent.wake)


def poison_of(engine: Engine) -> str:
    """What the last step was poisoned with."""
    last = list(engine.journal.steps())[-1][1]
    return next(event.error for event in last.events if isinstance(event, InputPoisoned))


def test_new_order_that_fails_inside_leaves_no_order() -> None:
    system, routing = fragile_system()
    engine = engine_of(system)
    before = system.digest()
    routing.broken = True
    taken = step(engine, new_order(strategy=Strategy.SOR))
    assert [type(event) for event in taken.events] == [InputPoisoned]
    assert system.digest() == before
    assert system.blotter.rows() == {}


def test_apply_that_fails_is_undone_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception while applying, when some stages have the event and others do not."""
    engine = engine_of(small_system())
    step(engine, new_order())
    before = engine.system.digest()
    honest = Exposure.reserve

    def reserve(exposure: Exposure, parent: str, *rest: object) -> None:
        honest(exposure, parent, *rest)  # type: ignore[arg-type]  # passed on as it came
        assert parent == PARENT, "a planted failure"

    monkeypatch.setattr(Exposure, "reserve", reserve)
    taken = step(engine, new_order("c-2"))
    assert isinstance(taken.events[0], InputPoisoned)
    assert engine.system.digest() == before


def test_step_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sottovoce.runtime.engine.EVENTS_PER_STEP_MAX", 5)
    taken = step(engine_of(small_system()), new_order(strategy=Strategy.SOR))
    poison = taken.events[0]
    assert isinstance(poison, InputPoisoned)
    assert "does not end" in poison.error


def test_message_nobody_decides_on_is_poison() -> None:
    taken = engine_of(small_system()).step(OPEN_NS, "nonsense", states_at(OPEN_NS))  # type: ignore[arg-type]
    assert isinstance(taken.events[0], InputPoisoned)


def test_pause_of_an_unknown_parent_is_answered_and_changes_nothing() -> None:
    engine = engine_of(small_system())
    before = engine.system.digest()
    taken = step(engine, PauseOrder(principal=TRADER, parent_id="P-NOBODY"))
    assert [type(event).__name__ for event in taken.events] == ["CommandRefused"]
    assert engine.system.digest() == before


def test_same_client_id_reaches_the_stages_once() -> None:
    engine = engine_of(small_system())
    message: NewOrder = new_order(strategy=Strategy.SOR)
    step(engine, message)
    before = engine.system.digest()
    again = step(engine, message)
    assert [type(event).__name__ for event in again.events] == ["AnswerRepeated"]
    assert engine.system.digest() == before
