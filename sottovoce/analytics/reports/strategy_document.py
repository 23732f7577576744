"""The execution-strategy document: how one order will be worked, what it should cost, and why this way.

Everything is read from the order and its plan, so that the page shows what the algorithm will do and not a
second opinion. Only the interval of the impact alone is worked out here, with the same model the plan names.
A figure that cannot be had is None with a sentence in `flags`, and prints "not estimated".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import msgspec
import numpy as np

from sottovoce.analytics.reports.exchange_time import iso, minute, zone_of
from sottovoce.analytics.reports.impact_interval import direct_impact, impact_interval, impact_most
from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.orders import CURVE_ONE, Alternative, ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_HOUR, format_px
from sottovoce.models.rounding import round_cumulative, slice_sizes

CONFIDENCE = 0.80
PEAK_NS = NS_PER_HOUR
PEAK = "the first and the last hour of a session, with the closing auction"


class OrderDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Who trades what. Prices are decimal text; value is quantity at the arrival price."""

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
    basis: str = "as first offered; what does not trade in the dark moves to lit venues; crossing is the closing auction"


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
    """One costed alternative: costs in bps of arrival value, low and high with 80 % for one order's
    outcome.
    """

    name: str
    strategy: str
    end: str
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
    recommended: bool


class StrategyDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document; `document_json` turns it into plain values."""

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


DESCRIPTIONS = {
    Strategy.TWAP: "even in clock time",
    Strategy.VWAP: "in proportion to the expected volume",
    Strategy.POV: "a constant share of the volume as it trades",
    Strategy.IS: "front-loaded: Almgren-Chriss in volume time, impact against timing risk",
    Strategy.CLOSE: "all of it in the closing auction",
    Strategy.SOR: "all of it now, over every eligible venue",
}


def strategy_document(
    order: ParentOrder,
    plan: Plan,
    instrument: Instrument,
    market: MarketState | None,
    sessions: Sequence[Session],
) -> StrategyDocument:
    """Put together the document of one planned order.

    Args:
        market: the feed's last word, None outside market hours. sessions: those the order may trade in, in
        order.
    """
    zone = zone_of(instrument.calendar)
    side = order.side.value.replace("_", " ")
    return StrategyDocument(
        title=f"{side.capitalize()} {order.order_qty:,} {order.symbol}",
        order_details=_order_details(order, instrument, market),
        horizon=HorizonDetails(
            start=iso(order.start_ns, zone), end=iso(order.end_ns, zone),
            time_zone=minute(order.start_ns, zone).rsplit(" ", 1)[1],
            sessions=max(len(_touched(plan, sessions)), 1), urgency=order.urgency.value,
        ),
        risk_parameters=_risk_parameters(order, plan, instrument),
        primary_algorithm=_algorithm(plan),
        venue_allocation=_allocation(order, plan),
        time_distribution=_time_distribution(order, plan, instrument, sessions),
        size_distribution=SizeDistribution(
            average_clip=plan.clip_qty, maximum_clip=plan.max_clip_qty, slices=-(-order.order_qty // plan.clip_qty)
        ),
        cost_estimates=_costs(order, plan, instrument),
        alternatives=tuple(_way(each, plan, zone) for each in plan.alternatives),
        recommended=plan.recommended,
        reason=plan.reason,
        flags=plan.flags,
    )  # fmt: skip


def document_json(document: msgspec.Struct) -> dict[str, Any]:
    """A document as plain JSON values."""
    plain = msgspec.to_builtins(document)
    assert isinstance(plain, dict)
    return plain


def _order_details(order: ParentOrder, instrument: Instrument, market: MarketState | None) -> OrderDetails:
    scale = order.price_scale
    two_sided = market is not None and 0 < market.bid < market.ask
    return OrderDetails(
        parent_id=order.parent_id,
        account=order.account,
        symbol=order.symbol,
        name=instrument.name,
        side=order.side.value,
        quantity=order.order_qty,
        value=order.order_qty * order.arrival_px / scale,
        currency=order.currency,
        requested_value=order.notional,
        arrival_price=format_px(order.arrival_px, scale),
        limit_price=None if order.limit_px is None else format_px(order.limit_px, scale),
        bid=format_px(market.bid, scale) if market is not None and two_sided else None,
        ask=format_px(market.ask, scale) if market is not None and two_sided else None,
        spread_bps=round(20_000 * (market.ask - market.bid) / (market.ask + market.bid), 4)
        if market is not None and two_sided
        else None,
    )


def chosen(plan: Plan) -> Alternative | None:
    """The alternative the plan follows; None for a direct order, which has none."""
    return next((each for each in plan.alternatives if each.name == plan.recommended), None)


def _way(each: Alternative, plan: Plan, zone: tzinfo) -> Way:
    plain = msgspec.structs.asdict(each)
    del plain["end_ns"], plain["strategy"]
    return Way(
        strategy=each.strategy.value, end=iso(each.end_ns, zone), recommended=each.name == plan.recommended, **plain
    )


def _risk_parameters(order: ParentOrder, plan: Plan, instrument: Instrument) -> RiskParameters:
    way = chosen(plan)
    price = None
    if way is not None and way.timing_risk_bps > 0:
        price = round((way.utility_bps - way.expected_cost_bps) / way.timing_risk_bps, 4)
    return RiskParameters(
        max_participation=plan.max_participation_ppm / 1e6,
        impact_limit_bps=impact_most(order, plan, instrument),
        volatility_tolerance_bps=plan.timing_risk_bps or None,
        risk_price=price,
    )


def _algorithm(plan: Plan) -> PrimaryAlgorithm:
    return PrimaryAlgorithm(
        name=plan.strategy.value,
        description=DESCRIPTIONS[plan.strategy],
        parameters={
            "participation": plan.participation_ppm / 1e6,
            "max_participation": plan.max_participation_ppm / 1e6,
            "dark_part": plan.dark_ppm / 1e6,
            "close_quantity": plan.close_qty,
            "wake_seconds": plan.wake_ns / 1e9,
            "buckets": len(plan.edges_ns) - 1,
        },
    )


def _allocation(order: ParentOrder, plan: Plan) -> VenueAllocation:
    crossing = plan.close_qty / order.order_qty
    dark = (1.0 - crossing) * plan.dark_ppm / 1e6
    return VenueAllocation(dark=dark, lit=1.0 - crossing - dark, crossing=crossing)


def _costs(order: ParentOrder, plan: Plan, instrument: Instrument) -> CostEstimates:
    way = chosen(plan)
    priced = plan.timing_risk_bps > 0
    interval = impact_interval(order, plan, instrument)
    impact = direct_impact(order, plan, instrument) if way is None else way.impact_bps
    return CostEstimates(
        benchmark=f"arrival {format_px(order.arrival_px, order.price_scale)}",
        total_bps=plan.expected_cost_bps,
        total_value=plan.expected_cost_bps / 1e4 * order.order_qty * order.arrival_px / order.price_scale,
        impact_bps=impact if priced else None,
        impact_low_bps=None if interval is None else interval[0],
        impact_high_bps=None if interval is None else interval[1],
        confidence=CONFIDENCE,
        permanent_bps=plan.permanent_bps if priced else None,
        spread_bps=None if way is None else way.spread_bps,
        fees_bps=None if way is None else way.fees_bps,
        timing_risk_bps=plan.timing_risk_bps if priced else None,
        outcome_low_bps=plan.cost_low_bps if priced else None,
        outcome_high_bps=plan.cost_high_bps if priced else None,
        completion_probability=plan.completion_probability,
        model_version=plan.model_version,
    )


def _touched(plan: Plan, sessions: Sequence[Session]) -> list[Session]:
    first, last = plan.edges_ns[0], plan.edges_ns[-1]
    return [each for each in sessions if each.open_ns < last and each.close_ns > first]


def _time_distribution(
    order: ParentOrder, plan: Plan, instrument: Instrument, sessions: Sequence[Session]
) -> TimeDistribution:
    buckets = _buckets(order, plan, instrument, _touched(plan, sessions))
    peak = sum(each.quantity for each in buckets if each.peak) / order.order_qty
    return TimeDistribution(
        peak=peak, off_peak=1.0 - peak, peak_definition=PEAK, days=_days(order, plan, buckets), buckets=buckets
    )


def _buckets(
    order: ParentOrder, plan: Plan, instrument: Instrument, sessions: list[Session]
) -> tuple[Slice, ...]:
    """The curve in whole lots, the auction's part as a slice of its own at the end."""
    zone = zone_of(instrument.calendar)
    steady = order.order_qty - plan.close_qty
    curve = np.array(plan.curve, dtype=np.float64) / CURVE_ONE
    cumulative = round_cumulative(curve, steady, order.lot)
    found, edges = [], plan.edges_ns
    if plan.curve[0] == CURVE_ONE:
        cumulative, edges = np.array([0, steady]), (edges[0], edges[-1])
    for at, quantity in enumerate(slice_sizes(cumulative)[1:].tolist()):
        start, end = edges[at], edges[at + 1]
        if _overnight(start, end, sessions):
            continue
        found.append(_slice(order, start=iso(start, zone), end=iso(end, zone), quantity=quantity,
                            cumulative=int(cumulative[at + 1]), peak=_peak(start, end, sessions)))  # fmt: skip
    if plan.close_qty:
        last = iso(edges[-1], zone)
        found.append(_slice(order, start=last, end=last, quantity=plan.close_qty,
                            cumulative=order.order_qty, peak=True))  # fmt: skip
    return tuple(found)


