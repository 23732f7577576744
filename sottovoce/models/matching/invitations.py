"""Invitations to firm up, and how well each participant has answered them.

A conditional order commits nobody. When it could trade, its owner is asked, has a time to answer, and either firms
up or fades; a fade has told the pool's other side that a price was near, so it is counted.
"""

from __future__ import annotations

from collections import deque

import msgspec

from sottovoce.models.matching.working import Working


class FirmUpRecord(msgspec.Struct, kw_only=True):
    """One participant's answers. invited = firmed + faded + withdrawn + still open.

    faded counts answers that did not come in time or were declined; worse counts firm-ups for less quantity or at a
    less aggressive limit than was invited; withdrawn, invitations that ended without an answer being due.
    """

    invited: int = 0
    firmed: int = 0
    faded: int = 0
    worse: int = 0
    withdrawn: int = 0

    @property
    def fade_rate(self) -> float | None:
        """Part of the answered or lapsed invitations that faded, None before the first."""
        due = self.firmed + self.faded
        return self.faded / due if due else None


class Invitation:
    """One open invitation between two orders, or of one order alone where nothing is bound.

    qty is the overlapping quantity; awaited are the conditional orders that have not answered.
    """

    __slots__ = ("awaited", "expires_ns", "open", "parties", "qty")

    def __init__(self, parties: tuple[Working, ...], qty: int, expires_ns: int) -> None:
        self.parties = parties
        self.qty = qty
        self.expires_ns = expires_ns
        self.awaited = [order for order in parties if not order.firm]
        self.open = True


class Invitations:
    """Every open invitation of a pool, the first to lapse first, and the record of each participant."""

    def __init__(self, answer_ns: int, *, commits: bool) -> None:
        self._answer_ns = answer_ns
        self._commits = commits
        self._queue: deque[Invitation] = deque()
        self._of: dict[str, list[Invitation]] = {}
        self.records: dict[str, FirmUpRecord] = {}

    def invite(self, parties: tuple[Working, ...], qty: int, at_ns: int) -> Invitation:
        """Ask the conditional ones among the parties; binds qty of each where the rules say so."""
        invitation = Invitation(parties, qty, at_ns + self._answer_ns)
        self._queue.append(invitation)
        for order in parties:
            self._of.setdefault(order.order_id, []).append(invitation)
            if self._commits:
                order.committed_qty += qty
        for order in invitation.awaited:
            order.asked = True
            self.record(order.entry.owner).invited += 1
        return invitation

    def awaiting(self, order: Working) -> Invitation | None:
        """The open invitation an order has yet to answer."""
        return next((each for each in self._of.get(order.order_id, ()) if order in each.awaited), None)

    def of(self, order: Working) -> list[Invitation]:
        """The open invitations an order is party to."""
        return list(self._of.get(order.order_id, ()))

    def answer(self, invitation: Invitation, order: Working) -> None:
        """One of those asked has firmed up."""
        invitation.awaited.remove(order)
        order.asked = False

    def close(self, invitation: Invitation) -> None:
        """End an invitation and unbind its quantity."""
        invitation.open = False
        for order in invitation.awaited:
            order.asked = False
        for order in invitation.parties:
            kept = [each for each in self._of[order.order_id] if each is not invitation]
            if kept:
                self._of[order.order_id] = kept
            else:
                del self._of[order.order_id]
            if self._commits:
                order.committed_qty = max(0, order.committed_qty - invitation.qty)

    def first(self) -> Invitation | None:
        """The open invitation that lapses first."""
        while self._queue and not self._queue[0].open:
            self._queue.popleft()
        return self._queue[0] if self._queue else None

    def next_lapse_ns(self) -> int | None:
        """When that is."""
        first = self.first()
        return None if first is None else first.expires_ns

    def record(self, owner: str) -> FirmUpRecord:
        """The answers of a participant so far."""
        return self.records.setdefault(owner, FirmUpRecord())
