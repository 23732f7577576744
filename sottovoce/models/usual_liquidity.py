"""Spread and depth to expect at a time of day: the usual shape of the day times how the name has been lately.

The shape is the median of past days at that time over the day's own median, so a wide day does not bend it; the level
is a weighted mean of the days' medians, recent ones counting more. The interval is of the ratios seen at that time.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

WEIGHT = 0.9
DAYS_MIN = 3


class UsualLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One forecast for each bin of a day, in the unit of what was seen: middle, and where eight in ten days lie."""

    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    days: int


def usual_level(seen: FloatArray, weight: float = WEIGHT) -> UsualLevel:
    """What to expect in each bin of the next day.

    Args:
        seen: spread (bps, or ticks) or depth (shares) by day and bin, time-weighted, shape (days, bins), > 0, NaN where
            nothing was quoted; the last row is the last day. weight: what a day counts a day later.
    Raises: ModelError `too_few_days`, `not_positive`.
    """
    if seen.ndim != 2 or len(seen) < DAYS_MIN:
        raise ModelError(f"A usual level needs {DAYS_MIN} days or more.", code="too_few_days")
    if np.any(seen <= 0):
        raise ModelError("A spread or a depth is above zero; leave what was not quoted empty.", code="not_positive")
    if np.isnan(seen).all(axis=0).any() or np.isnan(seen).all(axis=1).any():
        raise ModelError("A day, or a bin, has no quotes at all; leave it out.", code="too_few_days")
    levels = np.nanmedian(seen, axis=1)
    ratios = seen / levels[:, None]
    weights = weight ** np.arange(len(seen))[::-1]
    level = float(np.exp((weights * np.log(levels)).sum() / weights.sum()))
    low, middle, high = (level * np.nanquantile(ratios, part, axis=0) for part in (0.1, 0.5, 0.9))
    return UsualLevel(middle=tuple(middle.tolist()), low=tuple(low.tolist()), high=tuple(high.tolist()), days=len(seen))
