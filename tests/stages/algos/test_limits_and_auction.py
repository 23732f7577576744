"""What an algorithm must do about a limit that moves, a market beyond the limit, large orders, and the close."""

from __future__ import annotations

from sottovoce.core.commands import AlgoWake, AmendOrder
from sottovoce.core.enums import OrdType, Strategy, Tactic
from sottovoce.core.events import StageEvent
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.core.work_events import ChildCancelRequested, ChildCreated, TimerSet
from sottovoce.runtime.system import System
from tests.scenarios.small_desk import (
    CLOSE_NS,
    MID,
    OPEN_NS,
    TICK,
    TRADER,
    drive,
    new_order,
    small_system,
    view_at,
)


def children(events: list[StageEvent]) -> list[ChildCreated]:
    return [event for event in events if isinstance(event, ChildCreated)]


def wake_of(events: list[StageEvent]) -> TimerSet:
    return [event for event in events if isinstance(event, TimerSet) and isinstance(event.timer, AlgoWake)][-1]


def looks(system: System, events: list[StageEvent], until_ns: int) -> list[StageEvent]:
    """Every later look up to a moment, with no answer from any venue."""
    seen = list(events)
    while (timer := wake_of(seen)).at_ns <= until_ns and isinstance(timer.timer, AlgoWake):
        seen += drive(system, timer.timer, view_at(timer.at_ns))
    return seen


def test_market_beyond_the_limit_makes_even_a_direct_order_wait_at_its_limit() -> None:
    # at the open the small market is 49.89 / 49.91
    order = new_order(order_qty=1_000, strategy=Strategy.SOR, ord_type=OrdType.LIMIT, price="49.90")
    events = drive(small_system(), order, view_at())
    (created,) = children(events)
    assert created.child.tactic is Tactic.PASSIVE
    lit = [event.route for event in events if isinstance(event, ChildRouted) and event.route.min_qty == 0]
    assert lit
    assert all(route.price <= 49_900_000 for route in lit)


def test_tighter_limit_pulls_children_beyond_it() -> None:
    system = small_system()
    order = new_order(order_qty=50_000, strategy=Strategy.TWAP, ord_type=OrdType.LIMIT, price="50.50")
    events = drive(system, order, view_at())
    (created,) = children(events)
    amend = AmendOrder(principal=TRADER, parent_id=created.parent_id, price="49.50")
    after = drive(system, amend, view_at(OPEN_NS + NS_PER_SECOND))
    pulled = {event.child_id for event in after if isinstance(event, ChildCancelRequested)}
    assert pulled == {created.child.child_id}


def test_large_direct_order_goes_in_children_below_the_ceiling() -> None:
    """40 million currency at 50 is 800,000 shares; 4 % of 10 million a day is 400,000, which is less."""
    events = drive(small_system(), new_order(order_qty=900_000, strategy=Strategy.SOR), view_at())
    (created,) = children(events)
    assert created.child.qty == 400_000


def test_close_order_sends_all_of_itself_to_the_auction_and_nothing_elsewhere() -> None:
    system = small_system()
    events = drive(system, new_order(order_qty=900_000, strategy=Strategy.CLOSE), view_at())
    seen = looks(system, events, CLOSE_NS - NS_PER_MINUTE)
    made = children(seen)
    assert {each.child.tactic for each in made} == {Tactic.AUCTION}
    assert sum(each.child.qty for each in made) == 900_000
    assert all(each.child.created_ns < CLOSE_NS - 10 * NS_PER_MINUTE for each in made)
    assert all(abs(each.child.limit_px - MID) % TICK == 0 for each in made)


def test_auction_quantity_that_came_back_is_sent_to_the_auction_again() -> None:
    system = small_system()
    entered = drive(system, new_order(order_qty=10_000, strategy=Strategy.CLOSE), view_at())
    events = looks(system, entered, CLOSE_NS - 14 * NS_PER_MINUTE)
    (created,) = children(events)
    amend = AmendOrder(principal=TRADER, parent_id=created.parent_id, order_qty=8_000)
    moment = CLOSE_NS - 13 * NS_PER_MINUTE
    after = drive(system, amend, view_at(moment))
    assert [event.child_id for event in after if isinstance(event, ChildCancelRequested)] == [created.child.child_id]
    assert children(looks(system, after, CLOSE_NS - NS_PER_MINUTE)) == []
