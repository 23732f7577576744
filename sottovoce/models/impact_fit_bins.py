"""The square-root law from orders of one's own: Y q^δ through the mean cost of orders of like size, with intervals.

Costs of single orders are noise of either sign, so their logarithm is never regressed: orders are put into bins of
equal count by size, each bin counts by one over its squared standard error, and the law is fitted to the bins. That is
the same as fitting the orders with each taking the size and weight of its bin, which is how the bootstrap draws whole
days of orders without binning again. A bin's size is the square of its orders' mean √q: a bin's mean cost is then the
law's at that size whatever the bin's width, exactly at δ = 1/2 and nearly elsewhere.

Source: Sato and Kanazawa, PRL 135 257401 (2025), for fits to binned averages; T-IMP-13.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import DRAWS, Interval
from sottovoce.models.impact_fit_draws import PowerData, fitted_intervals, fitted_point

BINS = 20
IN_A_BIN = 10
"""Fewest orders in a bin: with fewer its standard error is a guess, and so is its weight."""
START = 0.5


class SizeBin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Orders of like size: Q/V, mean cost and its standard error in daily volatilities, how many; what the law says."""

    size: float
    mean: float
    error: float
    n: int
    fitted: float = 0.0


class SquareRootFit(msgspec.Struct, frozen=True, kw_only=True):
    """Y and δ with 95 % intervals and their covariance, R² over the bins by their weights, and the bins; n orders
    within size_range.
    """

    prefactor: Interval
    exponent: Interval
    covariance: float
    r_squared: float
    n: int
    size_range: tuple[float, float]
    bins: tuple[SizeBin, ...]


def fit_square_root(
    size: FloatArray, cost: FloatArray, cluster: IntArray, *, bins: int = BINS, draws: int = DRAWS, seed: int = 0
) -> SquareRootFit:
    """Fit Y q^δ.

    Args:
        size: Q/V of each order, > 0, shape (n,). cost: signed, over daily volatility, shape (n,). cluster: which
            symbol and day each is of, any numbers.
    Raises: ModelError `bad_orders`, `too_few_orders`, `too_few_clusters`, `no_fit`, `no_interval`.
    """
    place = quantile_places(size, cost, bins)
    number, mean, error, centre = bin_figures(size, cost, place)
    data = _binned(size, cost, cluster, place)
    (prefactor, exponent), covariance = fitted_intervals(data, np.array([START]), draws=draws, seed=seed)
    law = prefactor.value * centre**exponent.value
    rows = zip(centre.tolist(), mean.tolist(), error.tolist(), number.tolist(), law.tolist(), strict=True)
    return SquareRootFit(
        prefactor=prefactor,
        exponent=exponent,
        covariance=float(covariance[0, 1]),
        r_squared=weighted_r_squared(mean, law, error),
        n=int(size.size),
        size_range=(float(size.min()), float(size.max())),
        bins=tuple(SizeBin(size=q, mean=m, error=e, n=int(k), fitted=f) for q, m, e, k, f in rows),
    )


def square_root_point(size: FloatArray, cost: FloatArray, *, bins: int = BINS) -> tuple[float, float]:
    """Y and δ alone. Raises ModelError as fit_square_root."""
    place = quantile_places(size, cost, bins)
    found = fitted_point(_binned(size, cost, np.zeros(size.size, dtype=np.int64), place), np.array([START]))
    return float(found[0]), float(found[1])


def _binned(size: FloatArray, cost: FloatArray, cluster: IntArray, place: IntArray) -> PowerData:
    """The orders, each with the size and the weight of its bin."""
    number, _, error, centre = bin_figures(size, cost, place)
    return PowerData(
        seen=cost,
        logs=np.log(centre)[place][:, None],
        offset=np.zeros(size.size),
        weight=(1.0 / (error**2 * number))[place],
        cluster=cluster,
    )


def quantile_places(size: FloatArray, cost: FloatArray, bins: int = BINS) -> IntArray:
    """The bin of each order, numbers from 0 without gaps, shape (n,). Raises ModelError as fit_square_root."""
    if size.shape != cost.shape or not (np.isfinite(size).all() and np.isfinite(cost).all() and (size > 0).all()):
        raise ModelError("Every order needs a size above zero and an ordinary cost.", code="bad_orders")
    if size.size < 3 * IN_A_BIN:
        sentence = f"{size.size} orders; a law of size needs {3 * IN_A_BIN} or more."
        raise ModelError(sentence, code="too_few_orders")
    edges = np.quantile(size, np.linspace(0.0, 1.0, min(bins, size.size // IN_A_BIN) + 1)[1:-1])
    _, place = np.unique(np.searchsorted(edges, size, side="right"), return_inverse=True)
    if int(place.max()) < 1:
        raise ModelError("All orders are of one size; an exponent needs two.", code="bad_orders")
    return place.astype(np.int64)


def bin_figures(
    size: FloatArray, cost: FloatArray, place: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Number, mean cost, its standard error and the size of each bin, shapes (bins,).

    No error is below a fiftieth of the usual one: a few orders that happen to agree are not thereby certain.
    """
    number = np.bincount(place).astype(np.float64)
    mean = np.bincount(place, cost) / number
    spread = np.bincount(place, (cost - mean[place]) ** 2) / np.maximum(number - 1.0, 1.0)
    noise = np.sqrt(spread / number)
    usual = float(np.median(noise[number > 1])) if (number > 1).any() else 0.0
    if usual == 0.0:
        raise ModelError("All orders of a size cost the same; there is no error to weigh them by.", code="bad_orders")
    error = np.where(number > 1, np.maximum(noise, 0.02 * usual), 3.0 * usual)
    return number, mean, error, (np.bincount(place, np.sqrt(size)) / number) ** 2


def weighted_r_squared(mean: FloatArray, fitted: FloatArray, error: FloatArray) -> float:
    """Part of the bins' weighted variance the law explains; NaN where they do not vary."""
    weight = 1.0 / error**2
    total = float(weight @ (mean - (weight @ mean) / weight.sum()) ** 2)
    return 1.0 - float(weight @ (mean - fitted) ** 2) / total if total > 0 else float("nan")
