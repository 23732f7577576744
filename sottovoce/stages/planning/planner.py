"""From a cleared order to its plan: cost the options, choose, and set the bounds the algorithm keeps."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.basket_events import ListCurve
from sottovoce.core.choices import Choice
from sottovoce.core.enums import DarkUse, Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.ports import TradingCalendar
from sottovoce.core.replan_events import ONE
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning import sizing
from sottovoce.stages.planning.adaptive import hastened, turn, turn_flag
from sottovoce.stages.planning.alternatives import Costed, best, cost_option, figure
from sottovoce.stages.planning.conditions import expectations, readings, watches
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.estimate import impact_estimate
from sottovoce.stages.planning.facts import Facts, facts_of, with_event
from sottovoce.stages.planning.horizon import sessions_between
from sottovoce.stages.planning.options import WITH_LIST, options_for, with_list
from sottovoce.stages.planning.own_costs import as_paid
from sottovoce.stages.planning.pacing import band_ppm, impact_flag, top_rate, within_impact, would_flag
from sottovoce.stages.planning.profiles import as_capped, as_tolerated, cap_flag, profile_for
from sottovoce.stages.planning.reason import reason_for, reason_of
from sottovoce.stages.planning.recommending import Recommended, as_compared, recommend
from sottovoce.stages.planning.tolerances import RiskProfile

LIMIT = "completion assumes a price without drift, which trades while the limit lets it"
AUCTION = "the closing auction is costed with a model of continuous trading"
DARK_ONLY = "dark only: completion also depends on volume in the dark, which is not modelled"


def plan_order(
    order: ParentOrder,
    instrument: Instrument,
    calendar: TradingCalendar,
    config: PlanningConfig,
    view: MarketView,
    listed: ListCurve | None = None,
    haste_ppm: int = ONE,
) -> Plan:
    """Plan a scheduled order (every strategy but SOR). listed: its part of its list's schedule, which it then follows.
    haste_ppm: of the price of risk.

    Raises: PlanError `empty_horizon`, `no_session`, `horizon_too_long`, `no_adv`, `no_sigma`, `impact_limit`;
        ModelError where a model refuses a figure.
    """
    profile = profile_for(order, config)
    config = hastened(as_paid(order.symbol, as_tolerated(config, profile)), haste_ppm)
    sessions = sessions_between(calendar, order.start_ns, order.end_ns, order.days, config.sessions_max)
    facts = with_event(facts_of(order, instrument, view, sessions), instrument, sessions)
    capped = as_capped(order, profile)
    cut, order = cap_flag(order, capped, profile), within_impact(capped, facts, config)
    options, fixed = options_for(order, facts, config, calendar, sessions)
    if listed is not None:
        options, fixed = (*options, with_list(order, listed)), WITH_LIST
    costed = tuple(cost_option(each, order, facts, config, calendar) for each in options)
    own = next((each.horizon for each in costed if each.option.end_ns == order.end_ns), costed[0].horizon)
    found = None if listed is not None else recommend(order, facts, config, profile, own)
    if found is not None and fixed is None:
        fixed, costed = _settled(found, costed, order, facts, config, calendar)
    chosen, wish = best(costed, fixed), would_flag(order, view.quote(order.instrument_id))
    plan, look = _assemble(order, facts, config, chosen, costed), turn(order, facts, config, chosen)
    choice = None if found is None else found.choice
    if choice is not None:
        plan = as_compared(plan, choice, config)
    return msgspec.structs.replace(
        plan,
        choice=choice,
        reason=_why(plan, choice, listed),
        flags=(*plan.flags, *tolerance(plan, profile), *turn_flag(look), *cut, *wish),
        conditions=readings(order, instrument, facts, config, view),
        watches=(*watches(config, plan.max_participation_ppm), *look),
        expected=expectations(facts, config, own),
    )


def _why(plan: Plan, choice: Choice | None, listed: ListCurve | None) -> str:
    if listed is not None:
        return listed.reason
    return plan.reason if choice is None or choice.instructed else reason_of(choice)


def _settled(
    found: Recommended, costed: tuple[Costed, ...], order: ParentOrder, facts: Facts, config: PlanningConfig,
    calendar: TradingCalendar,
) -> tuple[str, tuple[Costed, ...]]:  # fmt: skip
    """(name of the way chosen, the ways shown): one that is none of the desk's own three is shown beside them."""
    if found.standard:
        return found.standard, costed
    chosen = cost_option(found.option, order, facts, config, calendar)
    return found.option.name, (*costed, chosen)


