"""The price-level book against the obvious one: a dictionary, and its best price looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.level_book import LevelBook, LevelSide

CHANGES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3)), max_size=400)


@given(CHANGES, st.booleans())
def test_best_and_levels_are_those_of_a_dictionary(changes: list[tuple[int, int]], buy: bool) -> None:
    side, plain = LevelSide(buy=buy), dict[int, int]()
    for px, qty in changes:
        side.set(px, qty)
        plain.pop(px, None)
        if qty:
            plain[px] = qty
        ordered = sorted(plain.items(), reverse=buy)
        assert side.best() == (ordered[0] if ordered else None)
        assert len(side) == len(plain)
    assert side.levels() == sorted(plain.items(), reverse=buy)
    assert side.levels(2) == side.levels()[:2]


def test_price_that_comes_and_goes_does_not_grow_the_heap() -> None:
    side = LevelSide(buy=True)
    side.set(100, 1)
    for _ in range(10_000):
        side.set(50, 1)
        side.set(50, 0)
    assert side.best() == (100, 1)
    assert len(side._heap) < 100


def test_snapshot_forgets_what_stood() -> None:
    book = LevelBook()
    book.change([(10, 5), (9, 1)], [(11, 2)])
    book.replace([(8, 4)], [(12, 1), (13, 1)])
    assert book.touch() == ((8, 4), (12, 1))
    assert (len(book.bids), len(book.asks)) == (1, 2)


def test_locked_is_not_crossed() -> None:
    book = LevelBook()
    assert not book.crossed
    book.change([(10, 5)], [(10, 2)])
    assert not book.crossed
    book.change([(11, 5)], [])
    assert book.crossed


@pytest.mark.parametrize(("px", "qty"), [(-1, 5), (5, -1)])
def test_negative_level_is_refused(px: int, qty: int) -> None:
    with pytest.raises(ModelError) as caught:
        LevelSide(buy=True).set(px, qty)
    assert caught.value.code == "level_negative"
