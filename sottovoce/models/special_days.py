"""What a special day multiplies volume by: expiries, half days, results of the company, learned from days before it.

Effects are logs, so they add. Each is the mean of what such days were above their own past, over all names, and a name
leans from there to its own as it has days of its own: shrinkage by a stated number of days' worth of the pool.

Source: markets reference §1 (results: the multiplier of the name's last events, shrunk to the bucket); Markov et al.
for multipliers exp(βx).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import WINDOW_DAYS, past_mean

BoolArray = npt.NDArray[np.bool_]

POOL_DAYS = 4.0
"""What the mean over all names is worth, in days of a name's own."""
OUTLIER = 3.0
"""Logs beyond which a day says nothing of its kind: a factor of twenty is an error of the vendor, or something else."""


def special_effects(volumes: FloatArray, marks: Mapping[str, BoolArray], window: int = WINDOW_DAYS) -> FloatArray:
    """Log of what each day's marks multiply its volume by, from marked days before it, shape (days, names).

    Args:
        volumes: shares, shape (days, names), NaN where unknown.
        marks: kind of day → where it is one, shape (days, names), each known before the day.
    """
    for name, mark in marks.items():
        if mark.shape != volumes.shape:
            raise ModelError(f"The marks of {name} are not days by names as the volumes are.", code="shapes_differ")
    logs = np.log(np.where(volumes > 0, volumes, np.nan))
    above = logs - past_mean(logs, window)
    above = np.where(np.abs(above) < OUTLIER, above, np.nan)
    total = np.zeros_like(volumes)
    for mark in marks.values():
        total += _effect(above, mark)
    return total


def _effect(above: FloatArray, mark: BoolArray) -> FloatArray:
    days, names = above.shape
    effect = np.zeros((days, names))
    pool_sum = pool_n = 0.0
    own_sum, own_n = np.zeros(names), np.zeros(names)
    for day in range(days):
        pool = pool_sum / (pool_n + POOL_DAYS)
        effect[day] = np.where(mark[day], (own_sum + POOL_DAYS * pool) / (own_n + POOL_DAYS), 0.0)
        said = mark[day] & ~np.isnan(above[day])
        pool_sum, pool_n = pool_sum + float(above[day][said].sum()), pool_n + int(said.sum())
        own_sum += np.where(said, np.nan_to_num(above[day]), 0.0)
        own_n += said
    return effect


def option_expiry(day: date) -> bool:
    """The third Friday of a month, when listed options expire; a holiday on it is not looked up here."""
    return day.weekday() == 4 and 15 <= day.day <= 21


def quarterly_expiry(day: date) -> bool:
    """The third Friday of March, June, September and December: futures expire as well and indices are rebalanced."""
    return option_expiry(day) and day.month % 3 == 0


def short_session(day: date) -> bool:
    """The US sessions that end early by custom: before Independence Day, after Thanksgiving, Christmas Eve."""
    thanksgiving = 22 <= (day - timedelta(days=1)).day <= 28 and day.weekday() == 4 and day.month == 11
    return (day.month, day.day) in ((7, 3), (12, 24)) or thanksgiving
