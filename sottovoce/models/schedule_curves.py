"""Cumulative target curves: what fraction of the order should be done by each bucket edge.

Every curve is shape (n + 1,), starts at 0, never falls and ends at 1, or below 1 where the market is not
expected to trade enough. The urgency curves run in volume time, so that at zero urgency they are VWAP,
which is TWAP in volume time.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.guards import not_negative, positive
from sottovoce.models.schedule_ac import STRAIGHT_LINE, sinh_ratio
from sottovoce.models.volume import VolumeCurve, cumulative_fractions, participation_child


def twap(edges_ns: IntArray) -> FloatArray:
    """Even in clock time between the first and last edge. edges_ns: rising, shape (n + 1,)."""
    _rising(edges_ns)
    return np.asarray((edges_ns - edges_ns[0]) / float(edges_ns[-1] - edges_ns[0]), dtype=np.float64)


def vwap(curve: VolumeCurve, edges_ns_of_day: IntArray) -> FloatArray:
    """In proportion to the volume the curve expects between the first and last edge, within one day.

    Raises: PlanError `no_volume_in_window` rather than falling back to equal buckets.
    """
    _rising(edges_ns_of_day)
    return _from_zero_to_one(cumulative_fractions(curve, edges_ns_of_day))


def pov(others_volume: FloatArray, rate: float, quantity: int) -> FloatArray:
    """A share of volume: rate/(1 − rate) of what others trade, until the order is done.

    Args:
        others_volume: expected volume per bucket without ours, shares, >= 0, shape (n,).
        rate: our share of the total including ours, 0 < rate < 1. quantity: shares, > 0.
    Returns: shape (n + 1,); ends below 1 where the volume does not suffice.
    """
    positive("Quantity", quantity)
    if bool((others_volume < 0).any()) or not bool(np.isfinite(others_volume).all()):
        raise PlanError("Expected volumes must be zero or more.", code="bad_volume")
    done = np.concatenate([[0.0], np.cumsum(others_volume)]) * participation_child(1.0, rate) / quantity
    return np.minimum(done, 1.0)


def volume_time(curve: VolumeCurve, days: IntArray, edges_ns_of_day: IntArray) -> FloatArray:
    """Volume time of each edge, days since the first edge: day number plus the curve's fraction of the day.

    Args: days: trading days counted from the first, shape (n + 1,). edges_ns_of_day: same shape.
    """
    clock = days + cumulative_fractions(curve, edges_ns_of_day)
    return np.asarray(clock - clock[0], dtype=np.float64)


def multi_day_vwap(curve: VolumeCurve, days: IntArray, edges_ns_of_day: IntArray) -> FloatArray:
    """Even in volume time over several days: every day's continuous session counts one."""
    return _from_zero_to_one(volume_time(curve, days, edges_ns_of_day))


def urgency(*, sigma_price: float, eta: float, risk_aversion: float) -> float:
    """κ = √(λσ²/η) per day of volume time: Almgren–Chriss for short periods; units as in schedule_ac."""
    rate = not_negative("Risk aversion", risk_aversion) / positive("Temporary impact eta", eta)
    return sqrt(rate) * not_negative("Volatility", sigma_price)


def implementation_shortfall(times: FloatArray, kappa: float) -> FloatArray:
    """Front-loaded arrival-price curve: 1 − sinh κ(T − t)/sinh κT.

    Args:
        times: volume time of the edges in days from 0 to T, shape (n + 1,), from `volume_time`.
        kappa: urgency per day, >= 0; 0 is even in volume time.
    Source: Almgren–Chriss 2000, equation (17).
    """
    return 1.0 - _decay(times, times[-1] - times, kappa)


def target_close(times: FloatArray, kappa: float) -> FloatArray:
    """Back-loaded mirror of `implementation_shortfall`: sinh κt/sinh κT, least risk against the end price.

    Source: scheduling reference §7, T-SCH-16.
    """
    return _decay(times, times, kappa)


def _decay(times: FloatArray, distance: FloatArray, kappa: float) -> FloatArray:
    """sinh(κ·distance)/sinh(κT), straight where κT is nothing."""
    _volume_times(times)
    not_negative("Urgency kappa", kappa)
    horizon = float(times[-1])
    if kappa * horizon < STRAIGHT_LINE:
        return np.asarray(distance / horizon, dtype=np.float64)
    return sinh_ratio(kappa * distance, kappa * horizon)


def _from_zero_to_one(cumulative: FloatArray) -> FloatArray:
    total = float(cumulative[-1] - cumulative[0])
    if total <= 0:
        raise PlanError(
            "The volume curve expects no volume between these times; choose a window inside the session.",
            code="no_volume_in_window",
        )
    return np.asarray((cumulative - cumulative[0]) / total, dtype=np.float64)


def _rising(edges: IntArray) -> None:
    if edges.size < 2 or bool((np.diff(edges) <= 0).any()):
        raise PlanError("Buckets need at least two edges that rise.", code="bad_edges")


def _volume_times(times: FloatArray) -> None:
    if times.size < 2 or times[0] != 0.0 or bool((np.diff(times) < 0).any()) or times[-1] <= 0:
        raise PlanError("Volume times must start at 0, never fall and end above 0.", code="bad_volume_time")
