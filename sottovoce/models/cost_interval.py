"""What one order may cost: an interval that past orders have taught how wide it must be.

A plan expects a cost and says on what scale an order may miss it: the error of the impact model and the trading noise
of the schedule at the forecast volatility, in quadrature. If both were right and normal, (realised − expected)/scale
would lie within ±1.28 for 80 % of orders. Prices have fat tails, volatility is itself a forecast, and a model fitted
elsewhere is biased; so the ends are the order statistics of that figure over the desk's own finished orders (split
conformal prediction). They cover a next order that is exchangeable with those, whatever the distribution, and they
are no wider than that needs. Until enough orders have finished, the normal ends stand.

Source: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), section 4; Lei, G'Sell, Rinaldo,
Tibshirani and Wasserman, J. American Statistical Association 113 (2018), for the rank of the order statistic.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.core.ranges import CountOrNone, Signed
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.guards import finite

LEVEL = 0.8
Z_80 = 1.281552
"""Two-sided 80 % point of the normal distribution."""

ORDERS_MIN = 50
"""With fewer orders an end of the interval is one of the five largest misses, which says little."""


class CostQuantiles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ends of the 80 % interval in units of a plan's own scale, and the orders they were learned from.

    low and high: of (realised − expected)/scale, low < high. orders: 0 where they are the normal distribution's.
    """

    low: Signed = -Z_80
    high: Signed = Z_80
    orders: CountOrNone = 0
    version: str = "normal"

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"an interval from {self.low} to {self.high} has no inside")

    def ends(self, expected_bps: float, scale_bps: float) -> tuple[float, float]:
        """The interval of one order, bps."""
        return expected_bps + self.low * scale_bps, expected_bps + self.high * scale_bps

    def scale(self, low_bps: FloatArray, high_bps: FloatArray) -> FloatArray:
        """The scales of plans whose intervals had these ends, bps, shapes (n,)."""
        return np.asarray((high_bps - low_bps) / (self.high - self.low), dtype=np.float64)


NORMAL = CostQuantiles()


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many of n outcomes fell inside, and the standard error of that part."""

    inside: int
    n: int
    error: float

    @property
    def part(self) -> float:
        return self.inside / self.n


def misses(realised_bps: FloatArray, expected_bps: FloatArray, scale_bps: FloatArray) -> FloatArray:
    """(realised − expected)/scale of finished orders, shape (n,).

    Raises: ModelError `shapes_differ`, `bad_orders`: a figure that is none, or a scale that is not above zero.
    """
    if not realised_bps.shape == expected_bps.shape == scale_bps.shape or realised_bps.ndim != 1:
        raise ModelError("Every order needs its outcome, its expected cost and its scale.", code="shapes_differ")
    figures = np.stack([realised_bps, expected_bps, scale_bps])
    if not np.all(np.isfinite(figures)) or not np.all(scale_bps > 0):
        raise ModelError("Costs are ordinary numbers and a scale is above zero.", code="bad_orders")
    return np.asarray((realised_bps - expected_bps) / scale_bps, dtype=np.float64)


def learned(missed: FloatArray, version: str, level: float = LEVEL) -> CostQuantiles:
    """The ends between which the next order's miss lies with at least the level's probability.

    The k-th smallest and the k-th largest of n with k = ⌊(n + 1)(1 − level)/2⌋: n + 1 − 2k of the n + 1 places a new
    order may take among them are inside. The coverage of one such pair scatters about the level by
    √(level(1 − level)/(n + 2)).

    Args: missed: of finished orders, shape (n,). level: above 0 and below 1.
    Raises: ModelError `too_few_orders`, `out_of_range`.
    """
    if not 0.0 < finite("Level", level) < 1.0:
        raise ModelError(f"The level of an interval is between 0 and 1, not {level}.", code="out_of_range")
    n = len(missed)
    tail = floor((n + 1) * (1.0 - level) / 2.0 + 1e-9)
    if n < ORDERS_MIN or tail < 1:
        needed = max(ORDERS_MIN, ceil(2.0 / (1.0 - level)))
        raise ModelError(f"{n} finished orders; ends need {needed} or more.", code="too_few_orders")
    ranked = np.sort(missed)
    return CostQuantiles(low=float(ranked[tail - 1]), high=float(ranked[n - tail]), orders=n, version=version)


def coverage(
    realised_bps: FloatArray, low_bps: FloatArray, high_bps: FloatArray, group: IntArray | None = None
) -> Coverage:
    """How many outcomes lie within their own intervals, ends included; shapes (n,), n >= 1.

    Args: group: the number of each order's session, shape (n,), where orders that met the same prices are not
        independent: the error is then of sessions. None: every order is its own.
    Raises: ModelError `shapes_differ`, `too_few_orders`.
    """
    if not realised_bps.shape == low_bps.shape == high_bps.shape:
        raise ModelError("Every outcome needs the two ends of its interval.", code="shapes_differ")
    if not len(realised_bps):
        raise ModelError("Without an order nothing is covered and nothing missed.", code="too_few_orders")
    inside = (low_bps <= realised_bps) & (realised_bps <= high_bps)
    n, part = len(inside), float(inside.mean())
    _, number = np.unique(np.arange(n) if group is None else group, return_inverse=True)
    off = np.bincount(number, weights=inside - part)
    return Coverage(inside=int(inside.sum()), n=n, error=sqrt(float(off @ off)) / n)
