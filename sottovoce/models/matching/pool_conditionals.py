"""Conditional orders in a midpoint pool: who is invited, what a firm-up does, what a fade costs.

Where invitations commit, the overlapping quantity of both sides is bound until all who were asked have answered, and
then trades between them. Where they do not, a firm-up is an order like any other that ends after its life.
Every method returns the orders that are free to seek again; the pool lets them.
"""

from __future__ import annotations

from collections import deque

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.models.matching.invitations import FirmUpRecord, Invitation, Invitations
from sottovoce.models.matching.pool_book import PoolBook
from sottovoce.models.matching.pool_rules import ConditionalRules
from sottovoce.models.matching.working import Working


class PoolConditionals:
    """The invitations of one pool."""

    def __init__(self, book: PoolBook, rules: ConditionalRules) -> None:
        self._book = book
        self._rules = rules
        self._invitations = Invitations(rules.answer_ns, commits=rules.commits)
        self._firmed: deque[Working] = deque()

    def record(self, owner: str) -> FirmUpRecord:
        """How a participant has answered."""
        return self._invitations.record(owner)

    def invite(self, order: Working, at_ns: int) -> None:
        """Seek conditional interest for what is left of an order, first in priority first."""
        left = order.free_qty
        if left <= 0 or not self._may_take_part(order):
            return
        for other in self._candidates(order):
            qty = min(left, self._book.pairing.overlap(order, other))
            if qty > 0 and qty >= self._book.pairing.least(order, order.leaves_qty):
                self._send(order, other, qty, at_ns)
                left -= qty
            if left <= 0 or order.asked:
                return

    def firm_up(self, order: Working, qty: int, price: int, at_ns: int) -> list[Working]:
        """Make an invited order firm at these terms; the caller has checked that it is invited."""
        invitation = self._invitations.awaiting(order)
        if invitation is None:
            return []
        record = self.record(order.entry.owner)
        record.firmed += 1
        record.worse += _worse(order, qty, price)
        order.changed(qty, price, self._book.orders.next_place())
        order.firm, order.place = True, self._book.orders.next_place()
        order.committed_qty = min(order.committed_qty, order.leaves_qty)
        self._invitations.answer(invitation, order)
        self._book.tell(order.told(ExecType.REPLACED, at_ns, "firmed_up"))
        if self._rules.firm_up_life_ns:
            order.expires_ns = at_ns + self._rules.firm_up_life_ns
            self._firmed.append(order)
        return [order] if invitation.awaited else self._settle(invitation, at_ns)

    def withdraw(self, order: Working, at_ns: int, *, declined: bool = False) -> list[Working]:
        """End every invitation of an order that leaves or changes; declined counts as its fade."""
        freed: list[Working] = []
        for invitation in self._invitations.of(order):
            for asked in invitation.awaited:
                record = self.record(asked.entry.owner)
                if asked is order and declined:
                    record.faded += 1
                else:
                    record.withdrawn += 1
                if asked is not order:
                    self._book.tell(asked.told(ExecType.RESTATED, at_ns, "invitation_withdrawn"))
            self._invitations.close(invitation)
            freed.extend(each for each in invitation.parties if each is not order)
        return freed

    def next_due_ns(self) -> int | None:
        """When the next invitation lapses or firm-up order ends, None when none is open."""
        while self._firmed and self._firmed[0].leaves_qty == 0:
            self._firmed.popleft()
        lapse_ns = self._invitations.next_lapse_ns()
        if not self._firmed:
            return lapse_ns
        end_ns = self._firmed[0].expires_ns
        return end_ns if lapse_ns is None else min(end_ns, lapse_ns)

    def fall_due(self, at_ns: int) -> list[Working]:
        """Do what is due at exactly next_due_ns()."""
        if self._firmed and self._firmed[0].expires_ns <= at_ns:
            order = self._firmed.popleft()
            freed = self.withdraw(order, at_ns)
            self._book.end(order, ExecType.EXPIRED, at_ns, "firm_up_over")
            return freed
        invitation = self._invitations.first()
        return [] if invitation is None else self._lapse(invitation, at_ns)

    def _lapse(self, invitation: Invitation, at_ns: int) -> list[Working]:
        """Time is up: whoever has not answered fades and is canceled."""
        self._invitations.close(invitation)
        for order in invitation.awaited:
            self.record(order.entry.owner).faded += 1
            self._book.end(order, ExecType.CANCELED, at_ns, "firm_up_timeout")
        return [order for order in invitation.parties if order.leaves_qty]

    def _settle(self, invitation: Invitation, at_ns: int) -> list[Working]:
        """All have answered: those bound to each other trade, then each may seek for what is left of it."""
        self._invitations.close(invitation)
        if len(invitation.parties) == 2:
            self._book.meet(*invitation.parties, at_ns)
        return [order for order in invitation.parties if order.leaves_qty]

    def _candidates(self, order: Working) -> list[Working]:
        """Willing orders of the other side of which at least one of the pair is conditional, first to ask first."""
        book = self._book
        if book.mid is None:
            return []
        mid = book.mid
        found = [
            each
            for each in book.orders.side(buy=not order.buy)
            if not (order.firm and each.firm) and self._may_take_part(each) and book.pairing.willing(order, each, mid)
        ]
        return book.pairing.ranked(found, self._rules.priority)

    def _may_take_part(self, order: Working) -> bool:
        """Whether an order may be party to a new invitation: it rests, and is not being asked already."""
        if not order.firm:
            return not order.asked
        resting = order.entry.time_in_force is TimeInForce.DAY and not order.expires_ns
        return resting and self._rules.firm_invites

    def _send(self, order: Working, other: Working, qty: int, at_ns: int) -> None:
        asked = [each for each in (order, other) if not each.firm]
        groups = ((order, other),) if self._rules.commits else tuple((each,) for each in asked)
        for parties in groups:
            self._invitations.invite(parties, qty, at_ns)
        self._book.tell(*(each.told(ExecType.RESTATED, at_ns, "invited") for each in asked))


def _worse(order: Working, qty: int, price: int) -> bool:
    """Whether a firm-up offers less than was invited: fewer shares, or a limit that takes fewer mids."""
    if qty < order.leaves_qty:
        return True
    if price <= 0:
        return False
    if order.limit_px is None:
        return True
    return price < order.limit_px if order.buy else price > order.limit_px
