"""Several assets at once: Almgren and Chriss for a basket whose prices move together.

Source: Almgren and Chriss 2000, appendix A; T-SCH-6. Minimises Σ_k n_k'(E/τ)n_k + λτ x_k'C x_k over holdings x_0 = X …
x_N = 0, with E = H − τΓ/2 diagonal: the basket is turned into independent portfolios, each with an urgency of its own.
Nothing keeps an asset from being oversold or used as a hedge; where that must not be, the constrained problem is
another model.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive
from sottovoce.models.schedule_ac import sinh_ratio


class BasketMarket(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The basket and the market it meets; m assets.

    quantities: shares, signed, shape (m,); covariance: currency² per share² per day, shape (m, m), symmetric and
    positive definite; gamma, eta, epsilon: as in AlmgrenChrissMarket, shape (m,); horizon: days; periods: N.
    """

    quantities: FloatArray
    covariance: FloatArray
    gamma: FloatArray
    eta: FloatArray
    epsilon: FloatArray
    horizon: float
    periods: int

    @property
    def tau(self) -> float:
        """Length of one period, days."""
        return self.horizon / self.periods

    @property
    def eta_tilde(self) -> FloatArray:
        """η − γτ/2 of each asset."""
        return np.asarray(self.eta - 0.5 * self.gamma * self.tau, dtype=np.float64)


class BasketSchedule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """holdings: shares, shape (N + 1, m); kappas: per day, of the independent portfolios, rising, shape (m,)."""

    holdings: FloatArray
    kappas: FloatArray
    expected_cost: float
    variance: float
    risk_aversion: float

    @property
    def utility(self) -> float:
        """E + λV, ε included."""
        return self.expected_cost + self.risk_aversion * self.variance

    @property
    def reverses(self) -> bool:
        """Whether some asset is oversold, or bought and sold on the way: the basket hedges itself."""
        trades = -np.diff(self.holdings, axis=0)
        return bool((trades * np.sign(self.holdings[0]) < -1e-9).any() or trades[:, self.holdings[0] == 0].any())


def basket_schedule(market: BasketMarket, risk_aversion: float) -> BasketSchedule:
    """The schedule of least impact and risk, exact in discrete time, without constraints.

    Raises: ModelError `shapes_differ`, `covariance`, `eta_tilde_not_positive` and those of the single-asset model.
    """
    _check(market)
    root = np.sqrt(market.eta_tilde)
    rates, turn = np.linalg.eigh(market.covariance / np.outer(root, root))
    tau = market.tau
    speed = np.sqrt(not_negative("Risk aversion", risk_aversion) * np.maximum(rates, 0.0))
    kappas = 2.0 / tau * np.arcsinh(speed * tau / 2.0)
    start = turn.T @ (root * market.quantities)
    left = market.horizon - np.arange(market.periods + 1, dtype=np.float64) * tau
    paths = np.stack([each * _fade(kappa, left, market.horizon) for each, kappa in zip(start, kappas, strict=True)])
    holdings = np.asarray((turn @ paths).T / root, dtype=np.float64)
    holdings[0], holdings[-1] = market.quantities, 0.0
    return BasketSchedule(
        holdings=holdings,
        kappas=kappas,
        expected_cost=basket_cost(market, holdings),
        variance=basket_variance(market, holdings),
        risk_aversion=risk_aversion,
    )


def basket_cost(market: BasketMarket, holdings: FloatArray) -> float:
    """E, currency, of any holdings, shape (N + 1, m)."""
    trades = -np.diff(holdings, axis=0)
    permanent = 0.5 * float(market.gamma @ market.quantities**2)
    spent = float((np.abs(trades) @ market.epsilon).sum() + (trades**2 @ market.eta_tilde).sum() / market.tau)
    return permanent + spent


def basket_variance(market: BasketMarket, holdings: FloatArray) -> float:
    """V, currency², of any holdings, shape (N + 1, m)."""
    later = holdings[1:]
    return float(market.tau * np.einsum("km,mn,kn->", later, market.covariance, later))


def _fade(kappa: float, left: FloatArray, horizon: float) -> FloatArray:
    if kappa * horizon < 1e-9:
        return np.asarray(left / horizon, dtype=np.float64)
    return sinh_ratio(kappa * left, kappa * horizon)


def _check(market: BasketMarket) -> None:
    count = len(market.quantities)
    vectors = (market.gamma, market.eta, market.epsilon)
    if not count or market.covariance.shape != (count, count) or any(each.shape != (count,) for each in vectors):
        raise ModelError("Give every asset a quantity, gamma, eta, epsilon and covariances.", code="shapes_differ")
    positive("Horizon", market.horizon)
    positive("Number of periods", market.periods)
    for number in range(count):
        not_negative("Permanent impact gamma", float(market.gamma[number]))
        not_negative("Fixed cost epsilon", float(market.epsilon[number]))
    whole = (market.quantities, market.covariance)
    if not all(np.all(np.isfinite(each)) for each in whole) or not np.allclose(market.covariance, market.covariance.T):
        raise ModelError("Quantities and covariances must be ordinary numbers, C symmetric.", code="covariance")
    if np.linalg.eigvalsh(market.covariance)[0] < -1e-9 * np.abs(market.covariance).max():
        raise ModelError("Some portfolio would have a negative variance; check the covariances.", code="covariance")
    if not np.all(market.eta_tilde > 0):
        raise ModelError("Eta less half of gamma times the period is not above zero.", code="eta_tilde_not_positive")
