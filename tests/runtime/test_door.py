"""The one door: what is addressed to a venue leaves, and the guard keeps in what would be too much."""

from __future__ import annotations

import msgspec

from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.enums import OrdStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.ports import Outbound, Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import MassStatusRequested, StatusRequested
from sottovoce.runtime.door import Door, leaves
from sottovoce.runtime.metrics import StageMetrics
from tests.runtime.scripted_market import ScriptedMarket
from tests.scenarios.small_desk import drive, new_order, small_system, view_at


class Doorstep(ScriptedMarket):
    """Notes what arrives and answers nothing."""

    def __init__(self) -> None:
        super().__init__(0)
        self.arrived: list[tuple[Outbound, int]] = []

    def send(self, message: Outbound, at_ns: int) -> None:
        self.arrived.append((message, at_ns))


def sent_step() -> Step:
    """The step of a direct order, from the gateway to its routes."""
    events = drive(small_system(), new_order(strategy=Strategy.SOR), view_at())
    return Step(ts_ns=1, feed_seq=1, input=None, events=tuple(events))


def routed_in(step: Step) -> list[ChildRouted]:
    return [event for event in step.events if isinstance(event, ChildRouted)]


def with_last_route(step: Step, **changes: object) -> Step:
    """The step with its last route changed."""
    events = list(step.events)
    last = max(index for index, event in enumerate(events) if isinstance(event, ChildRouted))
    routed = events[last]
    assert isinstance(routed, ChildRouted)
    events[last] = msgspec.structs.replace(routed, route=msgspec.structs.replace(routed.route, **changes))
    return msgspec.structs.replace(step, events=tuple(events))


def test_orders_leave_in_order_and_are_counted() -> None:
    street, metrics = Doorstep(), StageMetrics()
    step = sent_step()
    assert Door(street, metrics).open_for(step, 77) == []
    routed = routed_in(step)
    assert len(routed) > 1
    assert street.arrived == [(event, 77) for event in routed]
    assert metrics.summary()["counters"] == {"orders_sent": len(routed)}
    assert leaves(step.events)
    assert not leaves([event for event in step.events if not isinstance(event, ChildRouted)])


def test_route_of_a_parent_nobody_accepted_does_not_leave() -> None:
    street, step = Doorstep(), sent_step()
    alone = msgspec.structs.replace(step, events=tuple(routed_in(step)))
    stopped = Door(street, StageMetrics()).open_for(alone, 1)
    assert len(stopped) == len(routed_in(step))
    assert street.arrived == []


def test_route_of_a_child_nobody_approved_does_not_leave() -> None:
    street, step = Doorstep(), sent_step()
    events = tuple(event for event in step.events if not isinstance(event, ChildApproved))
    stopped = Door(street, StageMetrics()).open_for(msgspec.structs.replace(step, events=events), 1)
    assert {each.scope for each in stopped} == {"child", "parent"}, "the first stops the parent, that stops the rest"
    assert street.arrived == []


def test_first_share_more_than_the_child_may_have_stops_its_parent() -> None:
    street, metrics, step = Doorstep(), StageMetrics(), sent_step()
    last = routed_in(step)[-1].route
    (stopped,) = Door(street, metrics).open_for(with_last_route(step, qty=last.qty + 1), 1)
    assert (stopped.cl_ord_id, stopped.qty) == (last.cl_ord_id, last.qty + 1)
    assert len(street.arrived) == len(routed_in(step)) - 1
    counters = metrics.summary()["counters"]
    assert isinstance(counters, dict)
    assert counters["orders_stopped_by_guard"] == 1


def test_recovered_door_remembers_what_left_before() -> None:
    """After a restart another order of the same child is more than was approved."""
    street, step = Doorstep(), sent_step()
    door = Door(street, StageMetrics())
    door.remember(step)
    assert street.arrived == []
    again = with_last_route(step, cl_ord_id="ANOTHER")
    more = msgspec.structs.replace(step, events=tuple(routed_in(again)[-1:]))
    assert len(door.open_for(more, 1)) == 1
    assert street.arrived == []


def test_questions_and_cancels_leave_whatever_the_guard_thinks() -> None:
    street, step = Doorstep(), sent_step()
    route = routed_in(step)[0].route
    state = OrderState(
        cl_ord_id=route.cl_ord_id, child_id=route.child_id, parent_id="P", venue=route.venue,
        status=OrdStatus.PENDING_CANCEL, order_qty=route.qty, leaves_qty=route.qty,
    )  # fmt: skip
    asked: tuple[StageEvent, ...] = (
        RouteCancelRequested(parent_id="P", ts_ns=1, route=route, state=state),
        StatusRequested(parent_id="P", ts_ns=1, route=route, request_id="S1"),
        MassStatusRequested(parent_id="", ts_ns=1, venue=route.venue, instrument_id="ACME", request_id="L1"),
    )
    assert Door(street, StageMetrics()).open_for(msgspec.structs.replace(step, events=asked), 1) == []
    assert [message for message, _ in street.arrived] == list(asked)
