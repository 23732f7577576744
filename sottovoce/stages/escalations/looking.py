"""How an order at work is doing, as a portfolio manager asks: will it finish, what will it cost, where is the price.

Pure functions of what the stage remembers and of the market at one moment. Parts are per million (ppm).
"""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from sottovoce.core.choices import ASK, COMPLETION, COST, MOVE_AGAINST, expected_by
from sottovoce.core.enums import Strategy
from sottovoce.core.market import MarketState, Quote
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.units import NS_PER_HOUR
from sottovoce.stages.escalations.book import AtWork

PPM = 1_000_000
BPS = 10_000.0
NIGHT_NS = 4 * NS_PER_HOUR
"""A plan that stands still for so long is not trading."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """completion_ppm: part of the order projected to be done by its end, None where no volume is expected.

    cost_bps: of the whole order against its arrival price, what is done at what was paid and the rest at the price now
    and what the plan expects on top; positive is a cost. move_bps: of the price since arrival, positive is against us.
    """

    completion_ppm: int | None
    cost_bps: float
    move_bps: float


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan says people are asked about: least completion, most cost (of the cost it expects) and most move
    against the order (of the price), parts per million; None where it says nothing.
    """

    completion_ppm: int | None
    cost_ppm: int | None
    move_ppm: int | None


def bounds_of(plan: Plan) -> Bounds:
    """The bounds of a plan, from what it is watched by."""
    asked = {each.figure: each for each in plan.watches if each.then == ASK}
    completion, cost, move = (asked.get(figure) for figure in (COMPLETION, COST, MOVE_AGAINST))
    return Bounds(
        completion_ppm=None if completion is None else completion.low_ppm,
        cost_ppm=None if cost is None else cost.high_ppm,
        move_ppm=None if move is None else move.high_ppm,
    )


def outlook(at_work: AtWork, quote: Quote, market: MarketState, now_ns: int) -> Outlook:
    """The outlook of an order that is being worked, at a usable quote."""
    order, sign, arrival = at_work.order, at_work.order.side.sign, at_work.order.arrival_px
    move_bps = BPS * sign * (quote.mid - arrival) / arrival
    left = max(order.order_qty - at_work.filled, 0)
    paid_bps = BPS * sign * (at_work.paid - at_work.filled * arrival) / arrival
    cost_bps = (paid_bps + left * (move_bps + at_work.plan.expected_cost_bps)) / max(at_work.filled + left, 1)
    return Outlook(completion_ppm=_completion(at_work, quote, market, now_ns), cost_bps=cost_bps, move_bps=move_bps)


def _completion(at_work: AtWork, quote: Quote, market: MarketState, now_ns: int) -> int | None:
    """What is filled, and of the rest what the order's highest rate allows in the volume still to come.

    Volume to come is what the plan still expects, at the pace of the volume printed so far where that is slower. A
    limit the whole market is behind lets nothing through.
    """
    order, plan, filled = at_work.order, at_work.plan, at_work.filled
    left = order.order_qty - filled
    if left <= 0:
        return PPM
    if not plan.expected:
        return None
    capacity = 0 if _limit_is_behind(order, quote) else _volume_left(at_work, market, now_ns) * _most_a_share(plan)
    return int(PPM * min(filled + capacity, order.order_qty) // order.order_qty)


def _volume_left(at_work: AtWork, market: MarketState, now_ns: int) -> float:
    """Shares of others still to come before the end of the plan."""
    marks = at_work.plan.expected
    due = expected_by(marks, now_ns)
    so_far = 0 if due is None else due.volume
    printed = max(market.volume - at_work.volume - (at_work.filled - at_work.filled_then), 0)
    pace = min(printed / so_far, 1.0) if so_far > 0 else 1.0
    return (marks[-1].volume - so_far) * pace


def _most_a_share(plan: Plan) -> float:
    """Shares of ours for one of others, at the highest rate: of a participation order its own."""
    rate = (plan.participation_ppm if plan.strategy is Strategy.POV else plan.max_participation_ppm) / PPM
    return rate / (1.0 - rate) if rate < 1.0 else float("inf")


def _limit_is_behind(order: ParentOrder, quote: Quote) -> bool:
    """Whether our limit is worse than the best on our own side: we are not even first in the queue."""
    if order.limit_px is None:
        return False
    return order.limit_px < quote.bid if order.side.sign > 0 else order.limit_px > quote.ask


def awake_at(plan: Plan, at_ns: int) -> int:
    """The first time from at_ns on that is not in one of the plan's nights: nothing of an order changes in those."""
    place = bisect_right(plan.edges_ns, at_ns)
    if not 0 < place < len(plan.edges_ns):
        return at_ns
    begin, end = plan.edges_ns[place - 1], plan.edges_ns[place]
    still = plan.curve[place - 1] == plan.curve[place] < CURVE_ONE and end - begin >= NIGHT_NS
    return end if still else at_ns
