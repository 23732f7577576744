"""What the report on forecasts is made of: daily volume, volatility, volume within the day, and the recorded tapes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
from msgspec.structs import replace

from sottovoce.analytics.forecasts.daily import BENCHMARK, Compared, chosen, compared, mixed, two_way
from sottovoce.analytics.forecasts.intraday import IntradayCompared, evaluated
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts, arma, geometric_mean, kalman, rolling_mean
from sottovoce.models.day_kinds import marks_of
from sottovoce.models.intraday_volume import VolumeStateSpace, simulated
from sottovoce.models.special_days import special_effects
from sottovoce.models.volatility import (
    ewma_variance,
    quasi_likelihood,
    range_squares,
    regime_variance,
    rolling_variance,
)
from tools.forecast_study.coverages import Held, coverages
from tools.forecast_study.daily_panel import Panel, load
from tools.forecast_study.examples import DailyExample, IntradayExample, daily_example, intraday_example
from tools.forecast_study.special_day_gain import SpecialDays, special_day_gains
from tools.forecast_study.tapes import TapeDay, tape_days

FIRST_DAY = 250
"""A year of history before the first day that counts."""
CHOICE_DAYS = 500
"""Two years on which each name's model is chosen; judged on the days after."""
BEST = "arma + days"
"""The model drawn as an example; a test holds that none has less error."""
MOVE_MAX = 0.5
"""A log return beyond it is an error of the vendor or a split that was not adjusted."""
GENERATOR = VolumeStateSpace(
    day=0.9, lingering=0.7, day_variance=0.04, lingering_variance=0.02, noise=0.04,
    shape=tuple((11.0 + 1.0 * np.linspace(-1, 1, 26) ** 2 + 0.1 * np.linspace(-1, 1, 26)).tolist()),
)  # fmt: skip
DAYS, TRAIN_DAYS, SEED = 160, 60, 1


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the report says. choices: model → how many names it was chosen for."""

    names: int
    days: int
    odd: int
    daily: list[Compared]
    judged: list[Compared]
    choices: dict[str, int]
    volatility: list[Compared]
    intraday: list[IntradayCompared]
    tapes: list[TapeDay]
    special: SpecialDays
    daily_example: DailyExample
    intraday_example: IntradayExample
    held: list[Held]


def study(data: Path) -> Study:
    """Compute it all from the shared data; about a quarter of a minute."""
    panel = load(data / "us_daily_sp500")
    forecasts = volume_forecasts(panel)
    last = FIRST_DAY + CHOICE_DAYS
    by_model = {each.model: each for each in forecasts}
    generated = simulated(GENERATOR, DAYS, SEED)
    choice = chosen(forecasts, panel.volume, FIRST_DAY, last)
    return Study(
        names=len(panel.names),
        days=len(panel.days),
        odd=panel.odd,
        daily=compared(forecasts, panel.volume, FIRST_DAY),
        judged=compared([*forecasts, mixed(forecasts, choice)], panel.volume, last),
        choices=dict(Counter(choice.values()).most_common()),
        volatility=volatilities(panel),
        intraday=evaluated(generated, TRAIN_DAYS),
        tapes=tape_days(data / "us_equity_taq_ticks"),
        special=special_day_gains(panel, FIRST_DAY, last),
        daily_example=daily_example(panel, by_model[BEST], by_model[BENCHMARK], last),
        intraday_example=intraday_example(generated, TRAIN_DAYS),
        held=coverages(panel, by_model[BEST], log_returns(panel), FIRST_DAY, generated, TRAIN_DAYS),
    )


def volume_forecasts(panel: Panel) -> list[DailyForecasts]:
    """Every model, those in logs with and without special days."""
    effects = special_effects(panel.volume, marks_of(panel.days, len(panel.names)))
    plain = [rolling_mean(panel.volume), geometric_mean(panel.volume), arma(panel.volume), kalman(panel.volume)]
    aware = (arma(panel.volume, effects=effects), kalman(panel.volume, effects=effects))
    return [*plain, *(replace(each, model=f"{each.model} + days") for each in aware)]


def log_returns(panel: Panel) -> FloatArray:
    """Close to close, NaN on the first day and where it cannot be true; shape (days, names)."""
    moves = np.diff(np.log(panel.close), axis=0)
    return np.vstack([np.full((1, moves.shape[1]), np.nan), np.where(np.abs(moves) < MOVE_MAX, moves, np.nan)])


def volatilities(panel: Panel) -> list[Compared]:
    """QLIKE of each model against the rolling variance."""
    returns = log_returns(panel)
    ranges = range_squares(panel.open, panel.high, panel.low, panel.close)
    models = {
        "rolling": rolling_variance(returns),
        "ewma": ewma_variance(returns**2),
        "range": ewma_variance(ranges),
        "regime": regime_variance(returns),
    }
    losses = {name: quasi_likelihood(variance, returns)[FIRST_DAY:] for name, variance in models.items()}
    common = ~np.isnan(np.stack(list(losses.values()))).any(axis=0)
    found = []
    for name, loss in losses.items():
        value, reach = two_way(np.where(common, loss - losses["rolling"], np.nan))
        error, n = float(loss[common].mean()), int(common.sum())
        ends = {"difference": value, "low": value - reach, "high": value + reach}
        found.append(Compared(model=name, measure="qlike", error=error, n=n, **ends))
    return found
