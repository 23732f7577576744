"""One side of a market-by-order book: a queue at each price, and the best of the prices.

Orders at one price stand in a dictionary, which keeps the order its keys came in: that is the queue. The best price is
asked for less often than the book changes, so it is found when asked: prices that came into use are on a heap, and
those since emptied are dropped when they come up.
"""

from __future__ import annotations

from heapq import heappop, heappush

_SLACK = 1024
"""Emptied prices remembered beyond one for each live price; they are mostly used again."""


class MboLevel:
    """The queue at one price: shares left by order id, first in first. sign is 1 for bids and -1 for asks."""

    __slots__ = ("px", "queue", "ranked", "shares", "sign")

    def __init__(self, px: int, sign: int) -> None:
        self.px = px
        self.sign = sign
        self.shares = 0
        self.queue: dict[int, int] = {}
        self.ranked = True


class MboSide:
    """One side of the book. sign is 1 for bids (higher is better) and -1 for asks."""

    __slots__ = ("_heap", "_levels", "_room", "_top", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self._top: MboLevel | None = None
        self._levels: dict[int, MboLevel] = {}
        self._heap: list[int] = []
        self._room = _SLACK

    def at(self, px: int) -> MboLevel:
        """The level of a price, made when there is none, for an order to join."""
        level = self._levels.get(px)
        if level is None:
            if len(self._levels) >= self._room:
                self._forget_emptied()
            level = self._levels[px] = MboLevel(px, self.sign)
            self._rank(level)
        elif not level.ranked:
            self._rank(level)
        return level

    def best(self) -> MboLevel | None:
        """The level at the best price, None when the side is empty."""
        top = self._top
        if top is not None and top.shares:
            return top
        return self._next_best()

    def level(self, px: int) -> MboLevel | None:
        """The level of a price where orders stand, None where none does."""
        level = self._levels.get(px)
        return level if level is not None and level.shares else None

    def levels(self) -> list[MboLevel]:
        """The levels where orders stand, best first."""
        live = [level for level in self._levels.values() if level.shares]
        return sorted(live, key=lambda level: -self.sign * level.px)

    def _rank(self, level: MboLevel) -> None:
        """A price comes into use: it may be the best now, and is on the heap until it has been found empty there."""
        level.ranked = True
        heappush(self._heap, -self.sign * level.px)
        self._top = None

    def _next_best(self) -> MboLevel | None:
        heap = self._heap
        while heap:
            level = self._levels[-self.sign * heap[0]]
            if level.shares:
                self._top = level
                return level
            heappop(heap)
            level.ranked = False
        self._top = None
        return None

    def _forget_emptied(self) -> None:
        """Keep live prices only, so that memory follows the book and not the day."""
        live = self.levels()
        self._levels = {level.px: level for level in live}
        self._heap = [-self.sign * level.px for level in live]
        self._room = 2 * len(live) + _SLACK
