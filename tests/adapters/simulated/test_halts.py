"""Halts and pauses of the simulated market: nothing trades, cancels work, and a reopening auction ends them."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, TimeInForce
from sottovoce.core.ports import Tape
from sottovoce.models.happenings import EVERY_NAME, EarningsJump, MarketEvent, TradingHalt, VolatilityBurst
from sottovoce.models.protections.luld_bands import Tier, bands, table_on
from tests.adapters.simulated.names import OPEN_NS, SESSION_NS, TICK, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk

HALT_NS = OPEN_NS + 30 * MINUTE_NS
HALT = TradingHalt(instrument_id="SMALL", at_ns=HALT_NS, duration_ns=10 * MINUTE_NS)
CRASH = EarningsJump(instrument_id="SMALL", at_ns=HALT_NS, move=-0.18)


def market_with(*events: MarketEvent, seed: int = 6) -> SimulatedMarket:
    return SimulatedMarket([name(adv=2e6)], sessions(1), seed, events=events)


def tape_end(tape: Tape) -> int:
    return int(np.asarray(tape.quote_ns)[-1])


def desk_at(at_ns: int, *events: MarketEvent) -> Desk:
    desk = Desk(SIMULATED, market_with(*events))
    desk.run(at_ns)
    return desk


def test_nothing_trades_in_a_halt_and_the_first_print_after_it_is_an_auction() -> None:
    market = market_with(HALT)
    market.advance(OPEN_NS + SESSION_NS)
    tape = market.tape("SMALL")
    at, kind = np.asarray(tape.trade_ns), np.asarray(tape.trade_kind)
    assert not ((at > HALT_NS) & (at < HALT.end_ns)).any()
    first = np.searchsorted(at, HALT.end_ns)
    assert at[first] == HALT.end_ns
    assert kind[first] == 2


def test_the_feed_says_halted_and_then_open() -> None:
    desk = desk_at(HALT_NS + MINUTE_NS, HALT)
    assert desk.state().phase == "halted"
    desk.run(HALT.end_ns + SECOND_NS)
    assert desk.state().phase == "open"
    assert desk.state().bid < desk.state().ask


def test_a_new_order_is_rejected_and_a_resting_one_can_be_canceled() -> None:
    desk = desk_at(HALT_NS - MINUTE_NS, HALT)
    resting = desk.send(100, desk.state().bid - 400 * TICK)
    desk.run(HALT_NS + MINUTE_NS)
    fresh = desk.send(100, desk.state().bid)
    desk.cancel(resting)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(fresh) == [ExecType.REJECTED]
    assert "halted" in desk.last(fresh).text
    assert desk.kinds(resting) == [ExecType.NEW, ExecType.CANCELED]


def test_a_day_order_for_the_reopening_trades_in_it() -> None:
    desk = desk_at(HALT_NS + MINUTE_NS, HALT)
    order = desk.send(200, 0, venue="SIMX", ord_type=OrdType.MARKET, tif=TimeInForce.DAY)
    desk.run(HALT.end_ns + SECOND_NS)
    fills = [report for report in desk.reports[order] if report.last_qty]
    assert sum(fill.last_qty for fill in fills) == 200
    assert {fill.transact_ns for fill in fills} == {HALT.end_ns}
    assert {fill.liquidity for fill in fills} == {LastLiquidityInd.AUCTION}


def test_a_crash_ends_in_a_pause_and_no_trade_is_below_the_band_before_it() -> None:
    market = market_with(CRASH)
    market.advance(HALT_NS)
    opening = int(np.asarray(market.tape("SMALL").trade_px)[0])
    paused_ns = HALT_NS
    while market.states()["SMALL"].phase != "halted" and paused_ns < HALT_NS + 5 * MINUTE_NS:
        paused_ns += SECOND_NS
        market.advance(paused_ns)
    assert market.states()["SMALL"].phase == "halted", "a fall of 12 sigma went through without a pause"
    assert paused_ns - HALT_NS >= 15 * SECOND_NS
    tape = market.tape("SMALL")
    lowest = int(np.asarray(tape.trade_px)[np.asarray(tape.trade_ns) >= HALT_NS].min())
    width = opening - bands(table_on("2026-01-05"), opening, opening, Tier.ONE, doubled=False).lower_px
    assert lowest >= opening - 1.2 * width, "the band follows the mean of five minutes, which has hardly moved"
    market.advance(OPEN_NS + SESSION_NS)
    after = np.asarray(tape.trade_px)[-1]
    assert after > 0


def test_after_a_crash_trading_goes_on_at_the_new_price() -> None:
    market = market_with(CRASH)
    market.advance(HALT_NS)
    before = market.states()["SMALL"].last_px
    market.advance(OPEN_NS + SESSION_NS - MINUTE_NS)
    state = market.states()["SMALL"]
    assert state.phase == "open"
    assert state.bid < 0.9 * before


@pytest.mark.parametrize("events", [(), (HALT,), (CRASH,)])
def test_where_the_market_is_stopped_to_look_changes_nothing(events: tuple[MarketEvent, ...]) -> None:
    once, often = market_with(*events), market_with(*events)
    once.advance(OPEN_NS + SESSION_NS)
    for step in range(1, 400):
        often.advance(OPEN_NS + SESSION_NS * step // 399)
    assert once.tape_digest("SMALL") == often.tape_digest("SMALL")


def test_volatility_doubles_where_it_is_said_to() -> None:
    burst = VolatilityBurst(instrument_id=EVERY_NAME, at_ns=OPEN_NS, duration_ns=SESSION_NS, factor=2.0)
    ranges = []
    for events in ((), (burst,)):
        market = market_with(*events)
        market.advance(OPEN_NS + SESSION_NS - MINUTE_NS)
        tape = market.tape("SMALL")
        grid = np.arange(OPEN_NS, tape_end(tape), 2 * MINUTE_NS)
        at = np.searchsorted(np.asarray(tape.quote_ns), grid, side="right") - 1
        mids = (np.asarray(tape.bid)[at] + np.asarray(tape.ask)[at]) / 2
        ranges.append(float(np.diff(np.log(mids)).std()))
    assert 1.5 < ranges[1] / ranges[0] < 2.6
