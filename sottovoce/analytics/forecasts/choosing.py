"""The next day of a history: every model asked, and for each name the one its own past speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np

from sottovoce.analytics.forecasts.daily import BENCHMARK, chosen, mixed
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import (
    WARM_DAYS,
    WINDOW_DAYS,
    DailyForecasts,
    arma,
    geometric_mean,
    kalman,
    rolling_mean,
)
from sottovoce.models.day_kinds import marks_of
from sottovoce.models.special_days import special_effects
from sottovoce.models.volatility import ewma_variance, range_squares, regime_variance, rolling_variance
from sottovoce.models.volatility_interval import VolatilityInterval, interval_ahead

CHOSEN = "chosen"
HISTORY_MIN = WINDOW_DAYS + WARM_DAYS
"""Days of a history: a window, and errors enough for an interval."""
MODELS = (BENCHMARK, "geometric_mean", "arma", "kalman")


class NextDay(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One forecast a name, shape (names,): mean and median shares, spread of the log error; models: whose it is."""

    mean: FloatArray
    median: FloatArray
    spread: FloatArray
    models: tuple[str, ...]


def daily_forecasts(volumes: FloatArray, days: Sequence[date], model: str) -> NextDay:
    """The day after the last of a history; the models in logs know the US calendar's special days.

    Args:
        volumes: shares, shape (days, names), NaN or 0 where unknown. days: of its rows, and the day to forecast at the
            end. model: one of MODELS, or "chosen": by the out-of-sample errors of the days before.
    Raises: ModelError `too_few_days`, `unknown_model`.
    """
    if len(volumes) < HISTORY_MIN:
        raise ModelError(f"{len(volumes)} days before {days[-1]} are too few; give {HISTORY_MIN}.", code="too_few_days")
    known = np.where(volumes > 0, volumes, np.nan)
    extended = np.vstack([known, np.full(known.shape[1], np.nan)])
    asked = {each.model: each for each in _every(extended, days)}
    if model == CHOSEN:
        choice = chosen(tuple(asked.values()), extended, WINDOW_DAYS, len(volumes))
        return _last(mixed(tuple(asked.values()), choice), tuple(choice[name] for name in sorted(choice)))
    if model not in asked:
        raise ModelError(f"There is no model {model}; choose {', '.join((*asked, CHOSEN))}.", code="unknown_model")
    return _last(asked[model], (model,) * known.shape[1])


def _every(volumes: FloatArray, days: Sequence[date]) -> tuple[DailyForecasts, ...]:
    effects = special_effects(volumes, marks_of(days, volumes.shape[1]))
    return rolling_mean(volumes), geometric_mean(volumes), arma(volumes, effects=effects), kalman(volumes, effects)


def _last(found: DailyForecasts, models: tuple[str, ...]) -> NextDay:
    """The last row, where every name has a forecast and enough past errors to state an interval."""
    if np.isnan(found.mean[-1]).any() or np.isnan(found.spread[-1]).any():
        raise ModelError("A name has too few days of volume, in all or of late; leave it out.", code="too_few_days")
    return NextDay(mean=found.mean[-1], median=found.median[-1], spread=found.spread[-1], models=models)


class VolatilityAhead(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Daily volatility of the day ahead, a fraction, shape (names,), and the interval of what its range will say."""

    daily: FloatArray
    interval: VolatilityInterval


def volatility_ahead(
    opened: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray, model: str
) -> VolatilityAhead:
    """Volatility of the day after the last. model: rolling, ewma, range or regime; tables of shape (days, names)."""
    if len(close) <= WINDOW_DAYS:
        raise ModelError(f"{len(close)} days are too few; give more than {WINDOW_DAYS}.", code="too_few_days")
    nothing = np.full((1, close.shape[1]), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.diff(np.log(np.where(close > 0, close, np.nan)), axis=0)
    returns = np.vstack([nothing, moves, nothing])
    ranges = range_squares(opened, high, low, close)
    if model == "range":
        variance = ewma_variance(np.vstack([ranges, nothing]))
    elif model == "ewma":
        variance = ewma_variance(returns**2)
    else:
        variance = regime_variance(returns) if model == "regime" else rolling_variance(returns)
    return VolatilityAhead(daily=np.sqrt(variance[-1]), interval=interval_ahead(variance, ranges))
