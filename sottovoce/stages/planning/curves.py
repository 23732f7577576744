"""The shape of each strategy: cumulative fraction of the order by bucket edge, shape (n + 1,), 0 to 1."""

from __future__ import annotations

import numpy as np

from sottovoce.core.basket_events import ListCurve
from sottovoce.core.errors import ModelError
from sottovoce.core.orders import CURVE_ONE
from sottovoce.models.arrays import FloatArray
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, urgency
from sottovoce.models.schedule_curves import implementation_shortfall, pov
from sottovoce.stages.planning.costing import exposure, impact_at
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon

FIXED_POINT_ROUNDS = 8
"""λ and the risk it leads to depend on each other; eight rounds bring λ to about a part in a thousand."""


def clock_curve(horizon: Horizon) -> FloatArray:
    """TWAP: even in trading time."""
    return np.asarray(horizon.trading_ns / float(horizon.trading_ns[-1]), dtype=np.float64)


def volume_curve(horizon: Horizon) -> FloatArray:
    """VWAP: even in volume time, every session's continuous volume counting as what it is forecast to be."""
    return np.asarray(horizon.volume_days / horizon.volume_days[-1], dtype=np.float64)


def rate_curve(volumes: FloatArray, rate: float, quantity: int) -> FloatArray:
    """POV as expected: done when the forecast volume suffices, else the rest is due at the last edge."""
    curve = pov(volumes, rate, quantity)
    curve[-1] = 1.0
    return curve


def given_curve(horizon: Horizon, given: ListCurve) -> FloatArray:
    """The part a leg has in its list's schedule, even in time between the list's edges; done at the last edge."""
    curve = np.interp(horizon.edges_ns, given.edges_ns, np.array(given.curve) / CURVE_ONE)
    curve[-1] = 1.0
    return np.asarray(curve, dtype=np.float64)


def close_curve(horizon: Horizon) -> FloatArray:
    """CLOSE: nothing until the last edge."""
    curve = np.zeros(horizon.edges_ns.size)
    curve[-1] = 1.0
    return curve


def shortfall_curve(
    facts: Facts,
    horizon: Horizon,
    volumes: FloatArray,
    quantity: int,
    risk_price: float,
    most: float,
    parameters: Almgren2005 = ALMGREN_2005,
) -> FloatArray:
    """IS: Almgren–Chriss in volume time, its rate kept under `most` of the expected volume.

    risk_price is λ_v of E + λ_v √V (the paper's equation 22); E + λV has the same optimum at λ = λ_v/(2√V),
    found by iteration. Temporary impact is made linear through its value at the order's mean rate.
    Falls back to the volume curve where the periods are too long for the problem to have a minimum, and where
    trading at `most` all the way would not finish: then there is nothing to bring forward.
    """
    times = horizon.volume_days
    curve = volume_curve(horizon)
    room = volumes * most / quantity
    if room.sum() <= 1.0:
        return curve
    market = linear_market(facts, quantity, horizon, times.size - 1, float(volumes.sum()), parameters)
    if risk_price > 0 and market.sigma_price > 0:
        for _ in range(FIXED_POINT_ROUNDS):
            deviation = market.sigma_price * quantity * exposure(curve, times)
            try:
                kappa = urgency(market, risk_price / (2.0 * deviation))
            except (ModelError, ValueError):
                return volume_curve(horizon)
            curve = implementation_shortfall(times, kappa)
    return keep_rate(curve, room)


def linear_market(
    facts: Facts, quantity: int, horizon: Horizon, periods: int, volume: float, parameters: Almgren2005
) -> AlmgrenChrissMarket:
    """The order to Almgren and Chriss: temporary impact linear through its value at the order's mean rate, and one
    volatility for every day of volume time, the mean over the horizon where forecasts differ by session.
    """
    days = float(horizon.volume_days[-1])
    impact = impact_at(facts, quantity, min(quantity / volume, 1.0), parameters)
    return AlmgrenChrissMarket(
        quantity=quantity,
        horizon=days,
        periods=periods,
        sigma_price=(facts.sigma_daily or 0.0) * horizon.risk_pace * facts.price,
        gamma=2 * impact.paid * impact.permanent_bps / 1e4 * facts.price / quantity,
        eta=impact.temporary_bps / 1e4 * facts.price / (quantity / days),
        epsilon=facts.half_spread_bps / 1e4 * facts.price,
    )


def keep_rate(curve: FloatArray, room: FloatArray) -> FloatArray:
    """The curve delayed where it runs faster than the room per bucket (fractions of the order, shape (n,)).

    What does not fit moves to the next bucket with room; what fits nowhere is due at the last edge.
    """
    kept = np.zeros_like(curve)
    for bucket, most in enumerate(room):
        kept[bucket + 1] = min(curve[bucket + 1], kept[bucket] + most)
    kept[-1] = 1.0
    return kept
