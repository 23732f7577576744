"""Power-law impact with a horizon, solved by shooting: quick enough to be one candidate of many.

    min Σ_k η τ_k (n_k/τ_k)^(1+k) + λσ² Σ_k τ_k x_k²,   n_k >= 0, Σ n_k = 1, x_k what is left after step k

At the optimum a share costs the same in every step that trades: the marginal cost η(1+k)v_k^k falls from one step to
the next by the risk of having been held, 2λσ²τ_k x_k. The first speed fixes all that follow; false position finds the
one that ends with nothing left. The same program by a general optimiser is models/schedule_power_finite.py, its
referee. Source: Almgren 2003, the costs.
"""

from __future__ import annotations

import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive

ROUNDS_MAX = 200
CLOSE_ENOUGH = 1e-12
"""Part of the order that may be left when the search ends."""


def power_curve(days: FloatArray, exponent: float, risk: float) -> FloatArray:
    """Cumulative part of the order done at the end of each step, shape (n,), the last exactly 1.

    Args:
        days: length of each step in volume time, > 0, shape (n,). exponent: k > 0 of the temporary impact.
        risk: λσ²/η for an order of one unit, per the speed's own unit: 0 gives a constant rate.
    Raises: ModelError `not_positive`, `negative`.
    """
    steps = [positive("Length of a step", float(each)) for each in days]
    positive("Exponent", exponent)
    pull = 2.0 * not_negative("Risk", risk) / (1.0 + exponent)
    left = np.array(_ending_empty(steps, exponent, pull))
    curve = np.maximum.accumulate(np.clip(1.0 - left, 0.0, 1.0))
    curve[-1] = 1.0
    return np.asarray(curve, dtype=np.float64)


def _ending_empty(steps: list[float], exponent: float, pull: float) -> list[float]:
    """What is left after each step on the path that ends empty: between a constant rate and all of it at once.

    False position with the Illinois rule: an end that stays twice counts half.
    """
    low, high = 1.0 / sum(steps), 1.0 / steps[0]
    path = _left(steps, exponent, pull, low)
    over, under, side = path[-1], -1.0, 0
    for _ in range(ROUNDS_MAX if over > CLOSE_ENOUGH else 0):
        first = (low * under - high * over) / (under - over)
        path = _left(steps, exponent, pull, first)
        if abs(path[-1]) <= CLOSE_ENOUGH or high - low <= CLOSE_ENOUGH * high:
            break
        if path[-1] > 0.0:
            low, over, under, side = first, path[-1], under / 2.0 if side == 1 else under, 1
        else:
            high, under, over, side = first, path[-1], over / 2.0 if side == -1 else over, -1
    return path


def _left(steps: list[float], exponent: float, pull: float, first: float) -> list[float]:
    """What is left after each step for a first speed; below zero once it is too fast."""
    left, marginal, found = 1.0, first**exponent, []
    inverse = 1.0 / exponent
    for step in steps:
        if left > 0.0:
            left -= marginal**inverse * step
            marginal = max(marginal - pull * step * left, 0.0)
        found.append(left)
    return found
