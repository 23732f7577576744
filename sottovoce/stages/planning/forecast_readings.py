"""The forecasts a plan rests on, as conditions it states: figure, interval, model, what it was learned from, and how
far it is from the instrument's usual.
"""

from __future__ import annotations

from sottovoce.core.choices import Reading
from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME, Forecast
from sottovoce.core.instrument import Instrument, known

CALM, STORMY = 0.8, 1.25
"""Ratios to its own past below which a figure is low and above which it is high (policy)."""
FORMS = {VOLUME: "{:,.0f}", VOLATILITY: "{:.2%}", SPREAD: "{:.2f}"}
UNITS = {VOLUME: " shares", VOLATILITY: "", SPREAD: " bps"}
AGAINST = {VOLUME: "the average day", VOLATILITY: "the usual one", SPREAD: "the usual one"}


def forecast_readings(forecasts: tuple[Forecast, ...], instrument: Instrument) -> list[Reading]:
    """One reading for each forecast used; as_of is the date of its last observation."""
    usual = {
        VOLUME: known(instrument.adv),
        VOLATILITY: known(instrument.sigma_daily),
        SPREAD: known(instrument.spread_bps),
    }
    return [
        Reading(
            name=f"{each.figure} forecast",
            value=_told(each),
            as_of=each.made,
            source=f"forecast, {each.model} of {each.n} observations, {each.window}",
            regime=regime(each.value, usual[each.figure], AGAINST[each.figure]),
        )
        for each in forecasts
    ]


def regime(value: float | None, usual: float | None, against: str) -> str:
    """Low, usual or high against a figure of the same kind; "" where either is missing."""
    if value is None or usual is None or usual <= 0:
        return ""
    ratio = value / usual
    word = "low" if ratio < CALM else "high" if ratio > STORMY else "usual"
    return f"{word}: {ratio:.2f} times {against}"


def _told(forecast: Forecast) -> str:
    form = FORMS[forecast.figure]
    told = f"{form.format(forecast.value)}{UNITS[forecast.figure]} on {forecast.date}"
    if forecast.low is None or forecast.high is None:
        return told
    return f"{told}, {forecast.level:.0%} between {form.format(forecast.low)} and {form.format(forecast.high)}"
