"""Pegged orders of a lit venue: what price each follows, and which have to move when the consolidated touch does.

A primary peg follows the near side, a market peg the far side, a mid peg the middle as every midpoint venue takes it
(sottovoce.models.matching.midpoint), which may be half a tick. A side that is not on the venue's grid is rounded away
from the other side. A limit is never passed: the order waits at it. Without what it follows (the mid: a bid below an
ask) a peg stands nowhere and waits.
"""

from __future__ import annotations

from sottovoce.core.enums import Peg
from sottovoce.models.matching.lit_entry import TickOf
from sottovoce.models.matching.lit_order import LitOrder
from sottovoce.models.matching.midpoint import NOTHING_SHOWN, usable_mid
from sottovoce.models.matching.port import Touch


class PegBoard:
    """The touch as last observed, and the pegged orders in order of entry."""

    __slots__ = ("_orders", "_tick_of", "_touch")

    def __init__(self, tick_of: TickOf) -> None:
        self._tick_of = tick_of
        self._touch = NOTHING_SHOWN
        self._orders: dict[str, LitOrder] = {}

    def see(self, touch: Touch) -> bool:
        """The touch moved; whether any price in it did."""
        before, self._touch = self._touch, touch
        return (before.bid, before.ask) != (touch.bid, touch.ask)

    def follow(self, order: LitOrder) -> None:
        """A pegged order is repriced from now on."""
        self._orders[order.key] = order

    def price(self, order: LitOrder) -> int | None:
        """The price a pegged order stands at now, None while there is none."""
        px = self._followed(order)
        if px is None or not order.limit_px:
            return px
        return min(px, order.limit_px) if order.buy else max(px, order.limit_px)

    def moved(self) -> list[LitOrder]:
        """The live pegged orders whose price is no longer where they stand, in order of entry."""
        self._orders = {key: order for key, order in self._orders.items() if order.leaves}
        return [order for order in self._orders.values() if self.price(order) != (order.px if order.standing else None)]

    def _followed(self, order: LitOrder) -> int | None:
        if order.peg is Peg.MID:
            return usable_mid(self._touch)
        near = (order.peg is Peg.PRIMARY) == order.buy
        px = self._touch.bid if near else self._touch.ask
        if px <= 0:
            return None
        over = px % self._tick_of(px)
        return px if not over else px - over if order.buy else px - over + self._tick_of(px)
