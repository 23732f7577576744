"""An order while it works at a venue that does not display it: what is left of it, and the news about it.

Pools, crossing networks and auctions keep their orders as `Working`; every outcome of theirs is built here, so
that entered = traded + leaves while live, and leaves is 0 when over.
"""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side
from sottovoce.models.matching.port import Entry, Outcome


class Working:
    """One live order.

    place is its turn: lower came first. limit_px is None without a limit. firm is False for a conditional order
    nobody has firmed up, asked is True while an invitation waits for its answer. committed_qty is promised to an
    invitation and not free to trade otherwise. expires_ns is when a firm-up ends by itself, 0 for never.
    """

    __slots__ = (
        "asked", "buy", "committed_qty", "cum_qty", "entry", "expires_ns",
        "firm", "leaves_qty", "limit_px", "min_qty", "place",
    )  # fmt: skip

    def __init__(self, entry: Entry, place: int) -> None:
        self.entry = entry
        self.place = place
        self.buy = entry.side is Side.BUY
        self.limit_px = limit_of(entry)
        self.min_qty = entry.min_qty
        self.cum_qty = 0
        self.leaves_qty = entry.qty
        self.committed_qty = 0
        self.firm = not entry.conditional
        self.asked = False
        self.expires_ns = 0

    @property
    def order_id(self) -> str:
        """The order's name at the venue."""
        return self.entry.order_id

    @property
    def free_qty(self) -> int:
        """Shares that may trade now."""
        return self.leaves_qty - self.committed_qty

    def accepts(self, px: int) -> bool:
        """Whether the order trades at a price: no worse than its limit."""
        if self.limit_px is None:
            return True
        return px <= self.limit_px if self.buy else px >= self.limit_px

    def told(self, exec_type: ExecType, at_ns: int, reason: str = "") -> Outcome:
        """News that moves no quantity."""
        return Outcome(
            order_id=self.order_id,
            exec_type=exec_type,
            at_ns=at_ns,
            cum_qty=self.cum_qty,
            leaves_qty=self.leaves_qty,
            reason=reason,
        )

    def filled(self, qty: int, px: int, match_id: int, at_ns: int, liquidity: LastLiquidityInd) -> Outcome:
        """The order trades."""
        self.cum_qty += qty
        self.leaves_qty -= qty
        return Outcome(
            order_id=self.order_id,
            exec_type=ExecType.TRADE,
            at_ns=at_ns,
            cum_qty=self.cum_qty,
            leaves_qty=self.leaves_qty,
            last_qty=qty,
            last_px=px,
            match_id=match_id,
            liquidity=liquidity,
        )

    def ended(self, exec_type: ExecType, at_ns: int, reason: str) -> Outcome:
        """The order is over without trading more: canceled or expired."""
        self.leaves_qty = self.committed_qty = 0
        return self.told(exec_type, at_ns, reason)

    def changed(self, qty: int, price: int, place: int) -> None:
        """New total quantity and limit (0 for none); place moves back unless only quantity was taken away."""
        limit_px = price if price > 0 else None
        if limit_px != self.limit_px or qty > self.cum_qty + self.leaves_qty:
            self.place = place
        self.limit_px = limit_px
        self.leaves_qty = qty - self.cum_qty


class Workings:
    """The live orders of one venue by name, oldest entry first. `in` asks whether a name was ever used here."""

    def __init__(self) -> None:
        self._orders: dict[str, Working] = {}
        self._sides: dict[bool, dict[str, Working]] = {True: {}, False: {}}
        self._names: set[str] = set()
        self._places = 0

    def __len__(self) -> int:
        return len(self._orders)

    def __iter__(self) -> Iterator[Working]:
        return iter(list(self._orders.values()))

    def __contains__(self, order_id: str) -> bool:
        return order_id in self._names

    def find(self, order_id: str) -> Working | None:
        """The live order of a name."""
        return self._orders.get(order_id)

    def add(self, entry: Entry) -> Working:
        """Take an order in, last in turn."""
        order = self._orders[entry.order_id] = Working(entry, self.next_place())
        self._sides[order.buy][entry.order_id] = order
        self._names.add(entry.order_id)
        return order

    def drop(self, order: Working) -> None:
        """Forget an order that is over."""
        self._orders.pop(order.order_id, None)
        self._sides[order.buy].pop(order.order_id, None)

    def next_place(self) -> int:
        """A place behind everybody."""
        self._places += 1
        return self._places

    def side(self, *, buy: bool) -> list[Working]:
        """The live orders of one side, in order of entry."""
        return list(self._sides[buy].values())


def limit_of(entry: Entry) -> int | None:
    """The worst price an order takes, None for any."""
    return entry.price if entry.ord_type is not OrdType.MARKET and entry.price > 0 else None


def refused(order_id: str, at_ns: int, reason: str) -> Outcome:
    """An order, a cancel or a change that the venue does not take, of an order it does not hold."""
    return Outcome(order_id=order_id, exec_type=ExecType.REJECTED, at_ns=at_ns, cum_qty=0, leaves_qty=0, reason=reason)
