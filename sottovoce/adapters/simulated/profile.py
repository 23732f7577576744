"""How one name behaves in the simulation: every number derived from the facts of the instrument master.

The day is divided into `trades` background market orders of `mean_qty` shares. The grid is what liquidity
providers quote on: one tick, or a third of the spread for names whose spread is many ticks. Sources of the
shapes:

* spread where no fact gives one: the larger of a tick and SPREAD_PER_TRADE_VOLATILITY x the volatility of one
  trade (Wyart, Bouchaud, Kockelkoren, Potters and Vettorazzo 2008 find spread proportional to it, factor 1 to
  2);
* resting interest grows linearly with the distance from the price (Toth et al. 2011; Donier, Bonart,
  Mastromatteo and Bouchaud 2015), which is what makes impact concave.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Fact, Instrument, known, tick_at
from sottovoce.models.arrays import FloatArray

TRADES_MIN, TRADES_MAX = 200, 60_000
SHARES_PER_TRADE = 100
SPREAD_PER_TRADE_VOLATILITY = 1.5
AUCTION_SHARE = 0.09
OPENING_SHARE = 0.015
DARK_SHARE = 0.12
DARK_ORDERS_MAX = 2_000
DARK_MEAN_QTY_MIN = 200
DARK_MATCHED = 0.73
"""Part of hidden shares that finds a counterparty before it leaves, as simulated."""

DEPTH_SHOWN = 1.75
"""A simulated touch shows so many times depth_qty, what makers refill it with, on average (1.4 to 2.0 by name)."""

OVERNIGHT_VARIANCE = 0.2
"""Part of a day's variance that happens between the close and the next open."""

VOLUME_MIDDAY = 0.64
"""Rate of trading at mid-day, in units of the day's mean; the curve is this plus a parabola, mean 1."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Calibration of one name. Prices and sizes in ticks where it says so, else in shares and fractions.

    curve: shares of continuous volume in equal parts of the session, sum 1; empty for the usual U. beta: exposure to
    the market; the instrument master has none, so 1 unless calibrated.
    """

    instrument_id: str
    tick: int
    start_ticks: float
    adv: float
    sigma: float
    trades: int
    mean_qty: float
    grid: int
    spread_ticks: float
    depth_qty: float
    dark_orders: int
    dark_qty: float
    sector: str = ""
    beta: float = 1.0
    curve: tuple[float, ...] = ()


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of one name measured on a tape, which then stand in for the instrument's facts.

    adv: shares a day; trades: market orders a day; spread_bps: time-weighted; sigma: daily, as a fraction; depth_qty:
    shares at one side of the touch, None where unknown; curve: shares of continuous volume in equal parts of a
    session, sum 1, empty for the usual U; beta: exposure to the market.
    """

    adv: float
    trades: int
    spread_bps: float
    sigma: float
    depth_qty: float | None = None
    curve: tuple[float, ...] = ()
    beta: float = 1.0


def volume_share(curve: tuple[float, ...], part: FloatArray) -> FloatArray:
    """Share of a day's trading done by parts of the session (0 to 1): the integral of the curve, or of a U."""
    parabola = 3.0 * (1.0 - VOLUME_MIDDAY)
    done: FloatArray = VOLUME_MIDDAY * part + parabola * ((2.0 * part - 1.0) ** 3 + 1.0) / 6.0
    if curve:
        done = np.interp(part, np.linspace(0.0, 1.0, len(curve) + 1), np.concatenate([[0.0], np.cumsum(curve)]))
    return done


def profile_of(
    instrument: Instrument, date: str, px: float | None = None, measured: Calibration | None = None
) -> Profile:
    """How a name behaves on an ISO date, at a price in units (None: the closing price known for it).

    measured: figures from a tape, which go before the facts of the instrument master.
    Raises: ModelError, sim_fact_missing, when close, ADV or volatility is not known: nothing is made up.
    """
    if px is None:
        px = _needed(instrument, instrument.close, "a closing price") * instrument.price_scale
    if measured is None:
        measured = _by_facts(instrument)
    tick = tick_at(instrument, round(px), date)
    start_ticks = px / tick
    trades = max(TRADES_MIN, min(TRADES_MAX, measured.trades))
    mean_qty = measured.adv * (1 - AUCTION_SHARE - OPENING_SHARE - DARK_SHARE) / trades
    spread = max(1.0, measured.spread_bps * 1e-4 * start_ticks)
    usual_depth = mean_qty * _depth_in_trades(trades, spread, measured.sigma * start_ticks)
    dark_orders = max(50, min(DARK_ORDERS_MAX, round(measured.adv * DARK_SHARE / DARK_MEAN_QTY_MIN)))
    return Profile(
        instrument_id=instrument.instrument_id,
        tick=tick,
        start_ticks=start_ticks,
        adv=measured.adv,
        sigma=measured.sigma,
        trades=trades,
        mean_qty=mean_qty,
        grid=max(1, round(spread / 3)),
        spread_ticks=spread,
        depth_qty=usual_depth if measured.depth_qty is None else measured.depth_qty / DEPTH_SHOWN,
        dark_orders=dark_orders,
        dark_qty=2 * measured.adv * DARK_SHARE / (DARK_MATCHED * dark_orders),
        sector=instrument.sector or "",
        beta=measured.beta,
        curve=measured.curve,
    )


def _by_facts(instrument: Instrument) -> Calibration:
    """The same figures from the instrument master, as far as it has them."""
    adv = _needed(instrument, instrument.adv, "an average daily volume")
    sigma = _needed(instrument, instrument.sigma_daily or instrument.sigma_daily_long, "a daily volatility")
    trades = max(TRADES_MIN, round(adv / SHARES_PER_TRADE))
    quoted_bps = known(instrument.spread_bps)
    if quoted_bps is None:
        quoted_bps = SPREAD_PER_TRADE_VOLATILITY * sigma / math.sqrt(trades) * 1e4
    return Calibration(adv=adv, trades=trades, spread_bps=quoted_bps, sigma=sigma)


def _needed(instrument: Instrument, fact: Fact | None, what: str) -> float:
    value = known(fact)
    if value is None or not math.isfinite(value) or value <= 0:
        raise ModelError(
            f"{instrument.symbol} cannot be simulated: the instrument master has no {what} for it; "
            "load one with its date and source, or use a recorded tape.",
            code="sim_fact_missing",
        )
    return value


def _depth_in_trades(trades: int, spread_ticks: float, sigma_ticks: float) -> float:
    """Shares at the touch of all lit venues together, in mean trades.

    Between two moves of the price by a spread, n = trades x (spread / sigma)^2 trades arrive and their
    imbalance is of the order of sqrt(n): the queue must outlive it, or the price would move with every tick
    of noise.
    """
    return max(3.0, 2.0 * math.sqrt(trades) * spread_ticks / sigma_ticks)
