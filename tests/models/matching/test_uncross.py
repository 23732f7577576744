"""The auction price against every other price: most shares, least left over, pressure, nearest the reference."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.matching.uncross import Clearing, Collar, Interest, uncross

TICK = 10


def test_worked_row() -> None:
    """Buys 300 at 102, 200 at 101, 100 at 100; sells 200 at 99, 250 at 101, 100 at 103: 101 trades 450 of 500."""
    orders = [Interest(True, 300, 1020), Interest(True, 200, 1010), Interest(True, 100, 1000)]
    orders += [Interest(False, 200, 990), Interest(False, 250, 1010), Interest(False, 100, 1030)]
    assert uncross(orders, 1000, TICK) == Clearing(1010, 450, 50)


def test_least_imbalance_decides_among_equal_volumes() -> None:
    """Between 100 and 102 both sides are 100: the prices inside leave nothing over."""
    orders = [
        Interest(True, 100, 1050),
        Interest(True, 100, 1000),
        Interest(False, 100, 950),
        Interest(False, 100, 1020),
    ]
    assert uncross(orders, 1000, TICK) == Clearing(1010, 100, 0)


def test_pressure_decides_among_equal_imbalances() -> None:
    buyers_over = [Interest(True, 300, 1050), Interest(False, 100, 1000)]
    assert uncross(buyers_over, 1000, TICK) == Clearing(1050, 100, 200)
    sellers_over = [Interest(True, 100, 1050), Interest(False, 300, 1000)]
    assert uncross(sellers_over, 1050, TICK) == Clearing(1000, 100, -200)


def test_reference_decides_what_is_left() -> None:
    level = [Interest(True, 100, 1050), Interest(False, 100, 1000)]
    assert uncross(level, 1027, TICK).px == 1030
    assert uncross(level, 1025, TICK).px == 1030
    assert uncross(level, 900, TICK).px == 1000
    assert uncross(level, 2000, TICK).px == 1050


def test_only_market_orders_trade_at_the_reference() -> None:
    orders = [Interest(True, 500, None), Interest(False, 300, None)]
    assert uncross(orders, 1000, TICK) == Clearing(1000, 300, 200)


def test_all_market_orders_on_one_side_trade_nothing_and_show() -> None:
    assert uncross([Interest(True, 500, None), Interest(True, 100, None)], 1000, TICK) == Clearing(None, 0, 600)
    assert uncross([Interest(False, 500, None)], 1000, TICK) == Clearing(None, 0, -500)


def test_empty_and_apart_trade_nothing() -> None:
    assert uncross([], 1000, TICK) == Clearing(None, 0, 0)
    apart = [Interest(True, 100, 990), Interest(False, 100, 1010)]
    assert uncross(apart, 1000, TICK) == Clearing(None, 0, 0)


def test_collar_is_not_left() -> None:
    orders = [Interest(True, 300, None), Interest(False, 100, 1000), Interest(False, 200, 1200)]
    assert uncross(orders, 1000, TICK).px == 1200
    assert uncross(orders, 1000, TICK, Collar(950, 1055)) == Clearing(1050, 100, 200)
    assert uncross(orders, 1000, TICK, Collar(1300, 1400)).px == 1300


@pytest.mark.parametrize(
    ("reference", "tick", "collar"), [(0, TICK, None), (1000, 0, None), (1000, TICK, Collar(1001, 1009))]
)
def test_nonsense_is_refused(reference: int, tick: int, collar: Collar | None) -> None:
    with pytest.raises(ModelError) as refused:
        uncross([Interest(True, 1, None)], reference, tick, collar)
    assert refused.value.code == "bad_auction"


INTEREST = st.builds(
    Interest,
    st.booleans(),
    st.integers(1, 50).map(lambda lots: lots * 100),
    st.one_of(st.none(), st.integers(90, 112).map(lambda ticks: ticks * TICK)),
)
COLLARS = st.one_of(
    st.none(), st.tuples(st.integers(850, 1100), st.integers(10, 200)).map(lambda it: Collar(it[0], it[0] + it[1]))
)


@settings(max_examples=250)
@given(orders=st.lists(INTEREST, max_size=14), reference=st.integers(880, 1140), collar=COLLARS)
def test_no_other_price_is_better(orders: list[Interest], reference: int, collar: Collar | None) -> None:
    """Every tick is tried, and judged from the orders themselves."""
    got = uncross(orders, reference, TICK, collar)
    prices = grid(orders, reference, collar)
    most = max(paired(orders, px) for px in prices)
    assert got.paired_qty == most
    if got.px is None:
        assert most == 0
        return
    assert got.px in prices
    assert paired(orders, got.px) == most
    assert got.imbalance_qty == over(orders, got.px)
    best = [px for px in prices if paired(orders, px) == most]
    least = min(abs(over(orders, px)) for px in best)
    best = [px for px in best if abs(over(orders, px)) == least]
    if all(over(orders, px) > 0 for px in best):
        best = [max(best)]
    elif all(over(orders, px) < 0 for px in best):
        best = [min(best)]
    assert abs(got.px - reference) == min(abs(px - reference) for px in best)


def grid(orders: list[Interest], reference: int, collar: Collar | None) -> list[int]:
    """Every tick between the lowest and highest of limits and reference, or the collar's nearest edge."""
    limits = [order.limit_px for order in orders if order.limit_px is not None]
    ends = (reference // TICK * TICK, -(-reference // TICK) * TICK)
    hull = range(min([ends[0], *limits]), max([ends[1], *limits]) + 1, TICK)
    if collar is None:
        return list(hull)
    inside = [px for px in range(0, 3000, TICK) if collar.low_px <= px <= collar.high_px]
    both = [px for px in inside if px in hull]
    return both or [inside[0] if inside[0] > hull[-1] else inside[-1]]


def paired(orders: list[Interest], px: int) -> int:
    return min(willing(orders, px, buy=True), willing(orders, px, buy=False))


def over(orders: list[Interest], px: int) -> int:
    return willing(orders, px, buy=True) - willing(orders, px, buy=False)


def willing(orders: list[Interest], px: int, *, buy: bool) -> int:
    """Shares of one side that trade at a price, order by order."""
    return sum(
        order.qty
        for order in orders
        if order.buy == buy and (order.limit_px is None or (px <= order.limit_px if buy else px >= order.limit_px))
    )


@given(orders=st.lists(INTEREST, min_size=1, max_size=12), reference=st.integers(900, 1100))
def test_bought_and_sold_mirror(orders: list[Interest], reference: int) -> None:
    """Turning every buy into a sell around the middle turns the outcome around."""
    mirrored = [
        Interest(not order.buy, order.qty, None if order.limit_px is None else 2000 - order.limit_px)
        for order in orders
    ]
    one, other = uncross(orders, reference, TICK), uncross(mirrored, 2000 - reference, TICK)
    assert (one.paired_qty, one.imbalance_qty) == (other.paired_qty, -other.imbalance_qty)


@given(orders=st.lists(INTEREST, min_size=2, max_size=12))
def test_more_interest_never_trades_less(orders: list[Interest]) -> None:
    volumes = [uncross(orders[:count], 1000, TICK).paired_qty for count in range(len(orders) + 1)]
    assert all(less <= more for less, more in pairwise(volumes))
