"""Daily volume and volatility as they were known the evening before an order, from a history of days.

ADV is the geometric mean of the last 20 days' volume: one day of a thousand per cent moves it little. Volatility is
exponentially weighted over the last 20 days' log returns. Days of the order and after it are never read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import msgspec
import numpy as np

from sottovoce.analytics.calibration.parents import FinishedParent
from sottovoce.models.arrays import FloatArray

DAYS = 20
DECAY = 0.94
"""Weight of yesterday's variance against today's squared return (RiskMetrics 1996)."""


class DailyHistory(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One name's days in order: ISO dates, volume in shares, close adjusted for splits; shapes (n,)."""

    dates: tuple[str, ...]
    volume: FloatArray
    close: FloatArray


def normalised(parent: FinishedParent, history: Mapping[str, DailyHistory]) -> FinishedParent:
    """The parent with its ADV and volatility from the days before it; as it came where they are not enough."""
    days = history.get(parent.symbol)
    before = 0 if days is None else bisect_left(days.dates, parent.date)
    if days is None or before < DAYS + 1:
        return parent
    adv = geometric_adv(days.volume[:before])
    sigma = ewma_sigma(days.close[:before])
    return parent if adv is None or sigma is None else msgspec.structs.replace(parent, adv=adv, sigma_daily=sigma)


def geometric_adv(volume: FloatArray) -> float | None:
    """Geometric mean of the last 20 days' volume, shares; None with fewer days or one without trading."""
    last = volume[-DAYS:]
    if last.size < DAYS or not (np.isfinite(last).all() and (last > 0).all()):
        return None
    return float(np.exp(np.log(last).mean()))


def ewma_sigma(close: FloatArray) -> float | None:
    """Exponentially weighted volatility of the last 20 log returns; None with fewer, or where nothing moved."""
    last = close[-DAYS - 1 :]
    if last.size < DAYS + 1 or not (np.isfinite(last).all() and (last > 0).all()):
        return None
    weight = DECAY ** np.arange(DAYS - 1, -1, -1.0)
    variance = float(weight @ np.diff(np.log(last)) ** 2 / weight.sum())
    return variance**0.5 if variance > 0 else None
