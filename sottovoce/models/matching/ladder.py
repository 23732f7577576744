"""One side of a price-time book, for two kinds of interest: anonymous volume, and orders that want to be told.

Most of a market is other people's: only how much of it stands at each price matters, and which part of it stands
before an order we follow. A ladder therefore keeps one number a price for the anonymous volume, and for each followed
order the anonymous shares ahead of it. At each price what is shown comes before what is hidden, and within each of the
two the first come are the first served; anonymous volume is shown. Followed orders of one price are linked in order
of priority, so that any of them leaves at the same small cost.

Prices and quantities are integers in any one unit; the ladder knows neither ticks, nor lots, nor time.
"""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

NOWHERE = -(1 << 62)
_NEAR = 48


class Resting:
    """One followed order in a ladder: what is left of it, and the anonymous shares ahead of it at its price.

    ahead says nothing of a hidden order, which stands behind all of them. earlier and later are its neighbours.
    """

    __slots__ = ("ahead", "earlier", "hidden", "key", "later", "leaves", "px")

    def __init__(self, key: str, px: int, leaves: int, ahead: int) -> None:
        self.key = key
        self.px = px
        self.leaves = leaves
        self.ahead = ahead
        self.hidden = False
        self.earlier: Resting | None = None
        self.later: Resting | None = None


class Match(NamedTuple):
    """Shares traded at one price; resting is the followed order that gave them, None for anonymous volume."""

    px: int
    qty: int
    resting: Resting | None


class Queue:
    """The followed orders of one price in order of priority: those that are shown, then those that are hidden."""

    __slots__ = ("first", "first_hidden", "last")

    def __init__(self) -> None:
        self.first: Resting | None = None
        self.last: Resting | None = None
        self.first_hidden: Resting | None = None

    def push(self, order: Resting) -> None:
        """An order joins behind its kind."""
        after = None if order.hidden else self.first_hidden
        before = self.last if after is None else after.earlier
        order.earlier, order.later = before, after
        if before is None:
            self.first = order
        else:
            before.later = order
        if after is None:
            self.last = order
        else:
            after.earlier = order
        if order.hidden and self.first_hidden is None:
            self.first_hidden = order

    def drop(self, order: Resting) -> None:
        """An order leaves, wherever it stands."""
        earlier, later = order.earlier, order.later
        if earlier is None:
            self.first = later
        else:
            earlier.later = later
        if later is None:
            self.last = earlier
        else:
            later.earlier = earlier
        if order is self.first_hidden:
            self.first_hidden = later
        order.earlier = order.later = None


