"""A released list worked as one: every leg follows its part of the schedule, or none is worked and each is told why."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.basket_events import BasketReleased, ListScheduled, ListUnschedulable
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.plan_events import OrderApproved, OrderPlanned
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System
from sottovoce.stages.planning.config import ListPolicy
from tests.scenarios.small_desk import CLOSE_NS, OPEN_NS, WIDE_CONFIG, drive, small_system, view_at
from tests.stages.gateway.lists import basket, leg


def desk(**policy: object) -> System:
    """The small desk, its lists worked as one."""
    return small_system(configured(**policy))


def configured(**policy: object) -> Config:
    lists = msgspec.convert({"coordinated": True, **policy}, ListPolicy)
    return replace(WIDE_CONFIG, planning=replace(WIDE_CONFIG.planning, lists=lists))


def planned(events: list[StageEvent]) -> dict[str, OrderPlanned]:
    """Plans by symbol."""
    return {event.order.symbol: event for event in events if isinstance(event, OrderPlanned)}


def scheduled(events: list[StageEvent]) -> ListScheduled:
    (found,) = [event for event in events if isinstance(event, ListScheduled)]
    return found


def test_every_leg_follows_its_part() -> None:
    events = drive(desk(), basket(), view_at())
    found, plans = scheduled(events), planned(events)
    assert {each.parent_id for each in found.curves} == {each.parent_id for each in plans.values()}
    by_id = {each.parent_id: each for each in found.curves}
    for event in plans.values():
        given = by_id[event.parent_id]
        wanted = np.interp(event.plan.edges_ns, given.edges_ns, np.array(given.curve) / CURVE_ONE)
        assert np.array(event.plan.curve) / CURVE_ONE == pytest.approx(wanted, abs=2e-9)
        assert (event.plan.recommended, event.plan.strategy) == ("with its list", Strategy.IS)
        assert "2 orders of its list" in event.plan.reason
    assert len([event for event in events if isinstance(event, OrderApproved)]) == 2
    assert found.kkt_ppb <= 1_000


def test_lists_are_worked_order_by_order_unless_asked() -> None:
    system = small_system()
    events = drive(system, basket(), view_at())
    assert not [event for event in events if isinstance(event, ListScheduled | ListUnschedulable)]
    assert [event for event in events if isinstance(event, BasketReleased)]
    assert {each.plan.recommended for each in planned(events).values()}.isdisjoint({"with its list"})
    assert msgspec.to_builtins(system.stage("planning").state()) == {"waiting": {}, "curves": {}, "refused": {}}


def test_a_beta_limit_shapes_both_legs_and_is_named() -> None:
    """More is bought than sold: the net that is left falls below the limit from the first bucket on, and no lower."""
    rows = (leg(2, qty=40_000), leg(3, "BETA", 30_000, side=Side.SELL))
    free = net_left(planned(drive(desk(), basket("l", *rows), view_at())))
    events = drive(desk(beta_max=0.8 * free), basket("l", *rows), view_at())
    assert net_left(planned(events)) == pytest.approx(0.8 * free, rel=1e-3)
    assert [each.kind for each in scheduled(events).binding] == ["beta"]
    assert "net beta" in planned(events)["ACME"].plan.reason


def net_left(plans: dict[str, OrderPlanned]) -> float:
    """What is left to buy less what is left to sell after ten minutes, currency."""
    total = 0.0
    for event in plans.values():
        order, plan = event.order, event.plan
        done = float(np.interp(OPEN_NS + 10 * NS_PER_MINUTE, plan.edges_ns, plan.curve)) / CURVE_ONE
        total += order.side.sign * order.order_qty * (1.0 - done) * order.arrival_px / order.price_scale
    return total


def test_a_list_whose_own_net_is_more_than_its_cash_is_not_worked() -> None:
    events = drive(desk(cash_imbalance_max=1_000.0), basket(), view_at())
    (why,) = [event for event in events if isinstance(event, ListUnschedulable)]
    assert "cash imbalance limit of 1,000 cannot hold" in why.failures[0].value


def test_a_list_that_cannot_keep_its_limits_is_not_worked() -> None:
    """A participation of a hundredth of a percent leaves shares undone: both legs are told, nothing is planned."""
    system = desk(participation_ppm=100)
    events = drive(system, basket(), view_at())
    (why,) = [event for event in events if isinstance(event, ListUnschedulable)]
    assert why.failures[0].code == "list_unschedulable"
    assert "shares undone by 16:00" in why.failures[0].value
    rejected = [event for event in events if isinstance(event, OrderRejected)]
    assert {event.parent_id for event in rejected} == set(why.legs)
    assert {event.failures for event in rejected} == {why.failures}
    assert not planned(events)
    assert msgspec.to_builtins(system.stage("planning").state()) == {"waiting": {}, "curves": {}, "refused": {}}


def test_an_instruction_of_its_own_stands_apart() -> None:
    rows = (leg(2), leg(3, "BETA", side=Side.SELL), leg(4, "ACME", 500, strategy=Strategy.TWAP))
    events = drive(desk(), basket("l", *rows), view_at())
    assert scheduled(events).apart == ("ACME",)
    strategies = [event.plan.strategy for event in events if isinstance(event, OrderPlanned)]
    assert [strategies.count(each) for each in (Strategy.IS, Strategy.TWAP)] == [2, 1]


def test_a_list_entered_at_noon_has_the_rest_of_the_day() -> None:
    now = OPEN_NS + 150 * NS_PER_MINUTE
    found = scheduled(drive(desk(), basket(), view_at(now)))
    for each in found.curves:
        assert (each.edges_ns[0], each.edges_ns[-1]) == (now, CLOSE_NS)
        assert (each.curve[0], each.curve[-1]) == (0, CURVE_ONE)
        assert list(each.curve) == sorted(each.curve)


def test_what_a_leg_was_given_comes_back_from_its_bytes() -> None:
    """A restart between the list's schedule and its legs' plans: the same curves."""
    system, again = desk(), desk()
    events = drive(system, basket(), view_at())
    for event in events[: events.index(scheduled(events)) + 1]:
        again.apply(event)
    saved = again.save()
    third = desk()
    third.restore(saved)
    assert third.save() == saved
    assert b"edges_ns" in saved["planning"]


@pytest.mark.parametrize("policy", [{"participation_ppm": 0}, {"buckets": 0}, {"risk_aversion": -1.0}])
def test_a_policy_that_makes_no_sense_is_refused(policy: dict[str, float]) -> None:
    with pytest.raises(msgspec.ValidationError):
        configured(**policy)
