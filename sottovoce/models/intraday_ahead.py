"""The rest of a day by bins, with intervals: what the state space believes, carried to the close.

In logs a bin to come is normal about its expected value, and the bins share the day's level and what lingers, so that
their sum is uncertain by more than each by itself. The sum is taken for log-normal with its own mean and variance
(Fenton, 1960), which is close where the bins move together.
"""

from __future__ import annotations

from math import exp, log, log1p, sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.cost_interval import Z_80
from sottovoce.models.intraday_volume import (
    Belief,
    VolumeStateSpace,
    expected_logs,
    filtered,
    log_volumes,
    stepped,
    updated,
)


class RestOfDay(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Median shares of the bins to come and their 80 % ends, shape (bins left,), and of all of them together."""

    median: FloatArray
    low: FloatArray
    high: FloatArray
    whole_median: float
    whole_low: float
    whole_high: float


def rest_of_day(model: VolumeStateSpace, past: FloatArray, printed: FloatArray) -> RestOfDay:
    """The bins of today still to come.

    Args: past: days before today, shape (days, bins); printed: today's bins so far, shape (n,), fewer than a day has.
    Raises: ModelError `shapes_differ`, `bad_volume`.
    """
    belief = before_next(model, past, printed)
    logs, spread = expected_logs(model, belief, len(printed)), covariance(model, belief, len(printed))
    reach = Z_80 * np.sqrt(np.diag(spread))
    middle, half = _sum(logs, spread)
    return RestOfDay(
        median=np.exp(logs),
        low=np.exp(logs - reach),
        high=np.exp(logs + reach),
        whole_median=exp(middle),
        whole_low=exp(middle - Z_80 * half),
        whole_high=exp(middle + Z_80 * half),
    )


def before_next(model: VolumeStateSpace, past: FloatArray, printed: FloatArray) -> Belief:
    """The belief about the first bin to come, before it is seen. Arguments and errors as rest_of_day."""
    bins = len(model.shape)
    if len(printed) >= bins:
        raise ModelError(f"{len(printed)} bins have printed of {bins}; the day is over.", code="shapes_differ")
    belief = filtered(model, log_volumes(past))[1][-1]
    today = log_volumes(printed[None, :])[0] if len(printed) else np.empty(0)
    for bin_number, seen in enumerate(today):
        belief = updated(model, stepped(model, belief, bin_number == 0), float(seen), bin_number)
    return stepped(model, belief, not len(printed))


def covariance(model: VolumeStateSpace, belief: Belief, first_bin: int) -> FloatArray:
    """Covariance of the log volumes of a bin and those after it, shape (bins left, bins left)."""
    ahead = np.arange(len(model.shape) - first_bin)
    fades = model.lingering**ahead
    steps = model.lingering_variance * (1.0 - fades**2) / (1.0 - model.lingering**2)
    lingering = belief.lingering_variance * fades**2 + steps
    earlier = np.minimum.outer(ahead, ahead)
    apart = np.abs(np.subtract.outer(ahead, ahead))
    shared = belief.level_variance + belief.covariance * np.add.outer(fades, fades)
    found = shared + lingering[earlier] * model.lingering**apart + model.noise * np.eye(ahead.size)
    return np.asarray(found, dtype=np.float64)


def _sum(logs: FloatArray, spread: FloatArray) -> tuple[float, float]:
    """(mean, standard deviation) of the log of the sum of log-normals."""
    means = np.exp(logs + 0.5 * np.diag(spread))
    total = float(means.sum())
    variance = float(means @ np.expm1(spread) @ means)
    half = log1p(variance / total**2)
    return log(total) - 0.5 * half, sqrt(half)
