"""Has the market left the plan? What a plan is watched by, measured at a look, and the wish to plan the rest again.

A plan says itself what is watched and how far it may move (Plan.watches), and what it expects by when (Plan.expected).
The first watch that is passed is the reason. The rest is planned again by the same strategy, at most so often, not
sooner than so long after the last plan, and never beyond what the plan in force allows: participation, sizes, the dark
and the closing part. What would cost half as much again as was approved is not the desk's to decide.
"""

from __future__ import annotations

from math import isqrt

import msgspec

from sottovoce.core.choices import COST, GAIN, PRICE, PROGRESS, REPLAN, VOLATILITY, VOLUME, Watch, expected_by
from sottovoce.core.enums import Strategy
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.plan_events import ReplanWanted
from sottovoce.core.replan_events import ONE, Departure, MarketSampled, PlanBounds, PlanFigures
from sottovoce.stages.algos.banding import done_by
from sottovoce.stages.algos.drift import ReplanConfig, moved_ppm
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import scheduled

SAMPLES_MIN = 6
"""Fewer prices than these say nothing about volatility, and volume so young nothing about a day's."""
TIMETABLES = (Strategy.TWAP, Strategy.VWAP, Strategy.IS)
NEVER = (Strategy.SOR, Strategy.CLOSE)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one look, parts per million; None where there is nothing to measure against yet."""

    volume_ppm: int | None
    volatility_ppm: int | None
    progress_ppm: int | None
    price_ppm: int | None
    cost_ppm: int


def looked(
    parent: WorkedParent, view: MarketView, others: int, config: ReplanConfig
) -> list[MarketSampled | ReplanWanted]:
    """Nothing, before it is time; else the price taken, and the wish to plan the rest again where there is cause."""
    order, now = parent.order, view.ts_ns
    if now - parent.drift.at_ns < config.sample_ns or not parent.plan.watches:
        return []
    quote = view.quote(order.instrument_id)
    mid = 0 if isinstance(quote, Unusable) else quote.mid
    sampled = MarketSampled(parent_id=order.parent_id, ts_ns=now, mid_px=mid, others=others, done_qty=done_by(parent))
    return [sampled, *departed(parent, now, mid, others, config)]


def departed(parent: WorkedParent, now_ns: int, mid_px: int, others: int, config: ReplanConfig) -> list[ReplanWanted]:
    """A wish to plan the rest again, where a watch of the plan is passed and the bounds leave room for one more."""
    if mid_px <= 0 or not _may(parent, now_ns, config):
        return []
    seen = measured(parent, now_ns, mid_px, others)
    due = (each for each in parent.plan.watches if not each.at_ns or 0 <= now_ns - each.at_ns < config.sample_ns)
    passed = next((found for each in due if (found := _passed(each, seen)) is not None), None)
    return [] if passed is None else [_wanted(parent, now_ns, seen, passed, config)]


def measured(parent: WorkedParent, now_ns: int, mid_px: int, others: int) -> Seen:
    """What is watched, at this moment, with the price of this look already sampled or not."""
    plan, drift = parent.plan, parent.drift
    due = expected_by(plan.expected, now_ns)
    enough = due is not None and drift.moves >= SAMPLES_MIN
    return Seen(
        volume_ppm=others * ONE // due.volume if due is not None and enough and due.volume > 0 else None,
        volatility_ppm=isqrt(drift.squares) * ONE // due.move_ppm
        if due is not None and enough and due.move_ppm > 0
        else None,
        progress_ppm=_progress(parent, now_ns),
        price_ppm=moved_ppm(drift.first_px, mid_px) if drift.first_px else None,
        cost_ppm=drift.cost_ppm,
    )


def _may(parent: WorkedParent, now_ns: int, config: ReplanConfig) -> bool:
    """Live, with something left, within the number and the interval, and with time left for a new plan to matter."""
    if not parent.live or parent.plan.strategy in NEVER or parent.drift.plans >= config.most:
        return False
    began = max(parent.drift.planned_ns, parent.started_ns or now_ns)
    waited = now_ns - began >= config.every_ns
    return waited and parent.order.end_ns - now_ns >= config.every_ns and _rest(parent) > 0


def _rest(parent: WorkedParent) -> int:
    ledger = parent.ledger
    return ledger.wanted - ledger.filled - ledger.busted


def _progress(parent: WorkedParent, now_ns: int) -> int | None:
    """Part of the planned quantity that is done or working, less what the timetable wants by now."""
    if parent.plan.strategy not in TIMETABLES:
        return None
    ledger, base = parent.ledger, parent.base_qty
    qty = max(ledger.wanted - base, 1)
    done = ledger.filled + ledger.busted + ledger.working - base
    return (done - scheduled(parent.plan, now_ns, qty - min(parent.plan.close_qty, qty))) * ONE // qty


def _passed(watch: Watch, seen: Seen) -> tuple[Watch, int, int] | None:
    """(watch, what was seen, its threshold), where a watch of the desk's own is passed."""
    figures = {
        VOLUME: seen.volume_ppm, VOLATILITY: seen.volatility_ppm, PROGRESS: seen.progress_ppm, PRICE: seen.price_ppm,
        GAIN: seen.cost_ppm,
    }  # fmt: skip
    value = figures.get(watch.figure) if watch.then == REPLAN else None
    if value is None:
        return None
    if watch.low_ppm is not None and value < watch.low_ppm:
        return watch, value, watch.low_ppm
    if watch.high_ppm is not None and value > watch.high_ppm:
        return watch, value, watch.high_ppm
    return None


def _wanted(
    parent: WorkedParent, now_ns: int, seen: Seen, passed: tuple[Watch, int, int], config: ReplanConfig
) -> ReplanWanted:
    order, plan = parent.order, parent.plan
    watch, value, limit = passed
    rest = msgspec.structs.replace(
        order, order_qty=_rest(parent), start_ns=max(order.start_ns, now_ns), limit_px=parent.limit_px,
        strategy=plan.strategy,
        participation_ppm=plan.participation_ppm if plan.strategy is Strategy.POV else order.participation_ppm,
    )  # fmt: skip
    return ReplanWanted(
        parent_id=order.parent_id,
        ts_ns=now_ns,
        rest=rest,
        departure=Departure(
            figure=watch.figure, seen_ppm=value, limit_ppm=limit,
            volume_ppm=ONE if seen.volume_ppm is None else seen.volume_ppm,
            volatility_ppm=ONE if seen.volatility_ppm is None else seen.volatility_ppm,
            samples=parent.drift.moves, number=parent.drift.plans + 1, most=config.most,
            haste_ppm=watch.haste_ppm,
        ),
        bounds=_bounds(parent),
        before=PlanFigures(
            expected_cost_bps=plan.expected_cost_bps, timing_risk_bps=plan.timing_risk_bps,
            completion_probability=plan.completion_probability, model_version=plan.model_version,
        ),
    )  # fmt: skip


def _bounds(parent: WorkedParent) -> PlanBounds:
    """The plan in force, which was approved or is itself within what was."""
    plan = parent.plan
    dearest = next((each.high_ppm for each in plan.watches if each.figure == COST), None)
    return PlanBounds(
        max_participation_ppm=plan.max_participation_ppm, clip_qty=plan.clip_qty, max_clip_qty=plan.max_clip_qty,
        child_qty_max=plan.child_qty_max, close_qty=plan.close_qty, dark_ppm=plan.dark_ppm,
        cost_most_bps=parent.drift.approved_bps * (ONE if dearest is None else dearest) / ONE,
    )  # fmt: skip
