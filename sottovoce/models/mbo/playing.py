"""Columns of events into the plain book, a piece at a time, so that memory does not grow with the run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.models.arrays import IntArray
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import MboEvents

PIECE = 1 << 15
"""Events turned into plain integers at a time."""

_Columns = tuple[list[int], list[int], list[int], list[int], list[int]]


def play(book: MboBook, events: MboEvents) -> None:
    """Apply events to a book. Raises: MalformedMessage at a fault, where the book is strict."""
    for columns in _pieces(events):
        book.apply_all(*columns)


def play_touches(book: MboBook, events: MboEvents) -> IntArray:
    """Apply events to a book; returns the Touch after each, shape (n, 4). Raises: as play."""
    touches = np.empty((len(events), 4), dtype=np.int64)
    done = 0
    for columns in _pieces(events):
        moves: list[int] = []
        book.apply_all(*columns, moves)
        size = len(columns[0])
        touches[done : done + size] = spread(moves, size)
        done += size
    return touches


def spread(moves: list[int], size: int) -> IntArray:
    """The Touch after each of size events, shape (size, 4), from the moves of MboBook.apply_all."""
    rows = np.array(moves, dtype=np.int64).reshape(-1, 5)
    lasting = np.diff(rows[:, 0], append=size)
    return np.repeat(rows[:, 1:], lasting, axis=0)


def _pieces(events: MboEvents) -> Iterator[_Columns]:
    """Kind, order_id, side, px and qty of the events, PIECE at a time."""
    for start in range(0, len(events), PIECE):
        kind, order_id, side, px, qty = (column[start : start + PIECE].tolist() for column in events.columns[1:])
        yield kind, order_id, side, px, qty
