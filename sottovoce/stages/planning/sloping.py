"""Which curve an option follows: one call for the plan's own and for the candidates it is compared with."""

from __future__ import annotations

import numpy as np

from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import BPS
from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_event import Regime, event_schedule
from sottovoce.models.schedule_power_quick import power_curve
from sottovoce.stages.planning import curves
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import exposure, impact_at
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon
from sottovoce.stages.planning.options import Option

ROUNDS = 3
"""λ and the risk it leads to depend on each other; three rounds bring a power-law curve to a part in a hundred."""
PERIODS = 48
"""Equal periods in volume time a schedule across an event is solved in."""


def curve_of(
    option: Option, order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon,
    volumes: FloatArray, most: float,
) -> FloatArray:  # fmt: skip
    """Cumulative part of the order by edge, shape (n + 1,). Raises: PlanError `no_schedule`, ModelError."""
    if option.given is not None:
        return curves.given_curve(horizon, option.given)
    if option.strategy is Strategy.TWAP:
        return curves.clock_curve(horizon)
    if option.strategy is Strategy.VWAP:
        return curves.volume_curve(horizon)
    if option.strategy is Strategy.POV:
        return curves.rate_curve(volumes, min(option.rate, most), order.order_qty)
    if option.strategy is Strategy.CLOSE:
        return curves.close_curve(horizon)
    if option.strategy is not Strategy.IS:
        raise PlanError(f"{option.strategy.value} has no schedule.", code="no_schedule")
    price = config.policy(option.urgency).risk_price if option.risk_price is None else option.risk_price
    if option.shape == "power":
        return _power(order, facts, config, horizon, volumes, price, most)
    if option.shape == "event":
        return _across(order, facts, config, horizon, volumes, price, most)
    return curves.shortfall_curve(facts, horizon, volumes, order.order_qty, price, most, config.impact)


def _power(
    order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon, volumes: FloatArray,
    price: float, most: float,
) -> FloatArray:  # fmt: skip
    """The optimum under the impact model's own exponent, its rate kept under `most`."""
    times, qty, volume = horizon.volume_days, order.order_qty, float(volumes.sum())
    curve, room = curves.volume_curve(horizon), volumes * most / qty
    if price <= 0 or room.sum() <= 1.0:
        return curve
    mean = min(qty / volume, most)
    impact = impact_at(facts, qty, mean, config.impact)
    sigma = (facts.sigma_daily or 0.0) * horizon.risk_pace * BPS
    eta = impact.temporary_bps * (qty / volume / mean * float(times[-1])) ** impact.exponent
    steps = np.diff(times)
    for _ in range(ROUNDS):
        part = price * sigma / (2.0 * exposure(curve, times) * eta)
        curve[1:][steps > 0] = power_curve(steps[steps > 0], impact.exponent, part)
        curve = np.maximum.accumulate(curve)
    return curves.keep_rate(curve, room)


def _across(
    order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon, volumes: FloatArray,
    price: float, most: float,
) -> FloatArray:  # fmt: skip
    """The schedule across the event: until it as planned, after it the mean over what may hold then.

    Raises: ModelError, where the event is too near either end of the horizon to plan for.
    """
    times, qty = horizon.volume_days, order.order_qty
    market = curves.linear_market(facts, qty, horizon, PERIODS, float(volumes.sum()), config.impact)
    at = float(np.interp(facts.event_ns or 0, horizon.edges_ns, times)) / float(times[-1])
    period = min(max(round(PERIODS * at), 1), PERIODS - 1)
    regimes = [
        Regime(probability=chance, sigma_price=market.sigma_price * multiple)
        for chance, multiple in config.choice.event_regimes
    ]
    deviation = market.sigma_price * qty * exposure(curves.volume_curve(horizon), times)
    try:
        found = event_schedule(market, period, regimes, price / (2.0 * deviation))
    except (ModelError, ValueError):
        return curves.volume_curve(horizon)
    after = sum(each.probability * np.array(leg) for each, leg in zip(regimes, found.after, strict=True))
    left = np.concatenate([np.array(found.before), np.asarray(after)[1:]]) / qty
    curve = 1.0 - np.interp(times, np.linspace(0.0, float(times[-1]), PERIODS + 1), left)
    curve[0], curve[-1] = 0.0, 1.0
    return curves.keep_rate(np.maximum.accumulate(curve), volumes * most / qty)
