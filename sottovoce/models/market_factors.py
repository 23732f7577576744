"""Facts about the state of the market that a cost estimate mentions.

Each is computed from figures the caller has, and is None where they are missing: the document then prints
"not estimated". Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Literal

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.volume import VolumeCurve, cumulative_fraction

MOMENTUM_DAYS = 20
SHORT_DAYS, LONG_DAYS = 60, 250
RATE_EXPONENT = 0.6
"""Temporary impact grows with the 3/5 power of our rate against the market's (Almgren et al. 2005)."""

Regime = Literal["calm", "normal", "volatile"]
CALM_BELOW, VOLATILE_ABOVE = 0.8, 1.25


class VolatilityRegime(msgspec.Struct, frozen=True, kw_only=True):
    """Standard deviation of daily log returns over 60 days divided by that over 250, and a word for it.

    calm below 0.8, volatile above 1.25: a desk's convention, not an estimate.
    """

    ratio: float
    regime: Regime


def momentum(closes: FloatArray | None, days: int = MOMENTUM_DAYS) -> float | None:
    """Return over the last `days` days, as a fraction; needs days + 1 closes > 0, oldest first."""
    if closes is None or closes.size < days + 1:
        return None
    window = closes[-days - 1 :]
    return float(window[-1] / window[0] - 1) if _all_positive(window) else None


def volatility_regime(closes: FloatArray | None) -> VolatilityRegime | None:
    """Recent volatility against the year's; needs 251 closes > 0, oldest first, that moved."""
    if closes is None or closes.size < LONG_DAYS + 1:
        return None
    window = closes[-LONG_DAYS - 1 :]
    if not _all_positive(window):
        return None
    returns = np.diff(np.log(window))
    year = float(returns.std(ddof=1))
    if year == 0.0:
        return None
    ratio = float(returns[-SHORT_DAYS:].std(ddof=1)) / year
    return VolatilityRegime(ratio=ratio, regime=_regime(ratio))


def time_of_day_multiplier(
    curve: VolumeCurve | None, start: int, end: int, exponent: float = RATE_EXPONENT
) -> float | None:
    """Temporary impact in this window against one of the same length at the day's average volume rate.

    (average rate / rate in the window)^exponent: below 1 where volume is thick. start, end: ns of day.
    None without a curve, or where the window has no time or no expected volume inside the session.
    """
    if curve is None:
        return None
    start, end = max(start, curve.open_ns), min(end, curve.close_ns)
    if end <= start:
        return None
    volume = cumulative_fraction(curve, end) - cumulative_fraction(curve, start)
    even = (end - start) / (curve.close_ns - curve.open_ns)
    return float((even / volume) ** exponent) if volume > 0 else None


def sector_concentration(
    sector_values: Mapping[str, float] | None, sector: str | None, order_value: float
) -> float | None:
    """Share of gross value the order's sector will have once the order is done, 0 to 1.

    Args: sector_values: signed position value by sector. order_value: signed, positive buys.
    None without positions or a sector, or where nothing would be held.
    """
    if sector_values is None or sector is None:
        return None
    after = dict(sector_values)
    after[sector] = after.get(sector, 0.0) + order_value
    gross = sum(abs(value) for value in after.values())
    return abs(after[sector]) / gross if gross > 0 else None


def annual_volatility(sigma_daily: float | None, days: int = LONG_DAYS) -> float | None:
    """Daily volatility times √250; None passes through."""
    return None if sigma_daily is None else sigma_daily * sqrt(days)


def _all_positive(window: FloatArray) -> bool:
    return bool(np.isfinite(window).all()) and bool((window > 0).all())


def _regime(ratio: float) -> Regime:
    if ratio < CALM_BELOW:
        return "calm"
    return "volatile" if ratio > VOLATILE_ABOVE else "normal"
