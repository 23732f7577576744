"""The optimal schedule of Almgren and Chriss 2000.

Source: "Optimal execution of portfolio transactions", J. Risk 3(2) 5-39.

Holdings x_0 = X … x_N = 0 after each of N periods of length τ = T/N, trades n_k = x_{k−1} − x_k. The price
moves by σ√τ ξ − γ n per period and a fill pays ε + η n/τ. Minimising E + λV of the cost has the exact
discrete solution used here. A sell is shown; a buy is its mirror image and costs the same (for a buy, pass
minus the price drift).

The hyperbolic functions are written with decaying exponentials only, so that neither λ → 0 (a straight
line) nor a large κT (almost everything at once) loses digits.
"""

from __future__ import annotations

from math import asinh, sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import finite, not_negative, positive

STRAIGHT_LINE = 1e-9
"""Below this κT the schedule equals the straight line to double precision, and is computed as one."""


class AlmgrenChrissMarket(msgspec.Struct, frozen=True, kw_only=True):
    """The order and the market it meets.

    quantity X shares > 0; horizon T days > 0; periods N >= 1; sigma_price currency per share per √day >= 0;
    gamma currency per share² >= 0 (permanent); eta currency per share per (share/day) > 0 (temporary);
    epsilon currency per share >= 0 (fixed, usually half the spread); drift currency per share per day.
    """

    quantity: float
    horizon: float
    periods: int
    sigma_price: float
    gamma: float
    eta: float
    epsilon: float
    drift: float = 0.0

    @property
    def tau(self) -> float:
        """Length of one period, days."""
        return self.horizon / self.periods

    @property
    def eta_tilde(self) -> float:
        """η − γτ/2: temporary impact net of the permanent impact that trading within a period repays."""
        return self.eta - 0.5 * self.gamma * self.tau


class AlmgrenChriss(msgspec.Struct, frozen=True, kw_only=True):
    """The schedule and what it is expected to cost.

    holdings: x_0 … x_N, shares, N + 1 figures. trades: n_1 … n_N, shares. expected_cost: currency.
    variance: currency². kappa: 1/day. reverses: some trade goes against the order's side, which only a
    drift can cause.
    """

    holdings: tuple[float, ...]
    trades: tuple[float, ...]
    expected_cost: float
    variance: float
    kappa: float
    risk_aversion: float
    reverses: bool

    @property
    def standard_deviation(self) -> float:
        """√V, currency: one standard deviation of the cost from price noise."""
        return sqrt(self.variance)

    @property
    def utility(self) -> float:
        """E + λV, what the schedule minimises."""
        return self.expected_cost + self.risk_aversion * self.variance


def almgren_chriss(
    quantity: float,
    horizon: float,
    periods: int,
    sigma_price: float,
    gamma: float,
    eta: float,
    epsilon: float,
    risk_aversion: float,
    drift: float = 0.0,
) -> AlmgrenChriss:
    """The schedule minimising E + λV, exact in discrete time.

    Args: as AlmgrenChrissMarket; risk_aversion λ per currency unit, >= 0, 0 gives the straight line.
    Raises: ModelError `not_positive`, `negative`, `not_finite`; `eta_tilde_not_positive` when the periods are
        so long that permanent impact outweighs temporary impact and no minimum exists.
    Source: equations (5), (8), (17), (26) of the paper; T-SCH-1 to T-SCH-4.
    """
    market = AlmgrenChrissMarket(
        quantity=quantity, horizon=horizon, periods=periods, sigma_price=sigma_price,
        gamma=gamma, eta=eta, epsilon=epsilon, drift=drift,
    )  # fmt: skip
    return optimal_schedule(market, risk_aversion)


def optimal_schedule(market: AlmgrenChrissMarket, risk_aversion: float) -> AlmgrenChriss:
    """`almgren_chriss` for a market already put together."""
    check(market)
    kappa = urgency(market, risk_aversion)
    times: FloatArray = np.arange(market.periods + 1, dtype=np.float64) * market.tau
    holdings = holdings_at(market, kappa, times)
    holdings[0], holdings[-1] = market.quantity, 0.0
    trades = -np.diff(holdings)
    return AlmgrenChriss(
        holdings=tuple(holdings.tolist()),
        trades=tuple(trades.tolist()),
        expected_cost=expected_cost(market, holdings),
        variance=cost_variance(market, holdings),
        kappa=kappa,
        risk_aversion=risk_aversion,
        reverses=bool((trades < 0).any()),
    )


