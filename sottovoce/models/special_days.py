"""What a special day multiplies volume by: expiries, index reviews, half days, learned from such days before it.

Effects are logs, so they add. Each is the mean of what such days were above their own past, over all names, and a name
leans from there to its own as it has days of its own: shrinkage by a stated number of days' worth of the pool. The
median of the last twelve events in the mean's place is no better (`make forecast-report`), so the mean stays. Which
days are special is `day_kinds`.

Source: markets reference §1 (the multiplier of the name's last events, shrunk to the bucket); Markov et al. for
multipliers exp(βx).
"""

from __future__ import annotations

from collections.abc import Mapping

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
    Raises: ModelError `shapes_differ`.
    """
    for name, mark in marks.items():
        if mark.shape != volumes.shape:
            raise ModelError(f"The marks of {name} are not days by names as the volumes are.", code="shapes_differ")
    above = above_usual(volumes, window)
    total = np.zeros_like(volumes)
    for mark in marks.values():
        total += _effect(above, mark)
    return total


def above_usual(volumes: FloatArray, window: int = WINDOW_DAYS) -> FloatArray:
    """Log of each day's volume over the geometric mean of the days before it, NaN where unknown or beyond OUTLIER."""
    logs = np.log(np.where(volumes > 0, volumes, np.nan))
    above = logs - past_mean(logs, window)
    return np.where(np.abs(above) < OUTLIER, above, np.nan)


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
