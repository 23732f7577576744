"""What approval remembers: held orders and who released what of them, orders at work, and what was entered of late."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.clearance_events import AmendCleared, OrderCleared, OrderRejected
from sottovoce.core.order_events import CancelAccepted
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.override_events import HoldReleased, ReleasesVoided
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.stage import Applier
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ParentDone

Entered = dict[int, tuple[int, int]]
"""Minute → (price units x shares, shares)."""


class Release(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who released a rule, as which role, and up to which figure."""

    principal: str
    role: str
    upto: str


class Held(msgspec.Struct, kw_only=True, gc=False):
    """An order waiting for people. released: rule code → by whom; roles: rule code → whose it is."""

    order: ParentOrder
    plan: Plan
    digest: str
    expires_ns: int
    rules: tuple[Failure, ...]
    released: dict[str, Release] = {}


class Working(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An approved order as it now stands."""

    order: ParentOrder
    plan: Plan


class ApprovalState(msgspec.Struct, kw_only=True):
    """held and working: by parent id. soft: what risk wants a person to see, by parent id, until it is planned.

    entered: what each trader has entered in a name and direction, by minute; counted: how much of it is a parent's.
    """

    held: dict[str, Held] = {}
    working: dict[str, Working] = {}
    soft: dict[str, tuple[Failure, ...]] = {}
    entered: dict[str, Entered] = {}
    counted: dict[str, tuple[int, int]] = {}


def entered_key(order: ParentOrder) -> str:
    """One trader, one name, one direction: what splitting an order would spread over."""
    return f"{order.principal}|{order.instrument_id}|{order.side.sign}"


class ApprovalBook:
    """The only place that writes the state of the approval stage."""

    def __init__(self, window_minutes: int) -> None:
        self.state = ApprovalState()
        self._window = window_minutes

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderCleared: self._on_cleared,
            OrderHeld: self._on_held,
            HoldReleased: self._on_released,
            ReleasesVoided: self._on_voided,
            OrderApproved: self._on_approved,
            AmendCleared: self._on_amended,
            ParentDone: self._on_done,
            OrderRejected: self._on_settled,
            CancelAccepted: self._on_settled,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=ApprovalState)

    def lately(self, order: ParentOrder, ts_ns: int) -> tuple[int, int]:
        """(price units x shares, shares) the trader has entered in the window, this order left out."""
        first = ts_ns // NS_PER_MINUTE - self._window
        rows = self.state.entered.get(entered_key(order), {})
        kept = [row for minute, row in rows.items() if minute > first]
        own_value, own_qty = self.state.counted.get(order.parent_id, (0, 0)) if kept else (0, 0)
        return max(sum(row[0] for row in kept) - own_value, 0), max(sum(row[1] for row in kept) - own_qty, 0)

    def _count(self, order: ParentOrder, ts_ns: int) -> None:
        """Add what of the order has not been counted, and forget what is out of the window."""
        value, qty = order.order_qty * order.arrival_px, order.order_qty
        known_value, known_qty = self.state.counted.get(order.parent_id, (0, 0))
        if qty <= known_qty:
            return
        self.state.counted[order.parent_id] = (value, qty)
        minute, rows = ts_ns // NS_PER_MINUTE, self.state.entered.setdefault(entered_key(order), {})
        row = rows.get(minute, (0, 0))
        rows[minute] = (row[0] + value - known_value, row[1] + qty - known_qty)
        while next(iter(rows)) <= minute - self._window:
            del rows[next(iter(rows))]

    def _on_cleared(self, event: OrderCleared) -> None:
        if event.holds:
            self.state.soft[event.parent_id] = event.holds

    def _on_held(self, event: OrderHeld) -> None:
        """Held, or held again on other figures: releases begin anew."""
        self._count(event.order, event.ts_ns)
        self.state.held[event.parent_id] = Held(
            order=event.order,
            plan=event.plan,
            digest=event.plan_digest,
            expires_ns=event.expires_ns,
            rules=event.rules,
        )

    def _on_released(self, event: HoldReleased) -> None:
        held = self.state.held[event.parent_id]
        for rule in event.rules:
            held.released[rule.code] = Release(principal=event.principal, role=event.role, upto=rule.upto)

    def _on_voided(self, event: ReleasesVoided) -> None:
        held = self.state.held.get(event.parent_id)
        if held is not None:
            held.released = {}

    def _on_approved(self, event: OrderApproved) -> None:
        self._count(event.order, event.ts_ns)
        self.state.held.pop(event.parent_id, None)
        self.state.soft.pop(event.parent_id, None)
        self.state.working[event.parent_id] = Working(order=event.order, plan=event.plan)

    def _on_amended(self, event: AmendCleared) -> None:
        working, held = self.state.working.get(event.parent_id), self.state.held.get(event.parent_id)
        if working is not None:
            order = _changed(working.order, event)
            self._count(order, event.ts_ns)
            self.state.working[event.parent_id] = Working(order=order, plan=working.plan)
        elif held is not None:
            held.order, held.released = _changed(held.order, event), {}

    def _on_settled(self, event: OrderRejected | CancelAccepted) -> None:
        self.state.held.pop(event.parent_id, None)
        self.state.soft.pop(event.parent_id, None)

    def _on_done(self, event: ParentDone) -> None:
        self.state.working.pop(event.parent_id, None)
        self.state.counted.pop(event.parent_id, None)


def _changed(order: ParentOrder, event: AmendCleared) -> ParentOrder:
    return event.terms.applied(order, event.order_qty, event.limit_px)
