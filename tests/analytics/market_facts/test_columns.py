"""Sessions cut from a tape: nothing of one reaches into the next."""

from __future__ import annotations

import numpy as np

from sottovoce.analytics.market_facts.columns import (
    cut_sessions,
    held_seconds,
    log_mids,
    log_trade_prices,
    mids_at,
    time_averages,
)
from sottovoce.core.ports import Tape
from tests.analytics.market_facts.synthetic import CLOSE_NS, OPEN_NS, SECOND, seconds, session

DAY_NS = 86_400 * SECOND


def test_quotes_and_prints_of_a_session_stay_in_it() -> None:
    times = np.array([OPEN_NS - 1, OPEN_NS, CLOSE_NS, CLOSE_NS + 1, OPEN_NS + DAY_NS])
    level = np.array([1, 2, 3, 4, 5])
    tape = Tape(
        instrument_id="X",
        quote_ns=times,
        bid=level,
        ask=level + 1,
        trade_ns=times,
        trade_px=level,
        trade_qty=level,
        trade_own=level * 0,
        trade_kind=np.array([0, 0, 0, 2, 0]),
    )
    first, second = cut_sessions(tape, [(OPEN_NS, CLOSE_NS), (OPEN_NS + DAY_NS, CLOSE_NS + DAY_NS)], 1)
    assert first.bid.tolist() == [2, 3]
    assert first.trade_px.tolist() == [2, 3, 4], "the closing auction prints after the close"
    assert second.bid.tolist() == second.trade_px.tolist() == [5]
    assert first.bid_size is None


def test_one_sided_and_crossed_quotes_are_no_prices() -> None:
    times = seconds(1, 2, 3, 4)
    tape = Tape(
        instrument_id="X",
        quote_ns=times,
        bid=np.array([10, 0, 12, 11]),
        ask=np.array([12, 12, 11, 11]),
        trade_ns=times[:0],
        trade_px=times[:0],
        trade_qty=times[:0],
        trade_own=times[:0],
        trade_kind=times[:0],
    )
    assert cut_sessions(tape, [(OPEN_NS, CLOSE_NS)], 1)[0].bid.tolist() == [10, 11]


def test_mid_holds_until_the_next_quote_and_is_unknown_before_the_first() -> None:
    day = session(quote_ns=seconds(10, 20), bid=np.array([98, 100]), ask=np.array([102, 104]))
    found = mids_at(day, seconds(9, 10, 19.9, 20, 5000))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [100, 100, 102, 102]
    assert log_mids(day, 10).size == 2340, "the grid begins with the first quote"


def test_last_lit_price_ignores_auctions_and_off_exchange_prints() -> None:
    prints = seconds(0, 60, 120)
    day = session(trade_ns=prints, trade_px=np.array([100, 200, 300]), trade_kind=np.array([0, 1, 2]))
    assert set(np.round(np.exp(log_trade_prices(day, 60))).tolist()) == {100.0}


def test_last_quote_stands_until_the_close() -> None:
    day = session(quote_ns=seconds(0, 60), bid=np.array([1, 1]), ask=np.array([2, 2]))
    assert held_seconds(day).tolist() == [60.0, 6.5 * 3600 - 60]


def test_time_average_weighs_by_how_long_a_quote_stood() -> None:
    day = session(quote_ns=seconds(10, 17.5, 25), bid=np.array([1, 1, 1]), ask=np.array([2, 2, 2]))
    found = time_averages(day, np.array([2.0, 4.0, 8.0]), seconds(0, 10, 20, 30))
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1:], [0.75 * 2 + 0.25 * 4, 0.5 * 4 + 0.5 * 8])
