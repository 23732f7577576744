"""The market-by-order book, case by case."""

from __future__ import annotations

import pytest

from sottovoce.core.errors import MalformedMessage
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import from_rows
from sottovoce.models.mbo.faults import ABSURD, BEYOND, FAULT_CODES, FAULT_WORDS, KIND, OK, TWICE, UNKNOWN
from sottovoce.models.mbo.playing import PIECE, play, play_touches

BUY, SELL = 1, -1


@pytest.fixture
def book() -> MboBook:
    """Two bids at 100, one at 99; one ask at 102, one at 103."""
    book = MboBook()
    book.add(1, BUY, 100, 10)
    book.add(2, BUY, 100, 20)
    book.add(3, BUY, 99, 30)
    book.add(4, SELL, 102, 40)
    book.add(5, SELL, 103, 50)
    return book


def test_touch_is_the_best_of_each_side(book: MboBook) -> None:
    assert book.touch() == (100, 30, 102, 40)
    assert MboBook().touch() == (0, 0, 0, 0)


def test_levels_come_best_first_with_their_orders(book: MboBook) -> None:
    assert book.levels(BUY) == [(100, 30, 2), (99, 30, 1)]
    assert book.levels(SELL) == [(102, 40, 1), (103, 50, 1)]
    assert book.levels(BUY, 1) == [(100, 30, 2)]
    assert (book.depth_at(BUY, 100), book.depth_at(BUY, 101), book.depth_at(SELL, 100)) == (30, 0, 0)


def test_a_price_that_empties_gives_way_to_the_next_and_comes_back(book: MboBook) -> None:
    book.delete(1)
    book.delete(2)
    assert book.touch()[:2] == (99, 30)
    book.add(6, BUY, 100, 7)
    assert book.touch()[:2] == (100, 7)
    book.add(7, BUY, 101, 8)
    assert book.touch()[:2] == (101, 8)


def test_an_empty_side_has_no_best(book: MboBook) -> None:
    book.delete(4)
    book.delete(5)
    assert book.touch() == (100, 30, 0, 0)
    assert book.levels(SELL) == []
    assert book.queue(SELL, 102) == []


def test_a_part_that_trades_leaves_the_rest_in_its_place(book: MboBook) -> None:
    assert book.reduce(1, 4) == OK
    assert book.queue(BUY, 100) == [(1, 6), (2, 20)]
    assert book.order(1) == (BUY, 100, 6)


def test_the_last_share_takes_the_order_with_it(book: MboBook) -> None:
    assert book.reduce(1, 10) == OK
    assert book.order(1) is None
    assert book.queue(BUY, 100) == [(2, 20)]
    assert len(book) == 4


def test_shares_ahead_are_those_that_came_before(book: MboBook) -> None:
    book.add(6, BUY, 100, 5)
    assert [book.ahead(number) for number in (1, 2, 6)] == [0, 10, 30]
    book.reduce(1, 3)
    book.delete(2)
    assert book.ahead(6) == 7
    assert book.ahead(99) is None


def test_a_smaller_order_keeps_its_place_and_a_larger_one_does_not(book: MboBook) -> None:
    assert book.modify(1, 100, 5) == OK
    assert book.queue(BUY, 100) == [(1, 5), (2, 20)]
    assert book.modify(1, 100, 6) == OK
    assert book.queue(BUY, 100) == [(2, 20), (1, 6)]
    assert book.depth_at(BUY, 100) == 26


def test_another_price_is_another_queue(book: MboBook) -> None:
    assert book.modify(1, 99, 10) == OK
    assert book.queue(BUY, 99) == [(3, 30), (1, 10)]
    assert book.order(1) == (BUY, 99, 10)


def test_a_replacement_stands_last_on_the_same_side(book: MboBook) -> None:
    assert book.replace(1, 9, 100, 10) == OK
    assert book.order(1) is None
    assert book.queue(BUY, 100) == [(2, 20), (9, 10)]
    assert book.replace(2, 2, 101, 1) == OK
    assert book.order(2) == (BUY, 101, 1)


def test_crossed_is_not_locked(book: MboBook) -> None:
    assert not book.crossed
    book.add(6, SELL, 100, 1)
    assert not book.crossed
    book.add(7, SELL, 99, 1)
    assert book.crossed


