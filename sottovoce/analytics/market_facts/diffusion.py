"""Whether prices diffuse: the variance ratio of the mid, and signature plots of mids and trade prices.

A long window is compared with the short steps it is made of, each step counted as often as windows cover it. So
overlapping windows can all be used without weighing the middle of the day, which they cover most, more than its
volatile ends.
Source: Lo and MacKinlay 1988 for the ratio; reference text §6, gates "diffusivity" and "signature plot".
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray

SIGNATURE_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200)
FLAT_FROM_S = 60
MEET_S = 600


class WindowSums(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Of one session: for each window length, the summed squared moves over windows and over the steps in them.

    Shapes (w,). squares and steps: summed squared single steps of the whole session, and their number.
    """

    long: FloatArray
    short: FloatArray
    squares: float
    steps: int


def window_sums(levels: FloatArray, lengths: Sequence[int]) -> WindowSums:
    """Sums of one session; levels are log prices on an even grid, shape (n,), lengths in steps."""
    squares = np.diff(levels) ** 2
    running = np.concatenate([[0.0], np.cumsum(squares)])
    long, short = np.zeros(len(lengths)), np.zeros(len(lengths))
    for place, length in enumerate(lengths):
        if 0 < length < levels.size:
            long[place] = ((levels[length:] - levels[:-length]) ** 2).sum()
            short[place] = (running[length:] - running[:-length]).sum()
    return WindowSums(long=long, short=short, squares=float(squares.sum()), steps=squares.size)


def ratios(parts: Sequence[WindowSums]) -> FloatArray:
    """Variance over each window length as a multiple of what its steps alone would make; 1 for a random walk."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.sum([part.long for part in parts], axis=0) / np.sum(
            [part.short for part in parts], axis=0
        )
    return found


def variance_ratio(parts: Sequence[WindowSums]) -> float:
    """The ratio at the first window length."""
    return float(ratios(parts)[0])


def signature(parts: Sequence[WindowSums]) -> FloatArray:
    """Realised variance per step at each window length, shape (w,)."""
    steps = sum(part.steps for part in parts)
    each = sum(part.squares for part in parts) / steps if steps else np.nan
    return ratios(parts) * each


def unevenness(curve: FloatArray) -> float:
    """Largest departure, as a fraction of their mean, of the signature at FLAT_FROM_S and longer."""
    far = curve[np.array(SIGNATURE_S) >= FLAT_FROM_S]
    return float(np.abs(far / far.mean() - 1.0).max())


def largest_rise(curve: FloatArray) -> float:
    """How much the signature rises at most from any shorter window to any longer up to MEET_S, as a fraction."""
    near = curve[np.array(SIGNATURE_S) <= MEET_S]
    return float((near / np.minimum.accumulate(near) - 1.0).max())


def at_length(curve: FloatArray, seconds: int) -> float:
    """The signature at one of SIGNATURE_S."""
    return float(curve[SIGNATURE_S.index(seconds)])
