"""Both sides of one venue's book, and the plain way in: take what the limit allows, let the rest stand."""

from __future__ import annotations

from sottovoce.models.matching.ladder import Ladder, Match, Resting


class Book:
    """Both sides of one venue's book for one instrument. step is the least distance between two prices."""

    __slots__ = ("asks", "bids")

    def __init__(self, step: int = 1) -> None:
        self.bids = Ladder(1, step)
        self.asks = Ladder(-1, step)

    def side(self, *, buy: bool) -> Ladder:
        """The ladder a buy (or a sell) rests in."""
        return self.bids if buy else self.asks

    def opposite(self, *, buy: bool) -> Ladder:
        """The ladder a buy (or a sell) trades against."""
        return self.asks if buy else self.bids

    def submit(
        self, key: str, qty: int, px: int | None, *, buy: bool, rest: bool
    ) -> tuple[list[Match], Resting | None]:
        """Match a followed order at px or better (None: at any price), then let what is left rest if asked.

        Returns the matches in order, and the resting order if there is one.
        """
        matches = self.opposite(buy=buy).take(qty, px)
        left = qty - sum(match.qty for match in matches)
        if left == 0 or not rest or px is None:
            return matches, None
        return matches, self.side(buy=buy).join(key, px, left)
