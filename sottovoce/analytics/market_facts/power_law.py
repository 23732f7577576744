"""The law of impact: Y (Q/V)^delta through the mean cost of orders of like size, and how sure it is.

Costs of single orders are noise of either sign, so their logarithm is never regressed: orders are binned by size,
and the law is fitted to the bins' means by least squares weighted by one over their squared standard errors. The
intervals are percentiles of a bootstrap that draws whole sessions.

This is the ruler of market studies: the sizes are those the study sent, often three or four, the sessions few, and the
answer has to be a figure, NaN where there is none, so that every market is judged alike. It works on sums by session
and bin, never on orders. A desk's own orders are fitted by models/impact_fit_bins, which bins by quantile, reads
cluster-robust errors from single orders for studentised ends, and refuses a sample too thin for them: plans rest on it.
Fitted by either, the other's samples would be refused or its intervals would not hold.
Source: impact.md §8 steps 3 and 4.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.impact_fit_bins import weighted_r_squared

DRAWS = 1000
EXPONENTS = np.linspace(-0.5, 2.0, 2501)


class SizeBin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Orders of like size: mean Q/V, mean and standard error of what they did, in daily volatilities, and how many."""

    size: float
    mean: float
    error: float
    count: int


class PowerLaw(msgspec.Struct, frozen=True, kw_only=True):
    """Y (Q/V)^delta with 95 % intervals, weighted R squared over the bins, and the bins. NaN where no fit exists."""

    prefactor: float
    exponent: float
    prefactor_low: float
    prefactor_high: float
    exponent_low: float
    exponent_high: float
    r_squared: float
    bins: tuple[SizeBin, ...]


def fit_power_law(
    size: FloatArray, moved: FloatArray, session: IntArray, place: IntArray, draws: int = DRAWS, seed: int = 0
) -> PowerLaw:
    """Fit the law to orders.

    Args:
        size: Q/V of each order, > 0, shape (n,). moved: its signed impact or cost in daily volatilities, shape (n,).
        session: which session (or symbol and day) each belongs to, any numbers; the bootstrap draws these.
        place: which bin each is in, numbers from 0 without a gap.
    Raises: ModelError, impact_sizes, with fewer than two sizes to tell an exponent from.
    """
    count = int(place.max()) + 1 if place.size else 0
    if count < 2:
        raise ModelError("A power law needs orders of at least two sizes.", code="impact_sizes")
    _, group = np.unique(session, return_inverse=True)
    sums = _group_sums(size, moved, place, group, count)
    means, centres = sums[1].sum(axis=0) / sums[0].sum(axis=0), sums[2].sum(axis=0) / sums[0].sum(axis=0)
    errors = _errors(moved, place, count)
    prefactor, exponent = weighted_fit(centres, means, errors)
    low, high = _bootstrap(sums, errors, draws, seed)
    numbers = sums[0].sum(axis=0)
    shown = zip(centres.tolist(), means.tolist(), errors.tolist(), numbers.tolist(), strict=True)
    return PowerLaw(
        prefactor=prefactor,
        exponent=exponent,
        prefactor_low=float(low[0]),
        prefactor_high=float(high[0]),
        exponent_low=float(low[1]),
        exponent_high=float(high[1]),
        r_squared=weighted_r_squared(means, prefactor * centres**exponent, errors),
        bins=tuple(SizeBin(size=q, mean=m, error=e, count=int(n)) for q, m, e, n in shown),
    )


def weighted_fit(size: FloatArray, mean: FloatArray, error: FloatArray) -> tuple[float, float]:
    """Prefactor and exponent minimising the sum of ((Y q^delta - mean)/error)^2; arrays of shape (bins,)."""
    prefactors, exponents = _fits(size[None, :], mean[None, :], error)
    return float(prefactors[0]), float(exponents[0])


def _fits(size: FloatArray, mean: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fits of many samples of bins, shapes (draws, bins); for each exponent the best prefactor is a ratio of sums."""
    weight = 1.0 / error**2
    log_size = np.log(size)
    # The grid brackets the least; a parabola through its neighbours finds the exponent between grid points.
    losses = np.array([_loss(log_size, mean, weight, exponent) for exponent in EXPONENTS])
    best = np.clip(losses.argmin(axis=0), 1, EXPONENTS.size - 2)
    each = np.arange(size.shape[0])
    left, here, right = losses[best - 1, each], losses[best, each], losses[best + 1, each]
    bend = left - 2 * here + right
    shift = np.where(bend > 0, 0.5 * (left - right) / np.where(bend > 0, bend, 1.0), 0.0)
    exponents = EXPONENTS[best] + np.clip(shift, -1, 1) * (EXPONENTS[1] - EXPONENTS[0])
    shape = np.exp(exponents[:, None] * log_size)
    return (weight * mean * shape).sum(axis=1) / (weight * shape**2).sum(axis=1), exponents


def _loss(log_size: FloatArray, mean: FloatArray, weight: FloatArray, exponent: float) -> FloatArray:
    """What the best prefactor leaves, up to a constant, shape (draws,)."""
    shape = np.exp(exponent * log_size)
    left: FloatArray = -((weight * mean * shape).sum(axis=1) ** 2) / (weight * shape**2).sum(axis=1)
    return left


def _group_sums(
    size: FloatArray, moved: FloatArray, place: IntArray, group: IntArray, count: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Orders, their moves and their sizes summed by session and bin, three arrays of shape (sessions, bins)."""
    groups = int(group.max()) + 1
    cell = group * count + place
    orders = np.ones(size.size)
    number, moves, sizes = (
        np.bincount(cell, weights=each, minlength=groups * count).reshape(groups, count).astype(np.float64)
        for each in (orders, moved, size)
    )
    return number, moves, sizes


def _bootstrap(
    sums: tuple[FloatArray, FloatArray, FloatArray], errors: FloatArray, draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """2.5 and 97.5 percentiles of (prefactor, exponent) over draws of sessions; the weights stay."""
    groups = sums[0].shape[0]
    rng = np.random.default_rng(seed)
    times = rng.multinomial(groups, np.full(groups, 1.0 / groups), size=draws).astype(np.float64)
    number, moved, size = (times @ each for each in sums)
    whole = (number > 0).all(axis=1)
    if not bool(whole.any()):
        return np.full(2, np.nan), np.full(2, np.nan)
    fits = np.array(_fits(size[whole] / number[whole], moved[whole] / number[whole], errors))
    low, high = np.percentile(fits, [2.5, 97.5], axis=1)
    return low, high


def _errors(moved: FloatArray, place: IntArray, count: int) -> FloatArray:
    """Standard error of each bin's mean, shape (count,).

    Never below a tenth of the usual one: a few orders that happen to agree, on the tick say, are not thereby certain.
    """
    found = np.full(count, np.nan)
    for each in range(count):
        values = moved[place == each]
        if values.size > 1:
            found[each] = values.std(ddof=1) / np.sqrt(values.size)
    usual = float(np.nanmedian(found)) if np.isfinite(found).any() else 0.0
    # A bin of one order says nothing of its own error: as if it were three times the usual.
    filled = np.where(np.isfinite(found), found, 3 * usual)
    return np.maximum(filled, 0.1 * usual if usual > 0 else 1.0)
