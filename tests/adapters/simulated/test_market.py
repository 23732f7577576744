"""The simulated market as a whole: repeatable, indifferent to being watched, calibrated, and moved by
orders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sottovoce.adapters.simulated import SIM_VENUES, SimulatedMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, Side, TimeInForce, VenueKind
from sottovoce.core.errors import ConfigError, NotFound
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SECOND_NS, SESSION_NS, TICK, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, Desk

END_NS = OPEN_NS + DAY_NS
IOC = TimeInForce.IMMEDIATE_OR_CANCEL


def digest(seed: int, *, step_ns: int = DAY_NS, days: int = 1, look: bool = False) -> str:
    market = SimulatedMarket([name()], sessions(days), seed)
    for until_ns in range(OPEN_NS, OPEN_NS + days * DAY_NS + 1, step_ns):
        assert list(market.advance(until_ns)) == []
        if look:
            market.states()
    return market.tape_digest("SMALL")


def test_same_seed_gives_the_same_tape() -> None:
    assert digest(3) == digest(3)


def test_different_seeds_give_different_tapes() -> None:
    assert len({digest(seed) for seed in range(3)}) == 3


@pytest.mark.parametrize("step_ns", [97 * SECOND_NS, MINUTE_NS])
def test_connected_but_idle_session_is_bit_equal(step_ns: int) -> None:
    assert digest(5, step_ns=step_ns, look=True) == digest(5)


def test_second_session_is_bit_equal_when_idle_too() -> None:
    assert digest(5, step_ns=15 * MINUTE_NS, days=2, look=True) == digest(5, days=2)


def test_rejected_order_leaves_the_market_untouched() -> None:
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 5))
    desk.run(OPEN_NS + MINUTE_NS)
    desk.send(100, 1, venue="NOWHERE")
    desk.send(0, TICK)
    desk.run(END_NS)
    market = desk.market
    assert isinstance(market, SimulatedMarket)
    assert market.tape_digest("SMALL") == digest(5)


def test_our_orders_do_not_shift_the_times_of_the_background() -> None:
    """The paired path keeps every background market order's time; only what it meets differs."""
    quiet = SimulatedMarket([name()], sessions(1), 5)
    quiet.advance(END_NS)
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 5))
    for minute in range(30, 330, 5):
        desk.run(OPEN_NS + minute * MINUTE_NS)
        desk.send(400, desk.state().ask + 5 * TICK, tif=IOC)
    desk.run(END_NS)
    alone, together = quiet.tape("SMALL"), desk.market.tape("SMALL")
    others = np.asarray(together.trade_ns)[np.asarray(together.trade_own) == 0]
    shared = np.isin(others, np.asarray(alone.trade_ns)).mean()
    assert shared > 0.99


def test_two_names_run_together_as_they_run_alone() -> None:
    both = SimulatedMarket([name("A"), name("B", close=20.0)], sessions(1), 5)
    both.advance(END_NS)
    alone = SimulatedMarket([name("B", close=20.0)], sessions(1), 5)
    alone.advance(END_NS)
    assert both.tape_digest("B") == alone.tape_digest("B")
    assert both.tape_digest("A") != both.tape_digest("B")


def test_news_of_two_names_comes_in_order_of_time() -> None:
    market = SimulatedMarket([name("A"), name("B")], sessions(1), 5)
    market.advance(OPEN_NS + MINUTE_NS)
    desks = [Desk(replace(SIMULATED, instrument_id=which), market) for which in "AB"]
    for desk in desks:
        desk.now_ns = OPEN_NS + MINUTE_NS
        desk.send(2_000, desk.state().bid)
    seen: list[int] = []
    while news := market.advance(END_NS):
        times = [message.transact_ns for _, message in news if isinstance(message, ExecutionReport)]
        assert len(set(times)) == 1 or times == sorted(times)
        seen.extend(times)
    assert seen == sorted(seen)
    assert len(seen) > 4


def test_price_carries_over_the_night_with_a_gap() -> None:
    market = SimulatedMarket([name()], sessions(2), 8)
    market.advance(OPEN_NS + SESSION_NS)
    close = market.states()["SMALL"].last_px
    market.advance(OPEN_NS + DAY_NS + SECOND_NS)
    state = market.states()["SMALL"]
    assert state.phase == "open"
    assert 0 < abs((state.bid + state.ask) / 2 / close - 1) < 5 * 0.015


def test_unchanged_state_is_the_same_object() -> None:
    market = SimulatedMarket([name()], sessions(1), 8)
    market.advance(OPEN_NS + MINUTE_NS)
    assert market.states()["SMALL"] is market.states()["SMALL"]


