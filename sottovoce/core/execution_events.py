"""What executions come to: trades, their corrections, and the states of orders at venues.

Quantity moves between the buckets of the parent's ledger are spelled out in the event, so every stage that folds it
arrives at the same figures.
"""

from __future__ import annotations

from sottovoce.core.enums import LastLiquidityInd, Side
from sottovoce.core.event import Event
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route


class Fill(Event, frozen=True, kw_only=True, gc=False, tag="fill"):
    """A trade. The three from_ fields and over_qty add up to qty and say which bucket it came out of."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    venue: str
    side: Side
    qty: int
    px: int
    fee: int
    liquidity: LastLiquidityInd
    transact_ns: int
    mid_px: int
    half_spread: int
    from_working: int
    from_unsent: int
    from_returned: int
    over_qty: int
    late: bool


class RouteUpdated(Event, frozen=True, kw_only=True, gc=False, tag="route_updated"):
    """An order at a venue has a new state; freed_qty of its child is unsent again.

    raised_qty is what a venue's replace raised the order by: it leaves unsent for working. denied: the venue said that
    it does not know the order, so it has not acknowledged it by that.
    """

    child_id: str
    state: OrderState
    freed_qty: int
    raised_qty: int
    exec_id: str
    cause: str
    denied: bool = False


class RouteCancelRequested(Event, frozen=True, kw_only=True, gc=False, tag="route_cancel_requested"):
    """OrderCancelRequest(F) for one order at one venue: always allowed to leave."""

    route: Route
    state: OrderState


class FillBusted(Event, frozen=True, kw_only=True, gc=False, tag="fill_busted"):
    """The venue undid a trade; traded again only on a person's word."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    exec_ref_id: str
    qty: int
    px: int
    fee: int


class FillCorrected(Event, frozen=True, kw_only=True, gc=False, tag="fill_corrected"):
    """The venue restated a trade: old values out, new values in; moves as for a fill or a bust."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    exec_ref_id: str
    old_qty: int
    old_px: int
    qty: int
    px: int
    from_working: int
    from_unsent: int
    from_returned: int
    over_qty: int
    busted_qty: int
    old_fee: int = 0
    fee: int = 0


class ReportIgnored(Event, frozen=True, kw_only=True, gc=False, tag="report_ignored"):
    """A report that had been counted before."""

    exec_id: str
    venue: str


class ReportQuarantined(Event, frozen=True, kw_only=True, gc=False, tag="report_quarantined"):
    """A report that cannot be true of this order: kept, shown, not applied."""

    exec_id: str
    venue: str
    cl_ord_id: str
    code: str
    text: str


class ParentPaused(Event, frozen=True, kw_only=True, gc=False, tag="parent_paused"):
    """The system itself stopped a parent: a person must look."""

    reason: str


class InputPoisoned(Event, frozen=True, kw_only=True, gc=False, tag="input_poisoned"):
    """A step failed inside; its effects were undone, its input kept, its parent held."""

    error: str


ExecutionEvent = (
    Fill
    | RouteUpdated
    | RouteCancelRequested
    | FillBusted
    | FillCorrected
    | ReportIgnored
    | ReportQuarantined
    | ParentPaused
    | InputPoisoned
)
