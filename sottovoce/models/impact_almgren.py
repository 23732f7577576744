"""Market impact after Almgren, Thum, Hauptmann and Li 2005.

Source: "Direct estimation of equity market impact", Risk 18(7) 57-62.

With X shares, V average daily volume, Θ shares outstanding, σ daily volatility and T the duration in volume
time (a fraction of an average day's volume):

    I = γ σ (X/V)^α (Θ/V)^δ          permanent: pre-trade mid to half an hour after the last fill
    K = η σ |X/(V T)|^β              temporary
    J = I/2 + K                      what the average fill pays against the arrival mid

The coefficients are universal across S&P 500 names (29,509 orders, December 2001 to June 2003, at least
0.25 % of ADV); the authors trust them to about 10 % of ADV inside one day. Outside that the cost is still
computed and marked `extrapolated`. One order's outcome is dominated by price noise, given separately as
`timing_risk_bps`.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Literal

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.ranges import CountOrNone, Exponent, NotNegative, Signed
from sottovoce.models.guards import finite, positive

Z_95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""

Outside = Literal["size_below_sample", "size_above_sample", "longer_than_a_day"]


class Almgren2005(msgspec.Struct, frozen=True, kw_only=True):
    """Coefficients, exponents and their standard errors; a version name that reports print; the sample they are from.

    The paper fits the exponents freely, finds these standard errors, then fixes them at 1, 1/4 and 3/5 and
    re-estimates gamma and eta: the errors of gamma and eta are conditional on the fixed exponents. n orders of the
    window; 0 and empty where nobody says.
    """

    version: str
    gamma: Signed
    gamma_se: NotNegative
    eta: Signed
    eta_se: NotNegative
    alpha: Exponent = 1.0
    alpha_se: NotNegative = 0.10
    delta: Exponent = 0.25
    delta_se: NotNegative = 0.22
    beta: Exponent = 0.60
    beta_se: NotNegative = 0.038
    size_min: NotNegative = 0.0025
    size_max: NotNegative = 0.10
    duration_max: NotNegative = 1.0
    n: CountOrNone = 0
    window: str = ""


ALMGREN_2005 = Almgren2005(
    version="almgren2005/risk-18-7", gamma=0.314, gamma_se=0.041, eta=0.142, eta_se=0.0062,
    n=29_509, window="2001-12 to 2003-06",
)  # fmt: skip


class AlmgrenCost(msgspec.Struct, frozen=True, kw_only=True):
    """Expected cost in bps of the arrival price, positive = worse for either side.

    `permanent_bps` is the full move I; the order itself pays half of it: cost = permanent/2 + temporary.
    `participation` is X/(V T), our share of volume while trading. `outside` says why `extrapolated` is true.
    """

    permanent_bps: float
    temporary_bps: float
    cost_bps: float
    participation: float
    size: float
    turnover_inverse: float
    timing_risk_bps: float
    extrapolated: bool
    outside: tuple[Outside, ...]
    parameters: Almgren2005


class CostInterval(msgspec.Struct, frozen=True, kw_only=True):
    """Expected cost with its standard error and the low and high ends, all bps."""

    cost_bps: float
    standard_error_bps: float
    low_bps: float
    high_bps: float


def almgren2005(
    quantity: float,
    adv: float,
    shares_outstanding: float,
    sigma_daily: float,
    duration: float,
    parameters: Almgren2005 = ALMGREN_2005,
) -> AlmgrenCost:
    """Expected permanent, temporary and total cost of one order.

    Args:
        quantity: shares, not zero; a negative figure is a sell and costs the same.
        adv: average daily volume, shares, > 0.
        shares_outstanding: shares, > 0.
        sigma_daily: daily return volatility as a fraction (0.0157 is 1.57 %), > 0.
        duration: volume time in days (0.1 is a tenth of an average day's volume), > 0.
    Raises: ModelError when a figure is missing its meaning (`not_positive`, `not_finite`, `zero_quantity`).
    Source: the paper's §4.2-4.3; T-IMP-1 reproduces its IBM table.
    """
    size = _size(quantity, adv)
    # Checked after the division too: of figures that are hardly above zero nothing may be left.
    turnover_inverse = positive("Shares over volume", positive("Shares outstanding", shares_outstanding) / adv)
    participation = positive("Participation", size / positive("Duration", duration))
    sigma_bps = positive("Daily volatility", sigma_daily) * 1e4
    p = parameters
    # For alpha = 1 the duration drops out of the permanent part.
    drift = duration * participation**p.alpha if p.alpha != 1.0 else size
    permanent = p.gamma * sigma_bps * drift * turnover_inverse**p.delta
    temporary = p.eta * sigma_bps * participation**p.beta
    outside = outside_sample(size, duration, p)
    return AlmgrenCost(
        permanent_bps=permanent,
        temporary_bps=temporary,
        cost_bps=permanent / 2 + temporary,
        participation=participation,
        size=size,
        turnover_inverse=turnover_inverse,
        timing_risk_bps=timing_risk_bps(sigma_daily, duration),
        extrapolated=bool(outside),
        outside=outside,
        parameters=p,
    )


def timing_risk_bps(sigma_daily: float, duration: float) -> float:
    """One standard deviation of average fill against arrival from price noise alone, constant rate, bps.

    σ √(T/3). It is the variance of J in the paper's noise model: the two noise terms of J − I/2 and the one
    of I/2 add to T/3 whatever the length of the window after the trade. T in volume time, days.
    """
    return positive("Daily volatility", sigma_daily) * 1e4 * sqrt(positive("Duration", duration) / 3)


def cost_interval(cost: AlmgrenCost, *, z: float = Z_95, include_exponents: bool = False) -> CostInterval:
    """Expected cost ± z standard errors of the coefficients, by the delta method.

    Covers what is not known about the average cost, not the noise of one order (that is `timing_risk_bps`).
    `include_exponents` adds the errors of the free fit's exponents as if independent of gamma and eta; their
    covariance is not published, so this wider interval is a cautious figure, not a bound.
    """
    p = cost.parameters
    half = cost.permanent_bps / 2
    terms = [half * p.gamma_se / p.gamma, cost.temporary_bps * p.eta_se / p.eta]
    if include_exponents:
        rate = log(cost.participation)
        terms.append(half * rate * p.alpha_se)
        terms.append(half * log(cost.turnover_inverse) * p.delta_se)
        terms.append(cost.temporary_bps * rate * p.beta_se)
    error = sqrt(sum(term * term for term in terms))
    reach = positive("z", z) * error
    return CostInterval(
        cost_bps=cost.cost_bps,
        standard_error_bps=error,
        low_bps=cost.cost_bps - reach,
        high_bps=cost.cost_bps + reach,
    )


def _size(quantity: float, adv: float) -> float:
    if finite("Quantity", quantity) == 0:
        raise ModelError("Quantity is zero; there is nothing to cost.", code="zero_quantity")
    return positive("Size", abs(quantity) / positive("Average daily volume", adv))


def outside_sample(size: float, duration: float, p: Almgren2005) -> tuple[Outside, ...]:
    """On which sides an order lies outside the sample of the coefficients; size: Q/V; duration: volume time, days."""
    found: list[Outside] = []
    if size < p.size_min:
        found.append("size_below_sample")
    if size > p.size_max * (1 + 1e-12):
        found.append("size_above_sample")
    if duration > p.duration_max * (1 + 1e-12):
        found.append("longer_than_a_day")
    return tuple(found)
