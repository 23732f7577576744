"""What risk decides: an order or a change of it is cleared or rejected, a child approved or rejected."""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.orders import NO_TERMS, AmendedTerms, Child, Failure, ParentOrder


class OrderCleared(Event, frozen=True, kw_only=True, gc=False, tag="order_cleared"):
    """Risk has reserved the order's worst case: reserved_qty shares at worst_px.

    sector and country are those it counts in; ref_px and ref_age_ns the reference price it was judged by. holds are
    soft limits passed, for a person to release; warnings are for the record.
    """

    order: ParentOrder
    reserved_qty: int
    worst_px: int
    limits_version: int
    sector: str = ""
    country: str = ""
    ref_px: int = 0
    ref_age_ns: int = 0
    holds: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class OrderRejected(Event, frozen=True, kw_only=True, gc=False, tag="order_rejected"):
    """Risk, planning or approval stopped the order before anything was sent."""

    failures: tuple[Failure, ...]
    by: str


class AmendCleared(Event, frozen=True, kw_only=True, gc=False, tag="amend_cleared"):
    """The new size is reserved; the ledger's target changes."""

    order_qty: int
    limit_px: int | None
    reserved_qty: int
    worst_px: int
    terms: AmendedTerms = NO_TERMS


class AmendRejected(Event, frozen=True, kw_only=True, gc=False, tag="amend_rejected"):
    failures: tuple[Failure, ...]
    principal: str = ""


class ChildApproved(Event, frozen=True, kw_only=True, gc=False, tag="child_approved"):
    """The child passed every check and draws on its parent's reservation.

    ref_px and ref_age_ns are the reference price it was judged by, market_volume the feed's counter then, own_qty what
    of it all our orders in the name had traded; warnings are for the record.
    """

    child: Child
    limits_version: int
    ref_px: int = 0
    ref_age_ns: int = 0
    market_volume: int = 0
    own_qty: int = 0
    warnings: tuple[Failure, ...] = ()


class ChildRejected(Event, frozen=True, kw_only=True, gc=False, tag="child_rejected"):
    """The child was stopped; its quantity is unsent again."""

    child_id: str
    qty: int
    failures: tuple[Failure, ...]


ClearanceEvent = OrderCleared | OrderRejected | AmendCleared | AmendRejected | ChildApproved | ChildRejected
