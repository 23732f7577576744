"""The in-process desk: journal first, time in order, the market brought to each input and no further."""

from __future__ import annotations

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.commands import CancelOrder
from sottovoce.core.enums import ParentStatus, Strategy
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import NoMetrics
from tests.runtime.scripted_market import LATENCY_NS, ScriptedMarket
from tests.runtime.sessions import END_NS, NAMES, many_states_at, script_of
from tests.scenarios.small_desk import ACCOUNT, MAX_AGE_NS, OPEN_NS, TRADER, new_order, small_system, states_at

PARENT = parent_id(ACCOUNT, "c-1")


def both_states_at(ts_ns: int) -> dict[str, MarketState]:
    """The names of the small desk, and the many of a session."""
    return {**states_at(ts_ns), **many_states_at(ts_ns)}


class SlowDisk(MemoryJournal):
    """A journal that is durable up to its last flush only."""

    def __init__(self) -> None:
        super().__init__()
        self.appended = self.flushed = 0

    def append(self, step: Step) -> int:
        self.appended = super().append(step)
        return self.appended

    def flush(self) -> None:
        self.flushed = self.appended

    def durable(self) -> int:
        return self.flushed


class WatchedStreet(ScriptedMarket):
    """Notes when things arrive, and what was durable then."""

    def __init__(self, disk: SlowDisk, seed: int = 3) -> None:
        super().__init__(seed, both_states_at)
        self.disk = disk
        self.arrived: list[tuple[int, Outbound]] = []

    def send(self, message: Outbound, at_ns: int) -> None:
        assert self.disk.flushed == self.disk.appended, "something left before its step was durable"
        assert at_ns == message.ts_ns, "sent at another time than it was decided"
        self.arrived.append((at_ns, message))
        super().send(message, at_ns)


def watched_desk(seed: int = 3) -> tuple[Desk, WatchedStreet]:
    disk = SlowDisk()
    street = WatchedStreet(disk, seed)
    desk = Desk(Engine(small_system(names=NAMES), disk, NoMetrics(), MAX_AGE_NS), street, VirtualClock(OPEN_NS))
    return desk, street


def test_nothing_leaves_before_its_step_is_durable() -> None:
    desk, street = watched_desk()
    for at_ns, message in script_of(3):
        desk.schedule(at_ns, message)
    desk.run_until(END_NS)
    kinds = {type(message) for _, message in street.arrived}
    asked = {RouteReplaceRequested, StatusRequested, MassStatusRequested}
    assert {ChildRouted, RouteCancelRequested} <= kinds <= {ChildRouted, RouteCancelRequested, *asked}


def test_answer_is_durable_when_submit_returns() -> None:
    desk, street = watched_desk()
    step = desk.submit(new_order(strategy=Strategy.SOR))
    assert street.disk.flushed == street.disk.appended == 1
    assert step.ts_ns == OPEN_NS
    assert len(street.arrived) == sum(isinstance(event, ChildRouted) for event in step.events) > 0


def test_refusal_is_durable_too() -> None:
    desk, street = watched_desk()
    desk.submit(new_order(symbol="NOBODY"))
    assert street.disk.flushed == 1
    assert street.arrived == []


def test_time_never_goes_back() -> None:
    desk, _ = watched_desk()
    times: list[int] = []
    desk.watch(lambda ts_ns, step: times.append(ts_ns))
    for at_ns, message in script_of(5):
        desk.schedule(at_ns, message)
    desk.run_until(END_NS)
    assert len(times) > 500
    assert times == sorted(times)


def test_run_until_stops_at_its_end_and_goes_on_from_there() -> None:
    whole, _ = watched_desk()
    parts, _ = watched_desk()
    for desk in (whole, parts):
        desk.schedule(OPEN_NS, new_order(strategy=Strategy.TWAP, end_ns=OPEN_NS + 20 * NS_PER_MINUTE))
    whole.run_until(END_NS)
    for minute in range(1, 46):
        parts.run_until(OPEN_NS + minute * NS_PER_MINUTE)
        assert parts.clock.now_ns() == OPEN_NS + minute * NS_PER_MINUTE
    assert parts.engine.system.digest() == whole.engine.system.digest()
    assert parts.engine.journal.head() == whole.engine.journal.head()


def test_done_stops_the_run() -> None:
    desk, _ = watched_desk()
    desk.schedule(OPEN_NS, new_order(strategy=Strategy.SOR))
    desk.run_until(END_NS, done=lambda: len(desk.engine.system.blotter.rows()) == 1)
    assert desk.clock.now_ns() < OPEN_NS + NS_PER_MINUTE


def test_same_orders_twice_give_the_same_journal() -> None:
    heads = set()
    for _ in range(2):
        desk, _ = watched_desk()
        for at_ns, message in script_of(4):
            desk.schedule(at_ns, message)
        desk.run_until(END_NS)
        heads.add((desk.engine.system.digest(), desk.engine.journal.head()))
    assert len(heads) == 1


def test_cancel_is_asked_for_at_the_moment_it_was_decided() -> None:
    """News may overtake the next timer; what it leads to must not be dated at the timer."""
    desk, street = watched_desk(141)
    for at_ns, message in script_of(141):
        desk.schedule(at_ns, message)
    desk.run_until(END_NS)
    assert all(at_ns == message.ts_ns for at_ns, message in street.arrived)
    assert LATENCY_NS > 0


def test_canceled_order_ends_in_the_rows() -> None:
    desk, _ = watched_desk()
    desk.schedule(OPEN_NS, new_order(strategy=Strategy.TWAP))
    desk.schedule(OPEN_NS + NS_PER_MINUTE, CancelOrder(principal=TRADER, parent_id=PARENT))
    desk.run_until(OPEN_NS + 10 * NS_PER_MINUTE)
    rows = desk.rows()
    assert [(row.parent_id, row.status, row.reason) for row in rows] == [
        (PARENT, ParentStatus.DONE, "canceled by trader-1")
    ]
