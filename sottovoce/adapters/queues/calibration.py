"""How one name behaves: every number derived from facts of the instrument master, or measured on a tape.

The quoting grid is what providers quote on: one tick, or half the spread for names whose spread is many ticks. Sources
of the shapes: spread, where no fact gives one, is SPREAD_PER_TRADE_VOLATILITY times the volatility of one trade (Wyart,
Bouchaud, Kockelkoren, Potters and Vettorazzo 2008 find a factor of 1 to 2); the queue at the touch must outlive the
imbalance of the trades between two moves of the price by a spread.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Fact, Instrument, known, tick_at
from sottovoce.core.ports import Tape

TRADES_MIN, TRADES_MAX = 300, 60_000
SHARES_PER_TRADE = 110
SPREAD_PER_TRADE_VOLATILITY = 1.5
STEPS_PER_SPREAD = 3.0
AUCTION_SHARE = 0.09
DARK_SHARE = 0.12
DARK_ORDERS_MAX = 3_000
DARK_QTY_MIN = 250

OVERNIGHT_VARIANCE = 0.2
"""Part of a day's variance that happens between the close and the next open."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Calibration of one name.

    tick in price units; grid in ticks a step; start_ticks the price; adv, mean_qty, depth_qty, dark_qty in shares;
    sigma a daily volatility; trades the day's market orders; spread_steps and sigma_steps in steps of the grid.
    """

    instrument_id: str
    tick: int
    grid: int
    start_ticks: float
    adv: float
    sigma: float
    trades: int
    mean_qty: float
    depth_qty: float
    spread_steps: float
    sigma_steps: float
    dark_orders: int
    dark_qty: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What a tape says of a name: market orders a day, their mean size, spread (units) and depth at the touch, the
    volatility of a day; None where it cannot say."""

    trades: int
    mean_qty: float
    spread: float
    depth_qty: float | None
    sigma: float


def profile_of(instrument: Instrument, date: str, px: float | None = None, measured: Measured | None = None) -> Profile:
    """The calibration of a name on an ISO date, at a price in units (None: its closing price), or as a tape says.

    Raises: ModelError, sim_fact_missing, when close, ADV or volatility is not known: nothing is made up.
    """
    if px is None:
        px = _needed(instrument, instrument.close, "a closing price") * instrument.price_scale
    adv = _needed(instrument, instrument.adv, "an average daily volume")
    sigma = _needed(instrument, instrument.sigma_daily or instrument.sigma_daily_long, "a daily volatility")
    tick = tick_at(instrument, round(px), date)
    trades = max(TRADES_MIN, min(TRADES_MAX, round(adv / SHARES_PER_TRADE)))
    mean_qty = adv * (1 - AUCTION_SHARE - DARK_SHARE) / trades
    spread = _spread_ticks(instrument, px / tick, sigma, adv)
    depth = None
    if measured is not None:
        trades, mean_qty, sigma = measured.trades, measured.mean_qty, measured.sigma
        spread, depth = max(1.0, measured.spread / tick), measured.depth_qty
    grid = max(1, round(spread / STEPS_PER_SPREAD))
    sigma_steps = sigma * px / tick / grid
    dark_orders = max(50, min(DARK_ORDERS_MAX, round(adv * DARK_SHARE / DARK_QTY_MIN)))
    return Profile(
        instrument_id=instrument.instrument_id,
        tick=tick,
        grid=grid,
        start_ticks=px / tick,
        adv=adv,
        sigma=sigma,
        trades=trades,
        mean_qty=mean_qty,
        depth_qty=depth or mean_qty * _depth_in_trades(trades, sigma_steps),
        spread_steps=spread / grid,
        sigma_steps=sigma_steps,
        dark_orders=dark_orders,
        dark_qty=2 * adv * DARK_SHARE / dark_orders,
    )


def measure(tape: Tape, open_ns: int, close_ns: int) -> Measured:
    """What a session on tape says of its name, lit trades between open and close. A sweep's prints count as one order.

    Raises: ModelError, tape_too_short, when there are fewer than a hundred lit trades.
    """
    at = np.asarray(tape.trade_ns)
    lit = (np.asarray(tape.trade_kind) == 0) & (at >= open_ns) & (at < close_ns)
    times, qty = at[lit], np.asarray(tape.trade_qty)[lit]
    if len(times) < 100:
        raise ModelError(
            f"The tape of {tape.instrument_id} has {len(times)} lit trades in the session; 100 are needed to "
            "calibrate a simulated market on it.",
            code="tape_too_short",
        )
    orders = len(np.unique(times))
    quoted = np.asarray(tape.quote_ns)
    bid, ask = np.asarray(tape.bid), np.asarray(tape.ask)
    held = np.diff(np.append(quoted, close_ns)) * ((quoted >= open_ns) & (quoted < close_ns) & (ask > bid))
    minutes = np.arange(open_ns, close_ns, 60_000_000_000)[1:]
    mids = ((bid + ask) / 2)[np.maximum(0, np.searchsorted(quoted, minutes, side="right") - 1)]
    variance = float((np.diff(np.log(mids)) ** 2).sum()) / (1.0 - OVERNIGHT_VARIANCE)
    depth = None
    if tape.bid_size is not None and tape.ask_size is not None:
        sizes = (np.asarray(tape.bid_size) + np.asarray(tape.ask_size)) / 2
        depth = float((sizes * held).sum() / held.sum())
    return Measured(
        trades=orders,
        mean_qty=float(qty.sum()) / orders,
        spread=float(((ask - bid) * held).sum() / held.sum()),
        depth_qty=depth,
        sigma=math.sqrt(variance),
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
    per_trade = sigma / math.sqrt(max(float(TRADES_MIN), adv / SHARES_PER_TRADE))
    return max(1.0, SPREAD_PER_TRADE_VOLATILITY * per_trade * price_ticks)


def _depth_in_trades(trades: int, sigma_steps: float) -> float:
    """Shares at the touch over all lit venues, in mean market orders.

    Between two moves of the price by a step about n = trades / sigma_steps² market orders arrive, with an imbalance of
    about √n: the queue must outlive it, or the price would move with every bit of noise.
    """
    return max(4.0, 2.0 * math.sqrt(trades) / sigma_steps)
