"""Power-law impact with a horizon: the convex program that the closed form without one does not solve.

    min Σ_k η τ (n_k/τ)^(k+1) + λ σ² τ Σ_k x_k²,   n_k >= 0, Σ n_k = X, x_k what is left after bucket k

Source: Almgren 2003 for the costs. Its closed form supposes that the speed is zero when nothing is left (Marzo, Ritelli
and Zagaglia 2011), so it is not cut off at a horizon but solved anew: each round replaces the costs by a parabola that
touches them where the last round ended, and solves that quadratic program as any constrained schedule is solved. With
an exponent of 1 it is Almgren and Chriss 2000 in one round (η there is η − γτ/2).

Risk is counted on what is left after each bucket, as in Almgren and Chriss; `utility_between` counts it along the
straight lines between them, and that can be compared with the path without a horizon: it is never below it.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import positive
from sottovoce.models.schedule_constrained_covariance import FactorCovariance
from sottovoce.models.schedule_constrained_kkt import RESIDUAL_MAX
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket
from sottovoce.models.schedule_constrained_rows import Rows, program
from sottovoce.models.schedule_constrained_solver import SOLVED, solve, undecided
from sottovoce.models.schedule_power import PowerLawMarket

FLOOR = 1e-9
"""Part of the order at which the parabola of a bucket that hardly trades is drawn."""
ROUNDS_MAX = 200


class PowerSchedule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """holdings: shares, shape (N + 1,); temporary_cost: currency; variance: currency², of what is left after each
    bucket; variance_between: along the lines between. residual: how far from optimal, relative; rounds: of quadratic
    programs.
    """

    holdings: FloatArray
    temporary_cost: float
    variance: float
    variance_between: float
    risk_aversion: float
    residual: float
    rounds: int

    @property
    def utility(self) -> float:
        """E + λV: what is minimised."""
        return self.temporary_cost + self.risk_aversion * self.variance

    @property
    def utility_between(self) -> float:
        """E + λV of the continuous path."""
        return self.temporary_cost + self.risk_aversion * self.variance_between


def finite_schedule(market: PowerLawMarket, horizon: float, periods: int) -> PowerSchedule:
    """The best schedule over so many days in so many equal buckets.

    Raises: ModelError `not_positive`, `optimiser_missing`; PlanError `schedule_not_solved` where the answer is not the
    optimum to 1e-6.
    """
    tau = positive("Horizon", horizon) / positive("Number of periods", periods)
    trades = np.full(periods, market.quantity / periods)
    rounds, residual = 0, _residual(market, tau, trades)
    while residual > RESIDUAL_MAX / 100 and rounds < ROUNDS_MAX:
        moved = _better(market, tau, trades, _round(market, tau, trades))
        rounds, last, residual = rounds + 1, residual, _residual(market, tau, moved)
        trades = moved
        if last <= RESIDUAL_MAX and residual > 0.9 * last:
            break  # the optimiser's own precision
    if not residual <= RESIDUAL_MAX:
        told = f"After {rounds} rounds the schedule is {residual:.1e} from optimal, more than {RESIDUAL_MAX:.0e}"
        raise PlanError(f"{told}; try fewer periods.", code="schedule_not_solved")
    return _measured(market, tau, trades, residual, rounds)


def _measured(market: PowerLawMarket, tau: float, trades: FloatArray, residual: float, rounds: int) -> PowerSchedule:
    held = _holdings(market, trades)
    squares, between = held[1:] ** 2, held[1:] ** 2 + held[1:] * held[:-1] + held[:-1] ** 2
    return PowerSchedule(
        holdings=held,
        temporary_cost=_cost(market, tau, trades),
        variance=market.sigma_price**2 * tau * float(squares.sum()),
        variance_between=market.sigma_price**2 * tau * float(between.sum()) / 3.0,
        risk_aversion=market.risk_aversion,
        residual=residual,
        rounds=rounds,
    )


def _round(market: PowerLawMarket, tau: float, trades: FloatArray) -> FloatArray:
    """The best trades where each bucket's cost is a parabola through its value and slope at the last ones.

    At an exponent up to 1 the parabola c·n² lies above the cost, so that every round is an improvement; above 1 it is
    the one of Newton's method.
    """
    k = market.exponent
    speed = np.maximum(trades, FLOOR * market.quantity) / tau
    bend = market.eta * (k + 1.0) * max(k, 1.0) * speed ** (k - 1.0) / tau
    slope = market.eta * (k + 1.0) * speed**k - bend * speed * tau
    basket = _basket(market, tau, 0.5 * bend, slope)
    rows = Rows(basket, (), market.risk_aversion)
    if rows.unknowns == 0:
        return trades
    found = solve(program(rows, _utility(market, tau, trades)))
    if found.status != SOLVED:
        raise undecided(found)
    moved = -np.diff(rows.holdings(found.unknowns)[:, 0])
    return np.asarray(np.maximum(moved, 0.0), dtype=np.float64)


def _basket(market: PowerLawMarket, tau: float, impact: FloatArray, linear: FloatArray) -> ConstrainedBasket:
    """The order alone as a list, under other costs."""
    periods, zero = len(impact), np.zeros(1)
    variance = np.array([market.sigma_price**2])
    return ConstrainedBasket(
        names=("order",), quantities=np.array([market.quantity]), prices=np.ones(1),
        covariance=FactorCovariance(loadings=np.zeros((1, 0)), specific=variance), impact=impact[:, None],
        linear=linear[:, None], days=np.full(periods, tau), volumes=np.ones((periods, 1)),
        participation=np.array([np.inf]), betas=zero, drift=zero, reversible=np.zeros(1, dtype=np.bool_),
    )  # fmt: skip


def _better(market: PowerLawMarket, tau: float, trades: FloatArray, proposed: FloatArray) -> FloatArray:
    """As far towards the proposal as the true cost falls, halving the way until it does."""
    now, way = _utility(market, tau, trades), 1.0
    while way > 1e-6:
        moved = trades + way * (proposed - trades)
        if _utility(market, tau, moved) <= now:
            return np.asarray(moved * (market.quantity / moved.sum()), dtype=np.float64)
        way /= 2.0
    return trades


def _cost(market: PowerLawMarket, tau: float, trades: FloatArray) -> float:
    return market.eta * tau * float(((trades / tau) ** (market.exponent + 1.0)).sum())


def _utility(market: PowerLawMarket, tau: float, trades: FloatArray) -> float:
    held = _holdings(market, trades)[1:]
    return _cost(market, tau, trades) + market.risk_aversion * market.sigma_price**2 * tau * float((held**2).sum())


def _holdings(market: PowerLawMarket, trades: FloatArray) -> FloatArray:
    """Shares left, shape (N + 1,), added up from the end so that small ones keep their digits."""
    left = np.append(np.cumsum(trades[::-1])[::-1], 0.0)
    left[0] = market.quantity
    return left


def _residual(market: PowerLawMarket, tau: float, trades: FloatArray) -> float:
    """How far from optimal, relative: the larger of dual infeasibility and complementarity.

    A share costs η(k+1)(n/τ)^k in its bucket and saves the risk of being held after it. At the optimum the sum is the
    same in every bucket that trades and nowhere lower: what it is above that level is the price of n_k >= 0.
    """
    k = market.exponent
    spent = market.eta * (k + 1.0) * (trades / tau) ** k
    risk = 2.0 * market.risk_aversion * market.sigma_price**2 * tau * _holdings(market, trades)[1:]
    saved = np.cumsum(risk[::-1])[::-1]
    marginal = spent - saved
    above = marginal - float(np.average(marginal, weights=trades))
    unpaid = float(np.abs(above) @ trades) / _utility(market, tau, trades)
    return max(float(-above.min()) / float((spent + saved).max()), unpaid)
