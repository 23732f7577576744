"""Whether a schedule is the best one, measured from the basket itself and not from what the optimiser was given.

A schedule is optimal if multipliers exist under which a share of a name costs the same in every bucket in which the
name may trade (stationarity), nothing is broken (feasibility), no multiplier has the wrong sign, and a limit that is
not reached has no price (complementarity). All four are computed here on arrays in shares and currency, from holdings
and multipliers alone; the sparse matrices of the optimiser are not used, so a slip in them would be seen.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket, Exposure, trades_of

RESIDUAL_MAX = 1e-6
"""A schedule above this is not handed out."""


class Multipliers(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a limit costs, all >= 0.

    oversell, forth, back: currency per share, (N, m): of trading against the order's direction, of the cap in its
    direction and of the cap against it. turn: slope of the cost per share of a name that may turn, (N, m), within ±ε.
    high, low: currency per currency of each limited sum after each bucket but the last, (N − 1, r).
    """

    oversell: FloatArray
    forth: FloatArray
    back: FloatArray
    turn: FloatArray
    high: FloatArray
    low: FloatArray


class Residuals(msgspec.Struct, frozen=True, kw_only=True):
    """Each relative, so without unit.

    stationarity: largest difference of a name's marginal cost between buckets, times its order, over the largest such
    term of any name. feasibility: largest breach of a cap, over the order, or of a sum, over the most it could come
    to. sign: largest multiplier of the wrong sign, as stationarity. complementarity: all limits' slack times price,
    over the schedule's cost.
    """

    stationarity: float
    feasibility: float
    sign: float
    complementarity: float

    @property
    def worst(self) -> float:
        """The largest of the four."""
        return max(self.stationarity, self.feasibility, self.sign, self.complementarity)


def residuals(
    basket: ConstrainedBasket,
    limits: tuple[Exposure, ...],
    risk_aversion: float,
    holdings: FloatArray,
    prices: Multipliers,
    currency: float,
) -> Residuals:
    """How far a schedule is from optimal.

    Args:
        holdings: shares left, shape (N + 1, m). currency: the objective's size, > 0, that products are compared with.
    """
    sizes = np.maximum(np.abs(basket.quantities), np.abs(trades_of(holdings)).max(axis=0))
    gap, terms = _stationarity(basket, limits, risk_aversion, holdings, prices)
    most = float((terms * sizes).max(initial=0.0)) or 1.0
    return Residuals(
        stationarity=float((gap * sizes).max(initial=0.0)) / most,
        feasibility=_breach(basket, limits, holdings, sizes),
        sign=_wrong_sign(basket, limits, prices, sizes, most, currency),
        complementarity=_unpaid(basket, limits, holdings, prices) / currency,
    )


def _stationarity(
    basket: ConstrainedBasket,
    limits: tuple[Exposure, ...],
    risk_aversion: float,
    holdings: FloatArray,
    prices: Multipliers,
) -> tuple[FloatArray, FloatArray]:
    """Half the spread of each name's marginal cost over its buckets, and the largest term it is made of, (m,)."""
    sign, trades = _sign(basket), trades_of(holdings)
    impact = 2.0 * basket.impact * trades
    fixed = np.where(basket.reversible, prices.turn, sign * basket.linear)
    bounds = sign * (prices.forth - prices.oversell - prices.back)
    holding = 2.0 * risk_aversion * basket.covariance.times(holdings[1:]) - basket.drift
    holding *= basket.days[:, None]
    if limits:
        holding[:-1] += (prices.high - prices.low) @ np.stack([each.loadings for each in limits])
    kept = np.cumsum(holding[::-1], axis=0)[::-1]
    marginal = impact + fixed + bounds - kept
    open_ = basket.tradable & (basket.reversible | (basket.quantities != 0))
    highest = np.where(open_, marginal, -np.inf).max(axis=0)
    lowest = np.where(open_, marginal, np.inf).min(axis=0)
    spread = np.where(open_.any(axis=0), highest - lowest, 0.0) / 2.0
    size = np.where(open_, np.abs(impact) + np.abs(fixed) + np.abs(bounds) + np.abs(kept), 0.0).max(axis=0)
    return np.asarray(spread, dtype=np.float64), np.asarray(size, dtype=np.float64)


def _breach(basket: ConstrainedBasket, limits: tuple[Exposure, ...], holdings: FloatArray, sizes: FloatArray) -> float:
    along = trades_of(holdings) * _sign(basket)
    over = np.where(basket.reversible, np.abs(along), along) - basket.caps
    under = np.where(basket.reversible, 0.0, -along)
    worst = float((np.maximum(over, under) / np.where(sizes > 0, sizes, 1.0)).max(initial=0.0))
    worst = max(worst, float((np.abs(holdings[-1]) / np.where(sizes > 0, sizes, 1.0)).max(initial=0.0)))
    for limit in limits:
        left = holdings[1:-1] @ limit.loadings
        reach = float(np.abs(limit.loadings) @ sizes) or 1.0
        worst = max(worst, float(np.maximum(left - limit.high, limit.low - left).max(initial=0.0)) / reach)
    return worst


def _wrong_sign(
    basket: ConstrainedBasket,
    limits: tuple[Exposure, ...],
    prices: Multipliers,
    sizes: FloatArray,
    most: float,
    currency: float,
) -> float:
    excess = np.where(basket.reversible, np.maximum(np.abs(prices.turn) - basket.linear, 0.0), 0.0)
    shares = np.maximum.reduce([-prices.oversell, -prices.forth, -prices.back, excess])
    worst = float((shares * sizes).max(initial=0.0)) / most
    reach = np.array([float(np.abs(each.loadings) @ sizes) for each in limits])
    sums = np.maximum(-prices.high, -prices.low) * reach
    return max(worst, float(sums.max(initial=0.0)) / currency)


def _unpaid(
    basket: ConstrainedBasket, limits: tuple[Exposure, ...], holdings: FloatArray, prices: Multipliers
) -> float:
    """Σ |multiplier · slack|, currency."""
    along = trades_of(holdings) * _sign(basket)
    caps = np.where(np.isfinite(basket.caps), basket.caps, 0.0)  # a cap that is not there has a price of zero
    products = [
        prices.oversell * np.where(basket.reversible, 0.0, along),
        prices.forth * (caps - along),
        prices.back * (caps + along),
        np.where(basket.reversible, basket.linear * np.abs(along) - prices.turn * along * _sign(basket), 0.0),
    ]
    total = sum(float(np.abs(each).sum()) for each in products)
    for place, limit in enumerate(limits):
        left = holdings[1:-1] @ limit.loadings
        total += float(np.abs(prices.high[:, place] * (limit.high - left)).sum())
        total += float(np.abs(prices.low[:, place] * (left - limit.low)).sum())
    return total


def _sign(basket: ConstrainedBasket) -> FloatArray:
    return np.where(basket.quantities < 0, -1.0, 1.0)
