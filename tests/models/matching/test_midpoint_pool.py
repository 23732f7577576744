"""Firm orders in the two simulated pools: price, priority, minimums, classes, times in force, session and halt."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import OrdType, Peg, TimeInForce
from sottovoce.models.matching.dark_facts import BLOCK_POOL_FACTS
from sottovoce.models.matching.dark_rules import BLOCK_POOL
from sottovoce.models.matching.midpoint_pool import MidpointPool
from sottovoce.models.matching.port import Entry, Touch
from tests.models.matching.dark_desk import (
    CENT,
    CLOSE_NS,
    HOURS,
    MID,
    OPEN_NS,
    START_NS,
    TOUCH,
    block_pool,
    buy,
    fills,
    graded_pool,
    sell,
    words,
)


def test_two_orders_meet_at_half_a_tick() -> None:
    pool = graded_pool()
    assert words(pool.enter(sell("S", 300), START_NS)) == [("S", "new", "")]
    news = pool.enter(buy("B", 200), START_NS + 1)
    assert fills(news) == [("B", 200, MID), ("S", 200, MID)]
    assert news[1].match_id == news[2].match_id
    assert (news[2].cum_qty, news[2].leaves_qty) == (200, 100)


@pytest.mark.parametrize(
    "touch",
    [
        Touch(0, 0, 100_000_000, 100),
        Touch(100_000_000, 100, 0, 0),
        Touch(100_000_000, 100, 100_000_000, 100),
        Touch(100_010_000, 100, 100_000_000, 100),
        Touch(80_000_000, 100, 100_000_000, 100),
    ],
    ids=["no bid", "no ask", "locked", "crossed", "wide"],
)
def test_no_usable_mid_no_match(touch: Touch) -> None:
    pool = graded_pool(touch)
    pool.enter(sell("S", 300), START_NS)
    assert fills(pool.enter(buy("B", 300), START_NS)) == []
    assert fills(pool.observe(TOUCH, START_NS + 1)) == [("S", 300, MID), ("B", 300, MID)]


def test_before_the_first_quote_nothing_matches() -> None:
    pool = graded_pool(None)
    pool.enter(sell("S", 300), START_NS)
    assert fills(pool.enter(buy("B", 300), START_NS)) == []


def test_limit_is_kept_until_the_mid_comes_to_it() -> None:
    pool = graded_pool()
    pool.enter(buy("B", 100, MID - 1), START_NS)
    assert fills(pool.enter(sell("S", 100), START_NS)) == []
    lower = Touch(TOUCH.bid - CENT, 100, TOUCH.ask - CENT, 100)
    assert fills(pool.observe(lower, START_NS + 1)) == [("B", 100, MID - CENT), ("S", 100, MID - CENT)]


def test_block_pool_meets_the_larger_first_and_graded_pool_the_earlier() -> None:
    for pool, first in ((block_pool(), "large"), (graded_pool(), "early")):
        pool.enter(sell("early", 100), START_NS)
        pool.enter(sell("large", 500), START_NS + 1)
        assert fills(pool.enter(buy("B", 100), START_NS + 2))[1] == (first, 100, MID)


def test_sponsored_firms_are_met_before_larger_orders_of_others() -> None:
    pool = block_pool()
    pool.enter(sell("large", 5_000), START_NS)
    pool.enter(sell("fund", 200, segment="sponsored"), START_NS)
    assert fills(pool.enter(buy("B", 200), START_NS))[1][0] == "fund"


@pytest.mark.parametrize(
    ("bought", "sold", "meets"),
    [
        ("sponsored", "principal", False),
        ("sponsored", "agency", True),
        ("principal", "principal", True),
        ("", "principal", True),
    ],
)
def test_classes_of_the_block_pool(bought: str, sold: str, meets: bool) -> None:
    pool = block_pool()
    pool.enter(buy("B", 200, segment=bought), START_NS)
    assert bool(fills(pool.enter(sell("S", 200, segment=sold), START_NS))) is meets


def test_graded_classes_refuse_by_category_in_both_directions() -> None:
    """Item 13 and 14 of the filing: a pair trades only when neither side refuses the other's category."""
    met = set()
    for bought in "12345":
        for sold in "12345":
            pool = graded_pool()
            pool.enter(buy("B", 100, segment=bought), START_NS)
            if fills(pool.enter(sell("S", 100, segment=sold), START_NS)):
                met.add(bought + sold)
    assert met == {"11", "12", "13", "21", "22", "23", "31", "32", "33", "34", "43", "44", "45", "54", "55"}


