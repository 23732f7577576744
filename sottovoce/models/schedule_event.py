"""A schedule across an event that will change the market: before it one regime, after it one of several (earnings).

What is still held when the event comes, X*, is chosen by a one-dimensional search; before and after it each branch is
an Almgren-Chriss schedule in continuous urgency. Source: Almgren and Chriss 2000, section 4.3; T-SCH-5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive, within
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, cost_variance, sinh_ratio, urgency
from sottovoce.models.schedule_ac import check as check_market

STENCIL = 0.01
STEP_MAX = 1e-5
"""Of the quantity; a longer step means a kink is near, and the search by comparison stands."""
GOLDEN = (sqrt(5.0) - 1.0) / 2.0
STEPS = 120
"""Of the golden section: the bracket shrinks below 1e-25 of the order."""


class Regime(msgspec.Struct, frozen=True, kw_only=True):
    """What may hold after the event. probability: part of one; sigma_price: currency per share per √day, >= 0."""

    probability: float
    sigma_price: float


class EventSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """before: holdings x_0 … X*, shares; after: for each regime the holdings X* … x_N. variance counts all branches."""

    held_at_event: float
    before: tuple[float, ...]
    after: tuple[tuple[float, ...], ...]
    expected_cost: float
    variance: float
    risk_aversion: float

    @property
    def utility(self) -> float:
        """E + λV, what the schedule minimises."""
        return self.expected_cost + self.risk_aversion * self.variance


def event_schedule(
    market: AlmgrenChrissMarket, event_period: int, regimes: Sequence[Regime], risk_aversion: float
) -> EventSchedule:
    """The schedule of least E + λV over all branches.

    Args:
        market: the order, and the market until the event; without drift.
        event_period: after how many periods it comes, 1 to periods − 1.
        regimes: what may hold afterwards; probabilities add to 1.
        risk_aversion: λ per currency unit, >= 0.
    Raises: ModelError, also `probabilities`, `drift_unsupported`, `out_of_range`.
    """
    _refuse(market, event_period, regimes)
    not_negative("Risk aversion", risk_aversion)

    def utility(part: float) -> float:
        return _at(market, event_period, regimes, risk_aversion, part * market.quantity).utility

    best = _least(utility)
    return _at(market, event_period, regimes, risk_aversion, best * market.quantity)


def ignoring_the_event(
    market: AlmgrenChrissMarket, event_period: int, regimes: Sequence[Regime], risk_aversion: float
) -> EventSchedule:
    """As event_schedule, for a desk that holds at the event what the first regime alone would have left it."""
    _refuse(market, event_period, regimes)
    kappa = urgency(market, risk_aversion)
    left = market.horizon - event_period * market.tau
    held = market.quantity * _ratio(kappa, left, market.horizon)
    return _at(market, event_period, regimes, risk_aversion, held)


def _at(
    market: AlmgrenChrissMarket, event_period: int, regimes: Sequence[Regime], risk_aversion: float, held: float
) -> EventSchedule:
    """The branches that meet at `held`, and what they cost together."""
    before = _leg(market, urgency(market, risk_aversion), event_period, market.quantity, held)
    periods = market.periods - event_period
    branches, costs, variance = [], [], 0.0
    for regime in regimes:
        changed = msgspec.structs.replace(market, sigma_price=regime.sigma_price)
        leg = _leg(changed, urgency(changed, risk_aversion), periods, held, 0.0)
        branches.append(tuple(leg.tolist()))
        costs.append(_spent(market, leg))
        variance += regime.probability * cost_variance(changed, leg)
    chances = np.array([regime.probability for regime in regimes])
    mean = float(chances @ np.array(costs))
    between = float(chances @ (np.array(costs) - mean) ** 2)
    return EventSchedule(
        held_at_event=held,
        before=tuple(before.tolist()),
        after=tuple(branches),
        expected_cost=0.5 * market.gamma * market.quantity**2 + _spent(market, before) + mean,
        variance=cost_variance(market, before) + variance + between,
        risk_aversion=risk_aversion,
    )


def _leg(market: AlmgrenChrissMarket, kappa: float, periods: int, first: float, last: float) -> FloatArray:
    """Holdings from first to last over a number of periods, shape (periods + 1,)."""
    times = np.arange(periods + 1, dtype=np.float64) * market.tau
    length = periods * market.tau
    if kappa * length < 1e-9:
        return np.asarray(first + (last - first) * times / length, dtype=np.float64)
    falling = sinh_ratio(kappa * (length - times), kappa * length)
    rising = sinh_ratio(kappa * times, kappa * length)
    return np.asarray(first * falling + last * rising, dtype=np.float64)


def _spent(market: AlmgrenChrissMarket, holdings: FloatArray) -> float:
    """Fixed and temporary cost of a leg, currency; the permanent part is of the whole order."""
    trades = -np.diff(holdings)
    return float(market.epsilon * np.abs(trades).sum() + market.eta_tilde / market.tau * (trades @ trades))


def _ratio(kappa: float, left: float, whole: float) -> float:
    return float(sinh_ratio(np.array([kappa * left]), kappa * whole)[0]) if kappa * whole > 1e-9 else left / whole


def _least(utility: Callable[[float], float]) -> float:
    """Where a function with one valley is least on [0, 1], by golden section."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        width = GOLDEN * (high - low)
        if utility(high - width) < utility(low + width):
            high = low + width
        else:
            low = high - width
    return _polished(utility, (low + high) / 2.0)


def _polished(utility: Callable[[float], float], found: float) -> float:
    """One Newton step by a wide five-point stencil, which is exact where the function is a quartic, as it is between
    kinks. Golden section alone stops where differences drown in rounding, and the last digits would be chance.
    """
    if not 2.0 * STENCIL < found < 1.0 - 2.0 * STENCIL:
        return found
    far_left, left, here, right, far_right = (utility(found + place * STENCIL) for place in range(-2, 3))
    slope = (far_left - 8.0 * left + 8.0 * right - far_right) / (12.0 * STENCIL)
    bend = (-far_left + 16.0 * left - 30.0 * here + 16.0 * right - far_right) / (12.0 * STENCIL**2)
    step = slope / bend if bend > 0.0 else 0.0
    return found - step if abs(step) < STEP_MAX else found


def _refuse(market: AlmgrenChrissMarket, event_period: int, regimes: Sequence[Regime]) -> None:
    check_market(market)
    if market.drift:
        raise ModelError("A schedule across an event is without drift; set it to 0.", code="drift_unsupported")
    within("Period of the event", event_period, 1, market.periods - 1)
    for regime in regimes:
        not_negative("Volatility of a regime", regime.sigma_price)
        positive("Probability of a regime", regime.probability)
    if not regimes or abs(sum(regime.probability for regime in regimes) - 1.0) > 1e-9:
        raise ModelError("Give the regimes after the event probabilities that add to 1.", code="probabilities")
