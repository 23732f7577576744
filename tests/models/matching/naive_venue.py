"""The referee of the lit venue: what becomes of each call, told in the plainest way (tests.models.matching.naive_book).

It shares only the checks of an entry with the venue: they look at the order alone and are tested one by one.
"""

from __future__ import annotations

from copy import copy

from sottovoce.core.enums import ExecType, OrdType, Peg, Side, TimeInForce
from sottovoce.models.matching.lit_entry import EntryChecks
from sottovoce.models.matching.lit_order import LitOrder
from sottovoce.models.matching.lit_rules import LitRules
from sottovoce.models.matching.port import Entry, Outcome, Touch
from tests.models.matching.naive_book import NaiveBook, Order


class NaiveVenue(NaiveBook):
    """The same calls and the same news as a LitVenue."""

    def __init__(self, checks: EntryChecks, rules: LitRules, tick: int, open_ns: int, close_ns: int) -> None:
        super().__init__(rules.self_match)
        self.checks, self.rules, self.tick = checks, rules, tick
        self.open_ns, self.close_ns = open_ns, close_ns
        self.used: set[str] = set()
        self.touch = Touch(0, 0, 0, 0)
        self.halted = False

    def enter(self, entry: Entry, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        hidden = entry.display_qty == 0 or (entry.ord_type is OrdType.PEGGED and entry.peg is not Peg.PRIMARY)
        order = Order(entry, entry.side is Side.BUY, hidden, entry.price, entry.qty, entry.qty)
        fault = self.refusal(order)
        if fault:
            return self.refuse(entry.order_id, fault)
        self.orders.append(order)
        self.used.add(entry.order_id)
        self.say(order, ExecType.NEW)
        self.work(order)
        return self.news

    def refusal(self, order: Order) -> str:
        if self.now < self.open_ns or self.now >= self.close_ns:
            return "venue_closed"
        if order.entry.order_id in self.used:
            return "duplicate_order"
        if self.halted and not (order.rests and self.rules.halt_queues):
            return "halted"
        fault = self.checks.entry_fault(order.entry)
        if not fault and order.entry.post_only and not self.halted and self.would_meet(order):
            return "post_only_would_take"
        return fault

    def cancel(self, order_id: str, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        order = self.find(order_id)
        if order is None:
            return self.refuse(order_id, "unknown_order")
        self.end(order, ExecType.CANCELED, "canceled")
        return self.news

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        order = self.find(order_id)
        if order is None:
            return self.refuse(order_id, "unknown_order")
        keeps = price == order.limit and qty <= order.cum + order.left
        fault = self.checks.change_fault(self.as_known(order), qty, price)
        if not fault and not keeps and self.halted and not self.rules.halt_queues:
            fault = "halted"
        if not fault and not keeps and not self.halted and order.entry.post_only:
            changed = copy(order)
            changed.limit = price
            fault = "post_only_would_take" if self.would_meet(changed) else ""
        if fault:
            self.say(order, ExecType.REJECTED, fault)
            return self.news
        order.left = qty - order.cum
        order.limit = price
        if keeps:
            order.visible = min(order.visible, order.left)
            self.say(order, ExecType.REPLACED)
            return self.news
        order.px = None
        self.say(order, ExecType.REPLACED)
        self.work(order)
        return self.news

    def as_known(self, order: Order) -> LitOrder:
        known = LitOrder(order.entry)
        known.cum_qty = order.cum
        return known

    def observe(self, touch: Touch, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        self.touch = touch
        if not self.halted:
            self.move_pegs()
        return self.news

    def advance(self, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        return self.news

    def halt(self, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        self.halted = True
        return self.news

    def resume(self, at_ns: int) -> list[Outcome]:
        self.start(at_ns)
        self.halted = False
        self.move_pegs()
        for order in sorted((each for each in self.orders if each.waiting), key=lambda each: each.waiting):
            order.waiting = 0
            self.come_back(order)
        return self.news

    def start(self, at_ns: int) -> None:
        self.news, self.now = [], at_ns
        if at_ns >= self.close_ns:
            self.now = self.close_ns
            for order in list(self.orders):
                self.end(order, ExecType.EXPIRED, "session_over")
            self.now = at_ns

    def price(self, order: Order) -> int | None:
        """Where it stands or how far it goes; None for a market order, and for a peg with nothing to follow."""
        if not order.pegged:
            return order.limit or None
        bid, ask, peg = self.touch.bid, self.touch.ask, order.entry.peg
        if peg is Peg.MID:
            px = (bid + ask) // 2 if 0 < bid < ask else 0
        elif (peg is Peg.PRIMARY) == order.buy:
            px = bid // self.tick * self.tick if order.buy else -(-bid // self.tick) * self.tick
        else:
            px = ask // self.tick * self.tick if order.buy else -(-ask // self.tick) * self.tick
        if px <= 0:
            return None
        return px if not order.limit else min(px, order.limit) if order.buy else max(px, order.limit)

    def would_meet(self, order: Order) -> bool:
        px = self.price(order)
        return px is not None and bool(self.others(order, px))

    def work(self, order: Order) -> None:
        """It takes what it may at its price of the moment; what is left rests or ends."""
        if self.halted:
            self.places += 1
            order.waiting = self.places
            return
        px = self.price(order)
        nowhere = px is None and order.pegged
        if not nowhere and (order.entry.time_in_force is not TimeInForce.FILL_OR_KILL or self.fills_whole(order, px)):
            self.take(order, px)
        if order.left and not order.rests:
            self.end(order, ExecType.CANCELED, "not_filled_at_once")
        elif order.left and px is not None:
            order.px = px
            self.show_slice(order)

    def move_pegs(self) -> None:
        movers = [o for o in self.orders if o.pegged and not o.waiting and self.price(o) != o.px]
        for order in movers:
            order.px = None
        for order in movers:
            self.come_back(order)

    def come_back(self, order: Order) -> None:
        if order.entry.post_only and self.would_meet(order):
            self.end(order, ExecType.CANCELED, "post_only_would_take")
        else:
            self.work(order)

    def refuse(self, order_id: str, reason: str) -> list[Outcome]:
        self.news.append(
            Outcome(
                order_id=order_id, exec_type=ExecType.REJECTED, at_ns=self.now, cum_qty=0, leaves_qty=0, reason=reason
            )
        )
        return self.news
