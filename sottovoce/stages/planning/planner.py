"""From a cleared order to its plan: cost the options, choose, and set the bounds the algorithm keeps."""

from __future__ import annotations

import numpy as np

from sottovoce.core.enums import DarkUse, Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.ports import TradingCalendar
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning import sizing
from sottovoce.stages.planning.alternatives import Costed, best, cost_option, figure
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.facts import Facts, facts_of
from sottovoce.stages.planning.horizon import sessions_between
from sottovoce.stages.planning.options import options_for
from sottovoce.stages.planning.reason import reason_for

LIMIT = "completion assumes a price without drift that ends where the limit still trades"
AUCTION = "the closing auction is costed with a model of continuous trading"
DARK_ONLY = "dark only: completion also depends on volume in the dark, which is not modelled"


def plan_order(
    order: ParentOrder,
    instrument: Instrument,
    calendar: TradingCalendar,
    config: PlanningConfig,
    view: MarketView,
) -> Plan:
    """Plan a scheduled order (every strategy but SOR).

    Raises: PlanError `empty_horizon`, `no_session`, `horizon_too_long`, `no_adv`, `no_sigma`; ModelError
        where a model refuses a figure.
    """
    facts = facts_of(order, instrument, view)
    sessions = sessions_between(calendar, order.start_ns, order.end_ns, order.days, config.sessions_max)
    options, fixed = options_for(order, facts, config, calendar, sessions)
    costed = tuple(cost_option(each, order, facts, config, calendar) for each in options)
    chosen = best(costed, fixed)
    return _assemble(order, facts, config, chosen, costed)


def _assemble(
    order: ParentOrder, facts: Facts, config: PlanningConfig, chosen: Costed, costed: tuple[Costed, ...]
) -> Plan:
    option, horizon, cost, summary = chosen.option, chosen.horizon, chosen.cost, chosen.alternative
    alternatives = tuple(each.alternative for each in costed)
    wake = sizing.wake_ns(horizon, config)
    most = sizing.max_participation(order, config, option.rate)
    clip, max_clip = _clips(order, chosen, wake, most)
    return Plan(
        strategy=option.strategy,
        edges_ns=tuple(horizon.edges_ns.tolist()),
        curve=parts_of_one(chosen.curve),
        wake_ns=wake,
        participation_ppm=round(min(summary.participation, most) * 1e6),
        max_participation_ppm=round(most * 1e6),
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
        alternatives=alternatives,
        recommended=option.name,
        reason=reason_for(summary, alternatives, order, config),
        flags=(*facts.flags, *cost.flags, *_warnings(order, facts, config, chosen, most)),
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
        auction = (facts.adv or 0.0) * config.volume_curve.close_auction
        if auction and order.order_qty > config.close_part_ppm / 1e6 * auction:
            found.append(f"the order is {order.order_qty / auction:.0%} of the predicted closing auction")
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
