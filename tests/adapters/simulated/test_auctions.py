"""The auctions of a simulated session: the background alone, with ours, and from the desk's side of the port."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.adapters.simulated.auctions import Auctions, Held, Interest
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side, TimeInForce
from sottovoce.core.orders import Route
from sottovoce.models.matching.auction_rules import AuctionKind
from sottovoce.models.matching.dark_facts import AUCTION_FACTS
from tests.adapters.simulated.names import OPEN_NS, TICK, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk

CLOSE, OPENING = TimeInForce.AT_THE_CLOSE, TimeInForce.AT_THE_OPENING
BALANCED = Interest(reference=5000.0, buy_qty=100_000, sell_qty=100_000, floor=500.0, slope=10.0, reach_ticks=200)


def route(key: str, qty: int, *, buy: bool = True, limit_ticks: int | None = None) -> Route:
    return Route(
        cl_ord_id=key, route_id=key, child_id=key, parent_id="P", venue="SIMX", instrument_id="SMALL",
        side=Side.BUY if buy else Side.SELL, qty=qty, ord_type=OrdType.MARKET if limit_ticks is None else OrdType.LIMIT,
        price=(limit_ticks or 0) * TICK, time_in_force=CLOSE, min_qty=0, sent_ns=0,
    )  # fmt: skip


def cleared(interest: Interest, *ours: Route) -> Held:
    """The closing auction with these orders of ours in it."""
    session = sessions(1)[0]
    auctions = Auctions(AUCTION_FACTS, session, TICK, 5000 * TICK)
    auctions.hold(AuctionKind.OPENING, Interest(5000.0, 0, 0, 0.0, 0.0, 1), session.open_ns)
    for each in ours:
        assert auctions.enter(each, session.close_ns - MINUTE_NS) == ""
    return auctions.hold(AuctionKind.CLOSING, interest, session.close_ns)


def moved(*ours: Route) -> float:
    """Ticks the price moves with our orders."""
    return cleared(BALANCED, *ours).px / TICK - 5000


def test_balanced_interest_clears_at_the_reference() -> None:
    held = cleared(BALANCED)
    assert held.px == 5000 * TICK
    assert 100_000 <= held.qty <= 100_000 + 500
    assert held.fills == {}


def test_our_imbalance_lifts_the_price_by_ever_less() -> None:
    moves = [moved(route("ours", qty)) for qty in (20_000, 40_000, 80_000)]
    assert 0 < moves[0] < moves[1] < 2 * moves[0]
    assert moves[2] < 2 * moves[1]
    assert cleared(BALANCED, route("ours", 20_000)).fills == {"ours": 20_000}


def test_a_sell_mirrors_a_buy() -> None:
    assert moved(route("ours", 30_000)) == -moved(route("ours", 30_000, buy=False))


def test_a_limit_worse_than_the_price_ends_without_a_fill() -> None:
    held = cleared(BALANCED, route("ours", 1_000, limit_ticks=4_900))
    assert held.fills == {}
    assert held.over == ["ours"]


@settings(max_examples=60)
@given(
    orders=st.lists(
        st.tuples(st.booleans(), st.integers(1, 50_000), st.one_of(st.none(), st.integers(4_950, 5_050))), max_size=5
    ),
    buy_qty=st.integers(0, 200_000),
    sell_qty=st.integers(0, 200_000),
)
def test_fills_keep_to_orders_and_limits(
    orders: list[tuple[bool, int, int | None]], buy_qty: int, sell_qty: int
) -> None:
    ours = [route(f"O{n}", qty, buy=buy, limit_ticks=limit) for n, (buy, qty, limit) in enumerate(orders)]
    held = cleared(Interest(5000.0, buy_qty, sell_qty, 500.0, 10.0, 40), *ours)
    for each in ours:
        filled = held.fills.get(each.cl_ord_id, 0)
        assert 0 <= filled <= each.qty
        assert (filled == each.qty) == (each.cl_ord_id not in held.over)
        if filled and each.price:
            assert held.px <= each.price if each.side is Side.BUY else held.px >= each.price
    for side in (Side.BUY, Side.SELL):
        assert sum(held.fills.get(each.cl_ord_id, 0) for each in ours if each.side is side) <= held.qty


def desk_before_the_open() -> Desk:
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 3))
    desk.run(OPEN_NS - 5 * MINUTE_NS)
    return desk


def test_an_order_at_the_opening_trades_in_the_first_print() -> None:
    desk = desk_before_the_open()
    order = desk.send(300, 0, venue="SIMX", ord_type=OrdType.MARKET, tif=OPENING)
    desk.run(OPEN_NS + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.TRADE]
    assert desk.last(order).transact_ns == OPEN_NS
    assert desk.last(order).liquidity is LastLiquidityInd.AUCTION
    desk.check()


def test_an_order_at_the_opening_can_be_canceled_before_it() -> None:
    desk = desk_before_the_open()
    order = desk.send(300, 0, venue="SIMX", ord_type=OrdType.MARKET, tif=OPENING)
    desk.run(desk.now_ns + SECOND_NS)
    desk.cancel(order)
    desk.run(OPEN_NS + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.CANCELED]


@pytest.mark.parametrize("tif", [OPENING, TimeInForce.DAY])
def test_an_order_for_an_auction_that_is_over_is_rejected(tif: TimeInForce) -> None:
    desk = desk_before_the_open()
    desk.run(OPEN_NS + MINUTE_NS)
    order = desk.send(300, 0, venue="SIMX", ord_type=OrdType.MARKET, tif=tif)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]


def test_both_auctions_print_a_plausible_part_of_the_day() -> None:
    market = SimulatedMarket([name(adv=2e6)], sessions(1), 4)
    market.advance(sessions(1)[0].close_ns)
    tape = market.tape("SMALL")
    at, qty, kind = (np.asarray(each) for each in (tape.trade_ns, tape.trade_qty, tape.trade_kind))
    opening, closing = (qty[(kind == 2) & (at == when)].sum() / qty.sum() for when in (OPEN_NS, at[-1]))
    assert 0.005 < opening < 0.05
    assert 0.05 < closing < 0.15
