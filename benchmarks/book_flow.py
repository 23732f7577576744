"""Order-by-order feeds to time books with: an hour of a real stock, where its file is at hand, and a made market.

The made one keeps a book while it goes, so that it is a market: nobody enters through the other side, what trades is
first in the queue of the best price, and of every hundred events 48 enter and 44 leave whole. Its book
grows: half a million events leave some four thousand orders.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from sottovoce.adapters.feeds.lobster import read_lobster
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import MboEvents, Row, from_rows, joined

ROOT = Path(__file__).resolve().parent.parent
HOUR = "lobster_nasdaq_itch/AAPL_2012-06-21_0930-1030_message_50.parquet"
TICK = 10_000
"""A cent in 1e-6 dollar."""

START_PX = 100_000_000
FEW = 400
"""Fewer orders than this, and one enters."""

ENTER, LEAVE, SHRINK, TRADE = 0.48, 0.92, 0.94, 0.98
"""Up to which of a uniform draw each happens; above the last a hidden order trades."""


def real_hour() -> MboEvents | None:
    """AAPL, 2012-06-21 from 09:30 to 10:30 at Nasdaq; None where the folder of market data is not at hand."""
    path = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data")).resolve() / HOUR
    return joined(list(read_lobster(path))) if path.is_file() else None


def made_flow(size: int, seed: int) -> MboEvents:
    """So many events of a made stock, one a microsecond."""
    market = _MadeMarket(seed)
    return from_rows([market.row(number) for number in range(size)])


class _MadeMarket:
    """A book, the ids in it in no order, and dice."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._book = MboBook(strict=True)
        self._ids: list[int] = []
        self._place: dict[int, int] = {}
        self._draws: list[list[float]] = []

    def row(self, number: int) -> Row:
        """The next event."""
        if not self._draws:
            self._draws = self._rng.random((10_000, 4)).tolist()
        what, which, far, size = self._draws.pop()
        side, qty = (1 if which < 0.5 else -1), 1 + int(size * 500)
        if what < ENTER or len(self._ids) < FEW:
            return self._enter(number, side, far, qty)
        if what < LEAVE:
            return self._leave(number, self._ids[int(which * len(self._ids))])
        if what < SHRINK:
            return self._shrink(number, mbo.CANCEL, self._ids[int(which * len(self._ids))], qty)
        best = self._book.bids.best() if side == 1 else self._book.asks.best()
        if what < TRADE and best is not None:
            return self._shrink(number, mbo.EXECUTE, next(iter(best.queue)), qty)
        return (number * 1000, mbo.TRADE, 0, side, START_PX, qty)

    def _enter(self, number: int, side: int, far: float, qty: int) -> Row:
        """Some ticks from the other side, as far as an exponential of twelve ticks says."""
        bid, _, ask, _ = self._book.touch()
        other = (ask if side == 1 else bid) or START_PX + side * TICK
        px = other - side * TICK * (1 + int(-12 * np.log1p(-far)))
        order_id = 2 * number + 1
        self._book.add(order_id, side, px, qty)
        self._place[order_id] = len(self._ids)
        self._ids.append(order_id)
        return (number * 1000, mbo.ADD, order_id, side, px, qty)

    def _leave(self, number: int, order_id: int) -> Row:
        side, px, left = self._known(order_id)
        self._book.delete(order_id)
        self._forget(order_id)
        return (number * 1000, mbo.DELETE, order_id, side, px, left)

    def _shrink(self, number: int, kind: int, order_id: int, qty: int) -> Row:
        side, px, left = self._known(order_id)
        gone = min(qty, left)
        self._book.reduce(order_id, gone)
        if gone == left:
            self._forget(order_id)
        return (number * 1000, kind, order_id, side, px, gone)

    def _known(self, order_id: int) -> tuple[int, int, int]:
        found = self._book.order(order_id)
        assert found is not None, f"order {order_id} is not in the book it was taken from"
        return found

    def _forget(self, order_id: int) -> None:
        last, place = self._ids.pop(), self._place.pop(order_id)
        if last != order_id:
            self._ids[place] = last
            self._place[last] = place
