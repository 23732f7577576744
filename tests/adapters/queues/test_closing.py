"""The closing auction: the most shares at one price, priority kept, and what cannot match left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.queues.closing import AuctionOrder, Interest, clear

EVEN = Interest(buy_qty=10_000, sell_qty=10_000, per_step=500.0, reference=5_000, grid=1, reach=100)

orders = st.lists(
    st.builds(
        lambda number, buy, qty, limit: AuctionOrder(str(number), buy, qty, limit),
        st.integers(0, 10**9),
        st.booleans(),
        st.integers(1, 60_000),
        st.one_of(st.none(), st.integers(4_900, 5_100)),
    ),
    max_size=6,
    unique_by=lambda order: order.key,
)


def test_even_interest_trades_at_the_reference() -> None:
    assert clear(EVEN, []) == (5_000, 10_000, {})


def test_imbalance_moves_the_price_in_proportion() -> None:
    small, large = (clear(EVEN, [AuctionOrder("A", True, qty, None)]) for qty in (5_000, 20_000))
    assert (small.px_ticks, small.fills) == (5_010, {"A": 5_000})
    assert (large.px_ticks, large.fills) == (5_040, {"A": 20_000})


def test_limit_at_the_price_is_cut_before_orders_without_one() -> None:
    market, late = AuctionOrder("M", True, 2_000, None), AuctionOrder("L", True, 50_000, 5_005)
    result = clear(EVEN, [market, late])
    assert result.px_ticks == 5_005
    assert result.fills["M"] == 2_000
    assert result.fills["L"] == result.qty - 10_000 - 2_000


def test_limit_outside_the_price_gets_nothing() -> None:
    assert clear(EVEN, [AuctionOrder("A", True, 500, 4_990)]).fills == {}
    assert clear(EVEN, [AuctionOrder("A", False, 500, 5_001)]).fills == {}


def test_order_larger_than_all_interest_is_filled_in_part() -> None:
    result = clear(EVEN, [AuctionOrder("A", True, 10**6, None)])
    assert 0 < result.fills["A"] < 10**6
    assert result.fills["A"] <= result.qty


@given(orders)
def test_fills_stay_within_orders_limits_and_the_shares_matched(ours: list[AuctionOrder]) -> None:
    result = clear(EVEN, ours)
    bought = sum(result.fills.get(order.key, 0) for order in ours if order.buy)
    sold = sum(result.fills.get(order.key, 0) for order in ours if not order.buy)
    assert max(bought, sold) <= result.qty
    for order in ours:
        got = result.fills.get(order.key, 0)
        assert 0 <= got <= order.qty
        if got and order.limit_ticks is not None:
            assert result.px_ticks <= order.limit_ticks if order.buy else result.px_ticks >= order.limit_ticks