def test_clear_forgets_orders_and_keeps_the_counts(book: MboBook) -> None:
    book.delete(77)
    book.clear()
    assert len(book) == 0
    assert book.touch() == (0, 0, 0, 0)
    assert book.counts[UNKNOWN] == 1
    assert book.add(1, BUY, 50, 1) == OK


def test_unknown_orders_are_answered_and_counted(book: MboBook) -> None:
    said = [book.delete(77), book.reduce(77, 1), book.modify(77, 100, 1), book.replace(77, 78, 100, 1)]
    assert said == [UNKNOWN] * 4
    assert book.counts[UNKNOWN] == 4
    assert len(book) == 5


def test_contradictions_leave_the_book_as_it_was(book: MboBook) -> None:
    before = (book.levels(BUY), book.levels(SELL))
    assert book.add(1, SELL, 200, 1) == TWICE
    assert book.replace(1, 2, 100, 5) == TWICE
    assert book.add(9, BUY, 100, 0) == ABSURD
    assert book.add(9, 0, 100, 5) == ABSURD
    assert book.reduce(1, 0) == ABSURD
    assert book.modify(1, 100, 0) == ABSURD
    assert book.replace(1, 9, 100, -1) == ABSURD
    assert (book.levels(BUY), book.levels(SELL)) == before
    assert (book.counts[TWICE], book.counts[ABSURD]) == (2, 5)


def test_more_than_is_left_takes_what_is_left(book: MboBook) -> None:
    assert book.reduce(1, 11) == BEYOND
    assert book.order(1) is None
    assert book.touch()[:2] == (100, 20)


def test_a_strict_book_raises_with_the_code_of_the_fault() -> None:
    book = MboBook(strict=True)
    with pytest.raises(MalformedMessage, match="order 7 speaks of an order that does not stand") as caught:
        book.delete(7)
    assert caught.value.code == "mbo_order_unknown"


def test_every_fault_has_a_code_and_words() -> None:
    assert len(set(FAULT_CODES)) == len(FAULT_CODES) == len(FAULT_WORDS)


def test_events_change_the_book_by_their_kind() -> None:
    rows = [
        (1, mbo.ADD, 1, BUY, 100, 10),
        (2, mbo.ADD, 2, SELL, 101, 10),
        (3, mbo.TRADE, 0, BUY, 100, 5),
        (4, mbo.EXECUTE, 1, BUY, 99, 4),
        (5, mbo.CANCEL, 2, SELL, 101, 1),
        (6, mbo.CROSS, 0, 0, 100, 50),
        (7, mbo.STATE, 0, 0, 0, mbo.HALTED),
        (8, 42, 0, 0, 0, 0),
        (9, mbo.DELETE, 2, SELL, 101, 9),
        (10, mbo.CLEAR, 0, 0, 0, 0),
    ]
    book = MboBook()
    touches = play_touches(book, from_rows(rows)).tolist()
    first, second = [100, 10, 0, 0], [100, 10, 101, 10]
    traded, smaller = [100, 6, 101, 10], [100, 6, 101, 9]
    assert touches == [first, second, second, traded, *[smaller] * 4, [100, 6, 0, 0], [0, 0, 0, 0]]
    assert book.counts[KIND] == 1


def test_pieces_do_not_show() -> None:
    rows = [(number, mbo.ADD, number, BUY, number % 7, 1) for number in range(2 * PIECE + 3)]
    book, again = MboBook(), MboBook()
    play(book, from_rows(rows))
    touches = play_touches(again, from_rows(rows))
    assert len(book) == len(again) == len(rows)
    assert tuple(touches[-1].tolist()) == book.touch()


def test_prices_that_emptied_are_forgotten() -> None:
    """A price that wanders for ever leaves a book of one order behind, and a side that remembers few prices."""
    book = MboBook()
    for number in range(20_000):
        book.add(number, BUY, number, 1)
        book.delete(number - 1)
        assert book.touch()[0] == number
    assert len(book.bids._levels) < 3000
    assert book.levels(BUY) == [(19_999, 1, 1)]
