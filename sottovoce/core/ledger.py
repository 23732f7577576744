"""The parent's quantities, and the only moves between them. Law L1 is checked after every move.

    target + overfilled = filled + working + unsent + busted + returned,    every term >= 0

working is released and neither filled nor come back (UNKNOWN included); unsent is not released; returned was
given back to the manager; busted was undone by a venue and waits for a person; overfilled is more than was
wanted, by a venue's report. reduction is the part of an amendment down that working quantity still stands in
the way of: it leaves the target as that quantity comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from sottovoce.core.clearance_events import AmendCleared, ChildRejected, OrderRejected
from sottovoce.core.errors import InvariantError
from sottovoce.core.event import Event
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, RouteUpdated
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.core.work_events import ChildCreated, ParentReturned


class Ledger(msgspec.Struct, kw_only=True, gc=False):
    """Quantities of one parent, shares."""

    target: int
    unsent: int
    filled: int = 0
    working: int = 0
    busted: int = 0
    returned: int = 0
    overfilled: int = 0
    reduction: int = 0

    @classmethod
    def opened(cls, target: int) -> Ledger:
        """A ledger in which nothing has been sent."""
        return cls(target=target, unsent=target)

    @property
    def wanted(self) -> int:
        """The target once the amendment in progress has taken full effect."""
        return self.target - self.reduction

    def check(self) -> None:
        """Law L1. Raises InvariantError."""
        filled, working, unsent = self.filled, self.working, self.unsent
        busted, returned, over = self.busted, self.returned, self.overfilled
        negative = filled < 0 or working < 0 or unsent < 0 or busted < 0 or returned < 0 or over < 0
        if negative or self.reduction < 0 or self.target + over != filled + working + unsent + busted + returned:
            raise InvariantError(f"parent does not conserve quantity: {self}", code="conservation_parent")

    def release(self, qty: int) -> None:
        """unsent → working."""
        self.unsent -= qty
        self.working += qty
        self.check()

    def raised(self, qty: int) -> None:
        """A venue's replace made an order larger: unsent → working, and more than was wanted beyond that."""
        wanted = min(qty, self.unsent)
        self.unsent -= wanted
        self.overfilled += qty - wanted
        self.working += qty
        self.check()

    def free(self, qty: int) -> None:
        """working came back: it first undoes an overfill, then an amendment down, and is otherwise unsent."""
        self.working -= qty
        absorbed = min(qty, self.overfilled)
        self.overfilled -= absorbed
        cut = min(qty - absorbed, self.reduction)
        self.target -= cut
        self.reduction -= cut
        self.unsent += qty - absorbed - cut
        self._settle()

    def split(self, from_leaves: int, from_closed: int, over: int) -> tuple[int, int, int, int]:
        """(from_working, from_unsent, from_returned, over) of a fill, from what its order says of it.

        What the order no longer had open is taken from what the parent still wants; only the rest is too much.
        """
        beyond = from_closed + over
        unsent = min(beyond, self.unsent)
        returned = min(beyond - unsent, self.returned)
        return from_leaves, unsent, returned, beyond - unsent - returned

    def fill(self, from_working: int, from_unsent: int, from_returned: int, over: int) -> None:
        """→ filled, from wherever the quantity stood."""
        self.working -= from_working
        self.unsent -= from_unsent
        self.returned -= from_returned
        self.overfilled += over
        self.filled += from_working + from_unsent + from_returned + over
        self._settle()

    def bust(self, qty: int) -> None:
        """filled → busted."""
        self.filled -= qty
        self.busted += qty
        self.check()

    def give_back(self, qty: int) -> None:
        """unsent → returned."""
        self.unsent -= qty
        self.returned += qty
        self.check()

    def amend(self, target: int) -> None:
        """A new target; what working quantity prevents is kept as reduction."""
        change = target - self.wanted
        if change >= 0:
            undone = min(change, self.reduction)
            absorbed = min(change - undone, self.overfilled)
            self.reduction -= undone
            self.target += change - undone
            self.overfilled -= absorbed
            self.unsent += change - undone - absorbed
        else:
            now = min(-change, self.unsent)
            self.target -= now
            self.unsent -= now
            self.reduction += -change - now
        self._settle()

    def _settle(self) -> None:
        """A reduction that no working quantity can deliver any more has become impossible."""
        self.reduction = min(self.reduction, self.working)
        self.check()

    def apply(self, event: Event) -> None:
        """Fold one event: the moves it spells out, nothing else."""
        mover = _MOVES.get(type(event))
        if mover is not None:
            mover(self, event)


def _created(ledger: Ledger, event: ChildCreated) -> None:
    ledger.release(event.child.qty)


def _freed(ledger: Ledger, event: ChildRejected | ChildUnrouted) -> None:
    ledger.free(event.qty)


def _updated(ledger: Ledger, event: RouteUpdated) -> None:
    if event.freed_qty:
        ledger.free(event.freed_qty)
    if event.raised_qty:
        ledger.raised(event.raised_qty)


def _filled(ledger: Ledger, event: Fill) -> None:
    ledger.fill(event.from_working, event.from_unsent, event.from_returned, event.over_qty)


def _undone(ledger: Ledger, event: FillBusted) -> None:
    ledger.bust(event.qty)


def _corrected(ledger: Ledger, event: FillCorrected) -> None:
    ledger.fill(event.from_working, event.from_unsent, event.from_returned, event.over_qty)
    ledger.bust(event.busted_qty)


def _returned(ledger: Ledger, event: ParentReturned) -> None:
    ledger.give_back(event.qty)


def _rejected(ledger: Ledger, event: OrderRejected) -> None:
    ledger.give_back(ledger.unsent)


def _amended(ledger: Ledger, event: AmendCleared) -> None:
    ledger.amend(event.order_qty)


_MOVES: dict[type, Callable[[Ledger, Any], None]] = {
    ChildCreated: _created,
    ChildRejected: _freed,
    ChildUnrouted: _freed,
    RouteUpdated: _updated,
    Fill: _filled,
    FillBusted: _undone,
    FillCorrected: _corrected,
    ParentReturned: _returned,
    OrderRejected: _rejected,
    AmendCleared: _amended,
}
LEDGER_EVENTS = tuple(_MOVES)
"""The events that move quantity; a stage that keeps a ledger applies exactly these."""
