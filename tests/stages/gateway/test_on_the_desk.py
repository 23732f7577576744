"""The gateway among the other stages: what it holds is held, what it lets pass is worked, and a list goes on whole."""

from __future__ import annotations

from sottovoce.core.alert_table import alert_of
from sottovoce.core.basket_events import BasketHeld, BasketRejected, BasketReleased
from sottovoce.core.events import StageEvent
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.route_events import ChildRouted
from tests.scenarios.small_desk import OPEN_NS, drive, new_order, small_system, view_at
from tests.stages.gateway.lists import basket, leg

SECOND_NS = 1_000_000_000


def of(events: list[StageEvent], kind: type) -> list[StageEvent]:
    return [event for event in events if isinstance(event, kind)]


def test_duplicate_waits_for_a_person_and_nothing_of_it_is_sent() -> None:
    system = small_system()
    assert of(drive(system, new_order("c-1"), view_at()), ChildRouted)
    events = drive(system, new_order("c-2"), view_at(OPEN_NS + 5 * SECOND_NS))
    (held,) = of(events, OrderHeld)
    assert isinstance(held, OrderHeld)
    assert "duplicate_order" in [rule.code for rule in held.rules]
    assert of(events, OrderApproved) == of(events, ChildRouted) == []


def test_order_a_minute_later_is_worked() -> None:
    system = small_system()
    drive(system, new_order("c-1"), view_at())
    assert of(drive(system, new_order("c-2"), view_at(OPEN_NS + 60 * SECOND_NS)), OrderApproved)


def test_every_leg_of_a_sound_list_is_worked() -> None:
    events = drive(small_system(), basket(declared_notional="1000000"), view_at())
    assert len(of(events, BasketReleased)) == 1
    assert len(of(events, OrderAccepted)) == len(of(events, OrderApproved)) == 2


def test_one_leg_over_a_hard_limit_stops_the_whole_list() -> None:
    """300 million shares at 50 are 15 billion dollars, over the widest order limit of this desk."""
    events = drive(small_system(), basket("l", leg(2), leg(3, "BETA", 300_000_000)), view_at())
    (rejected,) = of(events, BasketRejected)
    assert isinstance(rejected, BasketRejected)
    assert [fault.row for fault in rejected.faults] == [3]
    assert of(events, OrderAccepted) == of(events, BasketReleased) == []


def test_list_worth_less_than_declared_waits() -> None:
    events = drive(small_system(), basket(declared_notional="1500000"), view_at())
    assert len(of(events, BasketHeld)) == 1
    assert of(events, OrderAccepted) == []


def test_somebody_is_told_of_a_reused_id_and_of_a_list_that_waits() -> None:
    system = small_system()
    drive(system, new_order("c-1"), view_at())
    (reused,) = drive(system, new_order("c-1", order_qty=5), view_at())
    alert = alert_of(reused)
    assert alert is not None
    assert alert.code == "client_id_reused"
    assert alert.text == "trader-1 sent c-1 again with another body; the first stands"
    (held,) = of(drive(system, basket(declared_notional="1500000"), view_at()), BasketHeld)
    waiting = alert_of(held)
    assert waiting is not None
    assert waiting.code == "basket_held"
    assert "a list of 2 orders waits for risk" in waiting.text
