"""One name's and one day's forecasts beside what happened, chosen by a rule and not by eye."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.forecasts.daily import errors_of
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts
from sottovoce.models.day_kinds import GAINING, kind_of
from sottovoce.models.intraday_ahead import rest_of_day
from sottovoce.models.intraday_volume import VolumeStateSpace, fit_state_space
from tools.forecast_study.daily_panel import Panel

DAYS_SHOWN = 90
Z_80 = 1.281552
"""Standard deviations either side that hold 80 % of a normal."""
PRINTED_BINS = 8
"""Two hours of quarter hours."""


class DayAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the example: forecasts made before it, the 80 % interval of the model's, and what happened, in shares.

    kind: of the special day it was; empty otherwise.
    """

    day: str
    kind: str
    rolling: float
    median: float
    low: float
    high: float
    seen: float


class DailyExample(msgspec.Struct, frozen=True, kw_only=True):
    """The name whose error is the middle one of all names', and its last days."""

    symbol: str
    model: str
    days: list[DayAhead]

    @property
    def inside(self) -> int:
        """Days on which what happened lies in the interval."""
        return sum(each.low <= each.seen <= each.high for each in self.days)


class IntradayExample(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of each bin of one day: before the open, after the first printed bins, and as they came."""

    printed: int
    before: list[float]
    after: list[float]
    seen: list[float]


def daily_example(panel: Panel, forecast: DailyForecasts, rolling: DailyForecasts, first_day: int) -> DailyExample:
    """The last days of the name with the middle log error from first_day on."""
    error = np.nanmean(errors_of(forecast, panel.volume)["log"][first_day:], axis=0)
    name = int(np.argsort(error)[len(error) // 2])
    rows = range(len(panel.days) - DAYS_SHOWN, len(panel.days))
    known = [row for row in rows if not np.isnan(panel.volume[row, name])]
    days = [_day_ahead(panel, forecast, rolling, row, name) for row in known]
    return DailyExample(symbol=panel.names[name], model=forecast.model, days=days)


def _day_ahead(panel: Panel, forecast: DailyForecasts, rolling: DailyForecasts, row: int, name: int) -> DayAhead:
    kind, median = kind_of(panel.days[row]), float(forecast.median[row, name])
    reach = float(np.exp(Z_80 * forecast.spread[row, name]))
    return DayAhead(
        day=panel.days[row].isoformat(),
        kind=kind if kind in GAINING else "",
        rolling=float(rolling.mean[row, name]),
        median=median,
        low=median / reach,
        high=median * reach,
        seen=float(panel.volume[row, name]),
    )


def intraday_example(volumes: FloatArray, train_days: int) -> IntradayExample:
    """The day the update had more to correct on than on three quarters of them. volumes: shares, (days, bins).

    What there was to correct is the log of the day's volume over that forecast before the open.
    """
    model = fit_state_space(volumes[:train_days])
    missed = [
        abs(np.log(volumes[day].sum() / _ahead(model, volumes, day, 0).sum())) for day in _judged(volumes, train_days)
    ]
    day = train_days + int(np.argsort(missed)[len(missed) * 3 // 4])
    return IntradayExample(
        printed=PRINTED_BINS,
        before=_ahead(model, volumes, day, 0).tolist(),
        after=_ahead(model, volumes, day, PRINTED_BINS).tolist(),
        seen=volumes[day].tolist(),
    )


def _judged(volumes: FloatArray, train_days: int) -> range:
    return range(train_days, len(volumes))


def _ahead(model: VolumeStateSpace, volumes: FloatArray, day: int, printed: int) -> FloatArray:
    """Medians of the bins still to come when some have printed."""
    return rest_of_day(model, volumes[:day], volumes[day, :printed]).median
