"""Cumulative targets: how much of an order should be done by a moment. One function per kind of strategy.

Every algorithm here is only that function; releasing, bounding and counting are the same for all of them.
    due = cumulative target - filled - working - busted
"""

from __future__ import annotations

from bisect import bisect_right

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import CURVE_ONE, Plan

PPM = 1_000_000
CLOSE, POV, SOR = Strategy.CLOSE, Strategy.POV, Strategy.SOR


def curve_part(plan: Plan, ts_ns: int) -> int:
    """Part of CURVE_ONE the plan wants done by ts_ns, linear between the edges."""
    edges = plan.edges_ns
    if ts_ns >= edges[-1]:
        return CURVE_ONE
    right = bisect_right(edges, ts_ns)
    if right == 0:
        return 0
    t0, t1 = edges[right - 1], edges[right]
    c0, c1 = plan.curve[right - 1], plan.curve[right]
    return c0 + (c1 - c0) * (ts_ns - t0) // (t1 - t0)


def scheduled(plan: Plan, ts_ns: int, qty: int) -> int:
    """Shares due by ts_ns of an order of qty on a timetable (TWAP, VWAP, IS, SOR)."""
    return qty * curve_part(plan, ts_ns) // CURVE_ONE


def participating(rate_ppm: int, others: int, qty: int) -> int:
    """Shares due at a part rate_ppm of total volume, ours included, when others have traded so much.

    Source: FIX ParticipationRate(849): ours / (ours + others) = p, so ours = others x p / (1 - p).
    """
    return min(qty, others * rate_ppm // (PPM - rate_ppm))


def target(plan: Plan, ts_ns: int, qty: int, others: int) -> int:
    """Cumulative target in shares of the part of an order that trades continuously.

    Args:
        plan: the plan in force. ts_ns: the moment to be ready for. qty: shares to trade in all.
        others: market volume since the start, without ours.
    """
    strategy = plan.strategy
    if strategy is POV:
        return participating(plan.participation_ppm, others, qty)
    if strategy is CLOSE:
        return 0
    return scheduled(plan, ts_ns, qty)


def cap(plan: Plan, others: int, lot: int) -> int:
    """Most shares that may be filled or working without passing the maximum participation.

    One clip is always allowed, of a direct order one lot, so that an order can start before anybody else has traded.
    The closing auction is capped by its plan (close_qty), whose figure is the auction's volume.
    """
    if plan.strategy is CLOSE or plan.max_participation_ppm >= PPM:
        return 1 << 62
    first = lot if plan.strategy is SOR else plan.clip_qty
    return first + others * plan.max_participation_ppm // (PPM - plan.max_participation_ppm)