class Ladder:
    """One side of a book. sign is +1 for bids (higher is better) and -1 for asks.

    rank is the best sign * price, NOWHERE when the side is empty. step: prices are looked for so far apart; one in
    between makes the ladder finer.
    """

    __slots__ = ("_queues", "_step", "_volume", "rank", "sign")

    def __init__(self, sign: int, step: int = 1) -> None:
        self.sign = sign
        self.rank = NOWHERE
        self._step = step
        self._volume: dict[int, int] = {}
        self._queues: dict[int, Queue] = {}

    def best_px(self) -> int | None:
        """The best price, None when nothing stands on this side."""
        return None if self.rank == NOWHERE else self.rank * self.sign

    def anonymous_qty(self, px: int) -> int:
        """Anonymous shares at a price."""
        return self._volume.get(px, 0)

    def depth_qty(self, px: int) -> int:
        """All shares at a price, hidden ones among them."""
        depth, order = self._volume.get(px, 0), self.front(px)
        while order is not None:
            depth += order.leaves
            order = order.later
        return depth

    def shown_qty(self, px: int) -> int:
        """The shares at a price that everybody sees."""
        depth, order = self._volume.get(px, 0), self.front(px)
        while order is not None and not order.hidden:
            depth += order.leaves
            order = order.later
        return depth

    def front(self, px: int) -> Resting | None:
        """The followed order with the highest priority at a price; the others follow by `later`."""
        queue = self._queues.get(px)
        return None if queue is None else queue.first

    def add(self, px: int, qty: int) -> None:
        """Anonymous volume joins the back of the queue at a price."""
        volume = self._volume.get(px, 0)
        self._volume[px] = volume + qty
        if volume == 0 and self._step > 1:
            self._step = gcd(self._step, px)
        rank = px * self.sign
        if rank <= self.rank:
            return
        self.rank = rank

    def join(self, key: str, px: int, qty: int) -> Resting:
        """A followed order joins the back of the queue at a price."""
        order = Resting(key, px, qty, 0)
        self.stand(order)
        return order

    def stand(self, order: Resting) -> None:
        """A followed order joins the back of the queue at its price, behind what is shown if it is hidden."""
        px = order.px
        order.ahead = self._volume.get(px, 0)
        queue = self._queues.get(px)
        if queue is None:
            queue = self._queues[px] = Queue()
            self._step = gcd(self._step, px)
        queue.push(order)
        rank = px * self.sign
        if rank <= self.rank:
            return
        self.rank = rank

    def leave(self, order: Resting) -> int:
        """Take a followed order out; returns what was left of it."""
        px = order.px
        queue = self._queues[px]
        queue.drop(order)
        if queue.first is None:
            del self._queues[px]
            if px * self.sign == self.rank and px not in self._volume:
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
        if self._queues:
            order = self.front(px)
            while order is not None:
                order.ahead -= max(0, min(order.ahead, offset + gone) - offset)
                order = order.later
        self._keep(px, volume - gone)
        return gone

    def withdraw_better(self, px: int) -> None:
        """Cancel all anonymous volume at prices better than px."""
        limit, rank, kept = px * self.sign, self.rank, NOWHERE
        while rank > limit:
            at = rank * self.sign
            self._volume.pop(at, None)
            order = self.front(at)
            if order is not None:
                kept = max(kept, rank)
            while order is not None:
                order.ahead = 0
                order = order.later
            rank = self.below(rank)
        self.rank = max(kept, rank)

    def take(self, qty: int, limit_px: int | None = None) -> list[Match]:
        """Match qty shares against this side, best price first, no worse than limit_px."""
        matches: list[Match] = []
        limit = NOWHERE + 1 if limit_px is None else limit_px * self.sign
        while qty > 0 and self.rank >= limit:
            px = self.rank * self.sign
            if self._queues and px in self._queues:
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

    def below(self, rank: int) -> int:
        """The best rank worse than one, NOWHERE without any: looked for nearby first, then everywhere."""
        volume, queues, sign, step = self._volume, self._queues, self.sign, self._step
        for near in range(rank - step, rank - _NEAR * step, -step):
            if near * sign in volume or near * sign in queues:
                return near
        return max((px * sign for px in (*volume, *queues) if px * sign < rank), default=NOWHERE)

    def _take_queue(self, px: int, qty: int, matches: list[Match]) -> int:
        """Match at a price where followed orders stand; returns the quantity still to match."""
        volume, consumed = self._volume.get(px, 0), 0
        order = self.front(px)
        while order is not None and qty > 0:
            later = order.later
            done = min(qty, (volume if order.hidden else order.ahead) - consumed)
            consumed += done
            qty = _matched(matches, px, qty, done, None)
            done = min(qty, order.leaves)
            order.leaves -= done
            qty = _matched(matches, px, qty, done, order)
            if order.leaves == 0:
                self._drop(order)
            order = later
        done = min(qty, volume - consumed)
        consumed += done
        qty = _matched(matches, px, qty, done, None)
        order = self.front(px)
        while order is not None:
            order.ahead -= consumed
            order = order.later
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
        queue = self._queues[order.px]
        queue.drop(order)
        if queue.first is None:
            del self._queues[order.px]

    def _stands(self, px: int) -> bool:
        return px in self._volume or px in self._queues

    def _step_back(self) -> None:
        self.rank = self.below(self.rank)


def _matched(matches: list[Match], px: int, qty: int, done: int, order: Resting | None) -> int:
    if done > 0:
        matches.append(Match(px, done, order))
    return qty - done
