"""The Almgren form from orders of one's own, each figure with an interval that knows orders of one day move together.

The same two equations and weights as impact_fit.py. Exponents are fitted freely; the coefficients that plan are fitted
with the exponents fixed at 1, 1/4 and 3/5, as the paper does, or, on request, with the free ones: such a model has to
pass the guard against round trips first (no_manipulation.py), and rarely does.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import DRAWS, Interval
from sottovoce.models.impact_fit import ALPHA, BETA, DELTA, Orders, checked, cost_variance
from sottovoce.models.impact_fit_draws import PowerData, fitted_intervals, fitted_point

Exponents = tuple[float, float, float]
PUBLISHED: Exponents = (ALPHA, DELTA, BETA)
NOTHING = np.zeros(0)


class AlmgrenPoint(NamedTuple):
    """γ, η, and (α, δ, β)."""

    gamma: float
    eta: float
    exponents: Exponents


class AlmgrenIntervals(msgspec.Struct, frozen=True, kw_only=True):
    """Free exponents, and the coefficients with the exponents at `fixed` (α, δ, β); n orders within size_range.

    r_squared: part of the weighted variance of single orders' costs that the fixed form explains, about a hundredth.
    """

    alpha: Interval
    delta: Interval
    beta: Interval
    gamma: Interval
    eta: Interval
    fixed: Exponents
    r_squared: float
    n: int
    size_range: tuple[float, float]

    @property
    def point(self) -> AlmgrenPoint:
        return AlmgrenPoint(self.gamma.value, self.eta.value, self.fixed)


def fit_almgren_intervals(
    orders: Orders, cluster: IntArray, *, draws: int = DRAWS, seed: int = 0, free: bool = False
) -> AlmgrenIntervals:
    """Fit both equations.

    Args:
        cluster: which symbol and day each order is of, any numbers, shape (n,).
        free: the coefficients go with the exponents found, in place of the published ones.
    Raises: ModelError `bad_orders`, `too_few_orders`, `too_few_clusters`, `no_fit`, `no_interval`.
    """
    lasting, passing = _equations(orders, cluster)
    _, alpha, delta = fitted_intervals(lasting, np.array([ALPHA, DELTA]), draws=draws, seed=seed).intervals
    _, beta = fitted_intervals(passing, np.array([BETA]), draws=draws, seed=seed).intervals
    fixed = (alpha.value, delta.value, beta.value) if free else PUBLISHED
    gamma = _factor(_held(lasting, fixed[:2]), draws, seed)
    eta = _factor(_held(passing, fixed[2:]), draws, seed)
    return AlmgrenIntervals(
        alpha=alpha,
        delta=delta,
        beta=beta,
        gamma=gamma,
        eta=eta,
        fixed=fixed,
        r_squared=_explained(passing, eta.value * np.exp(_held(passing, fixed[2:]).offset)),
        n=int(orders.size.size),
        size_range=(float(orders.size.min()), float(orders.size.max())),
    )


def almgren_point(orders: Orders, *, free: bool = False) -> AlmgrenPoint:
    """The coefficients and exponents that plan, without intervals. Raises ModelError as fit_almgren_intervals."""
    lasting, passing = _equations(orders, np.zeros(orders.size.size, dtype=np.int64))
    alpha, delta, beta = PUBLISHED
    if free:
        _, alpha, delta = fitted_point(lasting, np.array([ALPHA, DELTA])).tolist()
        _, beta = fitted_point(passing, np.array([BETA])).tolist()
    gamma = float(fitted_point(_held(lasting, (alpha, delta)), NOTHING)[0])
    eta = float(fitted_point(_held(passing, (beta,)), NOTHING)[0])
    return AlmgrenPoint(gamma, eta, (alpha, delta, beta))


def almgren_cost(point: AlmgrenPoint, orders: Orders) -> FloatArray:
    """What the form says each order costs, J, daily volatilities, shape (n,)."""
    alpha, delta, beta = point.exponents
    rate = orders.size / orders.duration
    lasting = point.gamma * orders.duration * rate**alpha * orders.turnover**delta
    return np.asarray(lasting / 2.0 + point.eta * rate**beta, dtype=np.float64)


def _equations(orders: Orders, cluster: IntArray) -> tuple[PowerData, PowerData]:
    """Of I in rate and turnover, and of J − I/2 in the rate."""
    checked(orders)
    rate, turnover = np.log(orders.size / orders.duration), np.log(orders.turnover)
    lasting = _data(orders, cluster, np.column_stack([rate, turnover]), np.log(orders.duration), permanent=True)
    return lasting, _data(orders, cluster, rate[:, None], np.zeros(orders.size.size), permanent=False)


def _held(data: PowerData, exponents: tuple[float, ...]) -> PowerData:
    """The equation with its exponents given: its coefficient alone is left to fit."""
    offset = np.asarray(data.offset + data.logs @ np.array(exponents), dtype=np.float64)
    return msgspec.structs.replace(data, logs=np.zeros((offset.size, 0)), offset=offset)


def _data(orders: Orders, cluster: IntArray, logs: FloatArray, offset: FloatArray, *, permanent: bool) -> PowerData:
    """The equation of I, or that of J − I/2, with the weights of the paper's noise model."""
    seen = orders.permanent if permanent else orders.cost - orders.permanent / 2.0
    weight = 1.0 / (orders.post if permanent else cost_variance(orders))
    return PowerData(seen=seen, logs=logs, offset=offset, weight=weight, cluster=cluster)


def _factor(held: PowerData, draws: int, seed: int) -> Interval:
    """The coefficient with its exponents held: linear in the costs, so its interval is not one of the logarithm."""
    return fitted_intervals(held, NOTHING, draws=draws, seed=seed, log_factor=False).intervals[0]


def _explained(data: PowerData, fitted: FloatArray) -> float:
    total = float(data.weight @ data.seen**2)
    return 1.0 - float(data.weight @ (data.seen - fitted) ** 2) / total if total > 0 else float("nan")
