"""Displayed size we have already taken, so that the tape, which never noticed, cannot sell it to us twice.

The memory lasts while the price stays: a quote at a new price is new size; at the same price only what the
size shrinks below, and then grows again by, is new.
"""

from __future__ import annotations

from sottovoce.models.arrays import IntArray


class DisplayedSide:
    """One side of the consolidated touch: prices and sizes by quote row, less what we took."""

    __slots__ = ("_px", "_row", "_size", "_taken")

    def __init__(self, px: IntArray, size: IntArray) -> None:
        self._px = px
        self._size = size
        self._row = -1
        self._taken = 0

    def available(self, row: int) -> int:
        """Shares still displayed to us at a quote row, which never goes back."""
        self._catch_up(row)
        return max(int(self._size[row]) - self._taken, 0) if row >= 0 else 0

    def take(self, row: int, qty: int) -> None:
        """Remember qty shares taken at a quote row."""
        self._catch_up(row)
        self._taken += qty

    def _catch_up(self, row: int) -> None:
        if self._taken and row > self._row:
            since = slice(self._row + 1, row + 1)
            same = bool((self._px[since] == self._px[self._row]).all())
            self._taken = min(self._taken, int(self._size[since].min())) if same else 0
        self._row = row
