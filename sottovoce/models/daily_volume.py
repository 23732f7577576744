"""Tomorrow's volume from the days before: the rolling mean, the geometric mean, an ARMA about it, and a Kalman filter.

Every model sees one day after the other, many names at once, and its forecast of a day uses the days before it alone.
Parameters are not fitted to a sample once and for all: of a grid, each name uses on each day the pair that would have
forecast its past best, so nothing of the future enters and nothing has to converge.

Forecasts in logs are of the median day; times exp(σ²/2) of past errors they are of the mean day. Both are given, since
a schedule wants the one and a comparison of log errors the other.

Source: Markov, Vilenskaia and Rashkovich, "Quintet volume projection": 20-day geometric mean, ARMA(1,1) on the log of
volume over it; Chen, Feng and Palomar 2016 for a state space in logs; scheduling reference §6.
"""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

WINDOW_DAYS = 20
PHI = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9)
THETA = (-0.8, -0.6, -0.45, -0.3, -0.15, 0.0)
SIGNAL = (0.01, 0.03, 0.1, 0.2, 0.35, 0.6, 1.0)
"""Variance of a day's step of the level over that of a day's noise about it."""
MEMORY = 0.995
"""What a day's error counts a day later when a grid's pairs are compared: half after about seven months."""
WARM_DAYS = 60
"""Days of past errors before a pair is chosen, or a bias stated; until then the middle of the grid stands."""


