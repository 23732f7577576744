"""A midpoint dark pool: hidden orders matched at the consolidated mid by a dated rule book.

Firm orders match at once where both sides' limits, minimum quantities and classes allow; conditional orders are
invited first (RESTATED, reason `invited`) and trade only once firmed up in time. `firm_up` answers an invitation; so
does `replace` while one is open, and `cancel` declines it. No usable mid (locked, crossed, one-sided, too wide), no
match. Rule books and the filings they follow: sottovoce.models.matching.dark_rules.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.matching.hidden_entry import change_fault, entry_fault
from sottovoce.models.matching.invitations import FirmUpRecord
from sottovoce.models.matching.midpoint import NOTHING_SHOWN, usable_mid
from sottovoce.models.matching.pool_book import PoolBook
from sottovoce.models.matching.pool_conditionals import PoolConditionals
from sottovoce.models.matching.pool_pairing import Pairing
from sottovoce.models.matching.pool_rules import PoolRules
from sottovoce.models.matching.port import Entry, Outcome, Touch
from sottovoce.models.matching.working import Working, refused


class MidpointPool:
    """One pool's market in one instrument, for one session. lot is the instrument's round lot, shares."""

    def __init__(self, facts: VenueFacts, rules: PoolRules, hours: Session, lot: int = 100) -> None:
        self._facts = facts
        self._rules = rules
        self._hours = hours
        self._book = PoolBook(Pairing(rules, lot), rules.priority)
        self._conditionals = PoolConditionals(self._book, rules.conditionals)
        self._touch: Touch | None = None
        self._bands: tuple[int, int] | None = None
        self._open = self._closed = self._halted = False

    @property
    def facts(self) -> VenueFacts:
        """The venue's dated facts."""
        return self._facts

    def enter(self, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Take an order, match it, invite for it; see the Venue port."""
        self._run_due(at_ns)
        fault = self._fault(entry, at_ns)
        if fault:
            return self._refuse(None, entry.order_id, fault, at_ns)
        order = self._book.add(entry, at_ns)
        self._seek((order,), at_ns)
        if entry.time_in_force is not TimeInForce.DAY and order.leaves_qty:
            self._book.end(order, ExecType.CANCELED, at_ns, "not_filled_at_once")
        return self._book.told()

    def cancel(self, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """End an order; of an invited conditional one that is a fade."""
        self._run_due(at_ns)
        order = self._book.orders.find(order_id)
        if order is None:
            return self._refuse(None, order_id, "unknown_order", at_ns)
        self._end(order, ExecType.CANCELED, at_ns, "canceled", declined=True)
        return self._book.told()

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change total quantity and limit, or firm up an invited order at them."""
        self._run_due(at_ns)
        order = self._book.orders.find(order_id)
        fault = self._change_fault(order, qty, price)
        if order is None or fault:
            return self._refuse(order, order_id, fault, at_ns)
        if order.asked:
            self._seek(self._conditionals.firm_up(order, qty, price, at_ns), at_ns)
            return self._book.told()
        freed = self._conditionals.withdraw(order, at_ns)
        order.changed(qty, price, self._book.orders.next_place())
        self._book.tell(order.told(ExecType.REPLACED, at_ns))
        self._seek((order, *freed), at_ns)
        return self._book.told()

    def firm_up(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Answer an invitation with a firm order of this quantity and limit (0 for none)."""
        self._run_due(at_ns)
        order = self._book.orders.find(order_id)
        if order is not None and not order.asked:
            return self._refuse(order, order_id, "not_invited", at_ns)
        return self.replace(order_id, qty, price, at_ns)

    def observe(self, touch: Touch, at_ns: int) -> Sequence[Outcome]:
        """The consolidated touch moved: whoever the new mid suits may match."""
        self._run_due(at_ns)
        self._touch = touch
        self._reprice(at_ns)
        return self._book.told()

    def advance(self, at_ns: int) -> Sequence[Outcome]:
        """Let invitations lapse, firm-ups end, and the session open and close."""
        self._run_due(at_ns)
        return self._book.told()

    def bound(self, low_px: int, high_px: int, at_ns: int) -> Sequence[Outcome]:
        """Price bands are in force: nothing matches at a mid outside them, units, both prices allowed."""
        self._run_due(at_ns)
        self._bands = (low_px, high_px)
        self._reprice(at_ns)
        return self._book.told()

    def halt(self, at_ns: int) -> Sequence[Outcome]:
        """Trading in the instrument stopped: nothing matches, and the book is emptied where the rules say so."""
        self._run_due(at_ns)
        self._halted = True
        self._reprice(at_ns)
        if self._rules.halt_cancels:
            self._end_all(ExecType.CANCELED, at_ns, "halted")
        return self._book.told()

    def resume(self, at_ns: int) -> Sequence[Outcome]:
        """Trading goes on."""
        self._run_due(at_ns)
        self._halted = False
        self._reprice(at_ns)
        return self._book.told()

    def shown(self) -> Touch:
        """Nothing: the pool is dark."""
        return NOTHING_SHOWN

    def firm_ups(self, owner: str) -> FirmUpRecord:
        """How a participant has answered invitations."""
        return self._conditionals.record(owner)

    def _seek(self, orders: Iterable[Working], at_ns: int) -> None:
        """Match each order with firm ones, then invite for what is left of it; whoever was met seeks after it."""
        waiting = deque(orders)
        while waiting:
            order = waiting.popleft()
            if order.leaves_qty:
                waiting.extend(self._book.match(order, at_ns))
                self._conditionals.invite(order, at_ns)

    def _reprice(self, at_ns: int) -> None:
        """Take the mid of the moment; a new one lets resting orders seek."""
        before = self._book.mid
        trading = self._open and not self._closed and not self._halted
        mid = usable_mid(self._touch, self._rules.spread_guard) if trading else None
        if mid is not None and self._bands is not None and not self._bands[0] <= mid <= self._bands[1]:
            mid = None
        self._book.mid = mid
        if mid != before:
            self._seek(self._book.seekers(), at_ns)

    def _run_due(self, at_ns: int) -> None:
        """Everything due by now, in order of time: the open, invitations and firm-ups, the close."""
        if not self._open and at_ns >= self._hours.open_ns:
            self._open = True
            self._reprice(self._hours.open_ns)
        until_ns = min(at_ns, self._hours.close_ns)
        due_ns = self._conditionals.next_due_ns()
        while due_ns is not None and due_ns <= until_ns:
            self._seek(self._conditionals.fall_due(due_ns), due_ns)
            due_ns = self._conditionals.next_due_ns()
        if not self._closed and at_ns >= self._hours.close_ns:
            self._closed = True
            self._reprice(self._hours.close_ns)
            self._end_all(ExecType.EXPIRED, self._hours.close_ns, "session_over")

    def _end(self, order: Working, exec_type: ExecType, at_ns: int, reason: str, *, declined: bool = False) -> None:
        freed = self._conditionals.withdraw(order, at_ns, declined=declined)
        self._book.end(order, exec_type, at_ns, reason)
        self._seek(freed, at_ns)

    def _end_all(self, exec_type: ExecType, at_ns: int, reason: str) -> None:
        for order in self._book.orders:
            self._end(order, exec_type, at_ns, reason)

    def _fault(self, entry: Entry, at_ns: int) -> str:
        if not self._hours.open_ns - self._rules.early_entry_ns <= at_ns < self._hours.close_ns:
            return "venue_closed"
        if self._halted and self._rules.halt_cancels:
            return "halted"
        if entry.order_id in self._book.orders:
            return "duplicate_order"
        if not self._book.pairing.knows(entry.segment):
            return "unknown_segment"
        if 0 < entry.qty < self._book.pairing.lot:
            return "quantity_below_minimum"
        return entry_fault(entry, self._facts)

    def _change_fault(self, order: Working | None, qty: int, price: int) -> str:
        if order is None:
            return "unknown_order"
        if 0 < qty - order.cum_qty < self._book.pairing.lot:
            return "quantity_below_minimum"
        return change_fault(order, qty, price)

    def _refuse(self, order: Working | None, order_id: str, reason: str, at_ns: int) -> Sequence[Outcome]:
        news = refused(order_id, at_ns, reason) if order is None else order.told(ExecType.REJECTED, at_ns, reason)
        self._book.tell(news)
        return self._book.told()
