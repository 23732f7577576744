"""A price-time order book of two kinds of interest: anonymous volume, and orders that want to be told.

Most of a market is other people's: only how much of it stands at each price matters, and which part of it
stands before an order we follow. A ladder therefore keeps one number a price for the anonymous volume, and
for each followed order the anonymous shares ahead of it. Matching is exact first-in-first-out at each price.

Prices and quantities are integers in any one unit; the book knows neither ticks, nor lots, nor time.
"""

from __future__ import annotations

from typing import NamedTuple

NOWHERE = -(1 << 62)
_NEAR = 48


class Resting:
    """One followed order in a ladder: what is left of it, and the anonymous shares ahead of it at its
    price."""

    __slots__ = ("ahead", "key", "leaves", "px")

    def __init__(self, key: str, px: int, leaves: int, ahead: int) -> None:
        self.key = key
        self.px = px
        self.leaves = leaves
        self.ahead = ahead


class Match(NamedTuple):
    """Shares traded at one price; resting is the followed order that gave them, None for anonymous volume."""

    px: int
    qty: int
    resting: Resting | None


class Ladder:
    """One side of a book. sign is +1 for bids (higher is better) and -1 for asks.

    rank is the best sign * price, NOWHERE when the side is empty.
    """

    __slots__ = ("_orders", "_volume", "rank", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.rank = NOWHERE
        self._volume: dict[int, int] = {}
        self._orders: dict[int, list[Resting]] = {}

    def best_px(self) -> int | None:
        """The best price, None when nothing stands on this side."""
        return None if self.rank == NOWHERE else self.rank * self.sign

    def anonymous_qty(self, px: int) -> int:
        """Anonymous shares at a price."""
        return self._volume.get(px, 0)

    def depth_qty(self, px: int) -> int:
        """All shares at a price."""
        depth = self._volume.get(px, 0)
        if self._orders:
            depth += sum(order.leaves for order in self._orders.get(px, ()))
        return depth

    def add(self, px: int, qty: int) -> None:
        """Anonymous volume joins the back of the queue at a price."""
        self._volume[px] = self._volume.get(px, 0) + qty
        rank = px * self.sign
        self.rank = max(self.rank, rank)

    def join(self, key: str, px: int, qty: int) -> Resting:
        """A followed order joins the back of the queue at a price."""
        order = Resting(key, px, qty, self._volume.get(px, 0))
        self._orders.setdefault(px, []).append(order)
        self.rank = max(self.rank, px * self.sign)
        return order

    def leave(self, order: Resting) -> int:
        """Take a followed order out; returns what was left of it."""
        self._drop(order)
        if order.px * self.sign == self.rank and not self._stands(order.px):
            self._step_back()
        return order.leaves

    def withdraw(self, px: int, qty: int, offset: int) -> int:
        """Cancel anonymous volume: qty shares from the offset-th anonymous share of the queue at a price.

        Returns the shares withdrawn, fewer than qty where fewer stand behind the offset.
        """
        volume = self._volume.get(px, 0)
        gone = min(qty, volume - offset)
        if gone <= 0:
            return 0
        if self._orders:
            for order in self._orders.get(px, ()):
                order.ahead -= max(0, min(order.ahead, offset + gone) - offset)
        self._keep(px, volume - gone)
        return gone

    def withdraw_better(self, px: int) -> None:
        """Cancel all anonymous volume at prices better than px."""
        limit, rank, kept = px * self.sign, self.rank, NOWHERE
        while rank > limit:
            at = rank * self.sign
            self._volume.pop(at, None)
            for order in self._orders.get(at, ()):
                order.ahead = 0
                kept = max(kept, rank)
            rank = self._next(rank)
        self.rank = max(kept, rank)

    def take(self, qty: int, limit_px: int | None = None) -> list[Match]:
        """Match qty shares against this side, best price first, no worse than limit_px; first in, first
        out."""
        matches: list[Match] = []
        limit = NOWHERE + 1 if limit_px is None else limit_px * self.sign
        while qty > 0 and self.rank >= limit:
            px = self.rank * self.sign
            if self._orders and px in self._orders:
                qty = self._take_queue(px, qty, matches)
            else:
                volume = self._volume[px]
                done = min(qty, volume)
                matches.append(Match(px, done, None))
                qty -= done
                if done < volume:
                    self._volume[px] = volume - done
                    break
                del self._volume[px]
                self._step_back()
        return matches

    def _take_queue(self, px: int, qty: int, matches: list[Match]) -> int:
        """Match at a price where followed orders stand; returns the quantity still to match."""
        volume, consumed = self._volume.get(px, 0), 0
        for order in list(self._orders[px]):
            done = min(qty, order.ahead - consumed)
            consumed += done
            qty = _matched(matches, px, qty, done, None)
            done = min(qty, order.leaves)
            order.leaves -= done
            qty = _matched(matches, px, qty, done, order)
            if order.leaves == 0:
                self._drop(order)
        done = min(qty, volume - consumed)
        consumed += done
        qty = _matched(matches, px, qty, done, None)
        for order in self._orders.get(px, ()):
            order.ahead -= consumed
        self._keep(px, volume - consumed)
        return qty

    def _keep(self, px: int, volume: int) -> None:
        """Set the anonymous volume of a price, and the best price if that empties it."""
        if volume > 0:
            self._volume[px] = volume
            return
        self._volume.pop(px, None)
        if px * self.sign == self.rank and not self._stands(px):
            self._step_back()

    def _drop(self, order: Resting) -> None:
        queue = self._orders[order.px]
        queue.remove(order)
        if not queue:
            del self._orders[order.px]

    def _stands(self, px: int) -> bool:
        return px in self._volume or px in self._orders

    def _step_back(self) -> None:
        self.rank = self._next(self.rank)

    def _next(self, rank: int) -> int:
        """The best rank below one: looked for nearby first, then everywhere."""
        volume, orders, sign = self._volume, self._orders, self.sign
        for near in range(rank - 1, rank - _NEAR, -1):
            if near * sign in volume or near * sign in orders:
                return near
        return max((px * sign for px in (*volume, *orders) if px * sign < rank), default=NOWHERE)


def _matched(matches: list[Match], px: int, qty: int, done: int, order: Resting | None) -> int:
    if done > 0:
        matches.append(Match(px, done, order))
    return qty - done


class Book:
    """Both sides of one venue's book for one instrument."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = Ladder(1)
        self.asks = Ladder(-1)

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
