"""VWAP, static and dynamic: what part of an order should be done by when, if the day's volume is uncertain.

Source: Konishi, J. Financial Markets 5 (2002) 197-221, for the static curve that minimises the variance of the
slippage; Białkowski, Darolles and Le Fol, J. Banking & Finance 32 (2008), for weights that follow the forecast;
T-SCH-11, T-SCH-12.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray


def static_vwap(cumulative: FloatArray, variance: FloatArray) -> FloatArray:
    """x*(t) = E[σ²X]/E[σ²]: the mean curve of volume, days that move more counting more.

    Args:
        cumulative: part of the day's volume done by each time, shape (days, times), in [0, 1], rising along a day.
        variance: σ² of the price at those times, shape (days, times), >= 0.
    Returns: part of the order done by each time, shape (times,), made rising where the sample bends it back.
    Raises: ModelError `shapes_differ`, `bad_curve`, `no_variance`.
    """
    if cumulative.shape != variance.shape or cumulative.ndim != 2 or not cumulative.size:
        raise ModelError("Curves and variances need the same shape, days by times.", code="shapes_differ")
    inside = np.all((cumulative >= 0.0) & (cumulative <= 1.0)) and np.all(np.diff(cumulative, axis=1) >= 0.0)
    if not inside or not np.all(variance >= 0.0):
        raise ModelError("A curve of volume rises from 0 to 1, and a variance is not negative.", code="bad_curve")
    weight = variance.sum(axis=0)
    if not np.all(weight > 0.0):
        raise ModelError("At some time no day has any variance; leave the time out.", code="no_variance")
    return np.asarray(np.maximum.accumulate((cumulative * variance).sum(axis=0) / weight), dtype=np.float64)


def next_weight(done: float, forecast: FloatArray) -> float:
    """Part of the order for the next bin: what is left, times the bin's part of the volume still forecast.

    Args:
        done: part of the order in bins before, 0 to 1.
        forecast: volume of this bin and all after it as now forecast, shape (bins left,), >= 0; the last bin takes the
            rest whatever its forecast.
    Raises: ModelError `bad_forecast`, `out_of_range`.
    """
    if not 0.0 <= done <= 1.0 + 1e-12:
        raise ModelError(f"{done} of the order cannot be done; it is a part of one.", code="out_of_range")
    if not len(forecast) or not np.all(np.isfinite(forecast)) or np.any(forecast < 0.0):
        raise ModelError("A forecast has a figure of zero or more for this bin and all after it.", code="bad_forecast")
    left = max(1.0 - done, 0.0)
    if len(forecast) == 1:
        return left
    total = float(forecast.sum())
    return left / len(forecast) if total <= 0.0 else left * float(forecast[0]) / total
