"""The closing auction: one price, most shares, ours cut only at the price itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.simulated.auction import AuctionOrder, Interest, clear

BALANCED = Interest(reference=5000.0, buy_qty=100_000, sell_qty=100_000, floor=500.0, slope=10.0, reach_ticks=200)


def market_buy(qty: int) -> AuctionOrder:
    return AuctionOrder("ours", True, qty, None)


def test_balanced_auction_clears_at_the_reference() -> None:
    result = clear(BALANCED, [])
    assert result.px_ticks == 5000
    assert result.qty == 100_000
    assert result.fills == {}


def test_our_market_order_is_filled_and_lifts_the_price() -> None:
    result = clear(BALANCED, [market_buy(20_000)])
    assert result.fills == {"ours": 20_000}
    assert result.px_ticks > 5000
    assert result.qty >= 120_000 - 500


def test_impact_of_our_imbalance_is_concave() -> None:
    moves = [clear(BALANCED, [market_buy(qty)]).px_ticks - 5000 for qty in (20_000, 40_000, 80_000)]
    assert moves[0] < moves[1] < moves[2]
    assert moves[1] < 2 * moves[0]
    assert moves[2] < 2 * moves[1]


def test_sell_mirrors_buy() -> None:
    up = clear(BALANCED, [market_buy(30_000)]).px_ticks - 5000
    down = clear(BALANCED, [AuctionOrder("ours", False, 30_000, None)]).px_ticks - 5000
    assert down == -up


def test_limit_worse_than_the_price_is_left_out() -> None:
    result = clear(BALANCED, [AuctionOrder("ours", True, 1_000, 4_990)])
    assert result.fills.get("ours", 0) == 0


def test_limit_at_the_price_is_cut_before_anybody_else() -> None:
    thin = Interest(reference=5000.0, buy_qty=1_000, sell_qty=1_500, floor=0.0, slope=0.0, reach_ticks=5)
    orders = [AuctionOrder("market", True, 300, None), AuctionOrder("limit", True, 400, 5000)]
    result = clear(thin, orders)
    assert result.px_ticks == 5000
    assert result.fills == {"market": 300, "limit": 200}


@given(
    orders=st.lists(
        st.tuples(st.booleans(), st.integers(1, 50_000), st.one_of(st.none(), st.integers(4_950, 5_050))), max_size=6
    ),
    buy_qty=st.integers(0, 200_000),
    sell_qty=st.integers(0, 200_000),
)
def test_fills_never_exceed_orders_and_both_sides_match(
    orders: list[tuple[bool, int, int | None]], buy_qty: int, sell_qty: int
) -> None:
    interest = Interest(5000.0, buy_qty, sell_qty, 500.0, 10.0, 200)
    ours = [AuctionOrder(f"O{number}", *order) for number, order in enumerate(orders)]
    result = clear(interest, ours)
    for order in ours:
        filled = result.fills.get(order.key, 0)
        assert 0 <= filled <= order.qty
        if filled and order.limit_ticks is not None:
            assert result.px_ticks <= order.limit_ticks if order.buy else result.px_ticks >= order.limit_ticks
    for buy in (True, False):
        assert sum(result.fills.get(order.key, 0) for order in ours if order.buy is buy) <= result.qty


def test_nothing_to_trade_matches_nothing() -> None:
    assert clear(Interest(100.0, 0, 0, 0.0, 0.0, 5), []).qty == pytest.approx(0)
