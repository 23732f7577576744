"""A crossing network: all interest meets at once, at the mid, at times published beforehand.

Until the cut-off before a cross orders come and go unseen; at the cross everything whose limit takes the mid is matched
and the longer side is shared out, in proportion to size or by time of entry. A minimum quantity is of what an order
gets in one cross: who would get less sits the cross out. A participant with orders on both sides takes part with the
side it entered first, so nobody meets himself. Without a usable mid a cross does not take place and its interest
waits for the next, as it does through a halt; after the last the rest expires.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sottovoce.core.enums import ExecType, LastLiquidityInd
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.matching.allotment import Allotment, allot
from sottovoce.models.matching.hidden_entry import change_fault, entry_fault
from sottovoce.models.matching.midpoint import NOTHING_SHOWN, usable_mid
from sottovoce.models.matching.port import Entry, Outcome, Touch
from sottovoce.models.matching.turn_pairs import turn_pairs
from sottovoce.models.matching.working import Working, Workings, refused


class CrossRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a network crosses, from a date on, and how it shares out.

    after_open_ns: time of each cross after the session's open, rising. cutoff before a cross is in the VenueFacts.
    """

    venue: str
    effective_from: str
    after_open_ns: tuple[int, ...]
    allotment: Allotment
    source: str


class CrossReport(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cross: its price (None when there was no usable mid), and the shares on each side that took it."""

    at_ns: int
    px: int | None
    buy_qty: int
    sell_qty: int
    matched_qty: int


class CrossingNetwork:
    """The network's market in one instrument, for one session."""

    def __init__(self, facts: VenueFacts, rules: CrossRules, hours: Session) -> None:
        self._facts = facts
        self._rules = rules
        self._due = [hours.open_ns + after for after in rules.after_open_ns if hours.open_ns + after <= hours.close_ns]
        if self._due != sorted(self._due):
            raise ModelError(f"The crosses of {rules.venue} are not in order of time; sort them.", code="cross_times")
        self._orders = Workings()
        self._touch: Touch | None = None
        self._halted = False
        self._matches = 0
        self._news: list[Outcome] = []
        self.reports: list[CrossReport] = []

    @property
    def facts(self) -> VenueFacts:
        """The venue's dated facts."""
        return self._facts

    def next_cross_ns(self) -> int | None:
        """When the next cross is, None after the last."""
        return self._due[0] if self._due else None

    def enter(self, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Take an order for the next cross and those after it; see the Venue port."""
        self._run_due(at_ns)
        fault = self._fault(entry, at_ns)
        if fault:
            return self._told(refused(entry.order_id, at_ns, fault))
        return self._told(self._orders.add(entry).told(ExecType.NEW, at_ns))

    def cancel(self, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """End an order, unless a cross is so near that the venue takes no more cancels."""
        self._run_due(at_ns)
        order = self._orders.find(order_id)
        if order is None:
            return self._told(refused(order_id, at_ns, "unknown_order"))
        if self._is_cut_off(at_ns):
            return self._told(order.told(ExecType.REJECTED, at_ns, "after_cutoff"))
        self._orders.drop(order)
        return self._told(order.ended(ExecType.CANCELED, at_ns, "canceled"))

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change total quantity and limit, under the same cut-off as a cancel."""
        self._run_due(at_ns)
        order = self._orders.find(order_id)
        if order is None:
            return self._told(refused(order_id, at_ns, "unknown_order"))
        fault = "after_cutoff" if self._is_cut_off(at_ns) else change_fault(order, qty, price)
        if fault:
            return self._told(order.told(ExecType.REJECTED, at_ns, fault))
        order.changed(qty, price, self._orders.next_place())
        return self._told(order.told(ExecType.REPLACED, at_ns))

    def observe(self, touch: Touch, at_ns: int) -> Sequence[Outcome]:
        """The consolidated touch moved; the next cross will use the last one seen."""
        self._run_due(at_ns)
        self._touch = touch
        return self._told()

    def advance(self, at_ns: int) -> Sequence[Outcome]:
        """Hold the crosses that are due."""
        self._run_due(at_ns)
        return self._told()

    def halt(self, at_ns: int) -> Sequence[Outcome]:
        """Trading in the instrument stopped: crosses that fall due meanwhile do not take place."""
        self._run_due(at_ns)
        self._halted = True
        return self._told()

    def resume(self, at_ns: int) -> Sequence[Outcome]:
        """Trading goes on."""
        self._run_due(at_ns)
        self._halted = False
        return self._told()

    def shown(self) -> Touch:
        """Nothing: the network is dark."""
        return NOTHING_SHOWN

    def _run_due(self, at_ns: int) -> None:
        while self._due and self._due[0] <= at_ns:
            cross_ns = self._due.pop(0)
            self._cross(cross_ns)
            if not self._due:
                for order in self._orders:
                    self._orders.drop(order)
                    self._news.append(order.ended(ExecType.EXPIRED, cross_ns, "no_cross_left"))

    def _cross(self, at_ns: int) -> None:
        mid = None if self._halted else usable_mid(self._touch)
        taking = [] if mid is None else [order for order in one_sided(self._orders) if order.accepts(mid)]
        fills = settle_minimums(taking, self._rules.allotment)
        matched = sum(fills.values()) // 2
        sizes = {buy: sum(order.leaves_qty for order in taking if order.buy == buy) for buy in (True, False)}
        report = CrossReport(at_ns=at_ns, px=mid, buy_qty=sizes[True], sell_qty=sizes[False], matched_qty=matched)
        self.reports.append(report)
        if mid is not None:
            self._pair(taking, fills, mid, at_ns)

    def _pair(self, taking: list[Working], fills: dict[str, int], mid: int, at_ns: int) -> None:
        """Write the fills down as matches, first buyer with first seller."""
        buys, sells = ([o for o in taking if o.buy == buy and fills[o.order_id]] for buy in (True, False))
        for buyer, seller, qty in turn_pairs(buys, sells, fills):
            self._matches += 1
            for order in (buyer, seller):
                self._news.append(order.filled(qty, mid, self._matches, at_ns, LastLiquidityInd.MIDPOINT))
                if order.leaves_qty == 0:
                    self._orders.drop(order)

    def _is_cut_off(self, at_ns: int) -> bool:
        return bool(self._due) and at_ns > self._due[0] - self._facts.cutoff_ns

    def _fault(self, entry: Entry, at_ns: int) -> str:
        if not self._due:
            return "no_cross_left"
        if self._is_cut_off(at_ns):
            return "after_cutoff"
        if entry.order_id in self._orders:
            return "duplicate_order"
        if entry.conditional:
            return "conditional_not_taken"
        return entry_fault(entry, self._facts)

    def _told(self, *last: Outcome) -> Sequence[Outcome]:
        news, self._news = [*self._news, *last], []
        return news


def one_sided(orders: Iterable[Working]) -> list[Working]:
    """The orders by turn, each named owner's only on the side of his first."""
    by_turn = sorted(orders, key=lambda order: order.place)
    first_side: dict[str, bool] = {}
    for order in by_turn:
        first_side.setdefault(order.entry.owner, order.buy)
    return [order for order in by_turn if not order.entry.owner or first_side[order.entry.owner] == order.buy]


def settle_minimums(orders: Sequence[Working], rule: Allotment) -> dict[str, int]:
    """Shares each order trades when all meet at once, with every minimum quantity kept.

    Args:
        orders: both sides, in turn, all accepting the price. rule: how the longer side is shared out.
    Returns: shares by order_id, 0 for who sits out; the two sides' sums are equal.
    Whoever would get less than his minimum sits out, the latest first, and the rest is shared out again.
    """
    taking = list(orders)
    while True:
        sides = [[order for order in taking if order.buy == buy] for buy in (True, False)]
        total = min(sum(order.free_qty for order in side) for side in sides)
        fills = dict.fromkeys((order.order_id for order in orders), 0)
        for side in sides:
            shares = allot([order.free_qty for order in side], total, rule)
            fills.update((order.order_id, share) for order, share in zip(side, shares, strict=True))
        short = [order for order in taking if fills[order.order_id] < min(order.min_qty, order.free_qty)]
        if not short:
            return fills
        taking.remove(max(short, key=lambda order: order.place))
