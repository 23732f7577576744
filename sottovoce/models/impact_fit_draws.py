"""Weighted nonlinear least squares of c exp(x·p), for a thousand resamplings of the same orders at once.

Every law fitted here is a power law, y = c Π x_k^p_k, and costs are noise of either sign, so their logarithms are never
regressed: Newton's steps on the squared misses themselves, each draw of the bootstrap a row of matrices. Beside each
estimate stands its cluster-robust error, from the scores summed by cluster.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import DRAWS, Interval, cluster_draws, numbered, studentised

STEPS = 60
SETTLED = 1e-6
STRIDE = 0.3
"""Most by which an exponent moves in one step: far from the least, the straight line would overshoot it."""
EXPONENT_MAX = 4.0
BEND_MIN = 0.05
"""Of the straight part of the curvature: with less left the bent step is not to be trusted."""


class PowerData(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """y_i = c exp(offset_i + logs_i · p) + noise.

    Shapes: seen (n,), logs (n, k), offset (n,), weight (n,) > 0, one over the variance of the noise; cluster (n,).
    """

    seen: FloatArray
    logs: FloatArray
    offset: FloatArray
    weight: FloatArray
    cluster: IntArray


class PowerFits(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Row by row of the weights: (c, p_1 … p_k), shape (rows, k + 1), and their cluster-robust covariance, shape
    (rows, k + 1, k + 1); NaN where the search did not settle.
    """

    points: FloatArray
    covariance: FloatArray

    @property
    def errors(self) -> FloatArray:
        """Standard errors, shape (rows, k + 1)."""
        return np.asarray(np.sqrt(np.einsum("rii->ri", self.covariance)), dtype=np.float64)


class PowerIntervals(NamedTuple):
    """The interval of c and of each exponent, and their covariance in the sample, shape (k + 1, k + 1)."""

    intervals: list[Interval]
    covariance: FloatArray


def fitted_intervals(
    data: PowerData, start: FloatArray, *, draws: int = DRAWS, seed: int = 0, log_factor: bool = True
) -> PowerIntervals:
    """c and each exponent with its interval.

    Args:
        start: exponents from which the search begins, shape (k,), k = 0 for the factor alone.
        log_factor: c is positive by nature: its interval is one of its logarithm.
    Raises: ModelError `no_fit`, `too_few_clusters`, `no_interval`.
    """
    data = msgspec.structs.replace(data, cluster=numbered(data.cluster))
    count = int(data.cluster.max()) + 1
    whole = fit_power(data, np.ones((1, count)), start)
    if not np.isfinite(whole.points).all():
        raise ModelError("The fit did not settle; the orders do not tell the exponents.", code="no_fit")
    drawn = fit_power(data, cluster_draws(count, draws, seed), whole.points[0, 1:])
    value, error, drawn_errors = whole.points[0], whole.errors[0], drawn.errors
    found = [
        studentised(
            float(value[each]), float(error[each]), drawn.points[:, each], drawn_errors[:, each],
            log=log_factor and each == 0 and bool(value[0] > 0),
        )
        for each in range(value.size)
    ]  # fmt: skip
    return PowerIntervals(found, whole.covariance[0])


def fitted_point(data: PowerData, start: FloatArray) -> FloatArray:
    """c and the exponents alone, shape (k + 1,). Raises ModelError `no_fit`."""
    found: FloatArray = _points(data, data.weight[None, :], start)[0]
    if not np.isfinite(found).all():
        raise ModelError("The fit did not settle; the orders do not tell the exponents.", code="no_fit")
    return found


def fit_power(data: PowerData, times: FloatArray, start: FloatArray) -> PowerFits:
    """Fit every row of `times`: how often each cluster counts, shape (rows, clusters)."""
    weights = times[:, data.cluster] * data.weight
    points = _points(data, weights, start)
    return PowerFits(points=points, covariance=_covariance(data, times, weights, points))


def _points(data: PowerData, weights: FloatArray, start: FloatArray) -> FloatArray:
    """The best (c, p) of every row of weights, shape (rows, k + 1)."""
    # With the logs about their mean, factor and exponents are nearly independent, and the search is short.
    mean = data.logs.mean(axis=0)
    centred = msgspec.structs.replace(data, logs=data.logs - mean)
    points = _searched(centred, weights, np.asarray(start, dtype=np.float64))
    points[:, 0] *= np.exp(-points[:, 1:] @ mean)
    return points


def _searched(data: PowerData, weights: FloatArray, start: FloatArray) -> FloatArray:
    rows, design = weights.shape[0], _products(data.logs)
    points = np.empty((rows, start.size + 1))
    points[:, 1:] = start
    points[:, 0] = _best_factor(data, weights, points[:, 1:])
    searching = np.arange(rows)
    for _ in range(STEPS):
        here, far = _stepped(data, weights[searching], points[searching], design)
        points[searching] = here
        searching = searching[~(far < SETTLED)]
        if not searching.size:
            break
    points[searching] = np.nan
    points[(np.abs(points[:, 1:]) >= EXPONENT_MAX).any(axis=1)] = np.nan
    return points


