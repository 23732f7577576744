"""How often what happened lay within the 80 % intervals that forecasts give, as `sottovoce forecast` gives them."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.forecasts.daily import two_way
from sottovoce.models.arrays import FloatArray
from sottovoce.models.cost_interval import Z_80
from sottovoce.models.daily_volume import DailyForecasts
from sottovoce.models.intraday_ahead import rest_of_day
from sottovoce.models.intraday_volume import fit_state_space
from sottovoce.models.volatility import range_squares, regime_variance
from sottovoce.models.volatility_interval import interval_ahead
from tools.forecast_study.daily_panel import Panel

STEP_DAYS = 21
"""Every how many days a volatility interval is worked out: each takes all the days before it."""
PRINTED = (0, 8)
"""Bins that have printed when the rest of a day is asked for."""
HEAD = ("forecast", "what happened is", "n", "inside", "95 % interval")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Part of the outcomes inside, with its 95 % interval; n: outcomes."""

    forecast: str
    outcome: str
    n: int
    part: float
    low: float
    high: float


def coverages(panel: Panel, volumes: DailyForecasts, returns: FloatArray, first: int, generated: FloatArray,
              train: int) -> list[Held]:  # fmt: skip
    """Of daily volume, of volatility by its range, and of the bins and the whole of the rest of a day."""
    seen = np.log(np.where(panel.volume > 0, panel.volume, np.nan))
    inside = np.abs(seen - np.log(volumes.median)) <= Z_80 * volumes.spread
    known = ~np.isnan(seen) & ~np.isnan(volumes.spread)
    rows = [_held(f"daily volume, {volumes.model}", "the day's shares", np.where(known, inside, np.nan)[first:])]
    ranges = range_squares(panel.open, panel.high, panel.low, panel.close)
    rows.append(_held("volatility, regime", "what the day's range says", _volatility(returns, ranges, first)))
    for printed in PRINTED:
        bins, whole = _rest(generated, train, printed)
        after = "before the open" if not printed else f"after {printed} bins"
        rows.append(_held(f"within the day, {after}", "a bin's shares", bins))
        rows.append(_held(f"within the day, {after}", "all the rest", whole))
    return rows


def row(each: Held) -> tuple[str, ...]:
    """A line under HEAD."""
    ends = f"{each.low:.1%} to {each.high:.1%}"
    return each.forecast, each.outcome, f"{each.n:,}", f"{each.part:.1%}", ends


def _held(forecast: str, outcome: str, inside: FloatArray) -> Held:
    value, reach = two_way(inside)
    n = int((~np.isnan(inside)).sum())
    return Held(forecast=forecast, outcome=outcome, n=n, part=value, low=value - reach, high=min(value + reach, 1.0))


def _volatility(returns: FloatArray, ranges: FloatArray, first: int) -> FloatArray:
    """1 inside, 0 outside, NaN unknown, by day and name; a day of forecasts needs the one after the last seen."""
    variance = regime_variance(returns)
    rows = []
    for day in range(first, len(ranges), STEP_DAYS):
        found = interval_ahead(variance[: day + 1], ranges[:day])
        sigma = np.sqrt(np.where(ranges[day] > 0, ranges[day], np.nan))
        known = ~np.isnan(sigma) & ~np.isnan(found.low)
        rows.append(np.where(known, (found.low <= sigma) & (sigma <= found.high), np.nan))
    return np.array(rows)


def _rest(volumes: FloatArray, train: int, printed: int) -> tuple[FloatArray, FloatArray]:
    """The same for each bin to come, and for all of them, shapes (days, bins left) and (days, 1)."""
    model = fit_state_space(volumes[:train])
    bins, whole = [], []
    for day in range(train, len(volumes)):
        found, rest = rest_of_day(model, volumes[:day], volumes[day, :printed]), volumes[day, printed:]
        bins.append((found.low <= rest) & (rest <= found.high))
        whole.append([found.whole_low <= rest.sum() <= found.whole_high])
    return np.array(bins, dtype=np.float64), np.array(whole, dtype=np.float64)
