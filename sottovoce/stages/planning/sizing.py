"""How the algorithm moves along its curve: how often it looks, how much a child may be, what goes dark or
waits.
"""

from __future__ import annotations

from math import inf

import numpy as np

from sottovoce.core.enums import DarkUse, Strategy, Urgency
from sottovoce.core.errors import PlanError
from sottovoce.core.orders import ParentOrder
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon

ALLOW = DarkUse.ALLOW
DONE = 0.999
"""Part of the order by which a schedule counts as done."""
CATCH_UP = 2
"""A child may be this many times what the busiest stretch of the curve asks for between two looks."""


def wake_ns(horizon: Horizon, config: PlanningConfig) -> int:
    """Time between two looks of the algorithm, ns."""
    return max(min(config.wake_ns, int(horizon.trading_ns[-1]) // config.wakes_min), config.wake_min_ns)


def clips(
    order: ParentOrder, horizon: Horizon, curve: FloatArray, volumes: FloatArray, wake: int, most: float
) -> tuple[int, int]:
    """Average and largest child, shares: whole lots, a lot at least, never more than the order.

    The average is the order over the looks until it is expected to be done; the largest lets the curve's busiest
    stretch be caught up, and where the volume is known stays within the most we may be of the busiest bucket's volume
    in one look.
    """
    seconds = np.diff(horizon.trading_ns).astype(np.float64)
    open_buckets = seconds > 0
    working_ns = float(horizon.trading_ns[int(np.searchsorted(curve, DONE))])
    looks = max(working_ns / wake, 1.0)
    average = _lots(order.order_qty / looks, order)
    peak = float((np.diff(curve)[open_buckets] / seconds[open_buckets]).max()) * wake * order.order_qty
    largest = CATCH_UP * peak
    if volumes.any():
        busiest = float((volumes[open_buckets] / seconds[open_buckets]).max()) * wake
        largest = min(largest, max(peak, most * busiest))
    return average, max(average, _lots(largest, order))


def _lots(shares: float, order: ParentOrder) -> int:
    lots = max(round(shares / order.lot), 1) * order.lot
    return min(lots, order.order_qty)


def max_participation(order: ParentOrder, config: PlanningConfig, rate: float = 0.0) -> float:
    """Most of the volume the order may be: its own limit, else the urgency's, never under a POV order's
    rate.
    """
    if order.max_participation_ppm is not None:
        return order.max_participation_ppm / 1e6
    return max(config.policy(order.urgency).max_participation_ppm / 1e6, rate)


def dark_part(order: ParentOrder, facts: Facts, config: PlanningConfig, urgency: Urgency) -> float:
    """Part of each child offered at the midpoint in the dark, 0 to 1: more for patient and for large
    orders.
    """
    large = facts.adv is not None and order.order_qty * 1e6 > config.large_order_adv_ppm * facts.adv
    return dark_ppm(order.dark, config, urgency, large=large) / 1e6


def dark_ppm(use: DarkUse, config: PlanningConfig, urgency: Urgency, *, large: bool) -> int:
    """The same in parts per million, whatever the order's size has been judged to be."""
    if use is not ALLOW:
        return 0 if use is DarkUse.NONE else 1_000_000
    return config.policy(urgency).dark_ppm + (config.dark_extra_ppm if large else 0)


def auction_volume(facts: Facts, config: PlanningConfig, horizon: Horizon) -> float:
    """Shares the closing auction of the last session is expected to trade; 0 where no daily volume is known."""
    return (facts.adv or 0.0) * horizon.session_volumes[-1] * config.volume_curve.close_auction


def auction_rate(order: ParentOrder) -> float:
    """Most of the closing auction a CLOSE order may be: its own limit, else all of it."""
    return 1.0 if order.max_participation_ppm is None else order.max_participation_ppm / 1e6


def auction_room(rate: float, facts: Facts, config: PlanningConfig, horizon: Horizon) -> float:
    """Shares that are `rate` of the closing auction as predicted, ours counted with it."""
    return rate / (1.0 - rate) * auction_volume(facts, config, horizon) if rate < 1.0 else inf


def auction_share(order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon) -> int:
    """Shares of a CLOSE order: all of it, or within its maximum participation of the auction as predicted.

    Raises: PlanError `no_adv`, where a maximum is asked for and the auction cannot be predicted.
    """
    if order.max_participation_ppm is None:
        return order.order_qty
    if facts.adv is None:
        raise PlanError("a part of the closing auction needs its volume, and no daily volume is known", code="no_adv")
    most = auction_room(auction_rate(order), facts, config, horizon)
    return order.order_qty if most >= order.order_qty else int(most // order.lot) * order.lot


def close_qty(
    order: ParentOrder, strategy: Strategy, horizon: Horizon, curve: FloatArray, facts: Facts, config: PlanningConfig
) -> int:
    """Shares left for the closing auction of the last session: all of a CLOSE order; part of VWAP and IS, in lots.

    The least of 12 % of what the curve trades in that session and 12 % of the auction predicted from the volume
    expected that day and the volume curve's share of it; of a smaller part where the order's maximum is below.
    """
    if strategy is Strategy.CLOSE:
        return auction_share(order, facts, config, horizon)
    if strategy not in (Strategy.VWAP, Strategy.IS) or not horizon.reaches_close or facts.adv is None:
        return 0
    if order.dark is DarkUse.ONLY:
        return 0
    auction = auction_volume(facts, config, horizon)
    opened = int(np.searchsorted(horizon.edges_ns, max(horizon.sessions[-1].open_ns, horizon.start_ns)))
    share = config.close_part_ppm / 1e6
    if order.max_participation_ppm is not None:
        share = min(share, order.max_participation_ppm / 1e6)
    part = share * min(auction, (1.0 - float(curve[opened])) * order.order_qty)
    return int(part // order.lot) * order.lot


def follow_ppm(strategy: Strategy, horizon: Horizon, volumes: FloatArray, config: PlanningConfig) -> int:
    """How far a VWAP order may leave its curve to follow the volume, within one session whose usual volume is known."""
    fit = strategy is Strategy.VWAP and len(horizon.sessions) == 1 and bool(volumes.any())
    return config.follow_ppm if fit else 0
