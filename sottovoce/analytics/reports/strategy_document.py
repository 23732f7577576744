"""The execution-strategy document: how one order will be worked, what it should cost, and why this way.

Everything is read from the order and its plan, so that the page shows what the algorithm will do and not a second
opinion. Only the interval of the impact alone is worked out here, with the same model the plan names. A figure that
cannot be had is None, and prints "not estimated".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sottovoce.analytics.reports.exchange_time import iso, minute, zone_of
from sottovoce.analytics.reports.impact_interval import chosen, direct_impact, impact_interval, impact_most
from sottovoce.analytics.reports.strategy_sections import (
    CostEstimates,
    HorizonDetails,
    OrderDetails,
    PrimaryAlgorithm,
    RiskParameters,
    SizeDistribution,
    StrategyDocument,
    VenueAllocation,
    Way,
)
from sottovoce.analytics.reports.time_distribution import sessions_used, time_distribution
from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Alternative, ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.core.units import BPS, format_px

CONFIDENCE = 0.80
NO_QUOTE, NOT_RECORDED = "no quote", "not recorded with the plan"

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
        order_details=_order_details(order, plan, instrument, market),
        horizon=HorizonDetails(
            start=iso(order.start_ns, zone), end=iso(order.end_ns, zone),
            time_zone=minute(order.start_ns, zone).rsplit(" ", 1)[1],
            sessions=max(len(sessions_used(plan, sessions)), 1), urgency=order.urgency.value,
        ),
        risk_parameters=_risk_parameters(order, plan, instrument),
        primary_algorithm=_algorithm(order, plan),
        venue_allocation=_allocation(order, plan),
        time_distribution=time_distribution(order, plan, instrument, sessions),
        size_distribution=SizeDistribution(
            average_clip=plan.clip_qty, maximum_clip=plan.max_clip_qty, slices=-(-order.order_qty // plan.clip_qty)
        ),
        cost_estimates=_costs(order, plan, instrument),
        alternatives=tuple(_way(each, order, plan, instrument) for each in plan.alternatives),
        recommended=plan.recommended,
        reason=plan.reason,
        flags=plan.flags,
        choice=plan.choice,
        conditions=plan.conditions,
        watches=plan.watches,
    )  # fmt: skip


def document_json(document: msgspec.Struct) -> dict[str, Any]:
    """A document as plain JSON values."""
    plain = msgspec.to_builtins(document)
    assert isinstance(plain, dict)
    return plain


def _order_details(order: ParentOrder, plan: Plan, instrument: Instrument, market: MarketState | None) -> OrderDetails:
    scale = order.price_scale
    bid, ask, spread = _touch(market, scale)
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
        market=_recorded(plan) if bid is None else f"{bid} / {ask}, spread {spread:.2f} bps",
        bid=bid,
        ask=ask,
        spread_bps=spread,
    )


def _touch(market: MarketState | None, scale: int) -> tuple[str, str, float] | tuple[None, None, None]:
    """Bid, ask and the spread in bps of the mid; nothing without both sides."""
    if market is None or not 0 < market.bid < market.ask:
        return None, None, None
    spread = round(2 * BPS * (market.ask - market.bid) / (market.ask + market.bid), 4)
    return format_px(market.bid, scale), format_px(market.ask, scale), spread


def _recorded(plan: Plan) -> str:
    """The quote the plan says it was made on; a direct order says none."""
    said = next((each for each in plan.conditions if each.name == "quote"), None)
    if said is None:
        return NOT_RECORDED
    return said.value or NO_QUOTE


def _way(each: Alternative, order: ParentOrder, plan: Plan, instrument: Instrument) -> Way:
    """The alternative as shown: what a missing ADV or volatility left at zero is not estimated."""
    priced = each.timing_risk_bps > 0
    interval = impact_interval(order, plan, instrument, each)
    return Way(
        name=each.name,
        strategy=each.strategy.value,
        end=iso(each.end_ns, zone_of(instrument.calendar)),
        participation=each.participation or None,
        expected_cost_bps=each.expected_cost_bps,
        impact_bps=each.impact_bps if priced else None,
        impact_low_bps=None if interval is None else interval[0],
        impact_high_bps=None if interval is None else interval[1],
        spread_bps=each.spread_bps,
        fees_bps=each.fees_bps,
        cost_low_bps=each.cost_low_bps if priced else None,
        cost_high_bps=each.cost_high_bps if priced else None,
        timing_risk_bps=each.timing_risk_bps if priced else None,
        completion_probability=each.completion_probability,
        utility_bps=each.utility_bps,
        recommended=each.name == plan.recommended,
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


def _algorithm(order: ParentOrder, plan: Plan) -> PrimaryAlgorithm:
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
            **_instructions(order, plan),
        },
    )


def _instructions(order: ParentOrder, plan: Plan) -> dict[str, float | str]:
    """What the client said of the pace, where anything was."""
    found: dict[str, float | str] = {}
    if plan.band_high_ppm:
        found["participation_band"] = f"{plan.band_low_ppm / 1e6:g} to {plan.band_high_ppm / 1e6:g}"
    if order.max_impact_ppm is not None:
        found["impact_limit_bps"] = order.max_impact_ppm / 100
    if order.would_px is not None:
        what = "all" if order.would_qty is None else f"{order.would_qty:,}"
        found["would_trade"] = f"{what} at {format_px(order.would_px, order.price_scale)} or better"
    return found


def _allocation(order: ParentOrder, plan: Plan) -> VenueAllocation:
    crossing = plan.close_qty / order.order_qty
    dark = (1.0 - crossing) * plan.dark_ppm / 1e6
    return VenueAllocation(dark=dark, lit=1.0 - crossing - dark, crossing=crossing)


def _costs(order: ParentOrder, plan: Plan, instrument: Instrument) -> CostEstimates:
    way = chosen(plan)
    priced = plan.timing_risk_bps > 0
    interval = impact_interval(order, plan, instrument, way)
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
