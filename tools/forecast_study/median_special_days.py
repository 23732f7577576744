"""The other rule for special days, measured against the means in use: medians of the last twelve events of a kind.

Of each kind, each event counts by the log of its volume over the geometric mean of the days before it. A name's own is
their median over its n days; the pool's is the median over all names and days. The effect is

    n/(n + OWN_DAYS) of its own and the rest of the pool's,   the pool's times d/(d + 1) after d such days

so a name with a full window counts as much as the pool, and one first day, which is as much that day's news as its
kind, counts half. Only days before the one forecast enter.

Source: markets reference §1 (median multiplier of the last 8 to 12 events, shrunk to the bucket).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sottovoce.models.arrays import FloatArray
from sottovoce.models.special_days import BoolArray, above_usual

EVENTS = 12
"""Days of a kind that count, the latest: three years of a quarterly kind, one of a monthly."""
OWN_DAYS = 12.0
"""What the pool is worth, in days of a name's own."""


def median_effects(volumes: FloatArray, marks: Mapping[str, BoolArray]) -> FloatArray:
    """Log of what each day's marks multiply its volume by; arguments and shapes as of `special_effects`."""
    above = above_usual(volumes)
    return np.asarray(sum((_effect(above, mark) for mark in marks.values()), np.zeros_like(above)), dtype=np.float64)


def _effect(above: FloatArray, mark: BoolArray) -> FloatArray:
    effect = np.zeros_like(above)
    events: list[FloatArray] = []
    for day in np.flatnonzero(mark.any(axis=1)):
        effect[day] = np.where(mark[day], _of_events(np.array(events)), 0.0) if events else 0.0
        events = [*events[1 - EVENTS :], np.where(mark[day], above[day], np.nan)]
    return effect


def _of_events(events: FloatArray) -> FloatArray:
    """Each name's median of its events, leaning on that of all; events: shape (days, names), NaN where it had none."""
    seen = ~np.isnan(events)
    days, own_days = int(seen.any(axis=1).sum()), seen.sum(axis=0)
    if not days:
        return np.zeros(events.shape[1])
    pool = float(np.median(events[seen])) * days / (days + 1.0)
    return np.asarray(pool + own_days / (own_days + OWN_DAYS) * (_medians(events, own_days) - pool), dtype=np.float64)


def _medians(events: FloatArray, known: npt.NDArray[np.int_]) -> FloatArray:
    """Median of each column's known figures, 0 where it has none: those sort before what is not known."""
    rising = np.sort(events, axis=0)
    below, above = np.maximum(known - 1, 0) // 2, known // 2
    column = np.arange(events.shape[1])
    middle = (rising[below, column] + rising[np.minimum(above, len(events) - 1), column]) / 2.0
    return np.where(known > 0, middle, 0.0)
