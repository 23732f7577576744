"""A real day replayed with an order working in it: what must hold when the tape is not of our making."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.tape.loader import load_day
from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.core.commands import ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, TimeInForce
from tests.adapters.tape.synthetic import INSTRUMENT, SECOND, cancel, new_york_session, route, routed

MINUTE_NS = 60 * SECOND
Said = list[VenueMessage]


@pytest.fixture(scope="module")
def worked(market_data: Path) -> tuple[ReplayedMarket, Said]:
    """IBM of 2013-10-08: each minute 200 shares at the bid, 200 at the mid, 100 taken, and the rest at the close."""
    session = new_york_session("20131008")
    tape = ReplayedMarket(INSTRUMENT, [load_day(market_data / "us_equity_taq_ticks", "IBM", session)])
    said: Said = []
    close = route("close", qty=50_000, venue="TAPE-CLOSE", ord_type=OrdType.MARKET, tif=TimeInForce.AT_THE_CLOSE)
    tape.send(routed(close), session.open_ns)
    for minute in range(389):
        now_ns = session.open_ns + minute * MINUTE_NS + 30 * SECOND
        said += play(tape, now_ns)
        state = tape.states()[INSTRUMENT.instrument_id]
        assert 0 < state.bid <= state.ask
        bid, ask = state.bid / 1e6, state.ask / 1e6
        rests = route(f"bid{minute}", qty=200, price=bid)
        pegged = route(f"mid{minute}", qty=200, price=ask, venue="TAPE-DARK", ord_type=OrdType.PEGGED, min_qty=100)
        takes = route(f"take{minute}", qty=100, price=ask, tif=TimeInForce.IMMEDIATE_OR_CANCEL)
        for order in (rests, pegged, takes):
            tape.send(routed(order), now_ns)
        for order in (rests, pegged):
            tape.send(cancel(order), now_ns + 50 * SECOND)
    return tape, said + play(tape, session.close_ns + 240 * MINUTE_NS)


def play(tape: ReplayedMarket, until_ns: int) -> Said:
    said: Said = []
    while news := tape.advance(until_ns):
        said += [message for _, message in news]
    return said


def traded(said: Said, liquidity: LastLiquidityInd) -> list[ExecutionReport]:
    reports = [message for message in said if isinstance(message, ExecutionReport)]
    return [message for message in reports if message.exec_type is ExecType.TRADE and message.liquidity is liquidity]


@pytest.mark.data
def test_our_fills_do_not_touch_the_tapes_own_figures(worked: tuple[ReplayedMarket, Said]) -> None:
    summary = worked[0].summaries()[0]
    assert f"{summary.vwap:.4f}" == "179.8697"
    assert summary.shares == 5_562_416


@pytest.mark.data
def test_each_way_of_trading_trades(worked: tuple[ReplayedMarket, Said]) -> None:
    shares = {kind: sum(message.last_qty for message in traded(worked[1], kind)) for kind in LastLiquidityInd}
    assert min(shares.values()) > 0
    assert shares[LastLiquidityInd.REMOVED] <= 389 * 100


@pytest.mark.data
def test_auction_fill_is_a_tenth_of_the_closing_print_at_its_price(worked: tuple[ReplayedMarket, Said]) -> None:
    fill = traded(worked[1], LastLiquidityInd.AUCTION)
    assert [(message.last_qty, message.last_px) for message in fill] == [(26_294, 178_720_000)]


@pytest.mark.data
def test_bounds_hold_the_queue_model_between_them(worked: tuple[ReplayedMarket, Said]) -> None:
    bounds = worked[0].fill_bounds()
    assert bounds.orders == 389
    assert 0 < bounds.through_qty < bounds.queue_qty < bounds.touch_qty < bounds.rested_qty


@pytest.mark.data
def test_tape_is_the_real_one_and_ours(worked: tuple[ReplayedMarket, Said]) -> None:
    tape, said = worked
    seen = tape.tape(INSTRUMENT.instrument_id)
    own = np.asarray(seen.trade_own) == 1
    qty = np.asarray(seen.trade_qty)
    assert int(qty[~own].sum()) == 5_562_416
    assert int(qty[own].sum()) == sum(message.last_qty for message in said if isinstance(message, ExecutionReport))
    assert bool((np.diff(np.asarray(seen.trade_ns)) >= 0).all())
