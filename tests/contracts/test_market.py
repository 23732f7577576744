"""What every market must do behind the Market port: answer once, in time, and with quantities that add up."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, OrdType, Side, TimeInForce
from tests.contracts.market_cases import CASES
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk, MarketCase

IOC = TimeInForce.IMMEDIATE_OR_CANCEL
CLOSE = TimeInForce.AT_THE_CLOSE


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> MarketCase:
    chosen = request.param
    assert isinstance(chosen, MarketCase)
    return chosen


@pytest.fixture
def desk(case: MarketCase) -> Desk:
    """A desk half an hour into the first session."""
    desk = Desk(case, case.make())
    desk.run(case.open_ns + 30 * MINUTE_NS)
    return desk


def dark_of(case: MarketCase) -> str:
    if case.dark is None:
        pytest.skip(f"{case.name} has no dark venue")
    return case.dark


def auction_of(case: MarketCase) -> str:
    if case.auction is None:
        pytest.skip(f"{case.name} has no auction")
    return case.auction


def test_state_is_closed_before_the_open_and_after_the_close(case: MarketCase) -> None:
    desk = Desk(case, case.make())
    desk.run(case.open_ns - MINUTE_NS)
    assert desk.state().phase == "closed"
    desk.run(case.open_ns + MINUTE_NS)
    assert desk.state().phase == "open"
    desk.run(case.close_ns + MINUTE_NS)
    assert desk.state().phase == "closed"


def test_state_is_a_two_sided_quote_that_is_fresh(desk: Desk) -> None:
    state = desk.state()
    assert 0 < state.bid < state.ask
    assert state.bid_size > 0
    assert state.ask_size > 0
    assert desk.now_ns - state.quoted_ns <= 5 * SECOND_NS
    assert {quote.venue for quote in state.venues} == {facts.venue for facts in desk.market.venues()}


def test_state_volume_never_falls_and_seq_rises_with_the_market(desk: Desk) -> None:
    first = desk.state()
    desk.run(desk.now_ns + 10 * MINUTE_NS)
    second = desk.state()
    assert second.volume > first.volume
    assert second.seq > first.seq


def test_resting_order_is_acknowledged_once(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW]
    assert desk.last(order).leaves_qty == 100


def test_marketable_limit_is_acknowledged_then_fills_at_the_ask(desk: Desk) -> None:
    ask = desk.state().ask
    order = desk.send(1, ask + 10 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.TRADE]
    fill = desk.last(order)
    assert fill.ord_status is OrdStatus.FILLED
    assert fill.liquidity is LastLiquidityInd.REMOVED
    assert abs(fill.last_px - ask) <= 5 * desk.case.tick


def test_market_order_sells_at_the_bid(desk: Desk) -> None:
    bid = desk.state().bid
    order = desk.send(1, 0, side=Side.SELL, ord_type=OrdType.MARKET, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.filled(order) == 1
    assert abs(desk.last(order).last_px - bid) <= 5 * desk.case.tick


def test_order_beyond_the_book_fills_in_part_and_the_rest_stays_working(desk: Desk) -> None:
    order = desk.send(50_000_000, desk.state().ask + 2 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    assert 0 < desk.filled(order) < 50_000_000
    assert desk.last(order).ord_status is OrdStatus.PARTIALLY_FILLED
    assert desk.last(order).leaves_qty == 50_000_000 - desk.filled(order)
    desk.check()


def test_immediate_or_cancel_cancels_what_it_did_not_trade(desk: Desk) -> None:
    order = desk.send(50_000_000, desk.state().ask + 2 * desk.case.tick, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order)[0] is ExecType.NEW
    assert desk.kinds(order)[-1] is ExecType.CANCELED
    assert 0 < desk.filled(order) < 50_000_000
    assert desk.last(order).leaves_qty == 0


def test_immediate_or_cancel_below_the_ask_trades_nothing(desk: Desk) -> None:
    order = desk.send(100, desk.state().bid - 400 * desk.case.tick, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.CANCELED]


def test_order_at_the_bid_is_filled_as_liquidity_added(desk: Desk) -> None:
    order = desk.send(100, desk.state().bid)
    desk.run(desk.case.close_ns - MINUTE_NS)
    assert desk.filled(order) > 0
    assert {report.liquidity for report in desk.reports[order] if report.last_qty} == {LastLiquidityInd.ADDED}


def test_cancel_of_a_resting_order_frees_all_of_it(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.CANCELED]
    assert desk.last(order).leaves_qty == 0
    assert not desk.rejects


def test_cancel_that_overtakes_nothing_arrives_after_its_order(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.CANCELED]


def test_cancel_after_the_fill_is_too_late(desk: Desk) -> None:
    order = desk.send(1, desk.state().ask + 10 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    assert [reject.cl_ord_id for reject in desk.rejects] == [order]
    assert desk.rejects[0].ord_status is OrdStatus.FILLED
    assert desk.rejects[0].text


def test_cancel_of_an_order_never_sent_is_refused(desk: Desk) -> None:
    order = desk.send(1, 0, venue="NOWHERE")
    desk.run(desk.now_ns + SECOND_NS)
    desk.sent[order] = msgspec.structs.replace(desk.sent[order], cl_ord_id="NEVER")
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    assert [reject.cl_ord_id for reject in desk.rejects] == ["NEVER"]


@pytest.mark.parametrize(
    ("qty", "offset", "venue"),
    [(0, 0, None), (-5, 0, None), (100, 1, None), (100, 0, "NOWHERE")],
    ids=["zero_quantity", "negative_quantity", "off_tick", "unknown_venue"],
)
def test_bad_order_is_rejected_with_a_reason(desk: Desk, qty: int, offset: int, venue: str | None) -> None:
    order = desk.send(qty, desk.state().ask + offset, venue=venue)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]
    assert desk.last(order).text
    assert desk.last(order).leaves_qty == 0


def test_order_while_closed_is_rejected(case: MarketCase) -> None:
    desk = Desk(case, case.make())
    desk.run(case.open_ns - MINUTE_NS)
    order = desk.send(100, 1000 * case.tick)
    desk.run(case.open_ns + MINUTE_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]


def test_second_delivery_of_an_order_has_no_effect(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    desk.deliver(desk.sent[order])
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW]


def test_day_order_expires_at_the_close(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 2_000 * case.tick)
    desk.run(case.close_ns + MINUTE_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.EXPIRED]
    assert desk.last(order).transact_ns >= case.close_ns - SECOND_NS
    assert desk.last(order).leaves_qty == 0


def test_latency_is_honoured_both_ways(desk: Desk, case: MarketCase) -> None:
    latency_ns = {facts.venue: facts.latency_ns for facts in desk.market.venues()}[case.lit]
    sent_ns = desk.now_ns
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    report = desk.last(order)
    assert report.transact_ns >= sent_ns + latency_ns
    arrival_ns = desk.arrivals[-1][0]
    assert arrival_ns == report.transact_ns + latency_ns


def test_advance_stops_at_the_first_news(desk: Desk, case: MarketCase) -> None:
    order = desk.send(100, desk.state().bid - 400 * case.tick)
    news = desk.market.advance(case.close_ns)
    assert [message.cl_ord_id for _, message in news if isinstance(message, ExecutionReport)] == [order]
    assert len(news) == 1
    assert desk.state().quoted_ns < desk.now_ns + MINUTE_NS
    assert desk.state().phase == "open"


def test_dark_order_trades_at_the_mid(desk: Desk, case: MarketCase) -> None:
    limit = desk.state().ask + 200 * case.tick
    order = desk.send(200, limit, venue=dark_of(case), ord_type=OrdType.PEGGED)
    desk.run(case.close_ns + MINUTE_NS)
    fills = [report for report in desk.reports[order] if report.last_qty]
    assert fills
    assert {fill.liquidity for fill in fills} == {LastLiquidityInd.MIDPOINT}
    assert all(fill.last_px * 2 % case.tick == 0 for fill in fills)
    desk.check()


def test_dark_order_keeps_its_minimum_quantity(desk: Desk, case: MarketCase) -> None:
    limit = desk.state().ask + 200 * case.tick
    qty, minimum = 20_000, 300
    order = desk.send(qty, limit, venue=dark_of(case), ord_type=OrdType.PEGGED, min_qty=minimum)
    desk.run(case.close_ns + MINUTE_NS)
    before = qty
    for report in desk.reports[order]:
        if report.last_qty:
            assert report.last_qty >= min(minimum, before)
            before -= report.last_qty
    assert desk.filled(order) > 0
    desk.check()


def test_dark_order_below_the_pools_minimum_is_rejected(desk: Desk, case: MarketCase) -> None:
    dark = dark_of(case)
    minimum = {facts.venue: facts.min_qty for facts in desk.market.venues()}[dark]
    if minimum <= 1:
        pytest.skip(f"{dark} has no minimum")
    order = desk.send(minimum - 1, desk.state().ask, venue=dark, ord_type=OrdType.PEGGED)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]


def test_at_the_close_order_trades_in_the_auction(desk: Desk, case: MarketCase) -> None:
    order = desk.send(500, 0, venue=auction_of(case), ord_type=OrdType.MARKET, tif=CLOSE)
    desk.run(case.close_ns + MINUTE_NS)
    assert desk.filled(order) > 0
    fill = next(report for report in desk.reports[order] if report.last_qty)
    assert fill.liquidity is LastLiquidityInd.AUCTION
    assert fill.transact_ns >= case.close_ns
    assert fill.last_px == desk.state().last_px
    desk.check()


def test_at_the_close_order_after_the_cut_off_is_rejected(desk: Desk, case: MarketCase) -> None:
    venue = auction_of(case)
    desk.run(case.close_ns - case.cutoff_ns + SECOND_NS)
    order = desk.send(500, 0, venue=venue, ord_type=OrdType.MARKET, tif=CLOSE)
    desk.run(case.close_ns + MINUTE_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]


def test_our_trades_are_on_the_tape_marked_as_ours(desk: Desk) -> None:
    desk.send(1, desk.state().ask + 10 * desk.case.tick)
    desk.run(desk.now_ns + MINUTE_NS)
    tape = desk.market.tape(desk.case.instrument_id)
    ours = np.asarray(tape.trade_qty)[np.asarray(tape.trade_own) == 1]
    assert int(ours.sum()) == sum(desk.filled(order) for order in desk.sent) == 1
