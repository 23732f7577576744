"""How far a day's volatility ends from its forecast: an interval from the misses of the days before.

A day's volatility is never seen. What is compared with the forecast is what the day's range and the night before it
say (volatility.range_squares), so the interval is of that figure: it has the noise of one day's range in it, and is as
wide as whoever checks it afterwards will find it. The ends are order statistics of past log ratios, which hold for any
distribution as long as tomorrow's miss is like those before it.

Source: split conformal prediction, Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, JASA 113 (2018).
"""

from __future__ import annotations

from math import ceil, floor

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

LEVEL = 0.80
MISSES_MIN = 20
"""Fewer past misses give no interval: its ends would be the two or three worst days."""
MISSES_MOST = 500
"""Misses longer ago are of another market."""


class VolatilityInterval(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Ends of the next day's daily volatility by name, fractions, shape (names,), NaN where n is below MISSES_MIN."""

    low: FloatArray
    high: FloatArray
    n: tuple[int, ...]


def interval_ahead(variance: FloatArray, seen: FloatArray, level: float = LEVEL) -> VolatilityInterval:
    """The interval about the forecast in the last row, from how the rows before it missed.

    Args:
        variance: forecasts of daily variance, shape (days + 1, names), the last row for the day ahead.
        seen: what each day's range said, shape (days, names), NaN where unknown.
    Raises: ModelError `shapes_differ`, `out_of_range` for a level outside 0 to 1.
    """
    if variance.shape[1:] != seen.shape[1:] or len(variance) != len(seen) + 1:
        raise ModelError("Forecasts are of every day seen and of one more, by the same names.", code="shapes_differ")
    if not 0.0 < level < 1.0:
        raise ModelError(f"A level is above 0 and below 1, not {level}.", code="out_of_range")
    misses = log_misses(variance[:-1], seen)[-MISSES_MOST:]
    ends = [_ends(column[~np.isnan(column)], level) for column in misses.T]
    sigma = np.sqrt(variance[-1])
    return VolatilityInterval(
        low=sigma * np.exp([low for low, _, _ in ends]),
        high=sigma * np.exp([high for _, high, _ in ends]),
        n=tuple(n for _, _, n in ends),
    )


def log_misses(variance: FloatArray, seen: FloatArray) -> FloatArray:
    """Logs of the volatility seen over the one forecast, NaN where either is unknown or nothing."""
    sound = (variance > 0) & (seen > 0)
    ratio = np.where(sound, seen, np.nan) / np.where(sound, variance, np.nan)
    return np.asarray(0.5 * np.log(ratio), dtype=np.float64)


def _ends(misses: FloatArray, level: float) -> tuple[float, float, int]:
    """The order statistics between which the next miss lies with at least the level's chance."""
    n, tail = misses.size, 0.5 * (1.0 - level)
    first, last = floor(tail * (n + 1)), ceil((1.0 - tail) * (n + 1))
    if n < MISSES_MIN or first < 1 or last > n:
        return float("nan"), float("nan"), n
    ordered = np.sort(misses)
    return float(ordered[first - 1]), float(ordered[last - 1]), n