def check(market: AlmgrenChrissMarket) -> None:
    """Refuse a market for which the problem has no meaning or no minimum."""
    positive("Quantity", market.quantity)
    positive("Horizon", market.horizon)
    positive("Number of periods", market.periods)
    not_negative("Volatility", market.sigma_price)
    not_negative("Permanent impact gamma", market.gamma)
    positive("Temporary impact eta", market.eta)
    not_negative("Fixed cost epsilon", market.epsilon)
    finite("Drift", market.drift)
    if market.eta_tilde <= 0:
        raise ModelError(
            f"Eta less half of gamma times the period is {market.eta_tilde:.3g}; "
            "take more periods or a shorter horizon, or check gamma and eta.",
            code="eta_tilde_not_positive",
        )


def urgency(market: AlmgrenChrissMarket, risk_aversion: float) -> float:
    """κ, per day: the rate at which holdings decay. Solves (2/τ²)(cosh κτ − 1) = λσ²/η̃."""
    not_negative("Risk aversion", risk_aversion)
    rate = sqrt(risk_aversion / market.eta_tilde) * market.sigma_price
    return 2.0 / market.tau * asinh(rate * market.tau / 2.0)


def holdings_at(market: AlmgrenChrissMarket, kappa: float, times: FloatArray) -> FloatArray:
    """Shares still held at `times` (days from the start, 0 to T, shape (n,)): equations (17) and (26)."""
    left = market.horizon - times
    if kappa * market.horizon < STRAIGHT_LINE:
        bend = market.drift / (4 * market.eta_tilde) * times * left
        return market.quantity * left / market.horizon + bend
    held = market.quantity * sinh_ratio(kappa * left, kappa * market.horizon)
    if market.drift == 0.0:
        return held
    return held + _drift_level(market, kappa) * _arch(kappa, times, left)


def sinh_ratio(a: FloatArray, b: float) -> FloatArray:
    """sinh(a)/sinh(b) for 0 <= a <= b, b > 0, without overflow or loss of digits at either end."""
    return np.asarray(np.exp(a - b) * np.expm1(-2.0 * a) / np.expm1(-2.0 * b), dtype=np.float64)


def expected_cost(market: AlmgrenChrissMarket, holdings: FloatArray) -> float:
    """E, currency, of any holdings path x_0 … x_N, shape (N + 1,): equation (8) less the gain from drift."""
    trades = -np.diff(holdings)
    spent = 0.5 * market.gamma * market.quantity**2 + market.epsilon * float(np.abs(trades).sum())
    spent += market.eta_tilde / market.tau * float(trades @ trades)
    return spent - market.drift * market.tau * float(holdings[1:].sum())


def cost_variance(market: AlmgrenChrissMarket, holdings: FloatArray) -> float:
    """V, currency², of any holdings path: equation (5)."""
    later = holdings[1:]
    return market.sigma_price**2 * market.tau * float(later @ later)


def immediate_cost(market: AlmgrenChrissMarket) -> float:
    """E, currency, of selling everything in the first period: εX + ηX²/τ, with variance zero."""
    check(market)
    return market.epsilon * market.quantity + market.eta * market.quantity**2 / market.tau


def efficient_frontier(market: AlmgrenChrissMarket, risk_aversions: tuple[float, ...]) -> tuple[AlmgrenChriss, ...]:
    """One optimal schedule for each λ; along them dE/dV = −λ."""
    return tuple(optimal_schedule(market, each) for each in risk_aversions)


def _drift_level(market: AlmgrenChrissMarket, kappa: float) -> float:
    """x̄ = α/(2λσ²), shares, with λσ² recovered from κ so that a tiny λ loses nothing."""
    curvature = (2.0 / market.tau * np.sinh(kappa * market.tau / 2.0)) ** 2
    return float(market.drift / (2.0 * market.eta_tilde * curvature))


def _arch(kappa: float, times: FloatArray, left: FloatArray) -> FloatArray:
    """1 − [sinh κ(T − t) + sinh κt]/sinh κT as a product: no cancellation for small κ."""
    top = np.expm1(-kappa * left) * np.expm1(-kappa * times)
    return np.asarray(top / (1.0 + np.exp(-kappa * (times + left))), dtype=np.float64)
