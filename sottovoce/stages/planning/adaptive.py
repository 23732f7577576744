"""Adaptive arrival price: one look half-way, and what the price has given is spent on trading faster.

Almgren and Lorenz (2007), Lorenz and Almgren (2011): seen from the start, an order that hurries once the price has been
kind has less risk for its expected cost than any fixed schedule, the more so the larger it is for its market. It is off
unless the desk's configuration says otherwise, it is another strategy than the fixed one and says so, and hurrying is
planning the rest again at a higher price of risk, so that the bounds of the approved plan hold.

The gain so far is what the price's moves were worth to what was left to trade, without the order's own impact; with its
permanent part in the price the look is a little late to call something a gain.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.choices import GAIN, REPLAN, Watch
from sottovoce.core.enums import Strategy, Urgency
from sottovoce.core.orders import ParentOrder
from sottovoce.core.replan_events import ONE
from sottovoce.core.units import format_ns
from sottovoce.models.schedule_adaptive import AdaptivePlan, adaptive_plan, first_half_deviation
from sottovoce.stages.planning.alternatives import Costed
from sottovoce.stages.planning.config import PlanningConfig, UrgencyPolicy
from sottovoce.stages.planning.costing import exposure
from sottovoce.stages.planning.curves import linear_market
from sottovoce.stages.planning.facts import Facts

HASTE_MIN, HASTE_MOST = 1.1, 100.0
"""A higher price of risk than this times the old one is as good as the bounds of the plan; a lower one changes nothing
a person would see (policy).
"""


def turn(order: ParentOrder, facts: Facts, config: PlanningConfig, chosen: Costed) -> tuple[Watch, ...]:
    """The look half-way of an arrival-price plan; () where it is not adaptive, or the order too small to gain by it."""
    option, horizon = chosen.option, chosen.horizon
    shaped = option.strategy is not Strategy.IS or option.shape or option.given is not None
    price = _risk_price(option.urgency, config) if option.risk_price is None else option.risk_price
    if not config.adaptive or shaped or price <= 0 or not facts.adv or not facts.sigma_daily:
        return ()
    volume = float(chosen.volumes.sum())
    market = linear_market(facts, order.order_qty, horizon, horizon.edges_ns.size - 1, volume, config.impact)
    days, sigma = market.horizon, market.sigma_price
    aversion = price / (2.0 * sigma * market.quantity * exposure(chosen.curve, horizon.volume_days))
    rule = adaptive_plan(
        market.eta * market.quantity / (sigma * days**1.5), aversion * sigma * market.quantity * days**0.5
    )
    haste = _haste(rule) * price / _risk_price(order.urgency, config)
    if _haste(rule) < HASTE_MIN:
        return ()
    gain = rule.threshold * first_half_deviation(rule) * sigma * days**0.5 / facts.price
    at_ns = int(np.interp(0.5 * days, horizon.volume_days, horizon.edges_ns))
    return (Watch(figure=GAIN, then=REPLAN, low_ppm=round(gain * ONE), at_ns=at_ns, haste_ppm=round(haste * ONE)),)


def turn_flag(watches: tuple[Watch, ...]) -> tuple[str, ...]:
    """That the plan is adaptive, for a person; () where it is not."""
    return tuple(
        f"adaptive arrival price: at {format_ns(each.at_ns, 0)} a gain of {-each.low_ppm / 100:.1f} bps or more is "
        "spent on trading faster; compare it with other adaptive orders only"
        for each in watches
        if each.figure == GAIN and each.low_ppm is not None
    )


def hastened(config: PlanningConfig, haste_ppm: int) -> PlanningConfig:
    """The configuration with a higher price of risk at every urgency."""
    if haste_ppm == ONE:
        return config
    low, medium, high = (_dearer(each, haste_ppm / ONE) for each in (config.low, config.medium, config.high))
    return msgspec.structs.replace(config, low=low, medium=medium, high=high, adaptive=False)


def _haste(rule: AdaptivePlan) -> float:
    """By how much the price of risk rises: urgency goes with its root."""
    return min((rule.spending / rule.before) ** 2, HASTE_MOST)


def _risk_price(urgency: Urgency, config: PlanningConfig) -> float:
    return config.policy(urgency).risk_price


def _dearer(policy: UrgencyPolicy, times: float) -> UrgencyPolicy:
    return msgspec.structs.replace(policy, risk_price=policy.risk_price * times)
