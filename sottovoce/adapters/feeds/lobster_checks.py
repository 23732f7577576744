"""What a pair of LOBSTER files proves about a book built from them: each orderbook row is the one before it and one
message.

The files know ten levels (or as many as were asked for). What comes into view at the last level was never said by a
message, so a transition is judged on the levels before it; and a book that is seeded once and never again drifts
at the touch only where the price ran through all it was given.
"""

from __future__ import annotations

from typing import NamedTuple

from sottovoce.adapters.feeds.lobster_levels import COLUMNS_PER_LEVEL, EMPTY_ASK, EMPTY_BID
from sottovoce.adapters.feeds.lobster_rows import LobsterRows
from sottovoce.adapters.feeds.lobster_values import CANCELED, DELETED, EXECUTED, NEW
from sottovoce.core.errors import MalformedMessage
from sottovoce.models.arrays import IntArray

Depth = dict[int, int]
Levels = list[tuple[int, int]]


class Agreement(NamedTuple):
    """How many transitions gave the row of the file, of how many, and the first that did not (0 for none)."""

    right: int
    of: int
    first_wrong: int


def transitions(rows: LobsterRows, levels: IntArray) -> Agreement:
    """Row i-1 of the book plus message i against row i, on all levels but the last, both sides.

    Args:
        rows: n messages. levels: the book after each, shape (n, 4 × levels), levels >= 2.
    Raises: MalformedMessage, feed_rows_unequal.
    """
    _same_rows(rows, levels)
    deep = levels.shape[1] // COLUMNS_PER_LEVEL - 1
    wrong = []
    for row in range(1, len(levels)):
        bids, asks = _depths(levels[row - 1])
        _apply(rows, row, bids, asks)
        if not _agrees(bids, asks, levels[row], deep):
            wrong.append(row)
    return _agreement(wrong, len(levels))


def seeded_once(rows: LobsterRows, levels: IntArray) -> Agreement:
    """The book of row 0 and every message since, against the best bid and ask of each row. Arguments as above."""
    _same_rows(rows, levels)
    bids, asks = _depths(levels[0])
    wrong = []
    for row in range(1, len(levels)):
        _apply(rows, row, bids, asks)
        if not _agrees(bids, asks, levels[row], 1):
            wrong.append(row)
    return _agreement(wrong, len(levels))


def _same_rows(rows: LobsterRows, levels: IntArray) -> None:
    if rows.ns.size != len(levels) or levels.shape[1] < 2 * COLUMNS_PER_LEVEL:
        sentence = f"There are {rows.ns.size} messages and {len(levels)} book rows of {levels.shape[1]} columns"
        raise MalformedMessage(
            f"{sentence}; give the two files of one day, with two levels or more.", code="feed_rows_unequal"
        )


def _agreement(wrong: list[int], rows: int) -> Agreement:
    return Agreement(rows - 1 - len(wrong), rows - 1, wrong[0] if wrong else 0)


def _depths(row: IntArray) -> tuple[Depth, Depth]:
    deep = row.size // COLUMNS_PER_LEVEL
    return dict(_shown(row, 2, deep)), dict(_shown(row, 0, deep))


def _shown(row: IntArray, first: int, deep: int) -> Levels:
    """(price, size) of the levels that are there; first is the column of the side's first price."""
    prices = row[first::COLUMNS_PER_LEVEL].tolist()[:deep]
    sizes = row[first + 1 :: COLUMNS_PER_LEVEL].tolist()
    return [(px, size) for px, size in zip(prices, sizes, strict=False) if px not in (EMPTY_ASK, EMPTY_BID)]


def _agrees(bids: Depth, asks: Depth, row: IntArray, deep: int) -> bool:
    """Whether the best levels are those of a row of the file, prices and sizes."""
    return _best(bids, deep, 1) == _shown(row, 2, deep) and _best(asks, deep, -1) == _shown(row, 0, deep)


def _best(depth: Depth, deep: int, sign: int) -> Levels:
    return [(px, depth[px]) for px in sorted(depth, key=lambda px: -sign * px)[:deep]]


def _apply(rows: LobsterRows, row: int, bids: Depth, asks: Depth) -> None:
    """One message on the shown depth; what is hidden, crossed or halted changes nothing there."""
    kind, px = int(rows.type[row]), int(rows.price[row])
    depth = bids if rows.direction[row] > 0 else asks
    if kind == NEW:
        depth[px] = depth.get(px, 0) + int(rows.size[row])
    elif kind in (CANCELED, DELETED, EXECUTED):
        depth[px] = depth.get(px, 0) - int(rows.size[row])
        if depth[px] <= 0:
            del depth[px]
