"""The values an order is made of on its way: parent, plan, child, route, and the failures that stop one.

Quantities are shares; prices are integers in the instrument's unit; times are nanoseconds UTC.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.choices import Choice, Expected, Reading, Watch
from sottovoce.core.enums import DarkUse, OrdType, Peg, Side, Strategy, Tactic, TimeInForce, Urgency
from sottovoce.core.impact_estimate import ImpactEstimate

CURVE_ONE = 1_000_000_000
"""A schedule's cumulative targets are parts of this: 1e9 is the whole order."""


class Failure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One failed check: which, on what figure, against which limit, what room was left, what to do.

    limit_id and limit_version name the row of the limits that bound, where a row did.
    """

    stage: str
    code: str
    value: str
    limit: str = ""
    room: str = ""
    action: str = ""
    control: str = ""
    limit_id: str = ""
    limit_version: int = 0


class ParentOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A client's instruction after the gateway: resolved, in integers, with its benchmarks.

    capacity is "principal" for the house's own account, else "agency" or not said; the four after locate_id are the
    compliance flags of NewOrder; basket is the id of the list it came in, "" for an order of its own. avoid: venues
    not to be used, of which no amendment allows those barred; prefer: those to be taken where little decides.
    would_px, would_qty, the participation band and max_impact_ppm (of the price) are NewOrder's.
    """

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
    participation_min_ppm: int | None = None
    participation_max_ppm: int | None = None
    max_participation_ppm: int | None = None
    max_impact_ppm: int | None = None
    would_px: int | None = None
    would_qty: int | None = None
    dark: DarkUse = DarkUse.ALLOW
    lot: int = 100
    tick: int = 10_000
    price_scale: int = 1_000_000
    currency: str = "USD"
    notional: str | None = None
    note: str = ""
    avoid: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    opening: bool = False
    desk: str = ""
    capacity: str = ""
    locate_id: str | None = None
    client_id: str | None = None
    investment_decision: str | None = None
    execution_decision: str | None = None
    algo_id: str | None = None
    basket: str = ""


class AmendedTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What an amendment changes beside size and limit; None leaves a term as it is. avoid: venues not to be used."""

    end_ns: int | None = None
    urgency: Urgency | None = None
    dark: DarkUse | None = None
    avoid: tuple[str, ...] | None = None
    participation_ppm: int | None = None
    max_participation_ppm: int | None = None

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return any(getattr(self, name) is not None for name in self.__struct_fields__)

    def applied(self, order: ParentOrder, order_qty: int, limit_px: int | None) -> ParentOrder:
        """The order as amended."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        changed = {name: value for name, value in found.items() if value is not None}
        if self.avoid is not None:
            changed["avoid"] = tuple(sorted({*self.avoid, *order.barred}))
        return msgspec.structs.replace(order, order_qty=order_qty, limit_px=limit_px, **changed)


NO_TERMS = AmendedTerms()


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
    follow_ppm: how far the order may leave the curve to follow the volume that prints, 0 not at all; usual_volume:
    shares of others usual over the curve. impact: what the impact model said of this order, None where none could.
    band_low_ppm and band_high_ppm: between which a POV order's part of the volume is kept over the last minutes, 0
    where it is not. choice: what it was chosen from; conditions: the market it was made in; watches: what must not move
    too far while it is worked, against what is expected by when. All four empty for a direct order, but for the
    forecasts among its conditions.
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
    follow_ppm: int = 0
    usual_volume: int = 0
    band_low_ppm: int = 0
    band_high_ppm: int = 0
    impact: ImpactEstimate | None = None
    alternatives: tuple[Alternative, ...] = ()
    recommended: str = ""
    reason: str = ""
    flags: tuple[str, ...] = ()
    choice: Choice | None = None
    conditions: tuple[Reading, ...] = ()
    watches: tuple[Watch, ...] = ()
    expected: tuple[Expected, ...] = ()


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
    avoid: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()


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
