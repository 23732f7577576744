"""The orders a feed has said of: what an order-by-order file must not contradict.

An id that stands cannot be entered again, and nothing can be taken of an order beyond what is left of it. An order
that was never entered here is from before the file began, unless the file is whole.
"""

from __future__ import annotations


class KnownOrders:
    """Side, price and quantity left of every order entered and not gone, by id. earlier counts ids never entered."""

    __slots__ = ("_live", "_whole", "earlier")

    def __init__(self, *, whole: bool = False) -> None:
        self._live: dict[int, tuple[int, int, int]] = {}
        self._whole = whole
        self.earlier = 0

    def __len__(self) -> int:
        return len(self._live)

    def find(self, order_id: int) -> tuple[int, int, int] | None:
        """Side (1 or -1), price and quantity left, None for an order that does not stand."""
        return self._live.get(order_id)

    def enter(self, order_id: int, side: int, px: int, qty: int) -> str:
        """Remember an order; returns why that cannot be, or ""."""
        if order_id in self._live:
            return "is the id of an order that stands already"
        self._live[order_id] = (side, px, qty)
        return ""

    def reduce(self, order_id: int, qty: int) -> str:
        """Take quantity off an order; returns why that cannot be, or ""."""
        known = self._live.get(order_id)
        if known is None:
            return self._unknown()
        side, px, left = known
        if qty > left:
            return f"takes {qty} of an order that has {left} left"
        if qty == left:
            del self._live[order_id]
        else:
            self._live[order_id] = (side, px, left - qty)
        return ""

    def remove(self, order_id: int) -> str:
        """Take an order out whole; returns why that cannot be, or ""."""
        return "" if self._live.pop(order_id, None) is not None else self._unknown()

    def _unknown(self) -> str:
        self.earlier += 1
        return "is the id of an order that does not stand" if self._whole else ""
