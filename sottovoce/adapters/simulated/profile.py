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

from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Fact, Instrument, known, tick_at

TRADES_MAX = 80_000
SHARES_PER_TRADE = 100
SPREAD_PER_TRADE_VOLATILITY = 1.5
AUCTION_SHARE = 0.09
OPENING_SHARE = 0.015
DARK_SHARE = 0.12
DARK_ORDERS_MAX = 4_000
DARK_MEAN_QTY_MIN = 200
DARK_MATCHED = 0.73
"""Part of hidden shares that finds a counterparty before it leaves, as simulated."""

OVERNIGHT_VARIANCE = 0.2
"""Part of a day's variance that happens between the close and the next open."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Calibration of one name. Prices and sizes in ticks where it says so, else in shares and fractions."""

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


def profile_of(instrument: Instrument, date: str, px: float | None = None) -> Profile:
    """The calibration of a name on an ISO date, at a price in units (None: the closing price known for it).

    Raises: ModelError, sim_fact_missing, when close, ADV or volatility is not known: nothing is made up.
    """
    if px is None:
        px = _needed(instrument, instrument.close, "a closing price") * instrument.price_scale
    adv = _needed(instrument, instrument.adv, "an average daily volume")
    sigma = _needed(instrument, instrument.sigma_daily or instrument.sigma_daily_long, "a daily volatility")
    tick = tick_at(instrument, round(px), date)
    start_ticks = px / tick
    trades = max(200, min(TRADES_MAX, round(adv / SHARES_PER_TRADE)))
    continuous = adv * (1 - AUCTION_SHARE - OPENING_SHARE - DARK_SHARE)
    spread = _spread_ticks(instrument, start_ticks, sigma, adv)
    grid = max(1, round(spread / 3))
    dark_orders = max(50, min(DARK_ORDERS_MAX, round(adv * DARK_SHARE / DARK_MEAN_QTY_MIN)))
    mean_qty = continuous / trades
    return Profile(
        instrument_id=instrument.instrument_id,
        tick=tick,
        start_ticks=start_ticks,
        adv=adv,
        sigma=sigma,
        trades=trades,
        mean_qty=mean_qty,
        grid=grid,
        spread_ticks=spread,
        depth_qty=mean_qty * _depth_in_trades(trades, spread, sigma * start_ticks),
        dark_orders=dark_orders,
        dark_qty=2 * adv * DARK_SHARE / (DARK_MATCHED * dark_orders),
    )


def _needed(instrument: Instrument, fact: Fact | None, what: str) -> float:
    value = known(fact)
    if value is None or not math.isfinite(value) or value <= 0:
        raise ModelError(
            f"{instrument.symbol} cannot be simulated: the instrument master has no {what} for it; "
            "load one with its date and source, or use a recorded tape.",
            code="sim_fact_missing",
        )
    return value


def _spread_ticks(instrument: Instrument, price_ticks: float, sigma: float, adv: float) -> float:
    """Quoted spread in ticks, at least one."""
    quoted_bps = known(instrument.spread_bps)
    if quoted_bps is not None:
        return max(1.0, quoted_bps * 1e-4 * price_ticks)
    per_trade = sigma / math.sqrt(max(200.0, adv / SHARES_PER_TRADE))
    return max(1.0, SPREAD_PER_TRADE_VOLATILITY * per_trade * price_ticks)


def _depth_in_trades(trades: int, spread_ticks: float, sigma_ticks: float) -> float:
    """Shares at the touch of both lit venues together, in mean trades.

    Between two moves of the price by a spread, n = trades x (spread / sigma)^2 trades arrive and their
    imbalance is of the order of sqrt(n): the queue must outlive it, or the price would move with every tick
    of noise.
    """
    return max(3.0, 2.0 * math.sqrt(trades) * spread_ticks / sigma_ticks)