def _slice(
    order: ParentOrder, *, start: str, end: str, quantity: int, cumulative: int, peak: bool
) -> Slice:
    part = quantity / order.order_qty
    return Slice(start=start, end=end, quantity=quantity, part=part, cumulative=cumulative, peak=peak)


def _overnight(start_ns: int, end_ns: int, sessions: list[Session]) -> bool:
    return any(start_ns == each.close_ns for each in sessions) and end_ns > start_ns


def _peak(start_ns: int, end_ns: int, sessions: list[Session]) -> bool:
    middle = (start_ns + end_ns) // 2
    return any(
        each.open_ns <= middle < each.open_ns + PEAK_NS or each.close_ns - PEAK_NS <= middle < each.close_ns
        for each in sessions
    )


def _days(order: ParentOrder, plan: Plan, buckets: tuple[Slice, ...]) -> tuple[DayPart, ...]:
    by_day: dict[str, int] = {}
    for each in buckets:
        by_day[each.start[:10]] = by_day.get(each.start[:10], 0) + each.quantity
    last = buckets[-1].start[:10]
    return tuple(
        DayPart(
            date=date, quantity=quantity, part=quantity / order.order_qty,
            auction_quantity=plan.close_qty if date == last else 0,
        )
        for date, quantity in by_day.items()
    )  # fmt: skip
