"""Sums of products of integers that are exact whatever their size.

Price × quantity summed over a large order can pass 64 bits. The sum runs in numpy when a bound shows that
it cannot overflow, and in Python's integers otherwise; the answer is the same.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import IntArray

SAFE = 1 << 62
SMALL = 32
"""Up to this many figures Python's integers are quicker than asking whether numpy may be used."""


def exact_dot(a: IntArray, b: IntArray) -> int:
    """Σ a·b as an exact integer; a and b int64, same shape (n,). Empty arrays sum to 0."""
    if a.shape != b.shape:
        raise ModelError(f"Cannot pair {a.size} figures with {b.size}.", code="shapes_differ")
    if a.size > SMALL and _largest(a) * _largest(b) * a.size < SAFE:
        return int(a @ b)
    return sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))


def exact_sum(a: IntArray) -> int:
    """Σ a as an exact integer."""
    return exact_dot(a, np.ones_like(a))


def _largest(a: IntArray) -> int:
    return max(abs(int(a.max())), abs(int(a.min())))
