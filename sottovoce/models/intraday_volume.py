"""Volume by bins of the day as a state space in logs: a day's level, the usual shape, and what lingers within the day.

    ln volume = η (day) + φ (bin) + μ + noise,   η moves from day to day by an AR(1), μ from bin to bin by another

The filter sees bin after bin and skips bins without volume; a robust filter takes the part of a surprise beyond a
multiple of its standard deviation for an outlier, which changes nothing (soft threshold, the lasso's answer for one
observation). Parameters come from expectation–maximisation with the closed-form steps of a linear Gaussian model.

Source: Chen, Feng and Palomar, "Forecasting intraday trading volume: a Kalman filter approach" (2016); T-SCH-14.
"""

from __future__ import annotations

from math import isnan, sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

ROUNDS = 25
TOLERANCE = 1e-4
DAYS_MIN = 5
FLOOR = 1e-8


class VolumeStateSpace(msgspec.Struct, frozen=True, kw_only=True):
    """The model's parameters, in logs.

    day, lingering: AR coefficients of η from day to day and of μ from bin to bin, 0 to below 1; day_variance,
    lingering_variance: of their steps; noise: variance of a bin; shape: φ of each bin. outlier: standard deviations
    beyond which a surprise is an outlier, infinite for the plain filter.
    """

    day: float
    lingering: float
    day_variance: float
    lingering_variance: float
    noise: float
    shape: tuple[float, ...]
    outlier: float = float("inf")

    def __post_init__(self) -> None:
        if not (0.0 <= self.day < 1.0 and 0.0 <= self.lingering < 1.0):
            raise ModelError("The AR coefficients of a volume model lie from 0 to below 1.", code="out_of_range")
        if min(self.day_variance, self.lingering_variance, self.noise) < 0 or not self.shape or self.outlier <= 0:
            raise ModelError("Variances are not negative, and a day has one bin or more.", code="out_of_range")


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """What is believed of η and μ: means, variances and their covariance."""

    level: float
    lingering: float
    level_variance: float
    lingering_variance: float
    covariance: float = 0.0


def at_rest(model: VolumeStateSpace) -> Belief:
    """The belief before anything was seen: the processes' own long-run spread."""
    return Belief(
        level=0.0,
        lingering=0.0,
        level_variance=model.day_variance / (1.0 - model.day**2),
        lingering_variance=model.lingering_variance / (1.0 - model.lingering**2),
    )


def stepped(model: VolumeStateSpace, belief: Belief, new_day: bool) -> Belief:
    """The belief about the next bin, before it is seen."""
    day, wider = (model.day, model.day_variance) if new_day else (1.0, 0.0)
    return Belief(
        level=day * belief.level,
        lingering=model.lingering * belief.lingering,
        level_variance=day**2 * belief.level_variance + wider,
        lingering_variance=model.lingering**2 * belief.lingering_variance + model.lingering_variance,
        covariance=day * model.lingering * belief.covariance,
    )


def updated(model: VolumeStateSpace, belief: Belief, log_volume: float, bin_number: int) -> Belief:
    """The belief after a bin's log volume, NaN where it had none: then as before."""
    if isnan(log_volume):
        return belief
    both, lingers = belief.level_variance + belief.covariance, belief.lingering_variance + belief.covariance
    spread = both + lingers + model.noise
    surprise = log_volume - model.shape[bin_number] - belief.level - belief.lingering
    most = model.outlier * sqrt(spread)
    believed = min(max(surprise, -most), most)
    return Belief(
        level=belief.level + both / spread * believed,
        lingering=belief.lingering + lingers / spread * believed,
        level_variance=belief.level_variance - both * both / spread,
        lingering_variance=belief.lingering_variance - lingers * lingers / spread,
        covariance=belief.covariance - both * lingers / spread,
    )


def expected_logs(model: VolumeStateSpace, belief: Belief, first_bin: int) -> FloatArray:
    """Expected log volume of a bin and all after it in the day, shape (bins left,); belief: that before the bin."""
    left = len(model.shape) - first_bin
    fades = model.lingering ** np.arange(left)
    return np.asarray(np.array(model.shape[first_bin:]) + belief.level + belief.lingering * fades, dtype=np.float64)


def filtered(model: VolumeStateSpace, logs: FloatArray) -> tuple[list[Belief], list[Belief]]:
    """(belief before each bin, belief after it), bin after bin. logs: shape (days, bins), NaN for no volume."""
    before: list[Belief] = []
    after: list[Belief] = []
    belief = at_rest(model)
    for day in range(logs.shape[0]):
        for bin_number in range(logs.shape[1]):
            expected = belief if not before else stepped(model, belief, bin_number == 0)
            belief = updated(model, expected, float(logs[day, bin_number]), bin_number)
            before.append(expected)
            after.append(belief)
    return before, after


def fit_state_space(volumes: FloatArray, *, outlier: float = float("inf"), rounds: int = ROUNDS) -> VolumeStateSpace:
    """The parameters of most likelihood, by expectation–maximisation.

    Args:
        volumes: shares, shape (days, bins), zero or NaN where nothing printed; DAYS_MIN days or more.
        outlier: standard deviations beyond which the filter takes the rest of a surprise for an outlier.
    Raises: ModelError `too_few_days`, `bad_volume`.
    """
    logs = log_volumes(volumes)
    if len(logs) < DAYS_MIN:
        raise ModelError(f"{len(logs)} days cannot tell a shape; give {DAYS_MIN} or more.", code="too_few_days")
    if np.isnan(logs).all(axis=0).any():
        raise ModelError("A bin has no volume on any day; leave it out or join it to the next.", code="bad_volume")
    model = _first_guess(logs, outlier)
    for _ in range(rounds):
        then = _maximised(model, logs)
        if abs(then.noise - model.noise) < TOLERANCE * model.noise and abs(then.day - model.day) < TOLERANCE:
            return then
        model = then
    return model