def test_nobody_meets_himself_but_others_behind_are_met() -> None:
    pool = graded_pool()
    pool.enter(sell("mine", 100, owner="me"), START_NS)
    pool.enter(sell("theirs", 100, owner="they"), START_NS)
    assert fills(pool.enter(buy("B", 200, owner="me"), START_NS)) == [("B", 100, MID), ("theirs", 100, MID)]


def test_minimum_quantity_is_of_each_match_on_both_sides() -> None:
    pool = graded_pool()
    pool.enter(sell("picky", 1_000, min_qty=500), START_NS)
    pool.enter(sell("easy", 300), START_NS)
    assert fills(pool.enter(buy("B", 400, min_qty=300), START_NS)) == [("B", 300, MID), ("easy", 300, MID)]
    assert fills(pool.enter(buy("B2", 500), START_NS)) == [("B2", 500, MID), ("picky", 500, MID)]


def test_rest_below_the_minimum_is_all_or_none_in_one_pool_and_free_in_the_other() -> None:
    for pool, traded in ((block_pool(), []), (graded_pool(), [("C", 100, MID), ("S", 100, MID)])):
        pool.enter(sell("S", 700, min_qty=500), START_NS)
        pool.enter(buy("B", 500, segment=""), START_NS)
        assert fills(pool.enter(buy("C", 100), START_NS)) == traded


def test_block_pool_gives_odd_rests_back() -> None:
    pool = block_pool()
    pool.enter(sell("S", 250), START_NS)
    news = pool.enter(buy("B", 200), START_NS)
    assert words(news)[-1] == ("S", "canceled", "odd_lot_left")
    assert (news[-1].cum_qty, news[-1].leaves_qty) == (200, 0)


def test_mixed_lots_trade_whole() -> None:
    pool = block_pool()
    pool.enter(sell("S", 250), START_NS)
    assert fills(pool.enter(buy("B", 250), START_NS)) == [("B", 250, MID), ("S", 250, MID)]


def test_immediate_or_cancel_takes_what_is_there_and_ends() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 100), START_NS)
    news = pool.enter(buy("B", 300, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL), START_NS)
    assert words(news)[-1] == ("B", "canceled", "not_filled_at_once")
    assert (news[-1].cum_qty, news[-1].leaves_qty) == (100, 0)


def test_fill_or_kill_takes_all_or_nothing() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 100), START_NS)
    kill = buy("B", 101, time_in_force=TimeInForce.FILL_OR_KILL)
    assert words(pool.enter(kill, START_NS)) == [("B", "new", ""), ("B", "canceled", "not_filled_at_once")]
    fill = buy("C", 100, time_in_force=TimeInForce.FILL_OR_KILL)
    assert fills(pool.enter(fill, START_NS)) == [("C", 100, MID), ("S", 100, MID)]


def test_less_keeps_the_turn_and_more_or_another_limit_loses_it() -> None:
    for qty, price, first in ((100, 0, "A"), (300, 0, "B"), (200, MID - CENT, "B")):
        pool = graded_pool()
        pool.enter(sell("A", 200), START_NS)
        pool.enter(sell("B", 200), START_NS)
        pool.replace("A", qty, price, START_NS + 1)
        assert fills(pool.enter(buy("C", 100), START_NS + 2))[1][0] == first


def test_replaced_limit_may_trade_at_once() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 100, MID + CENT), START_NS)
    pool.enter(buy("B", 100), START_NS)
    assert fills(pool.replace("S", 100, MID, START_NS)) == [("S", 100, MID), ("B", 100, MID)]


def test_change_below_what_is_filled_is_refused_and_changes_nothing() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 300), START_NS)
    pool.enter(buy("B", 200), START_NS)
    news = pool.replace("S", 200, 0, START_NS)
    assert words(news) == [("S", "rejected", "quantity_not_above_filled")]
    assert (news[0].cum_qty, news[0].leaves_qty) == (200, 100)


