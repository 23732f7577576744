"""Our own live orders by beneficial owner and name, so that two of them never meet (PT-22).

Every child that is out counts at its limit price, whatever venue it went to. The best own price on either side is found
without looking at the other orders: prices are kept in order, and there are few of them.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec


class LiveChild(msgspec.Struct, kw_only=True, gc=False):
    """A child that may still trade: whose, what, which side, at what limit, and how much of it is out."""

    key: str
    sign: int
    px: int
    qty: int


class OwnPrices(msgspec.Struct, kw_only=True, gc=False):
    """The limit prices of one side or the other, rising, and the shares out at each."""

    buy_px: list[int] = []
    buy_qty: list[int] = []
    sell_px: list[int] = []
    sell_qty: list[int] = []


class Interest(msgspec.Struct, kw_only=True):
    """Live children by id, and their prices by owner and instrument."""

    live: dict[str, LiveChild] = {}
    prices: dict[str, OwnPrices] = {}

    def meets(self, owner: str, instrument_id: str, sign: int, px: int) -> int | None:
        """The price of an own order on the other side that an order at px would meet, or None."""
        own = self.prices.get(f"{owner}|{instrument_id}")
        if own is None:
            return None
        if sign > 0:
            return own.sell_px[0] if own.sell_px and own.sell_px[0] <= px else None
        return own.buy_px[-1] if own.buy_px and own.buy_px[-1] >= px else None

    def add(self, child_id: str, owner: str, instrument_id: str, sign: int, px: int, qty: int) -> None:
        """A child goes out."""
        key = f"{owner}|{instrument_id}"
        self.live[child_id] = LiveChild(key=key, sign=sign, px=px, qty=0)
        self.prices.setdefault(key, OwnPrices())
        self.move(child_id, qty)

    def move(self, child_id: str, qty: int) -> None:
        """More (or less) of a child is out; what is out no more is forgotten."""
        child = self.live.get(child_id)
        if child is None or qty == 0:
            return
        child.qty += qty
        own = self.prices[child.key]
        prices, sizes = (own.buy_px, own.buy_qty) if child.sign > 0 else (own.sell_px, own.sell_qty)
        place = bisect_left(prices, child.px)
        if place == len(prices) or prices[place] != child.px:
            prices.insert(place, child.px)
            sizes.insert(place, 0)
        sizes[place] += qty
        if sizes[place] == 0:
            del prices[place], sizes[place]
        if child.qty == 0:
            del self.live[child_id]
            if not own.buy_px and not own.sell_px:
                del self.prices[child.key]

    def reprice(self, child_id: str, px: int) -> None:
        """A child's limit is another now."""
        child = self.live.get(child_id)
        if child is None or child.px == px:
            return
        key, sign, qty = child.key, child.sign, child.qty
        owner, _, instrument_id = key.rpartition("|")
        self.move(child_id, -qty)
        self.add(child_id, owner, instrument_id, sign, px, qty)
