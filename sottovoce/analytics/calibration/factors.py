"""What else made orders dearer than the model says: momentum, volatility regime, time of day, sector concentration.

Each factor's effect is the weighted regression of what the model left on the factor about its mean, one factor at a
time, with a bootstrap of symbol-days for its interval. A factor few orders know, or that did not vary, is not estimated
and says so; one whose interval contains nothing is shown and not applied.
"""

from __future__ import annotations

import numpy as np

from sottovoce.analytics.calibration.parents import FinishedParent, numbers_of
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import Interval, cluster_draws, numbered, studentised
from sottovoce.models.impact_record import FactorEstimate

KNOWN_MIN = 100
"""Orders that know a factor; with fewer nothing is said of it."""
CONTAINS = "the 95 % interval contains zero: shown, not applied"


def factor_estimates(
    parents: tuple[FinishedParent, ...], left: FloatArray, weight: FloatArray, cluster: IntArray, draws: int, seed: int
) -> tuple[FactorEstimate, ...]:
    """Estimate the four factors.

    Args:
        left: cost less the fitted cost, daily volatilities, shape (n,); weight: one over its variance.
    """
    side = numbers_of(parents, "side")
    ratio, part = numbers_of(parents, "volatility_ratio"), numbers_of(parents, "day_part")
    regime = np.log(np.where(ratio > 0, ratio, np.nan))
    columns = (
        ("momentum", "20-day log return against the order", side * numbers_of(parents, "momentum")),
        ("volatility regime", "logarithm of recent over long-run volatility", regime),
        ("time of day", "part of the session from open to close", part),
        ("sector concentration", "part of gross value in the sector", numbers_of(parents, "sector_part")),
    )
    return tuple(_estimate(name, unit, figure, left, weight, cluster, draws, seed) for name, unit, figure in columns)


def _estimate(
    name: str, unit: str, figure: FloatArray, left: FloatArray, weight: FloatArray, cluster: IntArray, draws: int,
    seed: int,
) -> FactorEstimate:  # fmt: skip
    seen: BoolArray = np.isfinite(figure)
    n = int(seen.sum())
    why = ""
    if n < KNOWN_MIN:
        why = f"{n} orders know it; {KNOWN_MIN} are needed"
    elif float(figure[seen].std()) == 0.0:
        why = "it is the same for every order"
    if why:
        return FactorEstimate(name=name, unit=unit, n=n, why=f"not estimated: {why}")
    try:
        effect = slope(figure[seen], left[seen], weight[seen], cluster[seen], draws, seed)
    except ModelError as refused:
        return FactorEstimate(name=name, unit=unit, n=n, why=f"not estimated: {refused}")
    tells = effect.low > 0 or effect.high < 0
    return FactorEstimate(name=name, unit=unit, n=n, effect=effect, tells=tells, why="" if tells else CONTAINS)


def slope(
    figure: FloatArray, left: FloatArray, weight: FloatArray, cluster: IntArray, draws: int, seed: int
) -> Interval:
    """Slope of a weighted regression with a constant, its interval by clusters. Raises ModelError as the bootstrap."""
    cluster = numbered(cluster)
    groups = int(cluster.max()) + 1
    centred = figure - float(weight @ figure / weight.sum())
    one, x, xx, y, xy = (np.bincount(cluster, weight * each, groups) for each in _moments(centred, left))

    def line(times: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slope and its cluster-robust error for every row of times, from the clusters' sums."""
        total, mean, level = times @ one, times @ x, times @ y
        bent = times @ xx - mean**2 / total
        found = (times @ xy - mean * level / total) / bent
        middle, constant = mean / total, (level - found * mean) / total
        pulls = (
            xy - constant[:, None] * x - found[:, None] * xx
            - middle[:, None] * (y - constant[:, None] * one - found[:, None] * x)
        )  # fmt: skip
        variance = (times * pulls**2).sum(axis=1) * groups / (groups - 1.0)
        return np.asarray(found, dtype=np.float64), np.asarray(np.sqrt(variance) / bent, dtype=np.float64)

    value, error = line(np.ones((1, groups)))
    return studentised(float(value[0]), float(error[0]), *line(cluster_draws(groups, draws, seed)))


def _moments(x: FloatArray, y: FloatArray) -> tuple[FloatArray, ...]:
    return np.ones_like(x), x, x * x, y, x * y
