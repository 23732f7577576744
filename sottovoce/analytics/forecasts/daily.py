"""Daily volume: every model's error on the same days and names, and the difference from the rolling mean.

Days of a month share what moved the market, and all days of a name share the name, so neither days nor pairs are
independent. A difference's variance is that of its means over blocks of days plus that of its means over names, which
is on the safe side of the two-way clustered one.

Source: Cameron, Gelbach and Miller, J. Business & Economic Statistics 29 (2011), for two ways of clustering;
scheduling reference §6 for the asymmetric error (an over-forecast counts twice).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts
from sottovoce.models.special_days import BoolArray

BENCHMARK = "rolling_mean"
BLOCK_DAYS = 21
Z_95 = 1.959964
OVER = 2.0
"""What a log unit of over-forecast counts in the asymmetric error."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One model on one measure: its error, and the benchmark's subtracted from it, with a 95 % interval."""

    model: str
    measure: str
    error: float
    difference: float
    low: float
    high: float
    n: int

    @property
    def verdict(self) -> str:
        """Better or worse than the benchmark, or no difference where the interval contains zero."""
        if self.high < 0:
            return "better"
        return "worse" if self.low > 0 else "no difference"


def errors_of(forecast: DailyForecasts, volumes: FloatArray) -> dict[str, FloatArray]:
    """Errors by measure, shape (days, names), NaN where a forecast or a volume is missing.

    log: |ln median − ln volume|; asymmetric: the same, over-forecasts counted twice; percentage: |mean/volume − 1|.
    """
    known = np.where(volumes > 0, volumes, np.nan)
    miss = np.log(forecast.median) - np.log(known)
    return {
        "log": np.abs(miss),
        "asymmetric": np.where(miss > 0, OVER * miss, -miss),
        "percentage": np.abs(forecast.mean - known) / known,
    }


def compared(forecasts: Sequence[DailyForecasts], volumes: FloatArray, first_day: int) -> list[Compared]:
    """Every model on every measure from a day on, over the days and names all models have a forecast for.

    Raises: ModelError `no_benchmark`, `too_few_days`.
    """
    errors = {each.model: errors_of(each, volumes) for each in forecasts}
    if BENCHMARK not in errors:
        raise ModelError(f"Give the benchmark {BENCHMARK} among the models.", code="no_benchmark")
    if len(volumes) - first_day < 2 * BLOCK_DAYS:
        raise ModelError(f"Fewer than {2 * BLOCK_DAYS} days are left to compare on.", code="too_few_days")
    missing: BoolArray = np.isnan(np.stack([each["log"] for each in errors.values()]))
    known = ~np.any(missing, axis=0)
    common = known & (np.arange(len(volumes)) >= first_day)[:, None]
    return [
        _compared(model, measure, found[measure], errors[BENCHMARK][measure], common)
        for model, found in errors.items()
        for measure in found
    ]


def _compared(model: str, measure: str, error: FloatArray, benchmark: FloatArray, common: BoolArray) -> Compared:
    apart = np.where(common, error - benchmark, np.nan)
    value, reach = two_way(apart)
    return Compared(
        model=model,
        measure=measure,
        error=float(error[common].mean()),
        difference=value,
        low=value - reach,
        high=value + reach,
        n=int(common.sum()),
    )


def two_way(apart: FloatArray) -> tuple[float, float]:
    """(mean of all figures, half the width of its 95 % interval). apart: shape (days, names), NaN where missing."""
    mean = float(np.nanmean(apart))
    blocks = [apart[start : start + BLOCK_DAYS] for start in range(0, len(apart), BLOCK_DAYS)]
    by_block = np.array([np.nanmean(each) for each in blocks if not np.isnan(each).all()])
    seen = ~np.isnan(apart).all(axis=0)
    by_name = np.nanmean(apart[:, seen], axis=0)
    variance = sum(float(each.var(ddof=1)) / each.size for each in (by_block, by_name) if each.size > 1)
    return mean, Z_95 * sqrt(variance)


def chosen(
    forecasts: Sequence[DailyForecasts], volumes: FloatArray, first_day: int, last_day: int
) -> Mapping[int, str]:
    """Of each name, by column, the model to use, on the evidence of days from first_day to before last_day.

    The rolling mean stays unless another model's log error is lower by more than a standard error of the difference
    over blocks of days; among those the lowest is taken.
    """
    errors = {each.model: errors_of(each, volumes)["log"][first_day:last_day] for each in forecasts}
    return {name: _best(name, errors) for name in range(volumes.shape[1])}


def _best(name: int, errors: Mapping[str, FloatArray]) -> str:
    best, least = BENCHMARK, 0.0
    for model, error in errors.items():
        apart = error[:, name] - errors[BENCHMARK][:, name]
        blocks = [apart[start : start + BLOCK_DAYS] for start in range(0, len(apart), BLOCK_DAYS)]
        means = np.array([np.nanmean(each) for each in blocks if not np.isnan(each).all()])
        if model == BENCHMARK or means.size < 2:
            continue
        mean, error_of_it = float(means.mean()), float(means.std(ddof=1)) / sqrt(means.size)
        if mean < -error_of_it and mean < least:
            best, least = model, mean
    return best


def mixed(forecasts: Sequence[DailyForecasts], choice: Mapping[int, str]) -> DailyForecasts:
    """The forecasts of the model chosen for each name, under the name "chosen"."""
    by_model = {each.model: each for each in forecasts}
    columns = {
        field: np.stack([getattr(by_model[choice[name]], field)[:, name] for name in sorted(choice)], axis=1)
        for field in ("mean", "median", "spread")
    }
    return DailyForecasts(model="chosen", **columns)
