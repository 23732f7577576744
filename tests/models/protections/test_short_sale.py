"""Rule 201: trigger at a tenth down, rest of the day and the next session, only above the best bid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.protections.short_sale import ShortSaleTest

CLOSE = 50_000_000
TRIGGER = 45_000_000


def stock() -> ShortSaleTest:
    test = ShortSaleTest()
    test.begin("2026-11-20", CLOSE)
    return test


def test_exactly_a_tenth_down_triggers() -> None:
    test = stock()
    assert not test.trade(TRIGGER + 1)
    assert test.trade(TRIGGER)
    assert test.trade(CLOSE)


def test_shorts_only_above_the_best_bid_while_restricted() -> None:
    test = stock()
    assert test.allows(44_000_000, 45_000_000)
    assert test.lowest_px(45_000_000, 10_000) == 0
    test.trade(TRIGGER)
    assert not test.allows(45_000_000, 45_000_000)
    assert test.allows(45_000_001, 45_000_000)
    assert test.lowest_px(45_000_000, 10_000) == 45_010_000
    assert test.lowest_px(45_005_000, 10_000) == 45_010_000


def test_lasts_the_next_session_and_no_longer() -> None:
    test = stock()
    test.trade(TRIGGER)
    test.begin("2026-11-23", 46_000_000)
    assert test.restricted
    test.begin("2026-11-24", 46_000_000)
    assert not test.restricted


def test_second_fall_renews_it() -> None:
    test = stock()
    test.trade(TRIGGER)
    test.begin("2026-11-23", 46_000_000)
    test.trade(41_400_000)
    test.begin("2026-11-24", 41_000_000)
    assert test.restricted


def test_before_the_first_session_nothing_is_restricted() -> None:
    assert not ShortSaleTest().trade(1)


@pytest.mark.parametrize(("date", "close"), [("2026-11-20", 0), ("2010-01-04", CLOSE)])
def test_nonsense_is_refused(date: str, close: int) -> None:
    with pytest.raises(ModelError):
        ShortSaleTest().begin(date, close)


@given(bid=st.integers(0, 10**9), tick=st.sampled_from((100, 5_000, 10_000)))
def test_lowest_price_is_the_first_tick_that_is_allowed(bid: int, tick: int) -> None:
    test = stock()
    test.trade(TRIGGER)
    lowest = test.lowest_px(bid, tick)
    assert test.allows(lowest, bid)
    assert not test.allows(lowest - tick, bid)
