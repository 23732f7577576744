"""The obvious market-by-order book: one list of orders in the order they joined, searched for everything.

Slow and hard to get wrong; the referee of the quick ones. It shares no code with them but the numbers of the faults.
"""

from __future__ import annotations

from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo import faults
from sottovoce.models.mbo.events import Row

Order = list[int]
"""Id, side, price, shares left."""


class NaiveBook:
    """Orders in the order they joined, which is the order of every queue."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.counts = [0] * len(faults.FAULT_CODES)

    def apply(self, row: Row) -> None:
        """One event."""
        _, kind, order_id, side, px, qty = row
        fault = faults.OK
        if kind == mbo.ADD:
            fault = self._add(order_id, side, px, qty)
        elif kind in (mbo.CANCEL, mbo.EXECUTE):
            fault = self._reduce(order_id, qty)
        elif kind == mbo.DELETE:
            fault = self._delete(order_id)
        elif kind == mbo.CLEAR:
            self.orders = []
        elif kind not in mbo.KINDS:
            fault = faults.KIND
        self.counts[fault] += fault != faults.OK

    def touch(self) -> tuple[int, int, int, int]:
        """Best bid, its shares, best ask, its shares."""
        bid = max((order[2] for order in self.orders if order[1] == 1), default=0)
        ask = min((order[2] for order in self.orders if order[1] == -1), default=0)
        return bid, self.shares(1, bid), ask, self.shares(-1, ask)

    def shares(self, side: int, px: int) -> int:
        """Shares at a price."""
        return sum(order[3] for order in self.orders if order[1:3] == [side, px])

    def queues(self) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """Id and shares left of the orders by side and price, first in the queue first."""
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for order_id, side, px, left in self.orders:
            found.setdefault((side, px), []).append((order_id, left))
        return found

    def _find(self, order_id: int) -> Order | None:
        return next((order for order in self.orders if order[0] == order_id), None)

    def _add(self, order_id: int, side: int, px: int, qty: int) -> int:
        if self._find(order_id):
            return faults.TWICE
        if qty <= 0 or side not in (1, -1):
            return faults.ABSURD
        self.orders.append([order_id, side, px, qty])
        return faults.OK

    def _reduce(self, order_id: int, qty: int) -> int:
        order = self._find(order_id)
        if order is None:
            return faults.UNKNOWN
        if qty <= 0:
            return faults.ABSURD
        left = order[3]
        order[3] -= qty
        if order[3] <= 0:
            self.orders.remove(order)
        return faults.BEYOND if qty > left else faults.OK

    def _delete(self, order_id: int) -> int:
        order = self._find(order_id)
        if order is None:
            return faults.UNKNOWN
        self.orders.remove(order)
        return faults.OK
