"""The orders of a midpoint pool and the trades between its firm ones; what happened is kept as news to collect."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.enums import ExecType, LastLiquidityInd, TimeInForce
from sottovoce.models.matching.pool_pairing import Pairing
from sottovoce.models.matching.pool_rules import Priority
from sottovoce.models.matching.port import Entry, Outcome
from sottovoce.models.matching.working import Working, Workings


class PoolBook:
    """Hidden interest on both sides. mid is the price everything trades at, None while nothing may."""

    def __init__(self, pairing: Pairing, priority: Priority) -> None:
        self.pairing = pairing
        self.orders = Workings()
        self.mid: int | None = None
        self._priority = priority
        self._matches = 0
        self._news: list[Outcome] = []

    def told(self) -> Sequence[Outcome]:
        """The news since it was last asked for."""
        news, self._news = self._news, []
        return news

    def tell(self, *news: Outcome) -> None:
        """Add news."""
        self._news.extend(news)

    def add(self, entry: Entry, at_ns: int) -> Working:
        """Take an order in."""
        order = self.orders.add(entry)
        self.tell(order.told(ExecType.NEW, at_ns))
        return order

    def match(self, order: Working, at_ns: int) -> list[Working]:
        """Trade a firm order against the firm ones it meets, all or nothing for a fill-or-kill.

        Returns those it met of which something is left: their minimum may have fallen, so they may seek again.
        """
        if self.mid is None or not order.firm or order.free_qty <= 0:
            return []
        plan = self.pairing.plan(order, self.orders.side(buy=not order.buy), self.mid)
        whole = order.entry.time_in_force is TimeInForce.FILL_OR_KILL
        if whole and sum(qty for _, qty in plan) < order.leaves_qty:
            return []
        for other, qty in plan:
            self.trade(order, other, qty, at_ns)
        return [other for other, _ in plan if other.leaves_qty]

    def meet(self, one: Working, other: Working, at_ns: int) -> None:
        """Trade two orders with each other as far as both accept."""
        if self.mid is None or not self.pairing.willing(one, other, self.mid):
            return
        qty = self.pairing.overlap(one, other)
        if qty:
            self.trade(one, other, qty, at_ns)

    def trade(self, order: Working, other: Working, qty: int, at_ns: int) -> None:
        """One match at the mid; an odd rest that can trade no more is given back."""
        if self.mid is None:
            return
        self._matches += 1
        for each in (order, other):
            self.tell(each.filled(qty, self.mid, self._matches, at_ns, LastLiquidityInd.MIDPOINT))
        for each in (order, other):
            if each.leaves_qty == 0:
                self.orders.drop(each)
            elif each.leaves_qty < self.pairing.lot:
                self.end(each, ExecType.CANCELED, at_ns, "odd_lot_left")

    def end(self, order: Working, exec_type: ExecType, at_ns: int, reason: str) -> None:
        """An order is over without trading more."""
        self.orders.drop(order)
        self.tell(order.ended(exec_type, at_ns, reason))

    def seekers(self) -> list[Working]:
        """Resting orders in the turn they seek at a new mid: of the best buy and the best sell, the earlier first.

        The turn ends when one side has sought altogether: every pair has then been looked at.
        """
        if self.mid is None:
            return []
        ready = [order for order in self.orders if order.free_qty > 0 and order.accepts(self.mid)]
        ranked = self.pairing.ranked(ready, self._priority)
        buys, sells = [each for each in ranked if each.buy], [each for each in ranked if not each.buy]
        turns: list[Working] = []
        bought = sold = 0
        while bought < len(buys) and sold < len(sells):
            buy_first = buys[bought].place < sells[sold].place
            turns.append(buys[bought] if buy_first else sells[sold])
            bought, sold = bought + buy_first, sold + (not buy_first)
        return turns
