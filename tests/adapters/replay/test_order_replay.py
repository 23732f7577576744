"""The order-by-order replay as a market: depth taken once, halts, refusals in words, several names in one time."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.adapters.replay.instrument_replay import ReplayFeed
from sottovoce.adapters.replay.market import OrderReplayMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound
from sottovoce.core.orders import Route
from sottovoce.models.mbo import events as mbo
from tests.adapters.replay.feed_maker import (
    CENT,
    INSTRUMENT,
    QUIET,
    SESSION,
    at,
    buys,
    event,
    events,
    executed,
    fills,
    gone,
    hidden,
    kinds,
    market,
    play,
    route,
    sells,
    send,
)

IOC, FOK = TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL


def text_of(tape: OrderReplayMarket) -> str:
    """Why the last thing said was said."""
    return play(tape)[-1].text


def test_marketable_order_takes_real_orders_level_by_level_each_at_its_price() -> None:
    tape = market(sells(1, 5, 10_001, 70))
    send(tape, 2, route(qty=350, cents=10_002))
    assert fills(play(tape)) == [("A", 2.0, 200, 10_001), ("A", 2.0, 70, 10_001), ("A", 2.0, 80, 10_002)]


def test_limit_stops_the_taking_and_the_rest_waits() -> None:
    tape = market()
    send(tape, 2, route(qty=350, cents=10_001))
    said = play(tape, 10)
    assert kinds(said) == ["new", "trade"]
    assert tape.queue_before("A") == ()


def test_what_we_took_is_not_there_again_until_new_orders_come() -> None:
    tape = market(sells(5, 5, 10_001, 30))
    send(tape, 2, route("A", qty=200, cents=10_001, tif=IOC))
    send(tape, 3, route("B", qty=200, cents=10_001, tif=IOC))
    send(tape, 6, route("C", qty=200, cents=10_001, tif=IOC))
    said = play(tape)
    assert fills(said) == [("A", 2.0, 200, 10_001), ("C", 6.0, 30, 10_001)]


def test_quote_is_less_what_we_took_and_the_next_level_when_all_of_one_is() -> None:
    tape = market()
    send(tape, 2, route("A", qty=50, cents=10_001, tif=IOC))
    play(tape, 2.5)
    state = tape.states()["XNAS:TST"]
    assert (state.bid, state.bid_size, state.ask, state.ask_size) == (9_999 * CENT, 300, 10_001 * CENT, 150)
    send(tape, 3, route("B", qty=150, cents=10_001, tif=IOC))
    play(tape, 3.5)
    state = tape.states()["XNAS:TST"]
    assert (state.ask, state.ask_size) == (10_002 * CENT, 400)


def test_real_execution_of_an_order_we_took_from_leaves_the_rest_of_it_to_the_feed() -> None:
    tape = market(executed(3, 3, 10_001, 120))
    send(tape, 2, route("A", qty=150, cents=10_001, tif=IOC))
    send(tape, 4, route("B", qty=150, cents=10_001, tif=IOC))
    assert fills(play(tape)) == [("A", 2.0, 150, 10_001)]


def test_fill_or_kill_is_all_or_nothing() -> None:
    tape = market()
    send(tape, 2, route("A", qty=601, cents=10_002, tif=FOK))
    send(tape, 3, route("B", qty=600, cents=10_002, tif=FOK))
    said = play(tape)
    assert kinds(said) == ["new", "canceled", "new", "trade", "trade"]
    assert sum(fill[2] for fill in fills(said)) == 600


def test_minimum_quantity_of_an_immediate_order_is_kept() -> None:
    tape = market()
    send(tape, 2, route("A", qty=500, cents=10_001, tif=IOC, min_qty=201))
    send(tape, 3, route("B", qty=500, cents=10_001, tif=IOC, min_qty=200))
    assert fills(play(tape)) == [("B", 3.0, 200, 10_001)]


def test_market_order_takes_any_depth_and_never_waits() -> None:
    tape = market()
    send(tape, 2, route(qty=1_000, cents=0, ord_type=OrdType.MARKET))
    said = play(tape)
    assert kinds(said) == ["new", "trade", "trade", "canceled"]
    assert "nothing more to trade with" in said[-1].text


def test_post_only_rests_or_is_canceled() -> None:
    tape = market()
    send(tape, 2, route("A", cents=10_001, post_only=True))
    send(tape, 3, route("B", cents=10_000, post_only=True))
    said = play(tape, 10)
    assert kinds(said) == ["new", "canceled", "new"]
    assert said[1].text == "would take liquidity"


def test_our_orders_never_trade_with_each_other() -> None:
    tape = market(sells(1, 5, 10_000, 40))
    send(tape, 2, route("SELL", side=Side.SELL, qty=100, cents=10_001))
    send(tape, 3, route("BUY", qty=500, cents=10_002))
    said = play(tape, 10)
    assert fills(said) == [("BUY", 3.0, 40, 10_000)]
    assert said[-1].text == "would trade with your own order"


REFUSED = {
    "halted": (route(), "is halted"),
    "hidden": (route(display_qty=0), "no hidden or reserve orders"),
    "reserve": (route(display_qty=10), "no hidden or reserve orders"),
    "opening": (route(tif=TimeInForce.AT_THE_OPENING), "the opening"),
    "closing": (route(tif=TimeInForce.AT_THE_CLOSE), "at-the-close"),
    "pegged": (route(ord_type=OrdType.PEGGED), "pegged"),
    "resting_minimum": (route(min_qty=50), "minimum quantity"),
    "post_only_ioc": (route(tif=IOC, post_only=True), "only adds liquidity"),
    "instrument": (route(instrument_id="XNAS:NONE"), "XNAS:NONE does not trade in this replay"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_order_the_replay_cannot_take_is_refused_in_words(name: str) -> None:
    order, says = REFUSED[name]
    halt = event(1, mbo.STATE, qty=mbo.HALTED)
    tape = market(*([halt] if name == "halted" else []))
    send(tape, 2, order)
    assert says in text_of(tape)


def test_halt_is_a_phase_and_ends() -> None:
    tape = market(event(1, mbo.STATE, qty=mbo.HALTED), event(3, mbo.STATE, qty=mbo.TRADING))
    phases = []
    for second in (0.5, 1.5, 3.5):
        play(tape, second)
        phases.append(tape.states()["XNAS:TST"].phase)
    assert phases == ["open", "halted", "open"]


def test_feed_that_starts_over_leaves_nobody_before_us() -> None:
    tape = market(event(3, mbo.CLEAR), buys(4, 5, 9_999, 100), executed(5, 5, 9_999, 80))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == [("A", 5.0, 80, 9_999)]


def test_cross_is_on_the_tape_and_fills_nobody() -> None:
    tape = market(event(3, mbo.CROSS, cents=9_000, qty=5_000))
    send(tape, 2, route(qty=150))
    assert fills(play(tape)) == []
    seen = tape.tape("XNAS:TST")
    assert (np.asarray(seen.trade_kind).tolist(), np.asarray(seen.trade_qty).tolist()) == ([2], [5_000])


def test_tape_says_who_bought_and_which_prints_are_ours() -> None:
    tape = market(executed(3, 1, 9_999, 10), hidden(4, -1, 10_000, 20))
    send(tape, 5, route(qty=30, cents=10_001, tif=IOC))
    play(tape)
    seen = tape.tape("XNAS:TST")
    assert np.asarray(seen.trade_side).tolist() == [-1, 1, 1]
    assert np.asarray(seen.trade_own).tolist() == [0, 0, 1]
    assert np.asarray(seen.bid_size).tolist()[-2:] == [290, 290]
    assert np.asarray(seen.ask_size).tolist()[-2:] == [200, 170]


OTHER = msgspec.structs.replace(INSTRUMENT, instrument_id="XNAS:OTH", symbol="OTH US")


def both(*rows: mbo.Row, other: tuple[mbo.Row, ...]) -> OrderReplayMarket:
    feeds = [
        ReplayFeed(instrument=INSTRUMENT, events=[events(*QUIET, *rows)]),
        ReplayFeed(instrument=OTHER, events=[events(*QUIET, *other)]),
    ]
    return OrderReplayMarket(feeds, [SESSION])


def test_news_of_several_names_comes_in_order_of_time_and_no_name_runs_ahead() -> None:
    tape = both(executed(4, 2, 9_998, 10), gone(9, 1), other=(executed(3, 2, 9_998, 10), executed(5, 2, 9_998, 10)))
    send(tape, 1, route("A"))
    send(tape, 1, route("B", instrument_id="XNAS:OTH"))
    heard = []
    while news := tape.advance(at(20)):
        heard += [message.cl_ord_id for _, message in news if isinstance(message, ExecutionReport) and message.last_qty]
        first = news[0][1]
        assert isinstance(first, ExecutionReport)
        now_ns = first.transact_ns
        assert all(state.quoted_ns <= now_ns for state in tape.states().values())
    assert heard == ["B", "A", "B"]


def test_replay_without_feeds_or_sessions_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least one feed and one session"):
        OrderReplayMarket([], [SESSION])


def test_tape_of_another_instrument_is_not_found() -> None:
    with pytest.raises(NotFound, match="XNAS:OTH is not in this replay"):
        market().tape("XNAS:OTH")


BROKEN = {
    "twice": ((buys(1, 1, 9_990, 10),), "order 1 enters an order that stands already"),
    "back": ((gone(2, 1), gone(1, 2)), "Event 6 of TST US is earlier"),
    "no_shares": ((buys(1, 9, 9_990, 0),), "order 9 has a quantity that is not above 0"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_feed_that_contradicts_itself_stops_the_replay(name: str) -> None:
    rows, says = BROKEN[name]
    tape = market(*rows)
    with pytest.raises(MalformedMessage, match=says):
        play(tape)


def test_second_session_takes_new_orders_and_the_first_ends_the_old() -> None:
    day_ns = 86_400 * 1_000_000_000
    second = msgspec.structs.replace(
        SESSION, date="2012-06-22", open_ns=SESSION.open_ns + day_ns, close_ns=SESSION.close_ns + day_ns
    )
    feed = ReplayFeed(instrument=INSTRUMENT, events=[events(*QUIET, executed(86_400 + 9, 2, 9_998, 10))])
    tape = OrderReplayMarket([feed], [SESSION, second])
    first: Route = route("A")
    send(tape, 2, first)
    send(tape, 86_400 + 2, route("B"))
    said = play(tape, 86_400 + 23_500)
    assert kinds(said) == ["new", "expired", "new", "trade", "expired"]
