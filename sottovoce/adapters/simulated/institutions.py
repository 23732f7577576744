"""Institutions: parents with heavy-tailed lengths, cut into market orders of one side and sent over hours.

Each desk works one parent after another; a market order of the institutions belongs to any desk alike. Lengths L
have the tail P(L > l) = l^-TAIL, so the signs of market orders remember: their autocorrelation falls as
lag^-(TAIL - 1).

Source: Lillo, Mike and Farmer 2005, Phys. Rev. E 71 066122 (lambda model with a fixed number of hidden orders).
"""

from __future__ import annotations

import numpy as np

from sottovoce.models.arrays import IntArray

TAIL = 1.5
DESKS = 3
LENGTH_MAX = 4_000


def parent_lengths(rng: np.random.Generator, count: int) -> IntArray:
    """Market orders a parent is cut into, shape (count,): the Pareto law in whole numbers, bounded by LENGTH_MAX."""
    drawn = np.minimum(rng.random(count) ** (-1.0 / TAIL), LENGTH_MAX)
    lengths: IntArray = drawn.astype(np.int64)
    return lengths


def order_signs(rng: np.random.Generator, count: int) -> IntArray:
    """Side of each of the institutions' market orders in order of time, 1 buys, -1 sells, shape (count,)."""
    desk = rng.integers(0, DESKS, count)
    signs = np.empty(count, dtype=np.int64)
    for number in range(DESKS):
        mine = desk == number
        signs[mine] = _desk(rng, int(mine.sum()))
    return signs


def _desk(rng: np.random.Generator, count: int) -> IntArray:
    """One desk's orders; it has been at work before the session, so that a long parent may be under way."""
    before = 2 * LENGTH_MAX
    lengths = parent_lengths(rng, (before + count) // 2 + 8)
    while int(lengths.sum()) < before + count:
        lengths = np.concatenate([lengths, parent_lengths(rng, len(lengths))])
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), before + count)) + 1]
    sides = 2 * rng.integers(0, 2, len(lengths)) - 1
    return np.repeat(sides, lengths)[before : before + count]
