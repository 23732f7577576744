"""Cost the options, pick one, and say why in a sentence a manager can argue with.

Utility = expected cost + λ_v × timing risk, both in bps, with λ_v the price of risk at the order's urgency;
the least is best. The sentence names the price of risk at which the choice would change.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.enums import DarkUse, Strategy, Urgency
from sottovoce.core.orders import Alternative, ParentOrder
from sottovoce.core.ports import TradingCalendar
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning.ahead import AVERAGE, Ahead
from sottovoce.stages.planning.completion import completion, errors_over, middle_of
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import Cost, schedule_cost
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon, bucketed, sessions_between
from sottovoce.stages.planning.options import Option
from sottovoce.stages.planning.sizing import (
    DONE,
    auction_rate,
    auction_share,
    auction_volume,
    dark_part,
    max_participation,
)
from sottovoce.stages.planning.sloping import curve_of

BUCKETS_MIN = 12
NS_MIN = 1_000_000_000


class Costed(msgspec.Struct, frozen=True, kw_only=True):
    """An option with its schedule. volumes: expected market shares a bucket, shape (n,); zeros without an
    ADV.
    """

    option: Option
    horizon: Horizon
    curve: FloatArray
    volumes: FloatArray
    cost: Cost
    alternative: Alternative


def cost_option(
    option: Option, order: ParentOrder, facts: Facts, config: PlanningConfig, calendar: TradingCalendar
) -> Costed:
    """Build the option's schedule and cost it. Raises: PlanError, ModelError."""
    horizon = horizon_of(option, calendar, config, facts.ahead)
    volumes = (facts.adv or 0.0) * config.volume_curve.continuous * horizon.volume_parts
    most = max_participation(order, config, option.rate)
    curve = curve_of(option, order, facts, config, horizon, volumes, most)
    cost = _cost(option, order, facts, config, horizon, curve, volumes, most)
    return Costed(
        option=option, horizon=horizon, curve=curve, volumes=volumes, cost=cost,
        alternative=_alternative(option, order, facts, config, horizon, curve, volumes, cost, most),
    )  # fmt: skip


def horizon_of(option: Option, calendar: TradingCalendar, config: PlanningConfig, ahead: Ahead = AVERAGE) -> Horizon:
    """The option's buckets: the configured length, shorter where the whole window would have fewer than
    twelve.
    """
    sessions = sessions_between(calendar, option.start_ns, option.end_ns, option.days, config.sessions_max)
    open_ns = sum(min(option.end_ns, each.close_ns) - max(option.start_ns, each.open_ns) for each in sessions)
    bucket_ns = max(min(config.bucket_ns, open_ns // BUCKETS_MIN), NS_MIN)
    return bucketed(sessions, option.start_ns, option.end_ns, bucket_ns, config.volume_curve, ahead)


def _cost(
    option: Option, order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon,
    curve: FloatArray, volumes: FloatArray, most: float,
) -> Cost:  # fmt: skip
    dark = dark_part(order, facts, config, option.urgency)
    dark *= 1.0 if order.dark is DarkUse.ONLY else config.dark_fill
    policy = config.policy(option.urgency)
    if option.strategy is Strategy.CLOSE:
        auction = np.zeros_like(volumes)
        auction[-1] = auction_volume(facts, config, horizon)
        volumes, dark, most = auction, 0.0, auction_rate(order)
        policy = msgspec.structs.replace(policy, crossing=0.0)
        config = msgspec.structs.replace(config, make_fee=config.auction_fee)
    if option.strategy is Strategy.POV:
        most = min(option.rate, most)
    policy = msgspec.structs.replace(policy, max_participation_ppm=round(most * 1e6))
    return schedule_cost(facts, config, policy, order.order_qty, curve, volumes, horizon.risk_days, dark)


def _alternative(
    option: Option, order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon,
    curve: FloatArray, volumes: FloatArray, cost: Cost, most: float,
) -> Alternative:  # fmt: skip
    done = int(np.searchsorted(curve, DONE))
    volume = float(volumes[:done].sum())
    low, high = config.cost_quantiles.ends(cost.expected_bps, cost.scale_bps)
    chance = _chance(option, order, facts, config, horizon, volumes, most)
    return Alternative(
        name=option.name,
        strategy=option.strategy,
        end_ns=int(horizon.edges_ns[done]),
        participation=figure(_participation(option, order, volume)),
        expected_cost_bps=figure(cost.expected_bps),
        impact_bps=figure(cost.impact_bps),
        spread_bps=figure(cost.spread_bps),
        fees_bps=figure(cost.fees_bps),
        cost_low_bps=figure(low),
        cost_high_bps=figure(high),
        timing_risk_bps=figure(cost.timing_risk_bps),
        completion_probability=figure(chance),
        utility_bps=figure(utility(cost, config, order.urgency)),
    )


def _chance(
    option: Option, order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon,
    volumes: FloatArray, most: float,
) -> float:  # fmt: skip
    """How likely all of it trades: what a maximum keeps out of the closing auction does not."""
    closing = option.strategy is Strategy.CLOSE
    if closing and auction_share(order, facts, config, horizon) < order.order_qty:
        return 0.0
    return completion(
        order, rate=min(option.rate, most) if option.strategy is Strategy.POV else most,
        volume=0.0 if closing else float(volumes.sum()) * middle_of(horizon),
        sessions=len(horizon.sessions), volume_log_sd=errors_over(horizon, config.volume_log_sd),
        sigma_daily=facts.sigma_daily, days=float(horizon.risk_days[-1]),
    )  # fmt: skip


def _participation(option: Option, order: ParentOrder, volume: float) -> float:
    """Expected part of the volume until the option is done; 0 where the volume is not known."""
    if option.strategy is Strategy.POV:
        return option.rate
    return min(order.order_qty / volume, 1.0) if volume > 0 else 0.0


def figure(value: float) -> float:
    """A model's figure as plans carry it: four decimals, so that no machine's last bit enters a digest."""
    return round(value, 4) + 0.0


def utility(cost: Cost, config: PlanningConfig, urgency: Urgency) -> float:
    """Expected cost plus the price of its risk, bps; least is best."""
    return cost.expected_bps + config.policy(urgency).risk_price * cost.timing_risk_bps


def best(costed: tuple[Costed, ...], fixed: str | None) -> Costed:
    """The option the instruction fixes, else the one of least utility, the slower on a tie."""
    if fixed is not None:
        return next(each for each in costed if each.option.name == fixed)
    return min(costed, key=lambda each: each.alternative.utility_bps)