def log_volumes(volumes: FloatArray) -> FloatArray:
    """Logs of days by bins, NaN where nothing printed. Raises ModelError."""
    if volumes.ndim != 2 or not volumes.size or np.any(volumes < 0) or np.isinf(volumes).any():
        raise ModelError("Volumes are a table of days by bins, zero or more shares.", code="bad_volume")
    return np.asarray(np.log(np.where(volumes > 0, volumes, np.nan)), dtype=np.float64)


def _first_guess(logs: FloatArray, outlier: float) -> VolumeStateSpace:
    shape = np.nanmean(logs, axis=0)
    levels = np.nanmean(logs - shape, axis=1)
    rest = np.nanvar(logs - shape - levels[:, None])
    return VolumeStateSpace(
        day=0.8,
        lingering=0.6,
        day_variance=max(float(np.nanvar(levels)) * 0.36, FLOOR),
        lingering_variance=max(float(rest) * 0.3, FLOOR),
        noise=max(float(rest) * 0.5, FLOOR),
        shape=tuple(shape.tolist()),
        outlier=outlier,
    )


def _maximised(model: VolumeStateSpace, logs: FloatArray) -> VolumeStateSpace:
    """One round: the smoothed states under the model, and the parameters that fit them best."""
    means, spreads, lagged = _smoothed(model, logs)
    bins = logs.shape[1]
    second = spreads + means[:, :, None] * means[:, None, :]
    cross = lagged[1:] + means[1:, :, None] * means[:-1, None, :]
    days = np.arange(bins, len(means), bins)
    day = _ratio(cross[days - 1, 0, 0].sum(), second[days - 1, 0, 0].sum())
    lingering = _ratio(cross[:, 1, 1].sum(), second[:-1, 1, 1].sum())
    seen = logs.reshape(-1)
    state = means.sum(axis=1)
    shape = np.nanmean((seen - state).reshape(logs.shape), axis=0)
    missed = seen - np.tile(shape, len(logs)) - state
    if np.isfinite(model.outlier):
        most = model.outlier * sqrt(model.noise)
        missed = np.clip(missed, -most, most)
    return VolumeStateSpace(
        day=day,
        lingering=lingering,
        day_variance=_step(second[days, 0, 0], cross[days - 1, 0, 0], second[days - 1, 0, 0], day),
        lingering_variance=_step(second[1:, 1, 1], cross[:, 1, 1], second[:-1, 1, 1], lingering),
        noise=max(float(np.nanmean(missed**2 + spreads.sum(axis=(1, 2)))), FLOOR),
        shape=tuple(shape.tolist()),
        outlier=model.outlier,
    )


def _ratio(cross: float, square: float) -> float:
    return float(min(max(cross / max(square, FLOOR), 0.0), 0.995))


def _step(now: FloatArray, cross: FloatArray, before: FloatArray, rate: float) -> float:
    return max(float((now - 2 * rate * cross + rate**2 * before).mean()), FLOOR)


def _smoothed(model: VolumeStateSpace, logs: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Means (n, 2), covariances (n, 2, 2) and lag-one covariances (n, 2, 2) of (η, μ) given all that was seen."""
    before, after = filtered(model, logs)
    expected, ahead = _arrays(before)
    means, spreads = _arrays(after)
    lagged = np.zeros_like(spreads)
    bins = logs.shape[1]
    for place in range(len(means) - 2, -1, -1):
        move = np.diag([model.day if (place + 1) % bins == 0 else 1.0, model.lingering])
        gain = spreads[place] @ move @ np.linalg.inv(ahead[place + 1] + FLOOR * np.eye(2))
        means[place] += gain @ (means[place + 1] - expected[place + 1])
        lagged[place + 1] = spreads[place + 1] @ gain.T
        spreads[place] += gain @ (spreads[place + 1] - ahead[place + 1]) @ gain.T
    return means, spreads, lagged


def _arrays(beliefs: list[Belief]) -> tuple[FloatArray, FloatArray]:
    means = np.array([(each.level, each.lingering) for each in beliefs])
    spreads = np.array(
        [((each.level_variance, each.covariance), (each.covariance, each.lingering_variance)) for each in beliefs]
    )
    return means, spreads


def simulated(model: VolumeStateSpace, days: int, seed: int) -> FloatArray:
    """Volumes of the model itself, shares, shape (days, bins): the generator of T-SCH-14."""
    rng = np.random.default_rng(seed)
    bins = len(model.shape)
    rest = at_rest(model)
    level = sqrt(rest.level_variance) * rng.standard_normal()
    lingering = sqrt(rest.lingering_variance) * rng.standard_normal()
    logs = np.empty((days, bins))
    for day in range(days):
        level = model.day * level + sqrt(model.day_variance) * rng.standard_normal() if day else level
        for bin_number in range(bins):
            lingering = model.lingering * lingering + sqrt(model.lingering_variance) * rng.standard_normal()
            noise = sqrt(model.noise) * rng.standard_normal()
            logs[day, bin_number] = model.shape[bin_number] + level + lingering + noise
    return np.asarray(np.exp(logs), dtype=np.float64)
