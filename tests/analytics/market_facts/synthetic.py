"""Series whose facts are known beforehand, and sessions made of them."""

from __future__ import annotations

import numpy as np

from sottovoce.analytics.market_facts.columns import SessionColumns
from sottovoce.models.arrays import FloatArray, IntArray

SECOND = 1_000_000_000
OPEN_NS = 1_700_000_000 * SECOND
HOURS = 6.5
CLOSE_NS = OPEN_NS + round(HOURS * 3600) * SECOND
TICK = 10_000
NONE = np.zeros(0, np.int64)


def session(
    quote_ns: IntArray = NONE,
    bid: IntArray = NONE,
    ask: IntArray = NONE,
    bid_size: IntArray | None = None,
    ask_size: IntArray | None = None,
    trade_ns: IntArray = NONE,
    trade_px: IntArray = NONE,
    trade_qty: IntArray | None = None,
    trade_kind: IntArray | None = None,
    trade_side: IntArray | None = None,
    close_ns: int = CLOSE_NS,
) -> SessionColumns:
    """A session of 6.5 hours from whatever columns a test is about."""
    nothing = np.zeros(trade_ns.size, np.int64)
    return SessionColumns(
        open_ns=OPEN_NS,
        close_ns=close_ns,
        tick=TICK,
        quote_ns=quote_ns,
        bid=bid,
        ask=ask,
        bid_size=bid_size,
        ask_size=ask_size,
        trade_ns=trade_ns,
        trade_px=trade_px,
        trade_qty=nothing + 100 if trade_qty is None else trade_qty,
        trade_kind=nothing if trade_kind is None else trade_kind,
        trade_side=nothing if trade_side is None else trade_side,
    )


def seconds(*values: float) -> IntArray:
    """Times in seconds after the open."""
    return OPEN_NS + np.round(np.array(values) * SECOND).astype(np.int64)


def fractional_noise(rng: np.random.Generator, count: int, gamma: float) -> FloatArray:
    """Gaussian noise of unit variance whose autocorrelation falls as lag^-gamma, by circulant embedding.

    Source: Davies and Harte 1987; Hurst exponent 1 - gamma/2.
    """
    lags = np.arange(count + 1, dtype=np.float64)
    power = 2.0 - gamma
    covariance = 0.5 * (np.abs(lags + 1) ** power - 2 * lags**power + np.abs(lags - 1) ** power)
    row = np.concatenate([covariance, covariance[-2:0:-1]])
    spectrum = np.maximum(np.real(np.fft.fft(row)), 0.0)
    noise = rng.standard_normal(row.size) + 1j * rng.standard_normal(row.size)
    found: FloatArray = np.real(np.fft.fft(np.sqrt(spectrum / row.size) * noise))[:count]
    return found


def quoted(mids: FloatArray, step_s: float, spread: int = 2 * TICK) -> SessionColumns:
    """A session quoted on an even grid around float mids in units, not rounded to ticks."""
    times = seconds(*(step_s * np.arange(mids.size)))
    middle = np.round(mids).astype(np.int64)
    return session(quote_ns=times, bid=middle - spread // 2, ask=middle + spread // 2)


def random_walk(rng: np.random.Generator, steps: int, start: float = 1e8, size: float = 1e-5) -> FloatArray:
    """Prices in units, log steps of a normal law."""
    log_steps = size * rng.standard_normal(steps)
    found: FloatArray = start * np.exp(np.concatenate([[0.0], np.cumsum(log_steps)]))
    return found
