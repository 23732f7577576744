"""The midpoint dark pool: hidden orders in time order, matched at the consolidated mid, minimum quantities kept.

The background's hidden orders are drawn before the session and rest for a drawn time; whom they meet does not depend on
prices, so while none of ours is in the pool they are matched whenever somebody looks. Ours rest until canceled or the
close, trade only where the mid is within their limit, never for less than their minimum unless less is left, and never
with each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.dice import Stream, stream
from sottovoce.adapters.queues.flow import activity_times, allowed_order, whole_sizes
from sottovoce.adapters.queues.weather import Weather
from sottovoce.core.ports import Session
from sottovoce.core.units import NEVER_NS

REST_SECONDS = 300.0
"""Mean time a hidden order of the background waits."""


class Hidden:
    """One order in the pool. key is "" for the background; limit None means any mid; minimum applies to a match."""

    __slots__ = ("buy", "expires_ns", "key", "leaves", "limit_px", "minimum")

    def __init__(self, key: str, qty: int, expires_ns: int, limit_px: int | None, minimum: int, *, buy: bool) -> None:
        self.key = key
        self.buy = buy
        self.leaves = qty
        self.expires_ns = expires_ns
        self.limit_px = limit_px
        self.minimum = minimum

    def accepts(self, mid_px: int, qty: int) -> bool:
        """Whether the order trades qty shares at the mid."""
        if self.limit_px is not None and (mid_px > self.limit_px if self.buy else mid_px < self.limit_px):
            return False
        return qty >= min(self.minimum, self.leaves)


class Cross(NamedTuple):
    """A match in the pool; the keys of ours that took part, "" where the background did."""

    at_ns: int
    qty: int
    buyer: str
    seller: str


class DarkPool:
    """One session's pool: the drawn orders still to come, and what rests, oldest first."""

    def __init__(self, profile: Profile, session: Session, weather: Weather, seed: int, index: int) -> None:
        rng = stream(seed, profile.instrument_id, Stream.DARK, index)
        times = activity_times(rng, session, weather.activity, profile.dark_orders)
        buys = rng.integers(0, 2, len(times)) == 1
        sizes = whole_sizes(rng, len(times), profile.dark_qty)
        ends = times + (rng.exponential(REST_SECONDS, len(times)) * 1e9).astype(np.int64)
        order = allowed_order(times, session, weather)
        columns = (column[order].tolist() for column in (times, buys, sizes, ends))
        self._drawn: list[tuple[int, bool, int, int]] = list(zip(*columns, strict=True))
        self._next = 0
        self._queues: dict[bool, list[Hidden]] = {True: [], False: []}
        self._ours = 0

    def next_ns(self) -> int:
        """When a hidden order of the background could meet one of ours, NEVER_NS while none is here."""
        return self._drawn[self._next][0] if self._ours and self._next < len(self._drawn) else NEVER_NS

    @property
    def arrived(self) -> int:
        """How many of the background's orders have come."""
        return self._next

    def catch_up(self, until_ns: int) -> list[Cross]:
        """Matches among the background's orders up to a time, when no order of ours can take part."""
        crosses: list[Cross] = []
        while self._next < len(self._drawn) and self._drawn[self._next][0] <= until_ns:
            crosses += self.arrive_drawn(0)
        return crosses

    def arrive_drawn(self, mid_px: int) -> list[Cross]:
        """The background's next order arrives."""
        at_ns, buy, qty, expires_ns = self._drawn[self._next]
        self._next += 1
        return self.arrive(Hidden("", qty, expires_ns, None, 0, buy=buy), mid_px, at_ns)

    def arrive(self, order: Hidden, mid_px: int, at_ns: int) -> list[Cross]:
        """Match an arriving order against the other side, oldest first; what is left of it rests."""
        crosses: list[Cross] = []
        waiting = [other for other in self._queues[not order.buy] if other.expires_ns > at_ns]
        for other in waiting:
            qty = min(order.leaves, other.leaves)
            if qty == 0 or (order.key and other.key):
                continue
            if order.accepts(mid_px, qty) and other.accepts(mid_px, qty):
                order.leaves -= qty
                other.leaves -= qty
                buyer, seller = (order, other) if order.buy else (other, order)
                crosses.append(Cross(at_ns, qty, buyer.key, seller.key))
        self._queues[not order.buy] = [other for other in waiting if other.leaves]
        if order.leaves:
            self._queues[order.buy].append(order)
        self._count()
        return crosses

    def leave(self, key: str) -> None:
        """Take an order of ours out."""
        for buy, queue in self._queues.items():
            self._queues[buy] = [order for order in queue if order.key != key]
        self._count()

    def _count(self) -> None:
        self._ours = sum(1 for queue in self._queues.values() for order in queue if order.key)