def test_cancel_of_a_finished_or_unknown_order_is_refused() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 100), START_NS)
    assert words(pool.cancel("S", START_NS)) == [("S", "canceled", "canceled")]
    assert words(pool.cancel("S", START_NS)) == [("S", "rejected", "unknown_order")]
    assert words(pool.cancel("never", START_NS)) == [("never", "rejected", "unknown_order")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (buy("B", 0), "quantity_not_positive"),
        (buy("B", 50), "quantity_below_minimum"),
        (buy("B", 100, min_qty=101), "min_qty_out_of_range"),
        (buy("B", 100, ord_type=OrdType.LIMIT), "price_not_positive"),
        (buy("B", 100, peg=Peg.PRIMARY), "peg_not_taken"),
        (buy("B", 100, time_in_force=TimeInForce.AT_THE_CLOSE), "time_in_force_not_taken"),
        (buy("B", 100, post_only=True), "post_only_not_taken"),
        (buy("B", 100, display_qty=100), "display_not_taken"),
        (buy("B", 100, segment="nobody"), "unknown_segment"),
        (
            buy("B", 100, conditional=True, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL),
            "conditional_must_rest",
        ),
    ],
)
def test_what_a_pool_does_not_take(entry: Entry, reason: str) -> None:
    news = block_pool().enter(entry, START_NS)
    assert words(news) == [("B", "rejected", reason)]
    assert (news[0].cum_qty, news[0].leaves_qty) == (0, 0)


def test_second_order_of_a_live_name_is_refused() -> None:
    pool = graded_pool()
    pool.enter(sell("S", 100), START_NS)
    assert words(pool.enter(sell("S", 100), START_NS)) == [("S", "rejected", "duplicate_order")]


def test_early_orders_wait_for_the_open_where_the_pool_takes_them() -> None:
    early_ns = OPEN_NS - 1
    assert words(graded_pool(None).enter(buy("B", 100), early_ns)) == [("B", "rejected", "venue_closed")]
    pool = MidpointPool(BLOCK_POOL_FACTS, BLOCK_POOL, HOURS)
    pool.observe(TOUCH, early_ns)
    pool.enter(buy("B", 100), early_ns)
    pool.enter(sell("S", 100), early_ns)
    news = pool.advance(OPEN_NS + 5)
    assert fills(news) == [("B", 100, MID), ("S", 100, MID)]
    assert {each.at_ns for each in news} == {OPEN_NS}


def test_what_is_left_at_the_close_expires() -> None:
    pool = graded_pool()
    pool.enter(buy("B", 100), START_NS)
    assert words(pool.advance(CLOSE_NS)) == [("B", "expired", "session_over")]
    assert words(pool.enter(buy("C", 100), CLOSE_NS)) == [("C", "rejected", "venue_closed")]


def test_halt_empties_one_pool_and_only_stops_the_other() -> None:
    block, graded = block_pool(), graded_pool()
    for pool in (block, graded):
        pool.enter(buy("B", 100), START_NS)
    assert words(block.halt(START_NS)) == [("B", "canceled", "halted")]
    assert words(block.enter(sell("S", 100), START_NS)) == [("S", "rejected", "halted")]
    assert words(graded.halt(START_NS)) == []
    assert fills(graded.enter(sell("S", 100), START_NS)) == []
    assert fills(graded.resume(START_NS + 1)) == [("B", 100, MID), ("S", 100, MID)]


def test_mid_outside_the_price_bands_is_no_price() -> None:
    pool = graded_pool()
    pool.bound(MID + 1, MID + CENT, START_NS)
    pool.enter(buy("B", 100), START_NS)
    assert fills(pool.enter(sell("S", 100), START_NS)) == []
    assert fills(pool.bound(MID, MID, START_NS)) == [("B", 100, MID), ("S", 100, MID)]


def test_new_mid_lets_the_best_of_each_side_meet_first() -> None:
    pool = block_pool(None)
    for name, qty in (("s1", 200), ("s2", 900)):
        pool.enter(sell(name, qty), START_NS)
    for name, qty in (("b1", 100), ("b2", 800)):
        pool.enter(buy(name, qty), START_NS)
    assert fills(pool.observe(TOUCH, START_NS)) == [
        ("s2", 800, MID),
        ("b2", 800, MID),
        ("s2", 100, MID),
        ("b1", 100, MID),
    ]


def test_pool_displays_nothing() -> None:
    pool = graded_pool()
    pool.enter(buy("B", 100), START_NS)
    assert pool.shown() == Touch(0, 0, 0, 0)
