"""Schedules under power-law temporary impact h(v) = ηv^k, without a horizon: Almgren 2003.

Source: "Optimal execution with nonlinear impact functions and trading-enhanced risk", Applied Math. Finance 10, 1-18;
T-SCH-8. For k < 1 larger orders trade on a shorter time scale, for k > 1 on a longer one and end in finite time. The
closed form supposes that the speed is zero when nothing is held: it must not be cut off at a horizon.
"""

from __future__ import annotations

from math import exp

import msgspec

from sottovoce.models.guards import not_negative, positive


class PowerLawMarket(msgspec.Struct, frozen=True, kw_only=True):
    """quantity X: shares; sigma_price: currency per share per √day; eta, exponent k: h(v) = ηv^k, v in shares a day.

    All above zero; risk_aversion λ per currency unit.
    """

    quantity: float
    sigma_price: float
    eta: float
    exponent: float
    risk_aversion: float

    def __post_init__(self) -> None:
        positive("Quantity", self.quantity)
        positive("Volatility", self.sigma_price)
        positive("Temporary impact eta", self.eta)
        positive("Impact exponent", self.exponent)
        positive("Risk aversion", self.risk_aversion)


def characteristic_time(market: PowerLawMarket) -> float:
    """T*, days: how fast the order is worked. T* = (kηX^(k−1)/(λσ²))^(1/(k+1))."""
    k = market.exponent
    top = k * market.eta * market.quantity ** (k - 1.0)
    return float((top / (market.risk_aversion * market.sigma_price**2)) ** (1.0 / (k + 1.0)))


def end_time(market: PowerLawMarket) -> float | None:
    """Days until nothing is held: (k+1)/(k−1) T* for k > 1, None where it takes for ever."""
    k = market.exponent
    return (k + 1.0) / (k - 1.0) * characteristic_time(market) if k > 1.0 else None


def held_at(market: PowerLawMarket, days: float) -> float:
    """Shares still held after so many days, days >= 0."""
    k, passed = market.exponent, not_negative("Time", days) / characteristic_time(market)
    if k == 1.0:
        return market.quantity * exp(-passed)
    base = 1.0 + (1.0 - k) / (1.0 + k) * passed
    return float(market.quantity * max(base, 0.0) ** (-(1.0 + k) / (1.0 - k)))


def cost_variance(market: PowerLawMarket) -> float:
    """V, currency²: σ²X²T*(k+1)/(3k+1)."""
    k = market.exponent
    whole = (market.sigma_price * market.quantity) ** 2 * characteristic_time(market)
    return whole * (k + 1.0) / (3.0 * k + 1.0)


def temporary_cost(market: PowerLawMarket) -> float:
    """E, currency: λV/k."""
    return market.risk_aversion * cost_variance(market) / market.exponent
