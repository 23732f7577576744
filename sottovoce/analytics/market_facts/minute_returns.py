"""One-minute returns of the mid: how fat their tails are, and whether large ones come together.

The tail is Hill's (1975) over the largest TAIL of absolute returns. At two in a hundred a normal distribution
reads about 7 and Student's with three degrees of freedom about 3.
Clustering is the autocorrelation of absolute returns at LAG minutes. The time of day is taken out first: each is
divided by the mean absolute return of the minutes within WIDTH of it in the other sessions, so that a U-shaped day
is not mistaken for memory and no session explains itself. What is left is taken around one mean for all sessions, as
usual (Cont 2001): that a whole day is calmer than another is clustering too. Pairs never span a night.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sottovoce.analytics.market_facts.columns import SessionColumns, grid_ns, mids_at
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import FloatArray

TAIL = 0.02
TAIL_MIN = 20
LAG = 30
WIDTH = 15


def minute_returns(session: SessionColumns) -> FloatArray:
    """Log returns of the mid minute by minute, shape (minutes,), NaN where there is no quote yet."""
    return np.diff(np.log(mids_at(session, grid_ns(session, 60 * NS_PER_SECOND))))


def hill_exponent(days: Sequence[FloatArray]) -> float:
    """Tail exponent alpha of P(|r| > x) ~ x^-alpha; NaN with fewer than TAIL_MIN returns in the tail."""
    sizes = np.sort(np.abs(np.concatenate(days)))
    sizes = sizes[np.isfinite(sizes)]
    tail = int(TAIL * sizes.size)
    if tail < TAIL_MIN or sizes[-tail - 1] <= 0:
        return float("nan")
    return float(1.0 / np.log(sizes[-tail:] / sizes[-tail - 1]).mean())


def without_time_of_day(days: Sequence[FloatArray]) -> list[FloatArray]:
    """Absolute returns over what is usual at their time of day in the other sessions, those of its own length."""
    found = []
    for place, day in enumerate(days):
        others = [np.abs(each) for number, each in enumerate(days) if number != place and each.size == day.size]
        if others:
            usual = _smoothed(np.array(others))
            found.append(np.abs(day) / np.where(usual > 0, usual, np.nan))
    return found


def _smoothed(rows: FloatArray) -> FloatArray:
    """Mean over the rows and over the minutes within WIDTH, shape (minutes,)."""
    known = np.isfinite(rows)
    window = np.ones(2 * WIDTH + 1)
    total = np.convolve(np.where(known, rows, 0.0).sum(axis=0), window, mode="same")
    count = np.convolve(known.sum(axis=0), window, mode="same")
    return total / np.maximum(count, 1)


def memory_of_size(days: Sequence[FloatArray], lags: int) -> FloatArray:
    """Autocorrelation at 1..lags minutes of absolute returns without their time of day, shape (lags,).

    NaN throughout with fewer than two sessions of a length.
    """
    sizes = without_time_of_day(days)
    if not sizes:
        return np.full(lags, np.nan)
    middle = float(np.nanmean(np.concatenate(sizes)))
    products, squares = np.zeros(lags), 0.0
    for apart in (day - middle for day in sizes):
        for lag in range(1, min(lags, apart.size - 1) + 1):
            products[lag - 1] += np.nanmean(apart[:-lag] * apart[lag:])
        squares += float(np.nanmean(apart**2))
    return products / squares if squares > 0 else np.full(lags, np.nan)


def clustering(days: Sequence[FloatArray]) -> float:
    """The autocorrelation of absolute returns at LAG minutes; NaN with one session."""
    return float(memory_of_size(days, LAG)[LAG - 1])
