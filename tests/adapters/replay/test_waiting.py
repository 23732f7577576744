"""Our place among the real orders, told as stories: who was before us, what brings our turn, what passes us by."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import Side
from sottovoce.core.errors import NotFound
from tests.adapters.replay.feed_maker import (
    buys,
    cancel,
    canceled,
    executed,
    fills,
    gone,
    hidden,
    kinds,
    market,
    play,
    route,
    sells,
    send,
)


def test_executions_before_us_bring_our_turn_and_the_first_behind_us_is_ours() -> None:
    tape = market(buys(1, 5, 9_999, 400), executed(3, 1, 9_999, 300), executed(3, 5, 9_999, 100))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == []
    tape = market(executed(3, 1, 9_999, 300), buys(3.5, 5, 9_999, 400), executed(4, 5, 9_999, 100))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == [("A", 4.0, 100, 9_999)]


def test_the_real_orders_before_us_are_known_one_by_one() -> None:
    tape = market(
        buys(1, 5, 9_999, 400), buys(3, 6, 9_999, 50), canceled(4, 5, 150), executed(5, 1, 9_999, 100), gone(6, 1)
    )
    send(tape, 2, route(qty=150))
    seen = []
    for second in (2.5, 3.5, 4.5, 5.5, 6.5):
        play(tape, second)
        seen.append(tape.queue_before("A"))
    assert seen == [
        ((1, 300), (5, 400)),
        ((1, 300), (5, 400)),
        ((1, 300), (5, 250)),
        ((1, 200), (5, 250)),
        ((5, 250),),
    ]
    with pytest.raises(NotFound, match="No order B rests"):
        tape.queue_before("B")


def test_cancels_behind_us_do_not_move_us() -> None:
    tape = market(buys(3, 5, 9_999, 400), gone(4, 5), buys(4.5, 6, 9_999, 10), executed(5, 1, 9_999, 300))
    send(tape, 2, route(qty=150))
    play(tape, 4.6)
    assert tape.queue_before("A") == ((1, 300),)
    assert fills(play(tape)) == []


def test_trade_through_our_price_fills_us_at_it_whoever_was_before_us() -> None:
    tape = market(executed(3, 2, 9_998, 120))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == [("A", 3.0, 120, 9_999)]


def test_order_inside_the_spread_is_first() -> None:
    tape = market(executed(3, 1, 9_999, 40))
    send(tape, 2, route(qty=150, cents=10_000))
    assert fills(play(tape)) == [("A", 3.0, 40, 10_000)]


def test_execution_of_a_better_real_order_passes_us_by() -> None:
    tape = market(executed(3, 1, 9_999, 300))
    send(tape, 2, route(qty=150, cents=9_998))
    assert fills(play(tape)) == []


def test_real_order_that_comes_in_at_our_price_trades_with_us_and_is_remembered() -> None:
    tape = market(sells(3, 5, 10_000, 90), sells(4, 6, 10_000, 80), gone(5, 6), executed(6, 5, 10_000, 90))
    send(tape, 2, route(qty=150, cents=10_000))
    assert fills(play(tape, 4.5)) == [("A", 3.0, 90, 10_000), ("A", 4.0, 60, 10_000)]
    state = tape.states()["XNAS:TST"]
    assert (state.ask, state.ask_size) == (10_000 * 10_000, 20)
    send(tape, 4.6, route("B", qty=500, cents=10_000))
    assert fills(play(tape)) == [("B", 4.6, 20, 10_000)]


def test_hidden_trade_at_our_price_waits_for_who_is_displayed_before_us() -> None:
    early = market(hidden(3, 1, 9_999, 100))
    send(early, 2, route(qty=150))
    assert fills(play(early)) == []
    alone = market(gone(2.5, 1), hidden(3, 1, 9_999, 100))
    send(alone, 2, route(qty=150))
    assert fills(play(alone)) == [("A", 3.0, 100, 9_999)]


def test_hidden_trade_of_the_other_side_at_our_price_is_not_ours() -> None:
    tape = market(gone(2.5, 1), hidden(3, -1, 9_999, 100))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == []


@pytest.mark.parametrize(("cents", "qty"), [(9_999, 0), (9_998, 100)], ids=["at_our_price", "through_it"])
def test_hidden_trade_of_an_unsaid_side_is_ours_only_through_our_price(cents: int, qty: int) -> None:
    tape = market(gone(2.5, 1), hidden(3, 0, cents, 100))
    send(tape, 2, route(qty=150))
    assert sum(fill[2] for fill in fills(play(tape))) == qty


def test_shares_of_one_event_go_to_one_of_our_orders_each_better_price_first() -> None:
    tape = market(executed(5, 2, 9_998, 200))
    send(tape, 2, route("LATE", qty=150))
    send(tape, 3, route("BEST", qty=120, cents=10_000))
    send(tape, 4, route("LAST", qty=150))
    said = play(tape)
    assert fills(said) == [("BEST", 5.0, 120, 10_000), ("LATE", 5.0, 80, 9_999)]


def test_what_our_better_order_takes_of_an_event_does_not_keep_others_queue_from_moving() -> None:
    tape = market(executed(5, 1, 9_999, 300), buys(5.5, 5, 9_999, 70), executed(6, 5, 9_999, 70))
    send(tape, 2, route("BACK", qty=50))
    send(tape, 3, route("BEST", qty=120, cents=10_000))
    assert fills(play(tape)) == [("BEST", 5.0, 120, 10_000), ("BACK", 6.0, 50, 9_999)]


def test_selling_is_the_mirror() -> None:
    tape = market(sells(2.5, 5, 10_001, 60), executed(3, 3, 10_001, 200), executed(4, 5, 10_001, 60))
    send(tape, 2, route(qty=50, cents=10_001, side=Side.SELL))
    assert fills(play(tape)) == [("A", 4.0, 50, 10_001)]


def test_order_from_before_the_feed_is_before_us_at_our_price() -> None:
    unknown = executed(3, 77, 9_999, 500)
    said_side = (*unknown[:3], 1, *unknown[4:])
    tape = market(gone(2.5, 1), said_side)
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == []


def test_cancel_frees_what_is_left_and_a_second_one_is_too_late() -> None:
    tape = market(executed(3, 2, 9_998, 100))
    order = route(qty=150)
    send(tape, 2, order)
    cancel(tape, 4, order)
    cancel(tape, 5, order)
    assert kinds(play(tape)) == ["new", "trade", "canceled", "cancel_reject"]


BOUNDS = (
    buys(1, 5, 9_999, 400),
    executed(3, 1, 9_999, 300),
    executed(4, 5, 9_999, 400),
    buys(4.5, 6, 9_999, 500),
    executed(5, 6, 9_999, 60),
    executed(6, 2, 9_998, 30),
)


def test_bounds_of_one_order_are_touch_queue_and_through() -> None:
    tape = market(*BOUNDS)
    send(tape, 2, route(qty=150))
    play(tape)
    bounds = tape.fill_bounds()
    assert (bounds.orders, bounds.rested_qty) == (1, 150)
    assert (bounds.touch_qty, bounds.queue_qty, bounds.through_qty) == (150, 90, 30)
    assert (bounds.touch_orders, bounds.queue_orders, bounds.through_orders) == (1, 1, 1)


def test_bounds_count_a_working_order_as_it_stands() -> None:
    tape = market(*BOUNDS)
    send(tape, 2, route(qty=150))
    play(tape, 4.2)
    bounds = tape.fill_bounds()
    assert (bounds.touch_qty, bounds.queue_qty, bounds.through_qty) == (150, 0, 0)
