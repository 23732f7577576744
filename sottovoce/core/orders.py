"""The values an order is made of on its way: parent, plan, child, route, and the failures that stop one.

Quantities are shares; prices are integers in the instrument's unit; times are nanoseconds UTC.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import DarkUse, OrdType, Peg, Side, Strategy, Tactic, TimeInForce, Urgency

CURVE_ONE = 1_000_000_000
"""A schedule's cumulative targets are parts of this: 1e9 is the whole order."""


class Failure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One failed check: which, on what figure, against which limit, what room was left, what to do."""

    stage: str
    code: str
    value: str
    limit: str = ""
    room: str = ""
    action: str = ""
    control: str = ""


class ParentOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A client's instruction after the gateway: resolved, in integers, with its benchmarks."""

    parent_id: str
    cl_ord_id: str
    account: str
    principal: str
    instrument_id: str
    symbol: str
    side: Side
    order_qty: int
    accepted_ns: int
    start_ns: int
    end_ns: int
    days: int
    ref_version: int
    arrival_px: int
    arrival_rule: str
    decision_px: int
    decision_ns: int
    limit_px: int | None = None
    strategy: Strategy | None = None
    urgency: Urgency = Urgency.MEDIUM
    participation_ppm: int | None = None
    max_participation_ppm: int | None = None
    dark: DarkUse = DarkUse.ALLOW
    lot: int = 100
    tick: int = 10_000
    price_scale: int = 1_000_000
    currency: str = "USD"
    notional: str | None = None
    note: str = ""


class Alternative(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One costed way to work the order. Costs in bps of arrival value, positive = cost."""

    name: str
    strategy: Strategy
    end_ns: int
    participation: float
    expected_cost_bps: float
    impact_bps: float
    spread_bps: float
    fees_bps: float
    cost_low_bps: float
    cost_high_bps: float
    timing_risk_bps: float
    completion_probability: float
    utility_bps: float


class Plan(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What the algorithm follows: a cumulative curve over time, and the bounds it keeps.

    edges_ns and curve have the same length; curve[i] is the part (of CURVE_ONE) due by edges_ns[i].
    child_qty_max bounds one child in shares, 0 when no daily volume is known.
    permanent_bps is the permanent impact the order itself pays on average, within expected_cost_bps.
    """

    strategy: Strategy
    edges_ns: tuple[int, ...]
    curve: tuple[int, ...]
    wake_ns: int
    participation_ppm: int
    max_participation_ppm: int
    clip_qty: int
    max_clip_qty: int
    dark_ppm: int
    close_qty: int
    child_qty_max: int = 0
    expected_cost_bps: float
    cost_low_bps: float
    cost_high_bps: float
    timing_risk_bps: float
    completion_probability: float
    model_version: str
    permanent_bps: float = 0.0
    alternatives: tuple[Alternative, ...] = ()
    recommended: str = ""
    reason: str = ""
    flags: tuple[str, ...] = ()


class Child(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A quantity released to the market: what the router may spread over venues, never exceed."""

    child_id: str
    parent_id: str
    instrument_id: str
    side: Side
    qty: int
    limit_px: int
    tactic: Tactic
    time_in_force: TimeInForce
    created_ns: int
    dark: DarkUse
    dark_ppm: int
    lot: int
    tick: int


class Route(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One order at one venue: child plus venue, with the ClOrdID(11) the venue sees.

    display_qty is DisplayQty(1138): None shows all of it, 0 nothing, else so much at a time. post_only never takes
    liquidity. peg says what a pegged order follows.
    """

    cl_ord_id: str
    route_id: str
    child_id: str
    parent_id: str
    venue: str
    instrument_id: str
    side: Side
    qty: int
    ord_type: OrdType
    price: int
    time_in_force: TimeInForce
    min_qty: int
    sent_ns: int
    display_qty: int | None = None
    post_only: bool = False
    peg: Peg = Peg.MID
