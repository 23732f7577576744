"""The real orders of one instrument, and what we took of them.

The book is the one every feed is played into. Beside it stand when each order joined its queue, which says who is
before whom, and the shares we traded with it: the feed never learns of us, so what we took stays in the book and is
remembered here, that nobody shows it to us twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from sottovoce.models.mbo.book import MboBook, Touch

_Key = TypeVar("_Key")


class RealOrder(NamedTuple):
    """One real order as it stands: shares left, and the number of the event with which it joined its queue."""

    order_id: int
    side: int
    px: int
    left: int
    joined: int


class RealBook:
    """Every real order, with what we took of it. An impossible event raises as a strict MboBook does."""

    def __init__(self) -> None:
        self._book = MboBook(strict=True)
        self._joined: dict[int, int] = {}
        self._taken: dict[int, int] = {}
        self._taken_at: dict[tuple[int, int], int] = {}

    def find(self, order_id: int) -> RealOrder | None:
        """A standing order; None for one that left, or is from before the feed began."""
        found = self._book.order(order_id)
        return None if found is None else RealOrder(order_id, *found, self._joined[order_id])

    def add(self, order_id: int, side: int, px: int, qty: int, joined: int) -> RealOrder:
        """A new order at the end of its queue."""
        self._book.add(order_id, side, px, qty)
        self._joined[order_id] = joined
        return RealOrder(order_id, side, px, qty, joined)

    def reduce(self, real: RealOrder, qty: int) -> int:
        """Take quantity off an order, at most what is left; returns what went."""
        gone = min(qty, real.left)
        if gone == real.left:
            self._book.delete(real.order_id)
            del self._joined[real.order_id]
        elif gone:
            self._book.reduce(real.order_id, gone)
        taken = self._taken.get(real.order_id, 0)
        if taken > real.left - gone:
            self._remember(real, real.left - gone - taken)
        return gone

    def take(self, real: RealOrder, qty: int) -> None:
        """Remember that we traded with an order."""
        self._remember(real, qty)

    def queue(self, side: int, px: int) -> list[RealOrder]:
        """The orders at a price, first in the queue first."""
        rows = self._book.queue(side, px)
        return [RealOrder(order_id, side, px, left, self._joined[order_id]) for order_id, left in rows]

    def offered(self, side: int, limit_px: int) -> Iterator[tuple[RealOrder, int]]:
        """Orders of a side, best first, no worse than limit_px for who trades with them (0: any), with what is left.

        What is left is after what we took.
        """
        for px, _, _ in self._book.levels(side):
            if limit_px and side * px < side * limit_px:
                return
            for real in self.queue(side, px):
                left = real.left - self._taken.get(real.order_id, 0)
                if left:
                    yield real, left

    def touch(self) -> Touch:
        """Best prices with shares left after what we took, and those shares; zeros for a side without any."""
        if not self._taken_at:
            return self._book.touch()
        return (*self._best_left(1), *self._best_left(-1))

    def clear(self) -> None:
        """Forget every order: the feed begins anew."""
        self._book.clear()
        for kept in (self._joined, self._taken, self._taken_at):
            kept.clear()

    def _best_left(self, side: int) -> tuple[int, int]:
        for px, shares, _ in self._book.levels(side):
            left = shares - self._taken_at.get((side, px), 0)
            if left:
                return px, left
        return 0, 0

    def _remember(self, real: RealOrder, change: int) -> None:
        _change(self._taken, real.order_id, change)
        _change(self._taken_at, (real.side, real.px), change)


def _change(counts: dict[_Key, int], key: _Key, change: int) -> None:
    """Add to a count, and forget it at zero."""
    total = counts.get(key, 0) + change
    if total:
        counts[key] = total
    else:
        counts.pop(key, None)
