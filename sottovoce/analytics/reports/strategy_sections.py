"""The sections of the execution-strategy document, as values: what each figure is, its unit, and when it is None."""

from __future__ import annotations

import msgspec

from sottovoce.core.choices import Choice, Reading, Watch


class OrderDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Who trades what. Prices are decimal text; value is quantity at the arrival price.

    market: the touch in a line. bid, ask and spread_bps have it in figures where the document was made with the market
    before it; a document made later has the line alone, from what the plan says of its quote.
    """

    parent_id: str
    account: str
    symbol: str
    name: str
    side: str
    quantity: int
    value: float
    currency: str
    requested_value: str | None
    arrival_price: str
    limit_price: str | None
    market: str
    bid: str | None
    ask: str | None
    spread_bps: float | None


class HorizonDetails(msgspec.Struct, frozen=True, kw_only=True):
    """ISO times on the exchange's clock."""

    start: str
    end: str
    time_zone: str
    sessions: int
    urgency: str


class RiskParameters(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds the plan keeps.

    impact_limit_bps: expected impact if all of it traded at the maximum participation, so the most the model
    says speed can cost. volatility_tolerance_bps: timing risk accepted, one standard deviation; risk_price:
    bps of cost a bp of it is worth at this urgency.
    """

    max_participation: float
    impact_limit_bps: float | None
    volatility_tolerance_bps: float | None
    risk_price: float | None


class PrimaryAlgorithm(msgspec.Struct, frozen=True, kw_only=True):
    """The algorithm and what it is told."""

    name: str
    description: str
    parameters: dict[str, int | float | str]


class VenueAllocation(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of the order, summing to 1: offered at a dark midpoint first, worked on lit venues, left for the
    auction.

    What does not trade in the dark moves to the lit venues.
    """

    dark: float
    lit: float
    crossing: float
    basis: str = (
        "as first offered; what does not trade in the dark moves to lit venues; crossing is the closing auction"
    )


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned between two times: shares, part of the order, and all planned by its end."""

    start: str
    end: str
    quantity: int
    part: float
    cumulative: int
    peak: bool


class DayPart(msgspec.Struct, frozen=True, kw_only=True):
    date: str
    quantity: int
    part: float
    auction_quantity: int


class TimeDistribution(msgspec.Struct, frozen=True, kw_only=True):
    """When the shares trade: parts of the order in peak and off-peak time, by day and by bucket."""

    peak: float
    off_peak: float
    peak_definition: str
    days: tuple[DayPart, ...]
    buckets: tuple[Slice, ...]


class SizeDistribution(msgspec.Struct, frozen=True, kw_only=True):
    """Shares a child: average and most; slices is how many average children make the order."""

    average_clip: int
    maximum_clip: int
    slices: int


class CostEstimates(msgspec.Struct, frozen=True, kw_only=True):
    """Costs against the arrival price, bps, positive = cost; None is "not estimated".

    impact_low/high: what the model's own errors allow for the expected impact. outcome_low/high: where one
    order's cost will fall with 80 %, timing risk included.
    """

    benchmark: str
    total_bps: float
    total_value: float
    impact_bps: float | None
    impact_low_bps: float | None
    impact_high_bps: float | None
    confidence: float
    permanent_bps: float | None
    spread_bps: float | None
    fees_bps: float | None
    timing_risk_bps: float | None
    outcome_low_bps: float | None
    outcome_high_bps: float | None
    completion_probability: float
    model_version: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One costed alternative, bps of arrival value; None is not estimated.

    impact_low/high: 80 % on the model's errors. cost_low/high: 80 % for one order's outcome.
    """

    name: str
    strategy: str
    end: str
    participation: float | None
    expected_cost_bps: float
    impact_bps: float | None
    impact_low_bps: float | None
    impact_high_bps: float | None
    spread_bps: float
    fees_bps: float
    cost_low_bps: float | None
    cost_high_bps: float | None
    timing_risk_bps: float | None
    completion_probability: float
    utility_bps: float
    recommended: bool


class StrategyDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document; `document_json` turns it into plain values. The last three are the plan's own."""

    title: str
    order_details: OrderDetails
    horizon: HorizonDetails
    risk_parameters: RiskParameters
    primary_algorithm: PrimaryAlgorithm
    venue_allocation: VenueAllocation
    time_distribution: TimeDistribution
    size_distribution: SizeDistribution
    cost_estimates: CostEstimates
    alternatives: tuple[Way, ...]
    recommended: str
    reason: str
    flags: tuple[str, ...]
    choice: Choice | None = None
    conditions: tuple[Reading, ...] = ()
    watches: tuple[Watch, ...] = ()