def _stepped(
    data: PowerData, weights: FloatArray, points: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Each row after one step of its exponents, the factor the best for them; and how far the exponents went."""
    shape = np.exp(data.offset + points[:, 1:] @ data.logs.T)
    step = np.clip(_step(data, weights, shape, points[:, 0], design)[:, 1:], -STRIDE, STRIDE)
    after = points.copy()
    after[:, 1:] = np.clip(points[:, 1:] + step, -EXPONENT_MAX, EXPONENT_MAX)
    after[:, 0] = _best_factor(data, weights, after[:, 1:])
    return after, np.abs(step).max(axis=1, initial=0.0)


def _best_factor(data: PowerData, weights: FloatArray, exponents: FloatArray) -> FloatArray:
    shape = np.exp(data.offset + exponents @ data.logs.T)
    weighted = weights * shape
    return np.asarray((weighted @ data.seen) / (weighted * shape).sum(axis=1), dtype=np.float64)


def _products(logs: FloatArray) -> FloatArray:
    """1, the logs, and the products of each two, shape (n, (k + 1)²): what the sums of the equations are over."""
    full = np.column_stack([np.ones(logs.shape[0]), logs])
    return np.asarray((full[:, :, None] * full[:, None, :]).reshape(full.shape[0], -1), dtype=np.float64)


def _step(
    data: PowerData, weights: FloatArray, shape: FloatArray, factors: FloatArray, design: FloatArray
) -> FloatArray:
    """Newton's step of (c, p) in every row, shape (rows, k + 1); NaN where the equations have no answer.

    Single orders are nearly all noise: without what the residuals bend, the steps of Gauss and Newton only creep.
    """
    weighted = weights * shape
    normal = _normal(weighted * shape, factors, design)
    left = (weighted * (data.seen - factors[:, None] * shape)) @ design
    score = left[:, : normal.shape[1]].copy()
    score[:, 1:] *= factors[:, None]
    bend = left.reshape(normal.shape).copy()
    bend[:, 0, 0] = 0.0
    bend[:, 1:, 1:] *= factors[:, None, None]
    scale = np.sqrt(np.einsum("rii->ri", normal))
    with np.errstate(divide="ignore", invalid="ignore"):
        straight = normal / scale[:, :, None] / scale[:, None, :]
        bent = straight - bend / scale[:, :, None] / scale[:, None, :]
        right = score / scale
    good = np.isfinite(bent).all(axis=(1, 2)) & np.isfinite(right).all(axis=1)
    straight[~good], bent[~good], right[~good] = np.eye(scale.shape[1]), np.eye(scale.shape[1]), np.nan
    trusted = np.linalg.eigvalsh(bent)[:, 0] > BEND_MIN * np.linalg.eigvalsh(straight)[:, 0]
    matrix = np.where(trusted[:, None, None], bent, straight)
    matrix = matrix + 1e-12 * np.eye(scale.shape[1])
    return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0] / np.where(good[:, None], scale, 1.0))


def _normal(weighted: FloatArray, factors: FloatArray, design: FloatArray) -> FloatArray:
    """J'WJ of every row, shape (rows, k + 1, k + 1)."""
    width = round(design.shape[1] ** 0.5)
    scale = np.column_stack([np.ones_like(factors), *([factors] * (width - 1))])
    sums = (weighted @ design).reshape(-1, width, width)
    return np.asarray(sums * scale[:, :, None] * scale[:, None, :], dtype=np.float64)


def _covariance(data: PowerData, times: FloatArray, weights: FloatArray, points: FloatArray) -> FloatArray:
    """The sandwich of every row: bread of the normal matrix, filling of the scores by cluster."""
    design, groups = _products(data.logs), times.shape[1]
    safe = np.where(np.isfinite(points), points, 1.0)
    shape = np.exp(data.offset + safe[:, 1:] @ data.logs.T)
    normal = _normal(weights * shape * shape, safe[:, 0], design)
    scale = np.sqrt(np.einsum("rii->ri", normal))
    unit = np.where(scale > 0, scale, 1.0)
    bread = np.linalg.pinv(normal / unit[:, :, None] / unit[:, None, :], hermitian=True)
    sums = _scores(data, shape, safe, design, groups) / unit[:, None, :]
    meat = np.einsum("rg,rgi,rgj->rij", times, sums, sums, optimize=True)
    found = bread @ meat @ bread * groups / (groups - 1.0) / unit[:, :, None] / unit[:, None, :]
    return np.where(np.isfinite(points)[:, :, None], found, np.nan)


def _scores(data: PowerData, shape: FloatArray, points: FloatArray, design: FloatArray, groups: int) -> FloatArray:
    """What each cluster pulls at each parameter, once, shape (rows, clusters, k + 1)."""
    each = data.weight * shape * (data.seen - points[:, :1] * shape)
    order = np.argsort(data.cluster, kind="stable")
    starts = np.searchsorted(data.cluster[order], np.arange(groups))
    columns = [np.add.reduceat((each * design[:, k])[:, order], starts, axis=1) for k in range(points.shape[1])]
    sums = np.stack(columns, axis=2)
    sums[:, :, 1:] *= points[:, :1, None]
    return np.asarray(sums, dtype=np.float64)
