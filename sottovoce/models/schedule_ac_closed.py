"""Closed forms of the Almgren–Chriss optimum without drift: equation (20) of the paper and its
straight-line limit.

The schedule module sums its own trades; these say the same without summing and are its referee.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, check, urgency


def closed_expected_cost(market: AlmgrenChrissMarket, risk_aversion: float) -> float:
    """E*, currency. ½γX² + εX + η̃X² tanh(κτ/2)[τ sinh 2κT + 2T sinh κτ]/(2τ² sinh²κT)."""
    _refuse_drift(market)
    x, tau, horizon = market.quantity, market.tau, market.horizon
    fixed = 0.5 * market.gamma * x**2 + market.epsilon * x
    kappa = urgency(market, risk_aversion)
    if kappa == 0.0:
        return fixed + market.eta_tilde * x**2 / horizon
    bracket = tau / np.tanh(kappa * horizon) + horizon * _sinh_over_square(kappa * tau, kappa * horizon)
    return float(fixed + market.eta_tilde * x**2 * np.tanh(kappa * tau / 2) * bracket / tau**2)


def closed_variance(market: AlmgrenChrissMarket, risk_aversion: float) -> float:
    """V*, currency². ½σ²X²[τ sinh κT cosh κ(T − τ) − T sinh κτ]/(sinh²κT sinh κτ); κT above about 1e-3."""
    _refuse_drift(market)
    tau, horizon = market.tau, market.horizon
    risk = (market.sigma_price * market.quantity) ** 2
    kappa = urgency(market, risk_aversion)
    if kappa == 0.0:
        return risk * horizon / 3 * (1 - 1 / market.periods) * (1 - 0.5 / market.periods)
    first = tau * _cosh_over_product(kappa, tau, horizon)
    second = horizon * _sinh_over_square(kappa * tau, kappa * horizon) / np.sinh(kappa * tau)
    return float(risk / 2 * (first - second))


def _sinh_over_square(a: float, b: float) -> float:
    """sinh(a)/sinh²(b), 0 < a <= b, in decaying exponentials."""
    return float(2.0 * np.exp(a - 2.0 * b) * -np.expm1(-2.0 * a) / np.expm1(-2.0 * b) ** 2)


def _cosh_over_product(kappa: float, tau: float, horizon: float) -> float:
    """cosh κ(T − τ)/(sinh κT sinh κτ), in decaying exponentials."""
    top = 2.0 * np.exp(-2.0 * kappa * tau) * (1.0 + np.exp(-2.0 * kappa * (horizon - tau)))
    return float(top / (np.expm1(-2.0 * kappa * horizon) * np.expm1(-2.0 * kappa * tau)))


def _refuse_drift(market: AlmgrenChrissMarket) -> None:
    check(market)
    if market.drift != 0.0:
        raise ModelError("The closed forms hold without drift; sum the schedule instead.", code="drift_given")
