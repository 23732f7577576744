"""Scheduled crosses: times, cut-off, sharing, minimums, and what happens without a mid."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.allotment import Allotment
from sottovoce.models.matching.crossing import CrossingNetwork
from sottovoce.models.matching.dark_facts import CROSS_RULES, CROSSING_FACTS
from sottovoce.models.matching.port import Touch
from tests.models.matching.dark_desk import (
    CENT,
    HOURS,
    MID,
    OPEN_NS,
    START_NS,
    TOUCH,
    buy,
    check_laws,
    fills,
    sell,
    words,
)
from tests.models.matching.random_play import Taste, play

FIRST_NS = OPEN_NS + 30 * NS_PER_MINUTE
HOUR_NS = 60 * NS_PER_MINUTE


def network(allotment: Allotment = Allotment.PRO_RATA) -> CrossingNetwork:
    """The simulated network, having seen a touch."""
    rules = msgspec.structs.replace(CROSS_RULES, allotment=allotment)
    made = CrossingNetwork(CROSSING_FACTS, rules, HOURS)
    made.observe(TOUCH, START_NS)
    return made


def test_nothing_trades_before_the_cross_and_all_at_its_time() -> None:
    venue = network()
    assert fills(venue.enter(buy("B", 300), START_NS)) == []
    assert fills(venue.enter(sell("S", 500), START_NS)) == []
    assert venue.next_cross_ns() == FIRST_NS
    assert venue.advance(FIRST_NS - 1) == []
    news = venue.advance(FIRST_NS + NS_PER_MINUTE)
    assert fills(news) == [("B", 300, MID), ("S", 300, MID)]
    assert {each.at_ns for each in news} == {FIRST_NS}
    assert venue.reports[0].matched_qty == 300
    assert (venue.reports[0].buy_qty, venue.reports[0].sell_qty, venue.reports[0].px) == (300, 500, MID)


@pytest.mark.parametrize(
    ("allotment", "shares"),
    [(Allotment.PRO_RATA, {"S1": 100, "S2": 300}), (Allotment.TIME, {"S1": 200, "S2": 200})],
)
def test_longer_side_is_shared_by_the_rule(allotment: Allotment, shares: dict[str, int]) -> None:
    venue = network(allotment)
    venue.enter(sell("S1", 200), START_NS)
    venue.enter(sell("S2", 600), START_NS)
    venue.enter(buy("B", 400), START_NS)
    got = {name: qty for name, qty, _ in fills(venue.advance(FIRST_NS)) if name != "B"}
    assert got == shares


def test_rest_stays_for_the_next_cross_and_expires_after_the_last() -> None:
    venue = network()
    venue.enter(sell("S", 800), START_NS)
    venue.enter(buy("B", 300), START_NS)
    venue.advance(FIRST_NS)
    venue.enter(buy("C", 100), FIRST_NS + 1)
    assert fills(venue.advance(FIRST_NS + HOUR_NS)) == [("C", 100, MID), ("S", 100, MID)]
    last = venue.advance(HOURS.close_ns)
    assert words(last) == [("S", "expired", "no_cross_left")]
    assert (last[0].cum_qty, last[0].leaves_qty) == (400, 0)
    assert words(venue.enter(buy("D", 100), HOURS.close_ns)) == [("D", "rejected", "no_cross_left")]


def test_cut_off_stops_orders_cancels_and_changes_until_the_cross() -> None:
    venue = network()
    venue.enter(buy("B", 300), START_NS)
    last_ns = FIRST_NS - CROSSING_FACTS.cutoff_ns
    assert words(venue.enter(buy("C", 300), last_ns)) == [("C", "new", "")]
    assert words(venue.enter(buy("D", 300), last_ns + 1)) == [("D", "rejected", "after_cutoff")]
    late = venue.cancel("B", last_ns + 1)
    assert words(late) == [("B", "rejected", "after_cutoff")]
    assert late[0].leaves_qty == 300
    assert words(venue.replace("B", 200, 0, last_ns + 1)) == [("B", "rejected", "after_cutoff")]
    assert words(venue.cancel("B", FIRST_NS + 1)) == [("B", "canceled", "canceled")]


def test_minimum_is_of_what_an_order_gets_and_who_falls_short_sits_out() -> None:
    venue = network()
    venue.enter(sell("S", 400), START_NS)
    venue.enter(buy("all", 600, min_qty=400), START_NS)
    venue.enter(buy("part", 600, min_qty=100), START_NS)
    assert fills(venue.advance(FIRST_NS)) == [("part", 400, MID), ("S", 400, MID)]
    assert venue.cancel("all", FIRST_NS)[0].cum_qty == 0


def test_of_several_that_fall_short_the_latest_sits_out_first() -> None:
    """300 for two minimums of 300: once the second is out the first has enough."""
    venue = network()
    venue.enter(sell("S", 300), START_NS)
    venue.enter(buy("first", 300, min_qty=300), START_NS)
    venue.enter(buy("second", 300, min_qty=300), START_NS)
    assert fills(venue.advance(FIRST_NS)) == [("first", 300, MID), ("S", 300, MID)]


def test_order_outside_its_limit_sits_out() -> None:
    venue = network()
    venue.enter(sell("dear", 400, MID + CENT), START_NS)
    venue.enter(sell("S", 100), START_NS)
    venue.enter(buy("B", 400), START_NS)
    assert fills(venue.advance(FIRST_NS)) == [("B", 100, MID), ("S", 100, MID)]


def test_participant_on_both_sides_takes_part_with_his_first() -> None:
    venue = network()
    venue.enter(sell("S", 400, owner="me"), START_NS)
    venue.enter(buy("B", 400, owner="me"), START_NS)
    assert fills(venue.advance(FIRST_NS)) == []
    venue.enter(buy("C", 100, owner="they"), FIRST_NS)
    assert fills(venue.advance(FIRST_NS + HOUR_NS)) == [("C", 100, MID), ("S", 100, MID)]


@pytest.mark.parametrize("touch", [Touch(100_000_000, 1, 100_000_000, 1), Touch(0, 0, 100_000_000, 1)])
def test_cross_without_a_mid_does_not_take_place(touch: Touch) -> None:
    venue = network()
    venue.enter(sell("S", 400), START_NS)
    venue.enter(buy("B", 400), START_NS)
    venue.observe(touch, START_NS)
    assert venue.advance(FIRST_NS) == []
    assert (venue.reports[0].px, venue.reports[0].matched_qty) == (None, 0)
    venue.observe(TOUCH, FIRST_NS + NS_PER_SECOND)
    assert len(fills(venue.advance(FIRST_NS + HOUR_NS))) == 2


def test_cross_that_falls_into_a_halt_does_not_take_place() -> None:
    venue = network()
    venue.enter(sell("S", 400), START_NS)
    venue.enter(buy("B", 400), START_NS)
    venue.halt(FIRST_NS - 1)
    assert venue.resume(FIRST_NS + 1) == []
    assert len(fills(venue.advance(FIRST_NS + HOUR_NS))) == 2


def test_empty_cross_reports_nothing_traded() -> None:
    venue = network()
    assert venue.advance(FIRST_NS) == []
    assert (venue.reports[0].buy_qty, venue.reports[0].sell_qty, venue.reports[0].matched_qty) == (0, 0, 0)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"conditional": True}, "conditional_not_taken"),
        ({"time_in_force": TimeInForce.IMMEDIATE_OR_CANCEL}, "time_in_force_not_taken"),
        ({"qty": 99}, "quantity_below_minimum"),
    ],
)
def test_what_a_network_does_not_take(more: dict[str, object], reason: str) -> None:
    entry = msgspec.structs.replace(buy("B", 100), **more)
    assert words(network().enter(entry, START_NS)) == [("B", "rejected", reason)]


def test_crosses_out_of_order_are_refused() -> None:
    rules = msgspec.structs.replace(CROSS_RULES, after_open_ns=(2 * NS_PER_MINUTE, NS_PER_MINUTE))
    with pytest.raises(ModelError) as refused:
        CrossingNetwork(CROSSING_FACTS, rules, HOURS)
    assert refused.value.code == "cross_times"


@pytest.mark.parametrize("allotment", list(Allotment))
def test_laws_hold_whatever_happens(allotment: Allotment) -> None:
    @settings(max_examples=30)
    @given(seed=st.integers(0, 2**32))
    def keeps_the_laws(seed: int) -> None:
        venue = network(allotment)
        taken, news = play(venue, seed, 120, Taste(wait_ms=(0, 1_000, 60_000, 400_000)), lambda: None)
        check_laws(taken, news)
        for report in venue.reports:
            assert report.matched_qty <= min(report.buy_qty, report.sell_qty)
        traded = sum(each.last_qty for each in news if each.exec_type is ExecType.TRADE)
        assert traded == 2 * sum(report.matched_qty for report in venue.reports)

    keeps_the_laws()


def test_random_plays_cross() -> None:
    """The laws above say something only if the plays trade."""
    venue = network()
    _, news = play(venue, 3, 120, Taste(wait_ms=(0, 1_000, 60_000, 400_000)), lambda: None)
    assert len(fills(news)) > 10
