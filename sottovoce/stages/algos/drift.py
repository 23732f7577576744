"""What the algorithms keep of the market while they follow a plan: enough to say that it has left the plan.

The price is taken at even times; the sum of its squared moves is the variance met. All of it starts anew with a plan.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.plan_events import OrderReplanned, ReplanWanted
from sottovoce.core.ranges import CountOrNone, Nanoseconds
from sottovoce.core.replan_events import ONE, MarketSampled


class ReplanConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the price is taken, and how often the desk may plan an order again of its own accord.

    most: times in an order's life, 0 never. every_ns: not sooner after the last plan, nor nearer to the end (policy).
    """

    sample_ns: Nanoseconds = 300_000_000_000
    most: CountOrNone = 3
    every_ns: Nanoseconds = 900_000_000_000


class Drift(msgspec.Struct, kw_only=True, gc=False):
    """Of one parent. approved_bps: the cost its approved plan expected. plans: again, by the desk, last at planned_ns.

    By the plan in force: first_px the price at its start, 0 before one was seen; px the last one taken, at_ns, 0 before
    the first and after a pause; moves
    between prices, and the sum of their squares in parts per million squared. seen_others and seen_done: volume of
    others and our own, shares, at the last sample; from_others and from_done at the one before. cost_ppm: what the
    price's moves have cost what was left to trade, of the order's value.
    """

    approved_bps: float = 0.0
    plans: int = 0
    planned_ns: int = 0
    first_px: int = 0
    at_ns: int = 0
    px: int = 0
    moves: int = 0
    squares: int = 0
    seen_others: int = 0
    seen_done: int = 0
    from_others: int = 0
    from_done: int = 0
    cost_ppm: int = 0


def moved_ppm(before_px: int, now_px: int) -> int:
    """How far a price has moved, parts per million of the earlier one, cut towards nothing."""
    moved = abs(now_px - before_px) * ONE // before_px
    return moved if now_px >= before_px else -moved


def take(drift: Drift, event: MarketSampled, side: int, qty: int) -> None:
    """A price taken; one that could not be had (0) only moves the time of the next. side: +1 buy, −1 sell; qty: shares
    the plan in force is of.
    """
    if not drift.at_ns:  # the first since the order began or was resumed: the window begins here
        drift.seen_others, drift.seen_done = event.others, event.done_qty
    drift.at_ns = event.ts_ns
    drift.from_others, drift.from_done = drift.seen_others, drift.seen_done
    drift.seen_others, drift.seen_done = event.others, event.done_qty
    if event.mid_px <= 0:
        return
    if drift.px:
        drift.moves += 1
        moved = moved_ppm(drift.px, event.mid_px)
        drift.squares += moved**2
        drift.cost_ppm += side * moved * max(qty - drift.from_done, 0) // max(qty, 1)
    drift.px, drift.first_px = event.mid_px, drift.first_px or event.mid_px


def resumed(drift: Drift) -> None:
    """What traded while the order was paused is no part of the last minutes: the next look samples, and begins anew."""
    drift.at_ns = 0


def asked(drift: Drift, event: ReplanWanted) -> None:
    """Counted when it is asked for, so that a plan that is refused is not asked for at every look."""
    if event.departure is not None:
        drift.plans, drift.planned_ns = event.departure.number, event.ts_ns


def begun(drift: Drift, event: OrderReplanned) -> None:
    """A new plan is in force; after an amendment, on a person's word, it is what later ones are measured by."""
    drift.first_px = drift.px = drift.moves = drift.squares = drift.cost_ppm = 0
    drift.seen_others = drift.seen_done = drift.from_others = drift.from_done = 0
    drift.at_ns, drift.planned_ns = event.ts_ns, event.ts_ns
    if event.departure is None:
        drift.approved_bps, drift.plans = event.plan.expected_cost_bps, 0
