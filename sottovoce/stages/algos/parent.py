"""What the algorithms remember of each parent: its plan, its ledger, what is out, when to wake."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import ParentStatus, Tactic
from sottovoce.core.ledger import Ledger
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.stages.algos.drift import Drift


class OpenChild(msgspec.Struct, kw_only=True, gc=False):
    """A child with quantity still out; routes: its orders at venues by ClOrdID, (quantity, price). setback: counted."""

    open_qty: int
    created_ns: int
    tactic: Tactic
    limit_px: int
    canceling: bool = False
    setback: bool = False
    routes: dict[str, tuple[int, int]] = {}


class WorkedParent(msgspec.Struct, kw_only=True, gc=False):
    """One parent being worked. wake is the number of the only timer that still counts; 0 before the first.

    base_qty was done before the plan in force began, which plans the rest. volume_0 is the market's volume counter when
    work by that plan began, at started_ns, own_0 that of all our parents in the name; setbacks counts in a row.
    auction_taken is what closing-auction children have out or filled, would_taken those at the price the client would
    trade at, would_before before the plan in force began; the last of them was made at would_ns. Time lost to a pause
    is caught up within the participation cap, never in one burst. cancels and fills count since a person last looked;
    outside: bounds of the plan that are broken (envelope.py), since when; excused: those a person resumed the order in
    spite of.
    """

    order: ParentOrder
    plan: Plan
    seed: int
    ledger: Ledger
    limit_px: int | None
    status: ParentStatus = ParentStatus.WORKING
    reason: str = ""
    wake: int = 0
    children_made: int = 0
    auction_taken: int = 0
    would_taken: int = 0
    would_before: int = 0
    would_ns: int = 0
    volume_0: int | None = None
    started_ns: int | None = None
    own_0: int = 0
    base_qty: int = 0
    setbacks: int = 0
    cancels: int = 0
    fills: int = 0
    outside: dict[str, int] = {}
    excused: dict[str, bool] = {}
    drift: Drift = msgspec.field(default_factory=Drift)
    children: dict[str, OpenChild] = {}

    @property
    def live(self) -> bool:
        """Whether children may still be created."""
        return self.status is ParentStatus.WORKING

    @property
    def done(self) -> bool:
        return self.status is ParentStatus.DONE
