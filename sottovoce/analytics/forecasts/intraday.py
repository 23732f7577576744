"""Volume by bins of the day: each model's percentage error against the rolling mean's, paired over days.

Static: all bins forecast before the open. Dynamic: each bin forecast when the one before has printed.
"""

from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.intraday_volume import (
    VolumeStateSpace,
    at_rest,
    expected_logs,
    fit_state_space,
    log_volumes,
    stepped,
    updated,
)
from sottovoce.models.volume_update import bins_say, early_update

WINDOW_DAYS = 20
PRIOR_BINS = 5.0
"""What the prior of the Markov update is worth in bins."""
OUTLIER = 3.0


class IntradayCompared(msgspec.Struct, frozen=True, kw_only=True):
    """One model, static or dynamic: mean absolute percentage error, and less the rolling mean's, paired over days.

    p: two-sided, by Student's t over the days' differences.
    """

    model: str
    kind: str
    mape: float
    difference: float
    low: float
    high: float
    p: float
    days: int


def evaluated(volumes: FloatArray, train_days: int) -> list[IntradayCompared]:
    """Every model on the days after train_days, fitted on those before. volumes: shares, shape (days, bins)."""
    if not WINDOW_DAYS <= train_days <= len(volumes) - 2:
        raise ModelError(f"Train on {WINDOW_DAYS} days or more, and leave two to judge by.", code="too_few_days")
    logs = log_volumes(volumes)
    forecasts = {
        ("rolling mean", "static"): _rolling(volumes, train_days),
        ("rolling mean", "dynamic"): _rolling(volumes, train_days),
        ("Markov update", "dynamic"): _markov(volumes, train_days),
    }
    for name, outlier in (("Kalman", float("inf")), ("robust Kalman", OUTLIER)):
        model = fit_state_space(volumes[:train_days], outlier=outlier)
        forecasts[(name, "static")], forecasts[(name, "dynamic")] = state_space_forecasts(model, logs, train_days)
    seen = volumes[train_days:]
    known = np.where(seen > 0, seen, np.nan)
    errors = {key: np.nanmean(np.abs(each - seen) / known, axis=1) for key, each in forecasts.items()}
    return [_compared(key, error, errors[("rolling mean", key[1])]) for key, error in errors.items()]


def state_space_forecasts(model: VolumeStateSpace, logs: FloatArray, first_day: int) -> tuple[FloatArray, FloatArray]:
    """(static, dynamic) median volumes of the days from first_day on, shares, shape (days left, bins)."""
    days, bins = logs.shape
    static, dynamic = np.empty((days - first_day, bins)), np.empty((days - first_day, bins))
    belief = at_rest(model)
    for day in range(days):
        for bin_number in range(bins):
            expected = belief if day == bin_number == 0 else stepped(model, belief, bin_number == 0)
            if day >= first_day:
                ahead = expected_logs(model, expected, bin_number)
                dynamic[day - first_day, bin_number] = ahead[0]
                if bin_number == 0:
                    static[day - first_day] = ahead
            belief = updated(model, expected, float(logs[day, bin_number]), bin_number)
    return np.exp(static), np.exp(dynamic)


def _rolling(volumes: FloatArray, first_day: int) -> FloatArray:
    days = range(first_day, len(volumes))
    return np.stack([np.nanmean(volumes[day - WINDOW_DAYS : day], axis=0) for day in days])


def _markov(volumes: FloatArray, first_day: int) -> FloatArray:
    """The day's volume as the printed bins correct its geometric prior, spread by the usual shape."""
    found = []
    for day in range(first_day, len(volumes)):
        past = volumes[day - WINDOW_DAYS : day]
        totals = past.sum(axis=1)
        shape = (past / totals[:, None]).mean(axis=0)
        prior = float(np.exp(np.log(totals).mean()))
        found.append([_corrected(prior, volumes[day, :n], shape, n) * shape[n] for n in range(len(shape))])
    return np.array(found)


def _corrected(prior: float, printed: FloatArray, shape: FloatArray, n: int) -> float:
    seen = printed > 0
    if not seen.any():
        return prior
    return early_update(prior, bins_say(printed[seen], shape[:n][seen]), int(seen.sum()), PRIOR_BINS)


def _compared(key: tuple[str, str], error: FloatArray, benchmark: FloatArray) -> IntradayCompared:
    from scipy.stats import t

    apart, n = error - benchmark, len(error)
    mean, spread = float(apart.mean()), float(apart.std(ddof=1)) / sqrt(n)
    reach = float(t.ppf(0.975, n - 1)) * spread
    p = float(2 * t.sf(abs(mean) / spread, n - 1)) if spread > 0 else 1.0
    return IntradayCompared(
        model=key[0],
        kind=key[1],
        mape=float(error.mean()),
        difference=mean,
        low=mean - reach,
        high=mean + reach,
        p=p,
        days=n,
    )
