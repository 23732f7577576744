"""The auctions of a listing exchange: opening, closing, and reopening after a halt, in one instrument.

At-the-opening and at-the-close orders wait for their call, market or limit; with post_only they are imbalance-only.
Day orders are taken while trading is halted and wait for the reopening. Each call ends in one price (`uncross`), and
what did not trade expires. A reopening whose collar is in the way is put off and its collar widened until it is not;
one that would come only at the close is not held, and its orders expire.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.matching.auction_call import AuctionCall, Indication
from sottovoce.models.matching.auction_rules import (
    AUCTION_RULES,
    AuctionKind,
    AuctionRules,
    ReopeningCollar,
    auction_rules_on,
)
from sottovoce.models.matching.hidden_entry import change_fault, entry_fault
from sottovoce.models.matching.midpoint import NOTHING_SHOWN, usable_mid
from sottovoce.models.matching.port import Entry, Outcome, Touch
from sottovoce.models.matching.working import Working, limit_of, refused

_KIND_OF = {
    TimeInForce.AT_THE_OPENING: AuctionKind.OPENING,
    TimeInForce.AT_THE_CLOSE: AuctionKind.CLOSING,
    TimeInForce.DAY: AuctionKind.REOPENING,
}


class AuctionVenue:
    """The auctions of one instrument in one session.

    reference_px: price the first indication starts from, usually yesterday's close; later the mid last observed.
    tick: units. style: whose cut-offs are kept, see sottovoce.models.matching.auction_rules.
    """

    def __init__(
        self,
        facts: VenueFacts,
        hours: Session,
        tick: int,
        reference_px: int,
        style: str = "nyse",
        rules: Iterable[AuctionRules] = AUCTION_RULES,
    ) -> None:
        self._facts = facts
        self._hours = hours
        self._tick = tick
        self._reference_px = reference_px
        self._rules = {kind: auction_rules_on(rules, style, kind, hours.date) for kind in AuctionKind}
        self._calls = {
            AuctionKind.OPENING: AuctionCall(self._rules[AuctionKind.OPENING], hours.open_ns, tick),
            AuctionKind.CLOSING: AuctionCall(self._rules[AuctionKind.CLOSING], hours.close_ns, tick),
        }
        self._collar: ReopeningCollar | None = None
        self._names: set[str] = set()
        self._matches = 0
        self._news: list[Outcome] = []
        self.results: list[Indication] = []

    @property
    def facts(self) -> VenueFacts:
        """The venue's dated facts."""
        return self._facts

    @property
    def reference_px(self) -> int:
        """The price indications start from now, units."""
        return self._reference_px

    def enter(self, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Take an order for its call; see the Venue port."""
        self._run_due(at_ns)
        call = self._calls.get(_KIND_OF[entry.time_in_force]) if entry.time_in_force in _KIND_OF else None
        fault = self._fault(entry, call, at_ns)
        if fault or call is None:
            return self._told(refused(entry.order_id, at_ns, fault))
        self._names.add(entry.order_id)
        return self._told(call.orders.add(entry).told(ExecType.NEW, at_ns))

    def cancel(self, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """End an order, unless its call takes no more cancels."""
        self._run_due(at_ns)
        call, order = self._find(order_id)
        if call is None or order is None:
            return self._told(refused(order_id, at_ns, "unknown_order"))
        if call.is_frozen(at_ns):
            return self._told(order.told(ExecType.REJECTED, at_ns, "after_cutoff"))
        call.orders.drop(order)
        return self._told(order.ended(ExecType.CANCELED, at_ns, "canceled"))

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change quantity and limit, under the same cut-off as a cancel."""
        self._run_due(at_ns)
        call, order = self._find(order_id)
        if call is None or order is None:
            return self._told(refused(order_id, at_ns, "unknown_order"))
        fault = "after_cutoff" if call.is_frozen(at_ns) else self._change_fault(order, qty, price)
        if fault:
            return self._told(order.told(ExecType.REJECTED, at_ns, fault))
        order.changed(qty, price, call.orders.next_place())
        return self._told(order.told(ExecType.REPLACED, at_ns))

    def observe(self, touch: Touch, at_ns: int) -> Sequence[Outcome]:
        """The consolidated touch moved: its mid is the reference from now on, while it has one."""
        self._run_due(at_ns)
        self._reference_px = usable_mid(touch) or self._reference_px
        return self._told()

    def advance(self, at_ns: int) -> Sequence[Outcome]:
        """Hold the auctions that are due."""
        self._run_due(at_ns)
        return self._told()

    def halt(self, at_ns: int, reopen_ns: int, collar: ReopeningCollar | None = None) -> Sequence[Outcome]:
        """Trading stopped: collect orders for a reopening at reopen_ns, within a collar that may widen.

        Raises: ModelError `bad_halt` when it is over before it begins or trading is halted already.
        """
        self._run_due(at_ns)
        if reopen_ns <= at_ns or AuctionKind.REOPENING in self._calls:
            raise ModelError("A halt must end later than it begins, and only one can be open.", code="bad_halt")
        self._collar = collar
        self._calls[AuctionKind.REOPENING] = AuctionCall(
            self._rules[AuctionKind.REOPENING],
            min(reopen_ns, self._hours.close_ns),
            self._tick,
            collar.collar if collar else None,
        )
        return self._told()

    def indication(self, at_ns: int) -> Indication | None:
        """What the next auction would do with the orders it has now, None when none is left."""
        call = min(self._calls.values(), key=lambda call: call.due_ns, default=None)
        return None if call is None else call.indication(self._reference_px, at_ns)

    def shown(self) -> Touch:
        """Nothing: an auction publishes its indication, not a touch."""
        return NOTHING_SHOWN

    def _run_due(self, at_ns: int) -> None:
        """Hold every auction due by now, the earliest first."""
        while self._calls:
            kind, call = min(self._calls.items(), key=lambda each: each[1].due_ns)
            if call.due_ns > at_ns:
                return
            if kind is AuctionKind.REOPENING and self._put_off(call):
                continue
            self._hold(kind, call)

    def _hold(self, kind: AuctionKind, call: AuctionCall) -> None:
        del self._calls[kind]
        if kind is AuctionKind.REOPENING and call.due_ns >= self._hours.close_ns:
            self._news.extend(call.abandoned(call.due_ns))
            return
        self.results.append(call.indication(self._reference_px, call.due_ns))
        for news in call.uncrossed(self._reference_px, call.due_ns, self._matches + 1):
            self._matches = max(self._matches, news.match_id)
            self._news.append(news)

    def _put_off(self, call: AuctionCall) -> bool:
        """Extend a reopening whose collar is in the way, widening it, unless the session would be over."""
        pressed = call.unsatisfied(self._reference_px)
        if self._collar is None or pressed == 0 or call.due_ns >= self._hours.close_ns:
            return False
        self._collar = self._collar.widened(up=pressed > 0)
        call.collar = self._collar.collar
        call.due_ns = min(call.due_ns + self._collar.extension_ns, self._hours.close_ns)
        return True

    def _find(self, order_id: str) -> tuple[AuctionCall | None, Working | None]:
        for call in self._calls.values():
            order = call.orders.find(order_id)
            if order is not None:
                return call, order
        return None, None

    def _fault(self, entry: Entry, call: AuctionCall | None, at_ns: int) -> str:
        fault = "conditional_not_taken" if entry.conditional else entry_fault(entry, self._facts)
        if fault:
            return fault
        if call is None:
            return "no_auction"
        if entry.order_id in self._names:
            return "duplicate_order"
        if entry.price % self._tick:
            return "price_off_tick"
        if entry.post_only and limit_of(entry) is None:
            return "imbalance_only_needs_limit"
        return call.late_fault(entry, at_ns)

    def _change_fault(self, order: Working, qty: int, price: int) -> str:
        return change_fault(order, qty, price) or ("price_off_tick" if price % self._tick else "")

    def _told(self, *last: Outcome) -> Sequence[Outcome]:
        news, self._news = [*self._news, *last], []
        return news
