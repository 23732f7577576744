"""A real hour of one stock, order by order, with orders of ours waiting in it: what must hold on data not our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.feeds.lobster import read_lobster
from sottovoce.adapters.replay.instrument_replay import ReplayFeed
from sottovoce.adapters.replay.market import OrderReplayMarket
from sottovoce.core.commands import ExecutionReport, VenueMessage
from sottovoce.core.enums import LastLiquidityInd, OrdType, Side
from tests.adapters.replay.feed_maker import CENT, INSTRUMENT, OPEN_NS, SECOND, SESSION, cancel, play, route, send

MIDNIGHT_NS = OPEN_NS - 34_200 * SECOND
FILE = "lobster_nasdaq_itch/AAPL_2012-06-21_0930-1030_message_50.parquet"
NAME = INSTRUMENT.instrument_id
HOUR_S = 3_599.8

Worked = tuple[OrderReplayMarket, list[VenueMessage]]


@pytest.fixture(scope="module")
def worked(market_data: Path) -> Worked:
    """Every half minute 100 shares join each touch and go after 25 seconds; every minute 100 are taken."""
    tape = market(market_data)
    said: list[VenueMessage] = []
    for step in range(118):
        second = 30 + step * 30
        said += play(tape, second)
        state = tape.states()[NAME]
        assert 0 < state.bid < state.ask
        resting = [
            route(f"BID{step}", cents=state.bid // CENT),
            route(f"ASK{step}", side=Side.SELL, cents=state.ask // CENT),
        ]
        for order in resting:
            send(tape, second + 0.001, order)
            cancel(tape, second + 25, order)
        if step % 2:
            send(tape, second + 26, route(f"TAKE{step}", cents=0, ord_type=OrdType.MARKET))
    return tape, said + play(tape, HOUR_S)


def market(data: Path) -> OrderReplayMarket:
    events = read_lobster(data / FILE, midnight_ns=MIDNIGHT_NS)
    return OrderReplayMarket([ReplayFeed(instrument=INSTRUMENT, events=events)], [SESSION])


def shares(said: list[VenueMessage], liquidity: LastLiquidityInd) -> int:
    return sum(each.last_qty for each in said if isinstance(each, ExecutionReport) and each.liquidity is liquidity)


@pytest.mark.data
def test_feed_prints_what_the_file_says_whatever_we_do(worked: Worked) -> None:
    seen = worked[0].tape(NAME)
    real = np.asarray(seen.trade_own) == 0
    qty, px = np.asarray(seen.trade_qty)[real], np.asarray(seen.trade_px)[real]
    assert int(qty.sum()) == 533_629
    assert f"{int((qty * px).sum()) / 533_629 / 1_000_000:.4f}" == "585.9729"


@pytest.mark.data
def test_book_of_the_file_never_crosses_and_knows_all_but_84_orders(market_data: Path) -> None:
    tape = market(market_data)
    play(tape, HOUR_S)
    seen = tape.tape(NAME)
    bid, ask = np.asarray(seen.bid), np.asarray(seen.ask)
    both = (bid > 0) & (ask > 0)
    assert bool((bid[both] < ask[both]).all())
    assert tape._replays[NAME].earlier == 84


@pytest.mark.data
def test_bounds_hold_our_exact_place_between_them(worked: Worked) -> None:
    tape, said = worked
    bounds = tape.fill_bounds()
    assert bounds.orders >= 230
    assert 0 < bounds.through_qty < bounds.queue_qty < bounds.touch_qty < bounds.rested_qty
    assert bounds.queue_qty == shares(said, LastLiquidityInd.ADDED)


@pytest.mark.data
def test_market_orders_find_displayed_depth_for_all_of_themselves(worked: Worked) -> None:
    assert shares(worked[1], LastLiquidityInd.REMOVED) == 59 * 100
