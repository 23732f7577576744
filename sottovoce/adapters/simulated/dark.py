"""The midpoint dark pool: hidden orders in time order, matched at the consolidated mid, minimum quantities
kept.

Background orders rest for a drawn time. Ours rest until canceled or the close, trade only where the mid is
within their limit, and never for less than their minimum quantity unless less is left of them. Our orders
never trade with each other.
"""

from __future__ import annotations

from typing import NamedTuple


class Hidden:
    """One order in the pool. key is "" for the background; limit None means any mid; minimum applies to a
    match."""

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

    qty: int
    buyer: str
    seller: str


class DarkPool:
    """Hidden interest on both sides, oldest first."""

    def __init__(self) -> None:
        self._queues: dict[bool, list[Hidden]] = {True: [], False: []}

    def arrive(self, order: Hidden, mid_px: int, at_ns: int) -> list[Cross]:
        """Match an arriving order against the other side, oldest first; what is left of it rests."""
        crosses: list[Cross] = []
        against = [other for other in self._queues[not order.buy] if other.expires_ns > at_ns]
        for other in against:
            qty = min(order.leaves, other.leaves)
            if qty == 0 or (order.key and other.key):
                continue
            if order.accepts(mid_px, qty) and other.accepts(mid_px, qty):
                order.leaves -= qty
                other.leaves -= qty
                crosses.append(_cross(order, other, qty))
        self._queues[not order.buy] = [other for other in against if other.leaves]
        if order.leaves:
            self._queues[order.buy].append(order)
        return crosses

    def leave(self, key: str) -> None:
        """Take an order of ours out."""
        for buy, queue in self._queues.items():
            self._queues[buy] = [order for order in queue if order.key != key]


def _cross(order: Hidden, other: Hidden, qty: int) -> Cross:
    buyer, seller = (order, other) if order.buy else (other, order)
    return Cross(qty, buyer.key, seller.key)
