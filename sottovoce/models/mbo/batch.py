"""The batch book: runs of events over arrays, and the best prices after each.

State is carried from run to run, so that a year needs the memory of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sottovoce.models.arrays import IntArray
from sottovoce.models.compiling import Family, Kernel
from sottovoce.models.mbo import kernel
from sottovoce.models.mbo.book import MboBook, Touch
from sottovoce.models.mbo.events import MboEvents
from sottovoce.models.mbo.faults import FAULT_CODES
from sottovoce.models.mbo.playing import play_touches

ROWS_FIRST = 1 << 12
"""Rows of each table to begin with; a power of two."""

_FAMILY = Family(
    kernel.home_of, kernel.order_row, kernel.free_row, kernel.price_row, kernel.list_price, kernel.drop_top,
    kernel.add_order, kernel.reduce_order, kernel.clear_all, kernel.note_touch, kernel.play_events,
    allocates=False,
)  # fmt: skip


def touches_of(runs: Iterable[MboEvents]) -> Iterator[IntArray]:
    """The best prices after every event, run by run: by the batch book where numba is installed, else the plain one.

    Returns: for each run a Touch a row, shape (n, 4).
    """
    if _FAMILY.compiled() is None:
        plain = MboBook()
        return (play_touches(plain, run) for run in runs)
    book = BatchBook()
    return (book.play(run) for run in runs)


class BatchBook:
    """One instrument's book, changed by runs of events; counts[fault] as in MboBook.

    compiled: False runs the kernel as plain Python, to compare; without numba it runs so in any case, and MboBook is
    quicker.
    """

    def __init__(self, *, compiled: bool = True) -> None:
        self.counts = np.zeros(len(FAULT_CODES), dtype=np.int64)
        self._orders = np.zeros((ROWS_FIRST, 4), dtype=np.int64)
        self._prices = np.zeros((2, ROWS_FIRST, 4), dtype=np.int64)
        self._listed = np.zeros((2, ROWS_FIRST), dtype=np.int64)
        self._heads = np.zeros(6, dtype=np.int64)
        family = (_FAMILY.compiled() if compiled else None) or {}
        self._play: Kernel = family.get("play_events", kernel.play_events)
        self._order_row: Kernel = family.get("order_row", kernel.order_row)

    def __len__(self) -> int:
        return int(self._heads[kernel.ORDERS])

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        return self._orders.nbytes + self._prices.nbytes + self._listed.nbytes

    def play(self, events: MboEvents) -> IntArray:
        """Apply a run of events; returns the Touch after each, shape (n, 4)."""
        touches = np.empty((len(events), 4), dtype=np.int64)
        done = 0
        while done < len(events):
            state = (self._orders, self._prices, self._listed, self._heads, self.counts)
            done = self._play(*events.columns[1:], *state, touches, done)
            if done < len(events):
                self._make_room()
        return touches

    def touch(self) -> Touch:
        """Best bid, its shares, best ask, its shares; 0 for a side that is empty."""
        found = np.zeros((1, 4), dtype=np.int64)
        kernel.note_touch(self._prices, self._listed, self._heads, found, 0)
        bid, bid_qty, ask, ask_qty = found[0].tolist()
        return bid, bid_qty, ask, ask_qty

    def book(self) -> MboBook:
        """The same orders in the same queues as a plain book, to ask what only it answers; its counts are 0."""
        plain = MboBook()
        for order_id, row, signed, _ in self._live_orders().tolist():
            way, side = (0, 1) if signed > 0 else (1, -1)
            plain.add(order_id, side, side * int(self._prices[way, row, 0]), abs(signed))
        return plain

    def _live_orders(self) -> IntArray:
        """Rows of the standing orders in the order they joined."""
        live: IntArray = self._orders[self._orders[:, 2] != 0]
        in_turn: IntArray = live[np.argsort(live[:, 3])]
        return in_turn

    def _make_room(self) -> None:
        """Enlarge the orders when they are full; otherwise the prices are: forget those where nothing stands."""
        live = self._live_orders()
        if len(self) >= self._orders.shape[0] // 2:
            self._orders = np.zeros((2 * self._orders.shape[0], 4), dtype=np.int64)
        else:
            live[:, 1] = self._forget_emptied()[(live[:, 2] < 0).astype(np.int64), live[:, 1]]
            self._orders[:, 2] = 0
        for order in live:
            self._orders[self._order_row(self._orders, order[0])] = order

    def _forget_emptied(self) -> IntArray:
        """Keep live prices only, in a table they fill to a quarter at most; returns old row → new row, by side."""
        old, size = self._prices, ROWS_FIRST
        live = [np.flatnonzero(old[way, :, 1]) for way in range(2)]
        while size < 4 * max(rows.size for rows in live):
            size *= 2
        self._prices, self._listed = np.zeros((2, size, 4), dtype=np.int64), np.zeros((2, size), dtype=np.int64)
        self._heads[: kernel.ORDERS] = 0
        moved = np.zeros(old.shape[:2], dtype=np.int64)
        for way, rows in enumerate(live):
            for row in rows:
                rank, shares = int(old[way, row, 0]), old[way, row, 1]
                moved[way, row] = new = kernel.price_row(self._prices, self._heads, way, rank)
                self._prices[way, new, 1] = shares
                kernel.list_price(self._prices, self._listed, self._heads, way, new)
        return moved