def tolerance(plan: Plan, profile: RiskProfile) -> tuple[str, ...]:
    """A warning where the plan costs more than its manager tolerates."""
    most = profile.cost_tolerance_bps
    if most is None or plan.expected_cost_bps <= most:
        return ()
    return (f"expected to cost {plan.expected_cost_bps:.1f} bps; profile {profile.name} tolerates {most:g} bps",)


def _assemble(
    order: ParentOrder, facts: Facts, config: PlanningConfig, chosen: Costed, costed: tuple[Costed, ...]
) -> Plan:
    option, horizon, cost, summary = chosen.option, chosen.horizon, chosen.cost, chosen.alternative
    alternatives = tuple(each.alternative for each in costed)
    wake = sizing.wake_ns(horizon, config)
    most = sizing.max_participation(order, config, max(option.rate, top_rate(order, option.strategy)))
    clip, max_clip = _clips(order, chosen, wake, most)
    follow = sizing.follow_ppm(option.strategy, horizon, chosen.volumes, config)
    participation = round(min(summary.participation, most) * 1e6)
    low, high = band_ppm(order, option.strategy, participation, config)
    return Plan(
        strategy=option.strategy,
        edges_ns=tuple(horizon.edges_ns.tolist()),
        curve=parts_of_one(chosen.curve),
        wake_ns=wake,
        participation_ppm=participation,
        max_participation_ppm=round(most * 1e6),
        band_low_ppm=low,
        band_high_ppm=high,
        clip_qty=clip,
        max_clip_qty=max_clip,
        dark_ppm=round(sizing.dark_part(order, facts, config, order.urgency) * 1e6),
        close_qty=sizing.close_qty(order, option.strategy, horizon, chosen.curve, facts, config),
        child_qty_max=int((facts.adv or 0.0) * config.child_adv_ppm / 1e6),
        expected_cost_bps=summary.expected_cost_bps,
        cost_low_bps=summary.cost_low_bps,
        cost_high_bps=summary.cost_high_bps,
        timing_risk_bps=summary.timing_risk_bps,
        completion_probability=summary.completion_probability,
        model_version=cost.model_version,
        permanent_bps=figure(cost.permanent_bps),
        impact=impact_estimate(cost, config.impact),
        follow_ppm=follow,
        usual_volume=round(float(chosen.volumes.sum())) if follow else 0,
        alternatives=alternatives,
        recommended=option.name,
        reason=reason_for(summary, alternatives, order, config),
        flags=(*facts.flags, *cost.flags, *impact_flag(order, most), *_warnings(order, facts, config, chosen, most)),
    )


def _clips(order: ParentOrder, chosen: Costed, wake: int, most: float) -> tuple[int, int]:
    if chosen.option.strategy is Strategy.CLOSE:
        return order.order_qty, order.order_qty
    return sizing.clips(order, chosen.horizon, chosen.curve, chosen.volumes, wake, most)


def parts_of_one(curve: FloatArray) -> tuple[int, ...]:
    """A cumulative fraction in whole parts of CURVE_ONE: never falling, the last exactly CURVE_ONE."""
    whole = np.maximum.accumulate(np.rint(np.clip(curve, 0.0, 1.0) * CURVE_ONE).astype(np.int64))
    whole[-1] = CURVE_ONE
    return tuple(whole.tolist())


def _warnings(order: ParentOrder, facts: Facts, config: PlanningConfig, chosen: Costed, most: float) -> tuple[str, ...]:
    found = []
    volume = float(chosen.volumes.sum())
    if chosen.option.strategy is Strategy.CLOSE:
        found.append(AUCTION)
        auction = sizing.auction_volume(facts, config, chosen.horizon)
        if auction and order.order_qty > config.close_part_ppm / 1e6 * auction:
            found.append(f"the order is {order.order_qty / auction:.0%} of the predicted closing auction")
        sent = sizing.auction_share(order, facts, config, chosen.horizon)
        if sent < order.order_qty:
            found.append(
                f"{sent:,} shares are {sizing.auction_rate(order):.0%} of the predicted closing auction: the rest is"
                " expected to be returned"
            )
    elif volume and order.order_qty > most * volume:
        found.append(
            f"needs {order.order_qty / volume:.0%} of the expected volume and may be {most:.0%} of it: "
            "part of the order is expected to be returned"
        )
    if order.currency != config.fee_currency:
        found.append(f"fees in {order.currency} are not known and not in the cost")
    if order.limit_px is not None:
        found.append(LIMIT)
    if order.dark is DarkUse.ONLY:
        found.append(DARK_ONLY)
    return tuple(found)
