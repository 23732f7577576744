"""The one door: two messages leave, and never more of a child than risk approved."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.errors import InvariantError
from sottovoce.core.events import ChildApproved, ChildRouted, RouteCancelRequested, StageEvent
from sottovoce.runtime.door import Door, leaves
from sottovoce.runtime.metrics import StageMetrics
from tests.runtime.scripted_market import ScriptedMarket
from tests.scenarios.small_desk import drive, new_order, small_system, view_at


class Doorstep(ScriptedMarket):
    """Notes what arrives and answers nothing."""

    def __init__(self) -> None:
        super().__init__(0)
        self.arrived: list[tuple[StageEvent, int]] = []

    def send(self, message: ChildRouted | RouteCancelRequested, at_ns: int) -> None:
        self.arrived.append((message, at_ns))


def sent_events() -> list[StageEvent]:
    """The events of a direct order, from the gateway to its routes."""
    from sottovoce.core.enums import Strategy

    return drive(small_system(), new_order(strategy=Strategy.SOR), view_at())


def test_orders_leave_in_order_and_are_counted() -> None:
    street, metrics = Doorstep(), StageMetrics()
    events = sent_events()
    Door(street, metrics).open_for(events, 77)
    routed = [event for event in events if isinstance(event, ChildRouted)]
    assert len(routed) > 1
    assert street.arrived == [(event, 77) for event in routed]
    counters = metrics.summary()["counters"]
    assert counters == {"orders_sent": len(routed)}
    assert leaves(events)
    assert not leaves([event for event in events if not isinstance(event, ChildRouted)])


def test_route_without_approval_does_not_leave() -> None:
    street = Doorstep()
    routed = [event for event in sent_events() if isinstance(event, ChildRouted)]
    with pytest.raises(InvariantError, match="exceeds its approval"):
        Door(street, StageMetrics()).open_for(routed, 1)
    assert street.arrived == []


def test_route_of_one_share_more_than_approved_does_not_leave() -> None:
    street, events = Doorstep(), sent_events()
    last = max(index for index, event in enumerate(events) if isinstance(event, ChildRouted))
    routed = events[last]
    assert isinstance(routed, ChildRouted)
    more = msgspec.structs.replace(routed.route, qty=routed.route.qty + 1)
    events[last] = msgspec.structs.replace(routed, route=more)
    with pytest.raises(InvariantError, match="exceeds its approval"):
        Door(street, StageMetrics()).open_for(events, 1)


def test_recovered_door_remembers_what_left_before() -> None:
    """The same route sent again after a restart is more than was approved."""
    street, events = Doorstep(), sent_events()
    door = Door(street, StageMetrics())
    door.remember(events)
    assert street.arrived == []
    again = [event for event in events if isinstance(event, ChildRouted)][:1]
    with pytest.raises(InvariantError):
        door.open_for(again, 1)


def test_approval_is_by_child() -> None:
    events = sent_events()
    approvals = [event for event in events if isinstance(event, ChildApproved)]
    assert len(approvals) == 1
    routed = sum(event.route.qty for event in events if isinstance(event, ChildRouted))
    assert routed == approvals[0].child.qty
