"""What one instrument's feed has shown and printed, ours among it, growing as the replay goes."""

from __future__ import annotations

import numpy as np

from sottovoce.core.ports import Tape
from sottovoce.models.arrays import IntArray
from sottovoce.models.mbo.book import Touch

LIT, CROSS = 0, 2
"""Kinds of print as Tape names them; a hidden execution on a lit venue is lit."""

NO_TOUCH: Touch = (0, 0, 0, 0)


class Record:
    """Touches after each event that changed one, and prints in order; volume is the shares of all prints."""

    __slots__ = ("_prints", "_quotes", "last_px", "touch", "volume")

    def __init__(self) -> None:
        self._quotes: list[tuple[int, ...]] = []
        self._prints: list[tuple[int, int, int, int, int, int]] = []
        self.touch = NO_TOUCH
        self.last_px = 0
        self.volume = 0

    def show(self, ns: int, touch: Touch) -> None:
        """The touch after an event, kept when it is another."""
        if touch != self.touch:
            self.touch = touch
            self._quotes.append((ns, *touch))

    def print(self, ns: int, px: int, qty: int, *, own: int = 0, kind: int = LIT, side: int = 0) -> None:
        """One trade; side is the aggressor's, 1 bought and -1 sold."""
        self._prints.append((ns, px, qty, own, kind, side))
        self.last_px = px
        self.volume += qty

    def tape(self, instrument_id: str) -> Tape:
        """Everything so far, as arrays."""
        quotes, prints = _columns(self._quotes, 5), _columns(self._prints, 6)
        return Tape(
            instrument_id=instrument_id,
            quote_ns=quotes[0],
            bid=quotes[1],
            ask=quotes[3],
            trade_ns=prints[0],
            trade_px=prints[1],
            trade_qty=prints[2],
            trade_own=prints[3],
            trade_kind=prints[4],
            bid_size=quotes[2],
            ask_size=quotes[4],
            trade_side=prints[5],
        )


def _columns(rows: list[tuple[int, ...]] | list[tuple[int, int, int, int, int, int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(-1, width).T
