"""Almgren–Chriss at several prices of risk at once: curves.shortfall_curve for all of them in one pass over arrays.

Candidates need five such curves for every order planned; one at a time they cost more than everything else of a plan.
"""

from __future__ import annotations

import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_ac import STRAIGHT_LINE
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.curves import FIXED_POINT_ROUNDS, linear_market, volume_curve
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon


def shortfall_curves(
    facts: Facts, horizon: Horizon, volumes: FloatArray, quantity: int, prices: tuple[float, ...], most: float,
    config: PlanningConfig,
) -> FloatArray:  # fmt: skip
    """One curve for each price of risk, shape (m, n + 1): as shortfall_curve gives them one by one."""
    times = horizon.volume_days
    even, room = volume_curve(horizon), volumes * most / quantity
    found = np.tile(even, (len(prices), 1))
    if room.sum() <= 1.0:
        return found
    market = linear_market(facts, quantity, horizon, times.size - 1, float(volumes.sum()), config.impact)
    worth = np.array(prices)
    if market.sigma_price > 0 and market.eta_tilde > 0:
        spans = np.diff(times)
        for _ in range(FIXED_POINT_ROUNDS):
            averse = worth / (2.0 * market.sigma_price * quantity * _exposures(found, spans))
            rate = np.sqrt(averse / market.eta_tilde) * market.sigma_price
            kappa = 2.0 / market.tau * np.arcsinh(rate * market.tau / 2.0)
            found = _decays(kappa[:, None], times, even)
    return _within(found, room)


def _exposures(curves: FloatArray, spans: FloatArray) -> FloatArray:
    """costing.exposure of each curve, shape (m,)."""
    left = 1.0 - curves
    before, after = left[:, :-1], left[:, 1:]
    return np.asarray(np.sqrt((before * before + before * after + after * after) @ spans / 3.0), dtype=np.float64)


def _decays(kappa: FloatArray, times: FloatArray, even: FloatArray) -> FloatArray:
    """1 − sinh κ(T − t)/sinh κT for each κ, shape (m, n + 1), without overflow; straight for a κ of nothing."""
    whole = float(times[-1])
    steep = np.maximum(kappa, STRAIGHT_LINE / whole)
    a, b = steep * (whole - times), steep * whole
    curves = 1.0 - np.exp(a - b) * np.expm1(-2.0 * a) / np.expm1(-2.0 * b)
    curves[:, 0], curves[:, -1] = 0.0, 1.0
    return np.where(kappa * whole < STRAIGHT_LINE, even, curves)


def _within(curves: FloatArray, room: FloatArray) -> FloatArray:
    """curves.keep_rate of each curve."""
    kept = np.zeros_like(curves)
    for bucket, most in enumerate(room):
        kept[:, bucket + 1] = np.minimum(curves[:, bucket + 1], kept[:, bucket] + most)
    kept[:, -1] = 1.0
    return kept
