"""Our orders in the book: exact places in the queue, prices that hold, refusals that say why."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Peg, Side, TimeInForce
from tests.adapters.queues.trading import IOC, desk_on, market
from tests.adapters.simulated.names import OPEN_NS, SESSION_NS, TICK
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk


def quote_at(desk: Desk, venue: str) -> tuple[int, int, int, int]:
    quote = next(quote for quote in desk.state().venues if quote.venue == venue)
    return quote.bid, quote.bid_size, quote.ask, quote.ask_size


def test_aggressive_order_takes_what_its_venue_shows_and_no_more() -> None:
    desk = desk_on(market())
    _, _, ask, size = quote_at(desk, "SIMA")
    order = desk.send(size + 500, ask, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.filled(order) == pytest.approx(size, abs=size)
    assert {report.last_px for report in desk.reports[order] if report.last_qty} == {ask}
    assert desk.kinds(order)[-1] is ExecType.CANCELED


def test_resting_order_shows_in_the_quote_of_its_venue() -> None:
    desk = desk_on(market())
    desk.send(777, desk.state().bid - 400 * TICK, venue="SIME")
    best = desk.state().bid + (TICK if desk.state().ask - desk.state().bid > TICK else 0)
    desk.send(55_555, best, venue="SIMB")
    desk.run(desk.now_ns + SECOND_NS // 500)
    bid, size, _, _ = quote_at(desk, "SIMB")
    assert (bid, desk.state().bid) == (best, best)
    assert size >= 55_555 - desk.filled("ORDER2")
    assert desk.state().bid_size >= size


def test_earlier_of_two_orders_at_a_price_fills_first() -> None:
    for seed in range(6):
        desk = desk_on(market(seed))
        px = desk.state().bid
        first, second = desk.send(300, px), desk.send(300, px)
        desk.run(OPEN_NS + SESSION_NS - MINUTE_NS)
        for orders in (desk.reports[first], desk.reports[second]):
            assert orders
        if desk.filled(second):
            assert desk.filled(first) == 300
            assert desk.last(first).transact_ns <= desk.last(second).transact_ns
            return
    pytest.fail("no second order was filled under six seeds")


def test_providers_trade_with_an_order_they_would_lock() -> None:
    """A large bid two ticks above the ask empties its venue, then what others would offer there comes to it."""
    desk = desk_on(market())
    order = desk.send(200_000, desk.state().ask + 2 * TICK)
    desk.run(desk.now_ns + 2 * MINUTE_NS)
    liquidity = {report.liquidity for report in desk.reports[order] if report.last_qty}
    assert liquidity == {LastLiquidityInd.REMOVED, LastLiquidityInd.ADDED}
    assert desk.state().bid < desk.state().ask
    desk.check()


def test_own_orders_never_trade_with_each_other() -> None:
    desk = desk_on(market())
    px = desk.state().bid + (TICK if desk.state().ask - desk.state().bid > TICK else 0)
    rest = desk.send(5_000, px)
    desk.run(desk.now_ns + SECOND_NS // 1000)
    hit = desk.send(9_000, px - 20 * TICK, side=Side.SELL, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS // 1000)
    assert "own order" in desk.last(hit).text
    assert not [report for report in desk.reports[rest] if report.liquidity is LastLiquidityInd.REMOVED]
    desk.check()


def test_fill_or_kill_is_all_or_nothing() -> None:
    desk = desk_on(market())
    state = desk.state()
    all_of_it = desk.send(1, state.ask + 5 * TICK, tif=TimeInForce.FILL_OR_KILL)
    too_much = desk.send(10_000_000, state.ask + 5 * TICK, tif=TimeInForce.FILL_OR_KILL)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.filled(all_of_it) == 1
    assert desk.kinds(too_much) == [ExecType.NEW, ExecType.CANCELED]
    assert "10000000 wanted or none" in desk.last(too_much).text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"time_in_force": TimeInForce.AT_THE_OPENING}, "no at-the-opening orders"),
        ({"display_qty": 0}, "no hidden or reserve orders"),
        ({"display_qty": 50}, "no hidden or reserve orders"),
        ({"venue": "SIMD", "ord_type": OrdType.PEGGED, "peg": Peg.PRIMARY}, "no orders pegged to the near side"),
    ],
)
def test_what_a_venue_does_not_do_is_refused_by_name(change: dict[str, object], text: str) -> None:
    desk = desk_on(market())
    template = desk.sent[desk.send(0, 1)]
    route = msgspec.structs.replace(
        template,
        cl_ord_id="ASKED",
        qty=200,
        price=desk.state().bid,
        **change,
    )
    desk.sent["ASKED"] = route
    desk.deliver(route)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds("ASKED") == [ExecType.REJECTED]
    assert text in desk.last("ASKED").text


def test_post_only_order_that_would_take_is_canceled() -> None:
    desk = desk_on(market())
    template = desk.sent[desk.send(0, 1)]
    route = msgspec.structs.replace(
        template, cl_ord_id="POST", qty=200, price=desk.state().ask + 3 * TICK, post_only=True
    )
    desk.sent["POST"] = route
    desk.deliver(route)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds("POST") == [ExecType.NEW, ExecType.CANCELED]


def test_place_in_the_queue_decides_who_is_filled_first_by_the_background() -> None:
    """Of orders that join one price a minute apart, the earlier has waited longer when both are filled."""
    ahead: list[int] = []
    for seed in range(5):
        desk = desk_on(market(seed))
        px = desk.state().bid - 2 * TICK
        orders = []
        for _ in range(3):
            orders.append(desk.send(100, px, venue="SIMC"))
            desk.run(desk.now_ns + MINUTE_NS)
        desk.run(OPEN_NS + SESSION_NS - MINUTE_NS)
        times = [desk.last(order).transact_ns for order in orders if desk.filled(order) == 100]
        ahead += np.diff(times).tolist()
    assert len(ahead) > 3
    assert min(ahead) >= 0
