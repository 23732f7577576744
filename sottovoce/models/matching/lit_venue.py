"""A lit venue: a price-time book behind the Venue port, for one instrument and one session.

It takes limit and market orders, immediate-or-cancel, fill-or-kill, post-only, hidden, iceberg and pegged ones, as far
as its facts name them. What is its own:

- A post-only order is refused if its limit reaches any order of the other side, hidden ones and its owner's included.
- A change that keeps the price and adds nothing keeps the place; any other goes out, and comes in again as if new.
- A peg whose price moves loses its place, and takes what its new price reaches; if it is post-only it ends instead.
- Before the open and after the close nothing is taken; at the close what is left expires.
- During a halt nothing matches and nothing moves. Cancels and reductions work; day orders are refused or wait, as the
  rules say, and come in one after the other when it ends, after the pegs have moved to where the touch then is.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.enums import ExecType
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.matching.lit_book import LitBook
from sottovoce.models.matching.lit_entry import EntryChecks, TickOf, banded_tick
from sottovoce.models.matching.lit_order import LitOrder, may_rest
from sottovoce.models.matching.lit_pegs import PegBoard
from sottovoce.models.matching.lit_rules import LitRules
from sottovoce.models.matching.port import Entry, Outcome, Touch
from sottovoce.models.matching.working import refused

_HIGHEST_PX = 1 << 62


class LitVenue:
    """One lit venue's market in one instrument, for one session.

    tick_of: the tick at a price; None takes the bands of the facts. Raises: ModelError (no_ticks) where it has none.
    """

    def __init__(self, facts: VenueFacts, rules: LitRules, hours: Session, tick_of: TickOf | None = None) -> None:
        self._facts = facts
        self._halt_queues = rules.halt_queues
        self._open_ns, self._close_ns = hours.open_ns, hours.close_ns
        tick_of = tick_of or banded_tick(facts.ticks)
        self._checks = EntryChecks(facts, tick_of)
        self._pegs = PegBoard(tick_of)
        self._book = LitBook(tick_of(_HIGHEST_PX), rules.self_match)
        self._orders = self._book.orders
        self._taken: set[str] = set()
        self._waiting: dict[str, LitOrder] = {}
        self._halted = False

    @property
    def facts(self) -> VenueFacts:
        """The venue's dated facts."""
        return self._facts

    def enter(self, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Take an order, match it, let what is left rest or end it; see the Venue port."""
        news = self._due(at_ns) if at_ns >= self._close_ns else []
        fault = self._state_fault(entry, at_ns) or self._checks.entry_fault(entry)
        if fault:
            return _with(news, refused(entry.order_id, at_ns, fault))
        order = LitOrder(entry)
        px = order.limit_px or None if order.peg is None else self._pegs.price(order)
        if order.post_only and not self._halted and self._reaches(order, px):
            return _with(news, refused(entry.order_id, at_ns, "post_only_would_take"))
        self._taken.add(order.key)
        self._orders[order.key] = order
        if order.peg is not None and order.rests:
            self._pegs.follow(order)
        news.append(order.told(ExecType.NEW, at_ns))
        self._work(order, px, at_ns, news)
        return news

    def cancel(self, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """End an order, at any time."""
        news = self._due(at_ns) if at_ns >= self._close_ns else []
        order = self._orders.get(order_id)
        if order is None:
            return _with(news, refused(order_id, at_ns, "unknown_order"))
        self._waiting.pop(order_id, None)
        news.append(self._book.end(order, ExecType.CANCELED, at_ns, "canceled"))
        return news

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change total quantity and limit (0: a peg without one)."""
        news = self._due(at_ns) if at_ns >= self._close_ns else []
        order = self._orders.get(order_id)
        if order is None:
            return _with(news, refused(order_id, at_ns, "unknown_order"))
        open_qty = qty - order.cum_qty
        keeps_place = price == order.limit_px and open_qty <= order.open_qty
        fault = self._checks.change_fault(order, qty, price) or ("" if keeps_place else self._move_fault(order, price))
        if fault:
            return _with(news, order.told(ExecType.REJECTED, at_ns, fault))
        if keeps_place:
            order.shrink(open_qty)
            return _with(news, order.told(ExecType.REPLACED, at_ns))
        self._waiting.pop(order_id, None)
        self._book.lift(order)
        order.limit_px, order.leaves = price, open_qty
        news.append(order.told(ExecType.REPLACED, at_ns))
        self._work(order, self._price(order), at_ns, news)
        return news

    def observe(self, touch: Touch, at_ns: int) -> Sequence[Outcome]:
        """The consolidated touch moved: pegs follow."""
        news = self._due(at_ns)
        if self._pegs.see(touch) and not self._halted:
            self._move_pegs(at_ns, news)
        return news

    def advance(self, at_ns: int) -> Sequence[Outcome]:
        """Time passed: at the close what is left expires."""
        return self._due(at_ns)

    def halt(self, at_ns: int) -> Sequence[Outcome]:
        """Trading in the instrument stopped."""
        news = self._due(at_ns)
        self._halted = True
        return news

    def resume(self, at_ns: int) -> Sequence[Outcome]:
        """Trading goes on: pegs move, then what waited comes in, in order of arrival."""
        news = self._due(at_ns)
        self._halted = False
        self._move_pegs(at_ns, news)
        waiting, self._waiting = self._waiting, {}
        for order in waiting.values():
            self._return(order, at_ns, news)
        return news

    def shown(self) -> Touch:
        """Best bid and offer with their sizes, of what is shown."""
        return self._book.shown()

    def _work(self, order: LitOrder, px: int | None, at_ns: int, news: list[Outcome]) -> None:
        """An order comes in at a price (None: none, or any for a market order): it takes, then rests or ends."""
        if self._halted:
            self._waiting[order.key] = order
            return
        book, parked = self._book, px is None and order.peg is not None
        if not parked and (not order.kills or book.can_fill(order, px)):
            book.take(order, px, at_ns, news)
        if order.leaves == 0:
            return
        if not order.rests:
            news.append(book.end(order, ExecType.CANCELED, at_ns, "not_filled_at_once"))
        elif px is not None:
            book.rest(order, px)

    def _return(self, order: LitOrder, at_ns: int, news: list[Outcome]) -> None:
        """An order taken before comes in again at its price of the moment."""
        px = self._price(order)
        if order.post_only and self._reaches(order, px):
            news.append(self._book.end(order, ExecType.CANCELED, at_ns, "post_only_would_take"))
        else:
            self._work(order, px, at_ns, news)

    def _move_pegs(self, at_ns: int, news: list[Outcome]) -> None:
        """Pegs whose price moved all leave their places, then come in one after the other."""
        moved = [order for order in self._pegs.moved() if order.key not in self._waiting]
        for order in moved:
            self._book.lift(order)
        for order in moved:
            self._return(order, at_ns, news)

    def _price(self, order: LitOrder) -> int | None:
        """Where an order stands or how far it goes now; None for a market order, and a peg with nothing to follow."""
        return order.limit_px or None if order.peg is None else self._pegs.price(order)

    def _due(self, at_ns: int) -> list[Outcome]:
        """News of what came due: the close."""
        if at_ns < self._close_ns:
            return []
        self._waiting.clear()
        orders = list(self._orders.values())
        return [self._book.end(order, ExecType.EXPIRED, self._close_ns, "session_over") for order in orders]

    def _state_fault(self, entry: Entry, at_ns: int) -> str:
        """Why nothing, or not this name, is taken at this time; "" when it is."""
        if not self._open_ns <= at_ns < self._close_ns:
            return "venue_closed"
        if entry.order_id in self._taken:
            return "duplicate_order"
        if self._halted and not (self._halt_queues and may_rest(entry)):
            return "halted"
        return ""

    def _move_fault(self, order: LitOrder, price: int) -> str:
        """Why an order cannot come in again at a new limit, "" when it can."""
        if self._halted:
            return "" if self._halt_queues else "halted"
        if not order.post_only:
            return ""
        before, order.limit_px = order.limit_px, price
        px = self._price(order)
        order.limit_px = before
        return "post_only_would_take" if self._reaches(order, px) else ""

    def _reaches(self, order: LitOrder, px: int | None) -> bool:
        """Whether an order that comes in at a price would meet somebody."""
        return px is not None and self._book.reaches(px, buy=order.buy)


def _with(news: list[Outcome], last: Outcome) -> list[Outcome]:
    news.append(last)
    return news
