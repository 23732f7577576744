"""What a record leaves out because an earlier event of the same step has said it: the order, its plan, a child.

On its way an order is one object in four events, and each would otherwise be written out whole every time; that was
half of what is encoded, hashed and stored. Only a value equal to the earlier event's is left out, and
reading puts it back, so what is read equals what was written. The types of the short forms say what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.errors import JournalError
from sottovoce.core.event import Event
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import Child, Failure, ParentOrder, Plan
from sottovoce.core.plan_events import OrderApproved, OrderPlanned
from sottovoce.core.work_events import ChildCreated

T = TypeVar("T")


class ClearedAsAccepted(Event, frozen=True, kw_only=True, gc=False, tag="order_cleared_as_accepted"):
    """OrderCleared of the order accepted just before."""

    reserved_qty: int
    worst_px: int
    limits_version: int
    sector: str = ""
    country: str = ""
    ref_px: int = 0
    ref_age_ns: int = 0
    holds: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class PlannedAsCleared(Event, frozen=True, kw_only=True, gc=False, tag="order_planned_as_cleared"):
    """OrderPlanned of the order cleared just before."""

    plan: Plan
    plan_digest: str


class ApprovedAsPlanned(Event, frozen=True, kw_only=True, gc=False, tag="order_approved_as_planned"):
    """OrderApproved of the order, and on the plan, planned just before."""

    by: str
    seed: int


class ChildApprovedAsCreated(Event, frozen=True, kw_only=True, gc=False, tag="child_approved_as_created"):
    """ChildApproved of the child created just before."""

    limits_version: int
    ref_px: int = 0
    ref_age_ns: int = 0
    market_volume: int = 0
    own_qty: int = 0
    warnings: tuple[Failure, ...] = ()


Short = ClearedAsAccepted | PlannedAsCleared | ApprovedAsPlanned | ChildApprovedAsCreated


class Said:
    """What a step's events have named so far: the order accepted, the plan made, the child created last."""

    __slots__ = ("child", "order", "plan")

    def __init__(self) -> None:
        self.order: ParentOrder | None = None
        self.plan: Plan | None = None
        self.child: Child | None = None

    def accepted(self, event: OrderAccepted) -> OrderAccepted:
        self.order = event.order
        return event

    def planned(self, event: OrderPlanned) -> OrderPlanned:
        self.plan = event.plan
        return event

    def created(self, event: ChildCreated) -> ChildCreated:
        self.child = event.child
        return event


def _short_cleared(said: Said, event: OrderCleared) -> OrderCleared | ClearedAsAccepted:
    if event.order != said.order:
        return event
    return ClearedAsAccepted(
        parent_id=event.parent_id,
        ts_ns=event.ts_ns,
        reserved_qty=event.reserved_qty,
        worst_px=event.worst_px,
        limits_version=event.limits_version,
        sector=event.sector,
        country=event.country,
        ref_px=event.ref_px,
        ref_age_ns=event.ref_age_ns,
        holds=event.holds,
        warnings=event.warnings,
    )


def _short_planned(said: Said, event: OrderPlanned) -> OrderPlanned | PlannedAsCleared:
    said.planned(event)
    if event.order != said.order:
        return event
    return PlannedAsCleared(
        parent_id=event.parent_id, ts_ns=event.ts_ns, plan=event.plan, plan_digest=event.plan_digest
    )


def _short_approved(said: Said, event: OrderApproved) -> OrderApproved | ApprovedAsPlanned:
    if event.order != said.order or event.plan != said.plan:
        return event
    return ApprovedAsPlanned(parent_id=event.parent_id, ts_ns=event.ts_ns, by=event.by, seed=event.seed)


def _short_child(said: Said, event: ChildApproved) -> ChildApproved | ChildApprovedAsCreated:
    if event.child != said.child:
        return event
    return ChildApprovedAsCreated(
        parent_id=event.parent_id,
        ts_ns=event.ts_ns,
        limits_version=event.limits_version,
        ref_px=event.ref_px,
        ref_age_ns=event.ref_age_ns,
        market_volume=event.market_volume,
        own_qty=event.own_qty,
        warnings=event.warnings,
    )


def _whole_cleared(said: Said, event: ClearedAsAccepted) -> OrderCleared:
    return _read(OrderCleared, event, order=said.order)


def _whole_planned(said: Said, event: PlannedAsCleared) -> OrderPlanned:
    return said.planned(_read(OrderPlanned, event, order=said.order))


def _whole_approved(said: Said, event: ApprovedAsPlanned) -> OrderApproved:
    return _read(OrderApproved, event, order=said.order, plan=said.plan)


def _whole_child(said: Said, event: ChildApprovedAsCreated) -> ChildApproved:
    return _read(ChildApproved, event, child=said.child)


def _read(kind: type[T], event: Event, **said: ParentOrder | Plan | Child | None) -> T:
    """An event of a kind from its short form and what has been said: a proof is read here, as by a decoder, not given.

    Raises: JournalError, bad_record, when what is left out has not been said.
    """
    try:
        return msgspec.convert(msgspec.structs.asdict(event) | said, kind)
    except msgspec.ValidationError as error:
        sentence = f"a record leaves out what no earlier event of its step says: {error}"
        raise JournalError(sentence, code="bad_record") from error


SHORTEN: Mapping[type, Callable[[Said, Any], Any]] = {
    OrderAccepted: Said.accepted,
    OrderCleared: _short_cleared,
    OrderPlanned: _short_planned,
    OrderApproved: _short_approved,
    ChildCreated: Said.created,
    ChildApproved: _short_child,
}
"""Event type → what is written for it, given what has been said; other events are written as they are."""

LENGTHEN: Mapping[type, Callable[[Said, Any], Any]] = {
    OrderAccepted: Said.accepted,
    OrderPlanned: Said.planned,
    ChildCreated: Said.created,
    ClearedAsAccepted: _whole_cleared,
    PlannedAsCleared: _whole_planned,
    ApprovedAsPlanned: _whole_approved,
    ChildApprovedAsCreated: _whole_child,
}
"""Recorded type → the event it stands for; other types stand for themselves."""
