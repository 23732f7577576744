"""How orders fare against a tape that does not notice them, told with small tapes."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import LastLiquidityInd, OrdStatus, OrdType, Side, TimeInForce, VenueKind
from sottovoce.core.errors import NotFound
from sottovoce.core.market import MarketView, Quote, Unusable
from sottovoce.core.orders import Route
from tests.adapters.tape.synthetic import (
    INSTRUMENT,
    LATENCY_NS,
    at,
    cancel,
    day,
    fills,
    kinds,
    market,
    px,
    route,
    routed,
    run,
    session_on,
)

CLOSE_S = 23_400.0
TOUCH = [(-60.0, 10.00, 300, 10.02, 200)]
IOC = TimeInForce.IMMEDIATE_OR_CANCEL
AT_CLOSE = TimeInForce.AT_THE_CLOSE


# on arrival ------------------------------------------------------------------------------------------


def test_order_arrives_after_the_latency_and_its_news_takes_as_long() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(price=10.02)), at(10))
    assert tape.advance(at(10)) == ()
    news = tape.advance(at(11))
    assert [arrival for arrival, _ in news] == [at(10) + 2 * LATENCY_NS] * 2
    assert kinds([message for _, message in news]) == ["new", "trade"]
    assert {message.transact_ns for _, message in news if isinstance(message, ExecutionReport)} == {at(10) + LATENCY_NS}


def test_taker_gets_the_displayed_size_at_the_touch_and_no_more() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(qty=500, price=10.05, tif=IOC)), at(10))
    said = run(tape)
    assert kinds(said) == ["new", "trade", "canceled"]
    assert [(qty, price) for _, qty, price in fills(said)] == [(200, 10.02)]
    trade = said[1]
    assert isinstance(trade, ExecutionReport)
    assert (trade.liquidity, trade.leaves_qty) == (LastLiquidityInd.REMOVED, 300)


def test_seller_takes_the_bid() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(side=Side.SELL, qty=100, ord_type=OrdType.MARKET, price=0)), at(10))
    assert [(qty, price) for _, qty, price in fills(run(tape))] == [(100, 10.00)]


def test_displayed_size_is_taken_once() -> None:
    tape = market(TOUCH, [])
    for name in "AB":
        tape.send(routed(route(name, qty=150, price=10.02, tif=IOC)), at(10))
    assert [qty for _, qty, _ in fills(run(tape))] == [150, 50]
    assert tape.states()[INSTRUMENT.instrument_id].ask_size == 0


def test_new_price_is_new_size_and_the_same_price_is_not() -> None:
    rows = [*TOUCH, (20, 10.00, 300, 10.02, 260), (30, 10.00, 300, 10.03, 100), (31, 10.00, 300, 10.02, 90)]
    tape = market(rows, [])
    for name, seconds in (("A", 10.0), ("B", 25.0), ("C", 40.0)):
        tape.send(routed(route(name, qty=1000, price=10.02, tif=IOC)), at(seconds))
    assert [qty for _, qty, _ in fills(run(tape))] == [200, 60, 90]


def test_size_that_shrank_and_came_back_is_new() -> None:
    rows = [*TOUCH, (20, 10.00, 300, 10.02, 50), (21, 10.00, 300, 10.02, 120)]
    tape = market(rows, [])
    for name, seconds in (("A", 10.0), ("B", 25.0)):
        tape.send(routed(route(name, qty=1000, price=10.02, tif=IOC)), at(seconds))
    assert [qty for _, qty, _ in fills(run(tape))] == [200, 70]


def test_crossed_quote_is_not_traded_with() -> None:
    tape = market([(-60, 10.03, 300, 10.02, 200)], [])
    tape.send(routed(route(price=10.05, tif=IOC)), at(10))
    assert kinds(run(tape)) == ["new", "canceled"]


def test_market_order_never_rests() -> None:
    tape = market(TOUCH, [(20, 10.00, 9_000, "N", 1)])
    tape.send(routed(route(qty=500, ord_type=OrdType.MARKET, price=0)), at(10))
    assert kinds(run(tape)) == ["new", "trade", "canceled"]


# cancels and refusals --------------------------------------------------------------------------------


def test_cancel_ends_the_order_and_a_second_one_is_too_late() -> None:
    tape = market(TOUCH, [(20, 9.99, 60, "N", 1)])
    order = route()
    tape.send(routed(order), at(10))
    tape.send(cancel(order), at(15))
    tape.send(cancel(order), at(16))
    said = run(tape)
    assert kinds(said) == ["new", "canceled", "cancel_reject"]
    assert isinstance(said[-1], CancelReject)
    assert (said[-1].ord_status, said[-1].text) == (OrdStatus.CANCELED, "too late to cancel: the order is canceled")


def test_fill_on_the_way_beats_the_cancel() -> None:
    tape = market(TOUCH, [(15.0002, 9.99, 100, "N", 1)])
    order = route()
    tape.send(routed(order), at(10))
    tape.send(cancel(order), at(15))
    assert kinds(run(tape)) == ["new", "trade", "cancel_reject"]


def test_message_at_the_close_comes_before_the_end_of_day() -> None:
    tape = market(TOUCH, [])
    order = route()
    tape.send(routed(order), at(10))
    tape.send(cancel(order), at(CLOSE_S) - LATENCY_NS)
    assert kinds(run(tape)) == ["new", "canceled"]


def test_cancel_of_an_unknown_order_is_rejected() -> None:
    tape = market(TOUCH, [])
    tape.send(cancel(route("nobody")), at(10))
    assert kinds(run(tape)) == ["cancel_reject"]


def test_second_delivery_of_an_order_has_no_effect() -> None:
    tape = market(TOUCH, [])
    for _ in range(2):
        tape.send(routed(route(qty=50, price=10.02)), at(10))
    assert kinds(run(tape)) == ["new", "trade"]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (route(qty=0), "above zero"),
        (route(price=-1), "above zero"),
        (route(price=10.005), "not a multiple of the tick 10000"),
        (route(qty=99, venue="TAPE-DARK", ord_type=OrdType.PEGGED), "below the minimum of 100"),
    ],
)
def test_order_that_cannot_be_is_rejected_with_the_figures(order: Route, text: str) -> None:
    tape = market(TOUCH, [])
    tape.send(routed(order), at(10))
    said = run(tape)
    assert kinds(said) == ["rejected"]
    assert text in said[0].text


def test_day_without_a_tick_rule_has_no_tick_check() -> None:
    unruled = msgspec.structs.replace(INSTRUMENT, ticks=())
    tape = ReplayedMarket(unruled, [day(TOUCH, [])])
    tape.send(routed(route(price=9.995)), at(10))
    assert kinds(run(tape, 20)) == ["new"]


@pytest.mark.parametrize(
    ("venue", "ord_type", "tif", "seconds", "text"),
    [
        ("TAPE", OrdType.LIMIT, TimeInForce.DAY, -10, "closed"),
        ("TAPE", OrdType.LIMIT, TimeInForce.DAY, CLOSE_S, "closed"),
        ("NOWHERE", OrdType.LIMIT, TimeInForce.DAY, 10, "does not trade"),
        ("TAPE", OrdType.PEGGED, TimeInForce.DAY, 10, "no pegged"),
        ("TAPE", OrdType.LIMIT, AT_CLOSE, 10, "no orders that are at_the_close"),
        ("TAPE-CLOSE", OrdType.LIMIT, TimeInForce.DAY, 10, "no orders that are day"),
        ("TAPE-CLOSE", OrdType.LIMIT, AT_CLOSE, CLOSE_S - 599, "this close to the auction"),
    ],
)
def test_what_a_venue_would_not_take_is_rejected_with_the_reason(
    venue: str, ord_type: OrdType, tif: TimeInForce, seconds: float, text: str
) -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(venue=venue, ord_type=ord_type, tif=tif)), at(seconds))
    said = run(tape)
    assert kinds(said) == ["rejected"]
    assert text in said[0].text


# what the feed says ----------------------------------------------------------------------------------


def test_state_is_the_last_row_and_ages_with_the_tape() -> None:
    prints = [(20, 10.01, 40, "N", 1), (25, 10.50, 10, "N", 0x100000)]
    tape = market([*TOUCH, (30, 10.01, 50, 10.02, 60)], prints)
    tape.advance(at(26))
    state = tape.states()[INSTRUMENT.instrument_id]
    assert (state.bid, state.ask, state.bid_size, state.ask_size) == (px(10.00), px(10.02), 300, 200)
    assert (state.last_px, state.volume, state.quoted_ns, state.seq) == (px(10.01), 50, at(25), 3)
    assert [(quote.venue, quote.bid_size) for quote in state.venues] == [
        ("TAPE", 300),
        ("TAPE-CLOSE", 0),
        ("TAPE-DARK", 0),
    ]
    view = MarketView(at(26), tape.states(), max_age_ns=10**9)
    assert isinstance(view.quote(INSTRUMENT.instrument_id), Quote)
    late = MarketView(at(27), tape.states(), max_age_ns=10**9)
    quote = late.quote(INSTRUMENT.instrument_id)
    assert isinstance(quote, Unusable)
    assert quote.code == "stale_quote"


def test_before_the_first_row_there_is_no_price() -> None:
    tape = market([(5, 10.00, 1, 10.02, 1)], [(6, 10.00, 1, "N", 1)])
    tape.advance(at(1))
    state = tape.states()[INSTRUMENT.instrument_id]
    assert (state.bid, state.last_px, state.volume, state.quoted_ns, state.seq) == (0, 0, 0, 0, 0)


def test_phase_is_open_from_the_open_to_before_the_close() -> None:
    tape = market(TOUCH, [])
    seen = []
    for seconds in (-1.0, 0.0, CLOSE_S - 0.001, CLOSE_S):
        tape.advance(at(seconds))
        seen.append(tape.states()[INSTRUMENT.instrument_id].phase)
    assert seen == ["closed", "open", "open", "closed"]


def test_volume_is_the_tapes_and_ours() -> None:
    tape = market(TOUCH, [(20, 9.99, 60, "N", 1)])
    tape.send(routed(route()), at(10))
    run(tape, 30)
    assert tape.states()[INSTRUMENT.instrument_id].volume == 120


def test_tape_marks_our_prints_and_leaves_the_real_ones_alone() -> None:
    prints = [(5, 10.01, 10, "N", 1), (20, 9.99, 60, "N", 1), (21, 9.9, 7, "Q", 0x4000000), (22, 10.0, 8, "D", 1)]
    tape = market(TOUCH, prints)
    tape.send(routed(route()), at(10))
    run(tape, 21.5)
    said = tape.tape(INSTRUMENT.instrument_id)
    assert np.asarray(said.trade_ns).tolist() == [at(5), at(20), at(20)]
    assert np.asarray(said.trade_px).tolist() == [px(10.01), px(9.99), px(10.00)]
    assert np.asarray(said.trade_own).tolist() == [0, 0, 1]
    assert np.asarray(said.quote_ns).size == 1
    run(tape, 23)
    assert np.asarray(tape.tape(INSTRUMENT.instrument_id).trade_kind).tolist() == [0, 0, 0, 1]
    with pytest.raises(NotFound):
        tape.tape("XNAS:OTHER")


def test_own_trades_never_enter_the_tapes_own_average() -> None:
    tape = market(TOUCH, [(20, 9.99, 60, "N", 1), (CLOSE_S + 1, 12.0, 600, "N", 0x80)])
    before = tape.summaries()
    tape.send(routed(route()), at(10))
    run(tape)
    assert tape.summaries() == before
    assert before[0].vwap == pytest.approx(9.99, abs=1e-12)
    assert "closing auction excluded" in before[0].definition


def test_sessions_follow_each_other() -> None:
    first, second = session_on(0), session_on(1)
    days = [day(TOUCH, [(20, 10.0, 50, "N", 1)], first), day(TOUCH, [(20, 9.99, 70, "N", 1)], second)]
    tape = ReplayedMarket(INSTRUMENT, list(reversed(days)))
    tape.send(routed(route("A")), first.open_ns + 10**10)
    tape.send(routed(route("B")), second.open_ns + 10**10)
    said = run(tape, 86_400 + CLOSE_S)
    assert kinds(said) == ["new", "expired", "new", "trade", "expired"]
    assert [summary.date for summary in tape.summaries()] == ["2013-10-09", "2013-10-08"]


def test_venues_are_one_of_each_kind_in_order() -> None:
    facts = market(TOUCH, []).venues()
    assert [venue.venue for venue in facts] == ["TAPE", "TAPE-CLOSE", "TAPE-DARK"]
    assert [venue.kind for venue in facts] == [VenueKind.LIT, VenueKind.AUCTION, VenueKind.DARK]
