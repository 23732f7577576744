"""What a tape says of its day: small tapes worked by hand, and the published figures of real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.tape.conditions import CLOSING_PRINT, OPENING_PRINT, is_price_forming, is_trade
from sottovoce.adapters.tape.day import DayTape
from sottovoce.adapters.tape.figures import auction, summarise, tape_vwap
from sottovoce.adapters.tape.loader import load_day, load_trades
from sottovoce.adapters.tape.quote_figures import quote_figures
from sottovoce.core.errors import ModelError
from tests.adapters.tape.synthetic import SESSION, day, new_york_session, quotes, trades

CLOSE_S = 23_400.0


def test_vwap_counts_regular_hours_and_leaves_official_values_and_the_closing_auction_out() -> None:
    rows = trades(
        [
            (-1, 50.0, 100, "P", 0x2000),
            (0, 10.0, 100, "N", OPENING_PRINT),
            (1, 11.0, 100, "D", 1),
            (2, 99.0, 100, "Q", 0x4000000),
            (CLOSE_S - 1, 12.0, 200, "N", 1),
            (CLOSE_S - 0.5, 99.0, 500, "N", CLOSING_PRINT),
            (CLOSE_S, 99.0, 100, "N", 1),
        ]
    )
    assert tape_vwap(rows, SESSION) == pytest.approx((10 + 11 + 2 * 12) / 4, abs=1e-12)


def test_vwap_of_a_day_without_trades_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        tape_vwap(trades([(-1, 50.0, 100, "P", 1)]), SESSION)
    assert caught.value.code == "tape_no_volume"


def test_auction_is_that_of_the_venue_with_most_shares() -> None:
    rows = [(0, 10.0, 300, "N", 0x40), (0, 10.2, 100, "N", 0x40), (1, 9.0, 350, "Q", 0x40)]
    figures = auction(trades(rows), OPENING_PRINT, 1_000_000)
    assert figures is not None
    assert (figures.exchange, figures.qty) == ("N", 400)
    assert figures.px == pytest.approx(10.05, abs=1e-12)
    assert auction(trades(rows), CLOSING_PRINT) is None


def test_spread_is_weighted_by_time_and_locked_time_counts() -> None:
    tape = day(
        [(-5, 9, 1, 12, 1), (0, 10, 1, 10.02, 1), (50, 10, 1, 10, 1), (100, 10, 1, 11, 1), (CLOSE_S, 9, 1, 12, 1)],
        [(1, 10.01, 100, "N", 1), (50, 10.02, 100, "N", 1), (51, 10.02, 100, "N", 1)],
    )
    figures = quote_figures(tape)
    assert figures.spread_cents == pytest.approx(1.0, abs=1e-12)
    assert figures.locked == pytest.approx(0.5, abs=1e-12)
    assert figures.crossed == 0
    assert figures.inside_nbbo == pytest.approx(2 / 3, abs=1e-12)
    assert figures.rows == 5
    assert figures.effective_spread_bps == pytest.approx((0 + 2e4 * 0.01 / 10.01 + 2e4 * 0.02 / 10) / 3, abs=1e-9)


def test_effective_spread_is_weighted_by_shares_and_needs_a_quote_since_the_open() -> None:
    tape = day(
        [(-5, 10, 1, 12, 1), (-4, 10, 1, 12, 1), (2, 10, 1, 10.02, 1), (50, 10, 1, 10.04, 1)],
        [(1, 11.99, 900, "N", 1), (3, 10.02, 100, "N", 1), (51, 10.02, 300, "N", 1), (60, 10, 10, "N", 0x1000000)],
    )
    figures = quote_figures(tape)
    assert figures.effective_spread_bps == pytest.approx(2e4 * 0.01 / 10.01 / 4, abs=1e-9)
    assert figures.inside_nbbo == 1.0


def test_day_without_trades_has_no_effective_spread() -> None:
    figures = quote_figures(day([(1, 10, 1, 10.02, 1), (50, 10, 1, 10.04, 1)], []))
    assert (figures.inside_nbbo, figures.effective_spread_bps) == (None, None)
    with pytest.raises(ModelError) as caught:
        quote_figures(day([], []))
    assert caught.value.code == "tape_no_quotes"


def test_shares_by_venue_and_by_sweep_are_of_the_whole_day() -> None:
    rows = [
        (-1, 10.0, 100, "D", 0x400),
        (1, 10.0, 100, "N", 0x20),
        (2, 10.0, 200, "N", 1),
        (3, 9.0, 999, "P", 0x1000000),
    ]
    summary = summarise(day([], rows))
    assert summary.venue_shares == {"D": 0.25, "N": 0.75}
    assert (summary.sweep_share, summary.off_exchange_share) == (0.25, 0.25)
    assert (summary.trades, summary.shares) == (4, 400)
    assert (summary.first_ns, summary.last_ns) == (SESSION.open_ns - 10**9, SESSION.open_ns + 2 * 10**9)


def test_a_bit_nobody_described_is_a_trade_that_fills_nobody() -> None:
    cond = np.array([0x1, 0x20000020, 0x80000001, 0x4, 0x100000, 0x1000001], dtype=np.int64)
    assert is_trade(cond).tolist() == [True, True, True, True, True, False]
    assert is_price_forming(cond).tolist() == [True, True, True, False, False, False]


# symbol, date, trades, shares, vwap, opening, closing, off-exchange
# Source: README of the data set us_equity_taq_ticks, table "Statistics".
PUBLISHED = [
    ("BAC", "20131007", 88_172, 64_410_682, 13.8629, "N 1201174 13.90", "N 2000995 13.81", 0.3978),
    ("BAC", "20131008", 125_872, 92_431_607, 13.7783, "N 970078 13.82", "N 2631493 13.69", 0.3695),
    ("IBM", "20131007", 24_293, 3_960_266, 182.5291, "N 138862 182.00", "N 151665 182.01", 0.3103),
    ("IBM", "20131008", 33_381, 5_562_416, 179.8697, "N 88065 181.85", "N 262948 178.72", 0.3434),
    ("IBM", "20131009", 27_042, 4_368_157, 180.4078, "N 74329 179.52", "N 170650 181.32", 0.3215),
    ("SPY", "20131007", 250_601, 93_628_215, 167.9318, "P 239616 167.43", "P 672873 167.42", 0.2368),
    ("SPY", "20131008", 451_545, 175_298_072, 166.3818, "P 271271 167.45", "Q 900 165.48", 0.2622),
]
# symbol, date, time-weighted spread in cents, locked, crossed, inside, effective spread in bps: the same table
PUBLISHED_QUOTES = [
    ("BAC", "20131007", 0.9998, 0.0002, 0.0000, 0.9979, 6.9275),
    ("BAC", "20131008", 0.9972, 0.0028, 0.0000, 0.9972, 7.4257),
    ("IBM", "20131007", 3.8370, 0.0001, 0.0000, 0.9640, 2.1287),
    ("IBM", "20131008", 3.9882, 0.0002, 0.0000, 0.9600, 2.1165),
    ("IBM", "20131009", 5.8877, 0.0001, 0.0000, 0.9502, 2.5590),
]


@pytest.mark.data
@pytest.mark.parametrize(("symbol", "date", "count", "shares", "vwap", "opening", "closing", "off_exchange"), PUBLISHED)
def test_published_trade_figures(
    market_data: Path,
    symbol: str,
    date: str,
    count: int,
    shares: int,
    vwap: float,
    opening: str,
    closing: str,
    off_exchange: float,
) -> None:
    session = new_york_session(date)
    rows = load_trades(market_data / "us_equity_taq_ticks", symbol, session)
    summary = summarise(DayTape(symbol=symbol, session=session, trades=rows, quotes=quotes([])))
    assert summary.trades == count
    assert summary.shares == shares
    assert f"{summary.vwap:.4f}" == f"{vwap:.4f}"
    assert summary.off_exchange_share == pytest.approx(off_exchange, abs=5e-5)
    for figures, text in ((summary.opening_auction, opening), (summary.closing_auction, closing)):
        assert figures is not None
        assert f"{figures.exchange} {figures.qty} {figures.px:.2f}" == text


@pytest.mark.data
@pytest.mark.parametrize(("symbol", "date", "spread", "locked", "crossed", "inside", "effective"), PUBLISHED_QUOTES)
def test_published_quote_figures(
    market_data: Path,
    symbol: str,
    date: str,
    spread: float,
    locked: float,
    crossed: float,
    inside: float,
    effective: float,
) -> None:
    figures = quote_figures(load_day(market_data / "us_equity_taq_ticks", symbol, new_york_session(date)))
    assert figures.spread_cents == pytest.approx(spread, abs=5e-5)
    assert figures.locked == pytest.approx(locked, abs=5e-5)
    assert figures.crossed == pytest.approx(crossed, abs=5e-5)
    assert figures.inside_nbbo == pytest.approx(inside, abs=5e-5)
    assert figures.effective_spread_bps == pytest.approx(effective, abs=5e-5)
