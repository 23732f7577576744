"""A horizon in sessions cut into equal pieces of clock time, each with its part of a day's volume and its name."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import positive
from sottovoce.models.volume import VolumeCurve, cumulative_fractions


class SessionBuckets(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """volume_days: volume of each bucket in days of continuous volume, shape (N,); labels: the time each ends."""

    volume_days: FloatArray
    labels: tuple[str, ...]


def session_buckets(curve: VolumeCurve, horizon_days: float, buckets: int, start_days: float = 0.0) -> SessionBuckets:
    """Cut whole sessions, or a part of one, into buckets.

    Args:
        horizon_days: the end, sessions by the clock from the first open; 1.5 is a day and the first half of the next.
        start_days: the start, in the same count, below the end.
    Raises: ModelError `not_positive`, and `no_volume` where the curve expects no volume in some bucket.
    """
    positive("Horizon", horizon_days - start_days)
    positive("Number of buckets", buckets)
    edges = np.linspace(start_days, horizon_days, buckets + 1)
    day = np.floor(edges + 1e-12)
    length = curve.close_ns - curve.open_ns
    of_day = np.rint(curve.open_ns + np.maximum(edges - day, 0.0) * length).astype(np.int64)
    volume = np.diff(day + cumulative_fractions(curve, of_day))
    if not np.all(volume > 0):
        raise ModelError(f"{curve.name} expects no volume in some of {buckets} buckets; take fewer.", code="no_volume")
    several = horizon_days > 1
    labels = tuple(_label(curve, float(edge), several) for edge in edges[1:])
    return SessionBuckets(volume_days=volume, labels=labels)


def _label(curve: VolumeCurve, edge: float, several: bool) -> str:
    """The end of a bucket: a day's end is 16:00 of that day, not the next open."""
    day = max(int(np.ceil(edge - 1e-12)) - 1, 0)
    minute = round((curve.open_ns + (edge - day) * (curve.close_ns - curve.open_ns)) / NS_PER_MINUTE)
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    return f"day {day + 1} {clock}" if several else clock
