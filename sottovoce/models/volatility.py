"""Tomorrow's volatility from the days before: weighted squares, the day's range, and two regimes.

Every model gives a daily variance of log returns for many names at once, shape (days, names), each day's from the days
before it alone. Overnight moves are in a close-to-close return and not in a day's range; the range models add the
square of the overnight return, so that all forecast the same thing: the variance from close to close.

Source: RiskMetrics (1996), weight 0.94; Garman and Klass, J. Business 53 (1980), for the range; Hamilton, Econometrica
57 (1989), for regimes that are never seen, only believed.
"""

from __future__ import annotations

from itertools import product
from math import log

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import past_mean

WINDOW_DAYS = 20
WEIGHT = 0.94
LONG_WEIGHT = 0.99
RATIOS = (2.0, 4.0, 8.0)
"""Variance of the wild regime over the calm one's."""
STAYS = (0.9, 0.97, 0.99)
"""Chance of staying in a regime for another day."""


def rolling_variance(returns: FloatArray, window: int = WINDOW_DAYS) -> FloatArray:
    """Mean of the squares of the days before: the benchmark. returns: log returns, NaN where unknown."""
    _check(returns)
    return past_mean(returns**2, window)


def ewma_variance(squares: FloatArray, weight: float = WEIGHT) -> FloatArray:
    """Exponentially weighted mean of the days before, from the first known day on.

    Args:
        squares: variance of each day as seen: squared returns, or what a range says; shape (days, names).
        weight: what a day counts a day later, 0 to below 1.
    """
    _check(squares)
    if not 0.0 <= weight < 1.0:
        raise ModelError(f"A weight is 0 to below 1, not {weight}.", code="out_of_range")
    found = np.full_like(squares, np.nan)
    level = np.full(squares.shape[1], np.nan)
    for day, seen in enumerate(squares):
        found[day] = level
        moved = weight * level + (1.0 - weight) * seen
        level = np.where(np.isnan(level), seen, np.where(np.isnan(seen), level, moved))
    return found


def range_squares(opened: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """Variance of each day by its range (Garman and Klass) plus the square of the night before; shape (days, names).

    A day whose high is not the highest or whose low is not the lowest is an error of the vendor: NaN.
    """
    sound = (high >= np.maximum(opened, close)) & (low <= np.minimum(opened, close)) & (low > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = 0.5 * np.log(high / low) ** 2 - (2.0 * log(2.0) - 1.0) * np.log(close / opened) ** 2
        night = np.log(opened[1:] / close[:-1]) ** 2
    whole = inside + np.vstack([np.full(opened.shape[1], np.nan), night])
    return np.asarray(np.where(sound, np.maximum(whole, 0.0), np.nan), dtype=np.float64)


def regime_variance(returns: FloatArray) -> FloatArray:
    """Two regimes about a slow level: the belief in each is filtered from returns, the pair by its past likelihood."""
    _check(returns)
    level = ewma_variance(returns**2, LONG_WEIGHT)
    pairs = np.array(list(product(RATIOS, STAYS)))
    ratio, stay = pairs[:, :1], pairs[:, 1:]
    calm = 2.0 / (1.0 + ratio)  # of the level, so that the mean of the two regimes is the level
    wild = ratio * calm
    believed, fit = np.full((len(pairs), returns.shape[1]), 0.5), np.zeros((len(pairs), returns.shape[1]))
    found = np.full_like(returns, np.nan)
    every = np.arange(returns.shape[1])
    for day, seen in enumerate(returns):
        ahead = stay * believed + (1.0 - stay) * (1.0 - believed)
        mean = ahead * wild + (1.0 - ahead) * calm
        found[day] = level[day] * mean[fit.argmax(axis=0), every]
        in_wild, in_calm = ahead * _density(seen, wild * level[day]), (1.0 - ahead) * _density(seen, calm * level[day])
        whole = in_wild + in_calm
        known = ~np.isnan(whole) & (whole > 0)
        believed = np.where(known, in_wild / np.where(known, whole, 1.0), ahead)
        fit = LONG_WEIGHT * fit + np.where(known, np.log(np.where(known, whole, 1.0)), 0.0)
    return found


def quasi_likelihood(variance: FloatArray, returns: FloatArray) -> FloatArray:
    """QLIKE of each forecast, less is better: r²/v + ln v, robust to r² being a noisy look at the variance.

    Source: Patton, J. Econometrics 160 (2011).
    """
    sound = np.where(variance > 0, variance, np.nan)
    return np.asarray(returns**2 / sound + np.log(sound), dtype=np.float64)


def _density(seen: FloatArray, variance: FloatArray) -> FloatArray:
    sound = np.where(variance > 0, variance, np.nan)
    return np.asarray(np.exp(-(seen**2) / (2.0 * sound)) / np.sqrt(sound), dtype=np.float64)


def _check(figures: FloatArray) -> None:
    if figures.ndim != 2 or not figures.size or np.isinf(figures).any():
        raise ModelError("Returns are a table of days by names, ordinary numbers or nothing.", code="shapes_differ")
