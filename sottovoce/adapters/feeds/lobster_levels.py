"""Rows of a LOBSTER orderbook file: ask price, ask size, bid price, bid size, level 1 upward.

9999999999 and -9999999999 mark empty levels, on the ask and the bid side.
Source: LOBSTER's description of its output, "Orderbook file".
"""

from __future__ import annotations

import re

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.source import Source, line_chunks, source_name
from sottovoce.models.arrays import IntArray

COLUMNS_PER_LEVEL = 4
EMPTY_ASK, EMPTY_BID = 9_999_999_999, -9_999_999_999
_NAMES = ("ask price", "ask size", "bid price", "bid size")
_WHOLE = re.compile(rb"-?[0-9]{1,18}")


def read_levels(source: Source, faults: FaultLog | None = None) -> IntArray:
    """Every row of an orderbook file, shape (rows, 4 × levels), in the file's units.

    All rows have as many columns as the first. Bad rows are left out when the log skips, so rows and messages then
    no longer stand side by side.
    Raises: FeedFault feed_columns, feed_value, feed_crossed; those of line_chunks.
    """
    log, file = faults or FaultLog(), source_name(source)
    rows: list[list[int]] = []
    width = 0
    for run in line_chunks(source):
        for number, line in enumerate(run.data.removesuffix(b"\n").split(b"\n"), start=run.number):
            cells = line.rstrip(b"\r").split(b",")
            width = width or len(cells)
            bad = _fault(file, number, cells, width)
            if bad is None:
                rows.append([int(cell) for cell in cells])
            else:
                log.bad_row(bad)
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _fault(file: str, number: int, cells: list[bytes], width: int) -> BadRow | None:
    if len(cells) != width or width % COLUMNS_PER_LEVEL:
        why = f"has {len(cells)} columns where {width} in groups of four must be"
        return BadRow(file=file, code="feed_columns", why=why, number=number)
    for place, cell in enumerate(cells):
        if not _WHOLE.fullmatch(cell):
            return _bad(file, number, place, cell, "is not a whole number")
        if place % 2 and int(cell) < 0:
            return _bad(file, number, place, cell, "is a size below zero")
    for place in (0, 2):
        known = [int(cell) for cell in cells[place::COLUMNS_PER_LEVEL] if int(cell) not in (EMPTY_ASK, EMPTY_BID)]
        if known != sorted(set(known), reverse=place == 2) or min(known, default=1) <= 0:
            return _bad(file, number, place, cells[place], "prices do not go from the best level outward")
    if int(cells[2]) >= int(cells[0]):
        return BadRow(file=file, code="feed_crossed", why="has a bid at or above the ask", number=number)
    return None


def _bad(file: str, number: int, place: int, cell: bytes, why: str) -> BadRow:
    field = f"{_NAMES[place % COLUMNS_PER_LEVEL]} {place // COLUMNS_PER_LEVEL + 1}"
    value = cell.decode("ascii", "backslashreplace")
    return BadRow(file=file, code="feed_value", why=why, number=number, field=field, value=value)
