"""Differential test: what a parent lives through does not depend on how the stages hear of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.commands import CancelOrder, HaltTrading
from sottovoce.core.enums import OrdStatus
from sottovoce.core.execution_events import ParentPaused, RouteCancelRequested, RouteUpdated
from sottovoce.core.halts import FIRM_SCOPE
from sottovoce.core.ids import parent_id
from sottovoce.core.lifecycle import LIVE
from sottovoce.core.order_events import CommandRefused, HaltLifted, HaltSet
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.stage import Applier
from sottovoce.runtime.brokered import FIRM_LANE, Envelope, Subscriber, lane_of
from sottovoce.runtime.replay import fold
from sottovoce.runtime.system import System
from sottovoce.stages.algos.book import AlgosState
from sottovoce.stages.blotter import Blotter
from sottovoce.stages.executions.records import ExecutionsState
from tests.laws.checks import check_order, check_parent
from tests.runtime.reactive import END_NS, check_limits, crowded_desk, crowded_system
from tests.runtime.sessions import brokered, by_parent, children_in, in_process, quiet_system
from tests.scenarios.small_desk import ACCOUNT, TRADER, halt_scope, new_order

SEEDS, QUICK_SEEDS, CHUNK = 200, 40, 10
PARENTS_MIN, CHILDREN_MIN = 20, 500
CHUNKS = [
    pytest.param(first, marks=() if first < QUICK_SEEDS else pytest.mark.laws) for first in range(0, SEEDS, CHUNK)
]
"""Forty seeds in every run of the tests; all of them with the laws."""

REACTIVE_SEEDS = range(12)


@pytest.mark.parametrize("first", CHUNKS)
def test_equal_events_per_parent_behind_the_broker(first: int) -> None:
    for seed in range(first, first + CHUNK):
        here = in_process(seed)
        there, desk = brokered(seed)
        assert children_in(here) >= CHILDREN_MIN, f"seed {seed} has too few children"
        told, retold = by_parent(here), by_parent(there)
        assert len(told) >= PARENTS_MIN
        assert told.keys() == retold.keys()
        for parent, events in told.items():
            assert events == retold[parent], f"seed {seed}: {parent} lived through something else"
        assert fold(quiet_system(), list(enumerate(there, start=1))) == desk.system.digest()


@pytest.mark.parametrize("seed", range(5))
def test_without_deduplication_it_fails(seed: int) -> None:
    told = by_parent(in_process(seed))
    try:
        there, _ = brokered(seed, deduplicate=False)
    except Exception as error:
        retold = {"broken": repr(error).encode()}
    else:
        retold = dict(by_parent(there))
    assert retold != told


def test_steps_were_taken_in_another_order_than_in_process() -> None:
    """The broker does shuffle: across parents the records differ, or the test above proves nothing."""
    here, there = in_process(0), brokered(0)[0]
    assert Counter(map(_cause, here)) == Counter(map(_cause, there))
    assert list(map(_cause, here)) != list(map(_cause, there))


def _cause(step: Step) -> str:
    return f"{step.ts_ns} {step.input!r}"


@pytest.mark.parametrize("seed", REACTIVE_SEEDS)
def test_laws_hold_with_binding_limits_on_the_reactive_market(seed: int) -> None:
    desk, journal = crowded_desk(seed)
    desk.run_until(END_NS)
    steps = [step for _, step in journal.steps()]
    check_limits(desk.system)
    check_ledgers(desk.system)
    check_routes(steps)
    check_halts(steps)
    refused = [event for step in steps for event in step.events if isinstance(event, OrderRejected)]
    codes = {failure.code for event in refused for failure in event.failures}
    assert codes & {"gross_exposure", "net_exposure"}, "the limits did not bind"
    assert not any(isinstance(event, CommandRefused) and event.command == "HaltTrading" for event in _events(steps))
    assert fold(crowded_system(), journal.steps()) == desk.system.digest()


def check_ledgers(system: System) -> None:
    """L1 for every order and parent, and one truth in three places."""
    algos, executions = system.stage("algos").state(), system.stage("executions").state()
    assert isinstance(algos, AlgosState)
    assert isinstance(executions, ExecutionsState)
    assert executions.ledgers
    for parent, ledger in executions.ledgers.items():
        check_parent(ledger)
        assert system.blotter.rows()[parent].ledger == ledger
        if parent in algos.parents:
            assert algos.parents[parent].ledger == ledger
        works = [each.state.leaves_qty for each in executions.sent.values() if each.state.parent_id == parent]
        assert ledger.working == sum(works)
    for sent in executions.sent.values():
        check_order(sent.state)


def check_routes(steps: list[Step]) -> None:
    """No ClOrdID twice, no child exceeded."""
    routes = [event.route for event in _events(steps) if isinstance(event, ChildRouted)]
    assert len({route.cl_ord_id for route in routes}) == len(routes) > 0


def check_halts(steps: list[Step]) -> None:
    """After a halt of the firm nothing leaves until it is lifted, and every live order gets a cancel."""
    live: dict[str, OrdStatus] = {}
    halted = 0
    for step in steps:
        for event in step.events:
            if isinstance(event, HaltSet) and event.halt.scope == FIRM_SCOPE:
                halted += 1
                asked = {each.route.cl_ord_id for each in step.events if isinstance(each, RouteCancelRequested)}
                waiting = {key for key, status in live.items() if status is not OrdStatus.PENDING_CANCEL}
                assert waiting <= asked, "a live order got no cancel"
            if isinstance(event, HaltLifted) and event.scope == FIRM_SCOPE:
                halted -= 1
            if isinstance(event, ChildRouted):
                assert not halted, "an order left during a halt"
                live[event.route.cl_ord_id] = OrdStatus.PENDING_NEW
            if isinstance(event, RouteCancelRequested | RouteUpdated):
                live[event.state.cl_ord_id] = event.state.status
        live = {key: status for key, status in live.items() if status in LIVE}


def _events(steps: list[Step]) -> list[object]:
    return [event for step in steps for event in step.events]


# the broker's parts ---------------------------------------------------------------------------------------


class Listener(Blotter):
    """Notes what it applies."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def appliers(self) -> Mapping[type, Applier]:
        return {ParentPaused: self.heard.append}


def envelope(lane: str, number: int) -> Envelope:
    paused = ParentPaused(parent_id=lane, ts_ns=number, reason="a test")
    return Envelope(lane=lane, number=number, events=(paused,))


def test_subscriber_applies_each_envelope_of_a_lane_once() -> None:
    listener = Listener()
    subscriber = Subscriber(listener, deduplicate=True)
    for lane, number in (("P1", 1), ("P1", 1), ("P2", 1), ("P1", 2), ("P1", 1), ("P2", 1), ("P1", 2)):
        subscriber.take(envelope(lane, number))
    assert listener.heard == [envelope(lane, n).events[0] for lane, n in (("P1", 1), ("P2", 1), ("P1", 2))]


def test_subscriber_without_deduplication_applies_everything() -> None:
    listener = Listener()
    subscriber = Subscriber(listener, deduplicate=False)
    for _ in range(3):
        subscriber.take(envelope("P1", 1))
    assert len(listener.heard) == 3


def test_input_belongs_to_the_lane_of_its_parent() -> None:
    order = new_order()
    parent = parent_id(order.account, order.cl_ord_id)
    assert lane_of(order) == lane_of(CancelOrder(principal=TRADER, parent_id=parent)) == parent
    assert lane_of(HaltTrading(principal=TRADER, reason="a test", scope=halt_scope(ACCOUNT))) == FIRM_LANE
