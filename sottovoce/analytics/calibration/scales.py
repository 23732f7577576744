"""How many times the model's cost each bucket and each symbol pays, drawn towards its like by how rough it is.

The multiplier of a group is the weighted regression of its costs on the fitted ones. Its error is that of its own
weights, times by how much days on which all went one way widen the error of all orders together: a group of five days
cannot tell that of itself. Buckets are drawn towards their common mean, symbols towards their bucket's (shrinkage.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.impact_record import Scale
from sottovoce.models.shrinkage import shrunk

DAYS_MIN = 3
"""A group of fewer symbol-days gets no multiplier."""
EVERYTHING = "all orders"


def bucket_scales(
    buckets: Sequence[str], cost: FloatArray, fitted: FloatArray, weight: FloatArray, cluster: IntArray
) -> tuple[Scale, ...]:
    """The buckets that have enough days, by name; arrays of shape (n,), weight one over the variance of a cost."""
    return _drawn(buckets, dict.fromkeys(buckets, EVERYTHING), cost, fitted, weight, cluster)


def symbol_scales(
    symbols: Sequence[str], buckets: Sequence[str], cost: FloatArray, fitted: FloatArray, weight: FloatArray,
    cluster: IntArray,
) -> tuple[Scale, ...]:  # fmt: skip
    """The symbols that have enough days, by name, each drawn towards its bucket's symbols."""
    return _drawn(symbols, dict(zip(symbols, buckets, strict=True)), cost, fitted, weight, cluster)


def multiplier(cost: FloatArray, fitted: FloatArray, weight: FloatArray, cluster: IntArray) -> tuple[float, float, int]:
    """Σ w f c / Σ w f², its cluster-robust error, and the number of clusters."""
    squares = float(weight @ fitted**2)
    value = float((weight * fitted) @ cost) / squares
    _, number = np.unique(cluster, return_inverse=True)
    pulls = np.bincount(number, weight * fitted * (cost - value * fitted))
    days = pulls.size
    error = float(np.sqrt(pulls @ pulls * days / max(days - 1, 1))) / squares
    return value, error, days


def _drawn(
    names: Sequence[str], parents: Mapping[str, str], cost: FloatArray, fitted: FloatArray, weight: FloatArray,
    cluster: IntArray,
) -> tuple[Scale, ...]:  # fmt: skip
    found: dict[str, list[tuple[str, int, float, float]]] = {}
    label = np.array(names)
    wide = multiplier(cost, fitted, weight, cluster)[1] * float(weight @ fitted**2) ** 0.5
    for name in sorted(set(names)):
        mine = label == name
        value, _, days = multiplier(cost[mine], fitted[mine], weight[mine], cluster[mine])
        error = wide / float(weight[mine] @ fitted[mine] ** 2) ** 0.5
        if days >= DAYS_MIN and error > 0:
            found.setdefault(parents[name], []).append((name, int(mine.sum()), value, error))
    scales = [each for towards in sorted(found) for each in _family(towards, found[towards])]
    return tuple(sorted(scales, key=lambda each: each.name))


def _family(towards: str, rows: Sequence[tuple[str, int, float, float]]) -> list[Scale]:
    drawn = shrunk(np.array([row[2] for row in rows]), np.array([row[3] for row in rows]))
    return [
        Scale(name=name, n=n, value=value, error=error, shrunk=float(to), shrunk_error=float(left), towards=towards)
        for (name, n, value, error), to, left in zip(rows, drawn.values, drawn.errors, strict=True)
    ]