def test_venues_are_four_lit_two_pools_a_network_and_auctions_with_distinct_terms() -> None:
    kinds = [facts.kind for facts in SIM_VENUES]
    assert kinds.count(VenueKind.LIT) == 4
    assert (kinds.count(VenueKind.DARK), kinds.count(VenueKind.AUCTION)) == (3, 1)
    lit = [facts for facts in SIM_VENUES if facts.kind is VenueKind.LIT]
    assert len({facts.latency_ns for facts in lit}) == 4
    assert any(facts.take_fee < 0 < facts.make_fee for facts in lit), "none is inverted"
    assert any(facts.make_fee < 0 < facts.take_fee for facts in lit), "none is maker-taker"


def test_no_sessions_and_unknown_names_are_refused() -> None:
    with pytest.raises(ConfigError):
        SimulatedMarket([name()], [], 1)
    with pytest.raises(NotFound):
        SimulatedMarket([name()], sessions(1), 1).tape("OTHER")


def test_order_for_an_unknown_instrument_is_rejected() -> None:
    desk = Desk(SIMULATED, SimulatedMarket([name("OTHER")], sessions(1), 1))
    order = desk.send(100, 50 * 100 * TICK)
    desk.run(OPEN_NS + MINUTE_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]


def test_stale_bid_is_hit_when_the_market_falls_through_it() -> None:
    """Adverse selection: a bid left behind by a falling price is filled, mostly by providers, at its own
    price."""
    desk = Desk(SIMULATED, SimulatedMarket([name(sigma=0.04)], sessions(1), 2))
    desk.run(OPEN_NS + MINUTE_NS)
    low = desk.state().bid - 20 * TICK
    order = desk.send(3_000, low)
    lowest = low + TICK
    while desk.now_ns < OPEN_NS + SESSION_NS - MINUTE_NS:
        desk.run(desk.now_ns + MINUTE_NS)
        lowest = min(lowest, desk.state().ask)
        assert desk.state().bid < desk.state().ask
    assert lowest < low - 20 * TICK, "the path never fell through the order: choose another seed"
    assert desk.filled(order) == 3_000
    assert {report.last_px for report in desk.reports[order] if report.last_qty} == {low}


@pytest.mark.parametrize("venue", ["SIMA", "SIMB", "SIMC", "SIME"])
def test_our_sell_never_meets_our_bid(venue: str) -> None:
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 1))
    desk.run(OPEN_NS + MINUTE_NS)
    desk.send(50_000, desk.state().bid)
    desk.run(desk.now_ns + SECOND_NS)
    order = desk.send(1_000, desk.state().bid, side=Side.SELL, venue=venue)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.CANCELED]
    assert "own order" in desk.last(order).text
    assert desk.state().bid < desk.state().ask


def test_back_of_the_queue_fills_later_than_the_front() -> None:
    """The front is a price nobody else bids; the back is behind the whole displayed touch."""
    waits = []
    for improve in (0, 1):
        desk = Desk(SIMULATED, SimulatedMarket([name(spread_bps=10.0)], sessions(1), 4))
        total = 0
        for minute in range(10, 370, 3):
            desk.run(OPEN_NS + minute * MINUTE_NS)
            order = desk.send(100, desk.state().bid + improve * TICK)
            desk.run(desk.now_ns + 20 * SECOND_NS)
            total += desk.filled(order)
            desk.cancel(order)
        waits.append(total)
    assert waits[1] > waits[0] > 0


def test_a_fill_or_kill_order_takes_all_or_nothing() -> None:
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 2))
    desk.run(OPEN_NS + MINUTE_NS)
    ask = desk.state().ask
    small = desk.send(1, ask + 20 * TICK, tif=TimeInForce.FILL_OR_KILL)
    large = desk.send(50_000_000, ask + 20 * TICK, tif=TimeInForce.FILL_OR_KILL)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.filled(small) == 1
    assert desk.kinds(large) == [ExecType.NEW, ExecType.CANCELED]
    assert desk.filled(large) == 0
    assert "or none" in desk.last(large).text


def test_finished_sessions_leave_the_tape_when_they_are_not_kept() -> None:
    kept, whole = (SimulatedMarket([name()], sessions(3), 2, sessions_kept=n) for n in (0, None))
    for market in (kept, whole):
        market.advance(sessions(3)[2].close_ns)
    short, long = kept.tape("SMALL"), whole.tape("SMALL")
    assert np.asarray(short.trade_ns)[0] >= sessions(3)[2].open_ns
    tail = len(np.asarray(short.trade_ns))
    assert np.asarray(long.trade_ns)[-tail:].tolist() == np.asarray(short.trade_ns).tolist()
    assert kept.states()["SMALL"].volume == whole.states()["SMALL"].volume
