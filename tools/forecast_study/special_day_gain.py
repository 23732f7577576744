"""What knowing special days is worth to the best volume model: with and without, by rule and by kind of day.

Each line is one treatment's log error less another's on the same names and days, with the two-way interval. Lines on a
kind's own days say whether its multiplier pays there; those on all days include what it does to the days that follow,
whose history it cleans.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from sottovoce.analytics.forecasts.daily import errors_of, two_way
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts, arma, kalman
from sottovoce.models.day_kinds import GAINING, SPECIAL, WEEKDAYS, marks_of
from sottovoce.models.special_days import BoolArray, special_effects
from tools.forecast_study.daily_panel import Panel
from tools.forecast_study.median_special_days import median_effects

Model = Callable[[FloatArray, FloatArray], DailyForecasts]
MODELS: dict[str, Model] = {
    "arma": lambda volumes, effects: arma(volumes, effects=effects),
    "kalman": lambda volumes, effects: kalman(volumes, effects=effects),
}
EVERY_DAY = "all days"
NONE, EXPIRIES, IN_USE = "none", "expiries and half days", "in use"
AFTERWARDS = "in use + results, known only afterwards"
MEDIANS, WITH_WEEKDAYS, EARLY = "in use, by medians", "in use + weekdays", "kinds of the first two years"
EVERY_KIND, EXPIRY_MEDIANS = "all kinds", "expiries and half days, by medians"
EXPIRY_KINDS = ("short session", "quarterly expiry", "monthly expiry")
PAIRS = (
    (EXPIRIES, NONE),
    (EXPIRY_MEDIANS, EXPIRIES),
    (EVERY_KIND, EXPIRIES),
    (IN_USE, EXPIRIES),
    (IN_USE, NONE),
    (MEDIANS, IN_USE),
    (WITH_WEEKDAYS, IN_USE),
    (AFTERWARDS, IN_USE),
)
"""Treatment and what it is measured against."""


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """One treatment's mean log error less another's, below zero where it is better; n: name-days, of which days."""

    treatment: str
    against: str
    days: str
    n: int
    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Gain or loss where the interval is off zero."""
        if self.high < 0:
            return "gain"
        return "loss" if self.low > 0 else "no gain"


class SpecialDays(msgspec.Struct, frozen=True, kw_only=True):
    """model: whose errors these are; treatments against each other; kinds each alone against none, on its own days.

    early: kinds that the days before those of EARLY's line would have kept.
    """

    model: str
    early: list[str]
    treatments: list[Gain]
    kinds: list[Gain]


def special_day_gains(panel: Panel, first_day: int, judged_from: int) -> SpecialDays:
    """Every line, on days from first_day on; what is chosen before judged_from is judged on the days after it."""
    kinds = marks_of(panel.days, len(panel.names), (*SPECIAL, *WEEKDAYS))
    known = np.where(np.arange(len(panel.days)) >= first_day, 1.0, np.nan)[:, None]
    judge = _Judge(model=_best(panel, first_day), volumes=panel.volume, known=known)
    means = {kind: special_effects(panel.volume, {kind: mark}) for kind, mark in kinds.items()}
    medians = {kind: median_effects(panel.volume, {kind: kinds[kind]}) for kind in SPECIAL}
    alone = {kind: judge.error(means[kind]) for kind in kinds}
    none = judge.error(np.zeros_like(panel.volume))
    early = [k for k in SPECIAL if _gain("", "", "", _on(alone[k] - none, kinds[k])[:judged_from]).high < 0]
    errors = {
        NONE: none,
        EXPIRIES: judge.error(_sum(means, EXPIRY_KINDS)),
        EXPIRY_MEDIANS: judge.error(_sum(medians, EXPIRY_KINDS)),
        EVERY_KIND: judge.error(_sum(means, tuple(SPECIAL))),
        IN_USE: judge.error(_sum(means, GAINING)),
        MEDIANS: judge.error(_sum(medians, GAINING)),
        WITH_WEEKDAYS: judge.error(_sum(means, (*GAINING, *WEEKDAYS))),
        AFTERWARDS: judge.error(_sum(means, GAINING) + special_effects(panel.volume, panel.results)),
        EARLY: judge.error(_sum(means, early)),
    }
    special = np.logical_or.reduce([kinds[kind] for kind in SPECIAL])
    treatments = _treatments(errors, special, judged_from)
    return SpecialDays(model=judge.model, early=early, treatments=treatments, kinds=_by_kind(alone, none, kinds))


class _Judge(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One model and the days it is judged on."""

    model: str
    volumes: FloatArray
    known: FloatArray

    def error(self, effects: FloatArray) -> FloatArray:
        """Absolute log errors, NaN on days that do not count."""
        return errors_of(MODELS[self.model](self.volumes, effects), self.volumes)["log"] * self.known


def _best(panel: Panel, first_day: int) -> str:
    """The model in logs of least error before any special day is known to it."""
    nothing = np.zeros_like(panel.volume)
    found = {name: errors_of(model(panel.volume, nothing), panel.volume)["log"] for name, model in MODELS.items()}
    return min(found, key=lambda name: float(np.nanmean(found[name][first_day:])))


def _treatments(errors: Mapping[str, FloatArray], special: BoolArray, judged_from: int) -> list[Gain]:
    """Each pair on all days, on special days where the calendar is all it knows, and what was chosen early, later."""
    found = []
    for treatment, against in PAIRS:
        apart = errors[treatment] - errors[against]
        found.append(_gain(treatment, against, EVERY_DAY, apart))
        if treatment not in (WITH_WEEKDAYS, AFTERWARDS):
            found.append(_gain(treatment, against, "special days", _on(apart, special)))
    for treatment in (EARLY, EVERY_KIND):
        apart = errors[treatment] - errors[EXPIRIES]
        found.append(_gain(treatment, EXPIRIES, "days after the two years", apart[judged_from:]))
    return found


def _by_kind(alone: Mapping[str, FloatArray], none: FloatArray, kinds: Mapping[str, BoolArray]) -> list[Gain]:
    return [_gain(kind, "none", "its days", _on(alone[kind] - none, kinds[kind])) for kind in kinds]


def _gain(treatment: str, against: str, days: str, apart: FloatArray) -> Gain:
    value, reach = two_way(apart)
    n = int((~np.isnan(apart)).sum())
    return Gain(
        treatment=treatment, against=against, days=days, n=n, difference=value, low=value - reach, high=value + reach
    )


def _on(apart: FloatArray, mark: BoolArray) -> FloatArray:
    return np.where(mark, apart, np.nan)


def _sum(effects: Mapping[str, FloatArray], kinds: Sequence[str]) -> FloatArray:
    return np.asarray(sum((effects[kind] for kind in kinds), np.zeros(1)), dtype=np.float64)
