"""A lit venue, one rule at a time."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import LastLiquidityInd, Side
from sottovoce.models.matching.lit_rules import SelfMatch
from sottovoce.models.matching.port import Touch
from tests.models.matching.lit_desk import FOK, IOC, NOW, at_market, buy, cents, code, fills, rules, sell, venue, words
from tests.models.matching.lit_play import CLOSE_NS, OPEN_NS


def test_taker_pays_the_price_of_who_was_there() -> None:
    made = venue(sell("S", 100, 1))
    told = made.enter(buy("B", 100, 3), NOW)
    assert words(told) == [("B", "new", 100), ("B", "trade", 0), ("S", "trade", 0)]
    assert [each.last_px for each in told[1:]] == [cents(1), cents(1)]
    assert [each.liquidity for each in told[1:]] == [LastLiquidityInd.REMOVED, LastLiquidityInd.ADDED]


def test_market_order_sweeps_and_what_is_left_is_canceled() -> None:
    made = venue(sell("S", 100, 1), sell("T", 100, 4))
    told = made.enter(at_market(Side.BUY, "B", 300), NOW)
    assert fills(told) == [("S", 100, 1), ("T", 100, 4)]
    assert words(told)[-1] == ("B", "not_filled_at_once", 0)


def test_immediate_or_cancel_never_rests() -> None:
    made = venue(sell("S", 100, 1), sell("T", 100, 2))
    told = made.enter(buy("B", 300, 1, time_in_force=IOC), NOW)
    assert fills(told) == [("S", 100, 1)]
    assert words(told)[-1] == ("B", "not_filled_at_once", 0)
    assert made.shown() == Touch(0, 0, cents(2), 100)


@pytest.mark.parametrize(("qty", "traded"), [(300, 300), (301, 0)])
def test_fill_or_kill_trades_all_or_nothing(qty: int, traded: int) -> None:
    made = venue(sell("S", 100, 1, display_qty=50), sell("H", 100, 1, display_qty=0), sell("T", 100, 2))
    told = made.enter(buy("B", qty, 2, time_in_force=FOK), NOW)
    assert sum(each_qty for _, each_qty, _ in fills(told)) == traded
    assert words(told)[-1] == (("T", "trade", 0) if traded else ("B", "not_filled_at_once", 0))


def test_fill_or_kill_stops_at_an_own_order_that_an_iceberg_would_have_met_first() -> None:
    """100 of the iceberg are shown before the own order, the other 400 only behind it."""
    ice, own = sell("I", 500, 1, display_qty=100), sell("O", 100, 1, owner="us")
    assert fills(venue(ice, own).enter(buy("B", 200, 1, owner="us", time_in_force=FOK), NOW)) == []
    assert fills(venue(ice, own).enter(buy("B", 100, 1, owner="us", time_in_force=FOK), NOW)) == [("I", 100, 1)]


@pytest.mark.parametrize("hidden", [{}, {"display_qty": 0}])
def test_post_only_is_refused_when_it_would_take_even_what_is_hidden(hidden: dict[str, object]) -> None:
    made = venue(sell("S", 100, 1, **hidden))
    assert code(made.enter(buy("B", 100, 1, post_only=True), NOW)) == "post_only_would_take"
    assert code(made.enter(buy("B", 100, 0, post_only=True), NOW)) == ""
    assert code(made.replace("B", 100, cents(1), NOW)) == "post_only_would_take"
    assert made.shown().bid == cents(0)


def test_hidden_order_waits_behind_what_is_shown_and_trades_at_its_price() -> None:
    made = venue(sell("H", 100, 1, display_qty=0), sell("S", 100, 1))
    assert made.shown() == Touch(0, 0, cents(1), 100)
    assert fills(made.enter(buy("B", 150, 1), NOW)) == [("S", 100, 1), ("H", 50, 1)]
    assert made.shown() == Touch(0, 0, 0, 0)


def test_hidden_order_at_a_better_price_goes_first() -> None:
    made = venue(sell("S", 100, 2), sell("H", 100, 1, display_qty=0))
    assert made.shown().ask == cents(2)
    assert fills(made.enter(buy("B", 150, 2), NOW)) == [("H", 100, 1), ("S", 50, 2)]


def test_iceberg_shows_its_next_slice_behind_the_others_and_before_the_hidden() -> None:
    made = venue(sell("I", 250, 1, display_qty=100), sell("H", 100, 1, display_qty=0), sell("S", 100, 1))
    assert made.shown().ask_size == 200
    told = made.enter(buy("B", 400, 1), NOW)
    assert fills(told) == [("I", 100, 1), ("S", 100, 1), ("I", 100, 1), ("I", 50, 1), ("H", 50, 1)]


def test_iceberg_that_loses_a_part_of_its_slice_keeps_its_place() -> None:
    made = venue(sell("I", 300, 1, display_qty=100), sell("S", 100, 1))
    assert fills(made.enter(buy("B", 40, 1), NOW)) == [("I", 40, 1)]
    assert made.shown().ask_size == 160
    assert fills(made.enter(buy("C", 100, 1), NOW)) == [("I", 60, 1), ("S", 40, 1)]
    assert made.shown().ask_size == 160


def test_less_of_an_iceberg_is_taken_from_what_it_does_not_show() -> None:
    made = venue(sell("I", 300, 1, display_qty=100), sell("S", 100, 1))
    assert words(made.replace("I", 150, cents(1), NOW)) == [("I", "replaced", 150)]
    assert fills(made.enter(buy("B", 300, 1), NOW)) == [("I", 100, 1), ("S", 100, 1), ("I", 50, 1)]


def test_minimum_of_a_hidden_order_is_passed_over_and_kept() -> None:
    made = venue(sell("H", 500, 1, display_qty=0, min_qty=200), sell("S", 100, 2))
    assert fills(made.enter(buy("B", 150, 2, time_in_force=IOC), NOW)) == [("S", 100, 2)]
    assert fills(made.enter(buy("C", 200, 2), NOW)) == [("H", 200, 1)]


def test_minimum_of_a_taker_stops_at_a_shown_order_and_passes_a_hidden_one() -> None:
    made = venue(sell("H", 100, 0, display_qty=0), sell("S", 100, 1), sell("T", 500, 2))
    assert fills(made.enter(buy("B", 500, 2, min_qty=200, time_in_force=IOC), NOW)) == []
    made.cancel("S", NOW)
    assert fills(made.enter(buy("C", 500, 2, min_qty=200, time_in_force=IOC), NOW)) == [("T", 500, 2)]


def test_replace_to_a_price_that_reaches_trades_at_once() -> None:
    made = venue(sell("S", 100, 1), buy("B", 300, 0))
    told = made.replace("B", 200, cents(1), NOW)
    assert words(told) == [("B", "replaced", 200), ("B", "trade", 100), ("S", "trade", 0)]
    assert made.shown() == Touch(cents(1), 100, 0, 0)


def test_change_counts_what_is_traded_already() -> None:
    made = venue(buy("B", 300, 1))
    made.enter(sell("S", 100, 1), NOW)
    assert code(made.replace("B", 100, cents(1), NOW)) == "quantity_not_above_filled"
    assert words(made.replace("B", 150, cents(1), NOW)) == [("B", "replaced", 50)]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (SelfMatch.CANCEL_NEWEST, [("B", "new", 500), ("B", "self_match", 0)]),
        (SelfMatch.CANCEL_OLDEST, [("B", "new", 500), ("O", "self_match", 0), ("B", "trade", 300), ("S", "trade", 0)]),
        (
            SelfMatch.DECREMENT_BOTH,
            [("B", "new", 500), ("B", "self_match", 200), ("O", "self_match", 0), ("B", "trade", 0), ("S", "trade", 0)],
        ),
    ],
)
def test_own_orders_that_meet(policy: SelfMatch, said: list[tuple[str, str, int]]) -> None:
    made = venue(sell("O", 300, 1, owner="us"), sell("S", 200, 1), rules=rules(policy))
    assert words(made.enter(buy("B", 500, 1, owner="us"), NOW)) == said


def test_owner_without_a_name_is_nobody_in_particular() -> None:
    made = venue(sell("S", 100, 1, owner=""))
    assert fills(made.enter(buy("B", 100, 1, owner=""), NOW)) == [("S", 100, 1)]


def test_day_order_waits_for_the_end_of_a_halt_and_others_are_refused() -> None:
    made = venue(sell("S", 100, 1))
    assert made.halt(NOW) == []
    assert words(made.enter(buy("B", 100, 1), NOW)) == [("B", "new", 100)]
    assert code(made.enter(at_market(Side.BUY, "M", 100), NOW)) == "halted"
    assert code(made.enter(buy("I", 100, 1, time_in_force=IOC), NOW)) == "halted"
    assert made.shown() == Touch(0, 0, cents(1), 100)
    assert words(made.resume(NOW)) == [("B", "trade", 0), ("S", "trade", 0)]


def test_orders_come_in_after_a_halt_in_the_order_they_arrived() -> None:
    made = venue()
    made.halt(NOW)
    for entry in (buy("B", 100, 1), buy("C", 100, 2), sell("S", 100, 0), buy("P", 100, 0, post_only=True)):
        made.enter(entry, NOW)
    made.replace("B", 200, cents(1), NOW)
    assert words(made.cancel("C", NOW)) == [("C", "canceled", 0)]
    assert words(made.resume(NOW)) == [("P", "post_only_would_take", 0), ("B", "trade", 100), ("S", "trade", 0)]


def test_venue_that_does_not_queue_refuses_orders_and_moves_during_a_halt() -> None:
    made = venue(buy("B", 200, 1), rules=rules(halt_queues=False))
    made.halt(NOW)
    assert code(made.enter(buy("C", 100, 1), NOW)) == "halted"
    assert code(made.replace("B", 200, cents(2), NOW)) == "halted"
    assert words(made.replace("B", 100, cents(1), NOW)) == [("B", "replaced", 100)]
    assert words(made.cancel("B", NOW)) == [("B", "canceled", 0)]


def test_day_is_from_the_open_to_the_close() -> None:
    made = venue()
    assert code(made.enter(buy("B", 100, 1), OPEN_NS - 1)) == "venue_closed"
    made.enter(buy("B", 100, 1), OPEN_NS)
    assert made.advance(CLOSE_NS - 1) == []
    told = made.cancel("B", CLOSE_NS + 5)
    assert words(told) == [("B", "session_over", 0), ("B", "unknown_order", 0)]
    assert [each.at_ns for each in told] == [CLOSE_NS, CLOSE_NS + 5]
    assert code(made.enter(buy("C", 100, 1), CLOSE_NS + 5)) == "venue_closed"
