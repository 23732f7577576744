"""When a plan's shares trade: its curve in whole lots by bucket and by day, and how much of it falls in peak time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sottovoce.analytics.reports.exchange_time import iso, zone_of
from sottovoce.analytics.reports.strategy_sections import DayPart, Slice, TimeDistribution
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_HOUR
from sottovoce.models.rounding import round_cumulative, slice_sizes

PEAK_NS = NS_PER_HOUR
PEAK = "the first and the last hour of a session, with the closing auction"


def sessions_used(plan: Plan, sessions: Sequence[Session]) -> list[Session]:
    """The sessions a plan has an edge in."""
    first, last = plan.edges_ns[0], plan.edges_ns[-1]
    return [each for each in sessions if each.open_ns < last and each.close_ns > first]


def time_distribution(
    order: ParentOrder, plan: Plan, instrument: Instrument, sessions: Sequence[Session]
) -> TimeDistribution:
    """The plan's shares by bucket and by day, and their peak part. sessions: at least those of the plan."""
    buckets = _buckets(order, plan, instrument, sessions_used(plan, sessions))
    peak = sum(each.quantity for each in buckets if each.peak) / order.order_qty
    return TimeDistribution(
        peak=peak, off_peak=1.0 - peak, peak_definition=PEAK, days=_days(order, plan, buckets), buckets=buckets
    )


def _buckets(order: ParentOrder, plan: Plan, instrument: Instrument, sessions: list[Session]) -> tuple[Slice, ...]:
    """The curve in whole lots, the auction's part as a slice of its own at the end."""
    zone = zone_of(instrument.calendar)
    steady = order.order_qty - plan.close_qty
    curve = np.array(plan.curve, dtype=np.float64) / CURVE_ONE
    cumulative = round_cumulative(curve, steady, order.lot)
    found, edges = [], plan.edges_ns
    if plan.curve[0] == CURVE_ONE:
        cumulative, edges = np.array([0, steady]), (edges[0], edges[0])
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


def _slice(order: ParentOrder, *, start: str, end: str, quantity: int, cumulative: int, peak: bool) -> Slice:
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
