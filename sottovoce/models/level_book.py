"""A book by price level: what feeds that send quantities by price, not orders, can be rebuilt into.

A message says the new quantity standing at a price, 0 when nothing does; there are no orders and no queue. The best
price is kept on a heap whose dead entries are dropped when they come up, so that a message costs O(log levels)
however often the best price empties.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from sottovoce.core.errors import ModelError

_SLACK = 64
"""Dead heap entries tolerated beyond one for each live level."""

Level = tuple[int, int]
"""Price and quantity, each in the feed's integer unit."""


class LevelSide:
    """One side of a book, best price first: the highest bid, the lowest ask."""

    __slots__ = ("_heap", "_qty", "_sign")

    def __init__(self, *, buy: bool) -> None:
        self._sign = -1 if buy else 1
        self._qty: dict[int, int] = {}
        self._heap: list[int] = []

    def __len__(self) -> int:
        return len(self._qty)

    def set(self, px: int, qty: int) -> None:
        """The quantity now at a price; 0 removes the level, also one that was not there.

        Raises: ModelError, level_negative, for a price or a quantity below 0.
        """
        if qty < 0 or px < 0:
            raise ModelError(f"A level of {qty} at {px} cannot stand in a book.", code="level_negative")
        if not qty:
            self._qty.pop(px, None)
            return
        if px not in self._qty:
            heappush(self._heap, px * self._sign)
            if len(self._heap) > 2 * len(self._qty) + _SLACK:
                self._rebuild(px)
        self._qty[px] = qty

    def replace(self, levels: Iterable[Level]) -> None:
        """Forget what stood and set these levels. Raises as `set` does."""
        self._qty.clear()
        self._heap.clear()
        for px, qty in levels:
            self.set(px, qty)

    def best(self) -> Level | None:
        """Best price and the quantity there, or None for an empty side."""
        heap, qty = self._heap, self._qty
        while heap:
            px = heap[0] * self._sign
            if px in qty:
                return px, qty[px]
            heappop(heap)
        return None

    def levels(self, depth: int | None = None) -> list[Level]:
        """Levels from the best, at most depth of them (None: all)."""
        ordered = sorted(self._qty.items(), key=lambda level: level[0] * self._sign)
        return ordered if depth is None else ordered[:depth]

    def _rebuild(self, entering: int) -> None:
        self._heap = [px * self._sign for px in (*self._qty, entering)]
        heapify(self._heap)


class LevelBook:
    """Both sides of one instrument at one venue."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = LevelSide(buy=True)
        self.asks = LevelSide(buy=False)

    def replace(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Start again from a snapshot."""
        self.bids.replace(bids)
        self.asks.replace(asks)

    def change(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Apply one message: the new quantity of each level named."""
        for px, qty in bids:
            self.bids.set(px, qty)
        for px, qty in asks:
            self.asks.set(px, qty)

    def touch(self) -> tuple[Level | None, Level | None]:
        """Best bid and best ask, None for a side that is empty."""
        return self.bids.best(), self.asks.best()

    @property
    def crossed(self) -> bool:
        """Whether the best bid is above the best ask; locked is not crossed."""
        bid, ask = self.touch()
        return bid is not None and ask is not None and bid[0] > ask[0]