class DailyForecasts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Forecasts of each day made before it, shape (days, names); NaN where there is too little history.

    mean and median: shares. spread: standard deviation of the log error as past errors have it.
    """

    model: str
    mean: FloatArray
    median: FloatArray
    spread: FloatArray


def rolling_mean(volumes: FloatArray, window: int = WINDOW_DAYS) -> DailyForecasts:
    """Arithmetic mean of the days before: the benchmark. volumes: shares, shape (days, names), NaN where unknown."""
    _check(volumes)
    mean = past_mean(volumes, window)
    return _with_errors("rolling_mean", mean, mean, volumes)


def geometric_mean(volumes: FloatArray, window: int = WINDOW_DAYS) -> DailyForecasts:
    """Geometric mean of the days before."""
    _check(volumes)
    return _from_logs("geometric_mean", past_mean(_logs(volumes), window), volumes)


def arma(volumes: FloatArray, window: int = WINDOW_DAYS, effects: FloatArray | None = None) -> DailyForecasts:
    """ARMA(1,1) of the log of volume over its geometric mean of the days before.

    Args:
        effects: log of what is known to multiply a day's volume beside its history, shape (days, names): special days,
            earnings; taken out of history and put on the day forecast. None for none.
    """
    _check(volumes)
    known = np.zeros_like(volumes) if effects is None else effects
    logs = _logs(volumes) - known
    level = past_mean(logs, window)
    pairs = np.array(list(product(PHI, THETA)))
    guess = _best_so_far(_arma_guesses(logs - level, pairs), logs - level)
    return _from_logs("arma", level + guess + known, volumes)


def kalman(volumes: FloatArray, effects: FloatArray | None = None) -> DailyForecasts:
    """A level that wanders and a day's noise about it, in logs: the local-level filter, its ratio chosen by the past.

    Args:
        effects: as for `arma`.
    """
    _check(volumes)
    known = np.zeros_like(volumes) if effects is None else effects
    logs = _logs(volumes) - known
    return _from_logs("kalman", _best_so_far(_level_guesses(logs, np.array(SIGNAL)), logs) + known, volumes)


def _arma_guesses(deviation: FloatArray, pairs: FloatArray) -> FloatArray:
    """One-day-ahead guesses of each (φ, θ), shape (days, pairs, names): φ y + θ e of the day before."""
    days, names = deviation.shape
    guesses = np.zeros((days, len(pairs), names))
    phi, theta = pairs[:, :1], pairs[:, 1:]
    for day in range(1, days):
        before = np.nan_to_num(deviation[day - 1])
        error = np.where(np.isnan(deviation[day - 1]), 0.0, before - guesses[day - 1])
        guesses[day] = phi * before + theta * error
    return guesses


def _level_guesses(logs: FloatArray, ratios: FloatArray) -> FloatArray:
    """One-day-ahead guesses of each signal-to-noise ratio, shape (days, ratios, names); NaN before any day is seen."""
    days, names = logs.shape
    guesses = np.full((days, len(ratios), names), np.nan)
    ratio = ratios[:, None]
    doubt = np.ones((len(ratios), names))
    for day in range(1, days):
        seen, before = logs[day - 1], guesses[day - 1]
        first = np.isnan(before) & ~np.isnan(seen)
        gain = (doubt + ratio) / (doubt + ratio + 1.0)
        moved = before + np.where(np.isnan(seen), 0.0, gain * (np.nan_to_num(seen) - before))
        doubt = np.where(np.isnan(seen), doubt + ratio, gain)
        guesses[day] = np.where(first, seen, moved)
    return guesses


def _best_so_far(guesses: FloatArray, seen: FloatArray) -> FloatArray:
    """Of each name and day the guess whose pair had the least discounted squared error on days before."""
    days, pairs, names = guesses.shape
    chosen = np.full((days, names), np.nan)
    loss, counted = np.zeros((pairs, names)), np.zeros(names)
    every = np.arange(names)
    for day in range(days):
        best = np.where(counted >= WARM_DAYS, loss.argmin(axis=0), pairs // 2)
        chosen[day] = guesses[day, best, every]
        miss = guesses[day] - seen[day]
        known = ~np.isnan(miss).any(axis=0)
        loss = MEMORY * loss + np.where(known, np.nan_to_num(miss) ** 2, 0.0)
        counted += known
    return chosen


def past_mean(figures: FloatArray, window: int) -> FloatArray:
    """Mean of the window of days before each day, over the days known; NaN with fewer than half of them.

    figures: shape (days, names). The day itself is not in its mean.
    """
    days, names = figures.shape
    known = ~np.isnan(figures)
    sums = np.vstack([np.zeros(names), np.cumsum(np.where(known, figures, 0.0), axis=0)])
    counts = np.vstack([np.zeros(names), np.cumsum(known, axis=0)])
    first = np.maximum(np.arange(days) - window, 0)
    total, n = sums[:days] - sums[first], counts[:days] - counts[first]
    return np.where(n * 2 >= window, total / np.maximum(n, 1), np.nan)


def _logs(volumes: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.where(volumes > 0, volumes, np.nan)), dtype=np.float64)


def _from_logs(model: str, logs: FloatArray, volumes: FloatArray) -> DailyForecasts:
    """Median and mean day of forecasts in logs."""
    median = np.exp(logs)
    plain = _with_errors(model, median, median, volumes)
    lift = np.where(np.isnan(plain.spread), 0.0, plain.spread**2 / 2.0)
    return msgspec.structs.replace(plain, mean=median * np.exp(lift))


def _with_errors(model: str, mean: FloatArray, median: FloatArray, volumes: FloatArray) -> DailyForecasts:
    """The spread of a model's own past log errors, exponentially weighted, as known before each day."""
    errors = _logs(volumes) - np.log(median)
    spread = np.full_like(median, np.nan)
    square, weight = np.zeros(volumes.shape[1]), np.zeros(volumes.shape[1])
    for day in range(len(volumes)):
        enough = weight > (1 - MEMORY**WARM_DAYS) / (1 - MEMORY) * 0.9
        spread[day] = np.where(enough, np.sqrt(square / np.maximum(weight, 1e-9)), np.nan)
        known = ~np.isnan(errors[day])
        square = MEMORY * square + np.where(known, np.nan_to_num(errors[day]) ** 2, 0.0)
        weight = MEMORY * weight + known
    return DailyForecasts(model=model, mean=mean, median=median, spread=spread)


def _check(volumes: FloatArray) -> None:
    if volumes.ndim != 2 or not volumes.size:
        raise ModelError("Volumes are a table of days by names.", code="shapes_differ")
    if np.any(volumes < 0) or np.isinf(volumes).any():
        raise ModelError("A volume is zero or more shares; leave unknown days empty.", code="bad_volume")
