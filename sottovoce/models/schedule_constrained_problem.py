"""What a constrained basket is: the list, the market it meets in every bucket, and what it may do on the way.

Quantities are signed, above zero a sale as in Almgren and Chriss, below zero a purchase; holdings are what is left to
trade, with the same sign. Everything per bucket has shape (N, m): N buckets in time, m names. A bucket in which a name
is closed, has ended, or is in an auction the list stays out of has volume 0 there; an auction it joins is a bucket with
the auction's volume and the auction's impact.
"""

from __future__ import annotations

from math import inf

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import BoolArray, FloatArray
from sottovoce.models.schedule_basket import BasketMarket
from sottovoce.models.schedule_constrained_covariance import FactorCovariance, of_dense


class ConstrainedBasket(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A list and its market.

    quantities: shares, signed, (m,); prices: currency, (m,); covariance: of price changes.
    impact: currency per share² of one bucket's trade, (N, m): trading n costs impact·n²; linear: ε, currency per
    share, (N, m). days: how long what is left after each bucket stays at risk, (N,); the last is never held.
    volumes: shares the market is expected to trade, (N, m); participation: the most the list may be of it, (m,), may
    be inf. betas: to the market, (m,); sectors: of each name, or none. drift: expected price move, currency per share
    per day, (m,). reversible: which names may be oversold or traded both ways, (m,). fixed_cost: currency any schedule
    pays. buckets: what each is called in messages, as "15:50".
    """

    names: tuple[str, ...]
    quantities: FloatArray
    prices: FloatArray
    covariance: FactorCovariance
    impact: FloatArray
    linear: FloatArray
    days: FloatArray
    volumes: FloatArray
    participation: FloatArray
    betas: FloatArray
    drift: FloatArray
    reversible: BoolArray
    sectors: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    fixed_cost: float = 0.0

    @property
    def tradable(self) -> BoolArray:
        """Where a name may trade at all, shape (N, m)."""
        return np.asarray((self.volumes > 0) & (self.participation > 0), dtype=np.bool_)

    @property
    def caps(self) -> FloatArray:
        """The most shares of each name in each bucket, shape (N, m); 0 where it may not trade."""
        with np.errstate(invalid="ignore"):
            return np.where(self.tradable, self.participation * self.volumes, 0.0)

    def bucket(self, place: int) -> str:
        """What a person calls a bucket."""
        return self.buckets[place] if self.buckets else f"bucket {place + 1}"


class BasketLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold after every bucket, currency; inf where nothing is asked.

    cash_max: |raised by sales less spent on purchases so far|. beta_max: |Σ β·price·left|. sector_max: |Σ price·left|
    of each sector.
    """

    cash_max: float = inf
    beta_max: float = inf
    sector_max: float = inf


class Exposure(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A sum over what is left, Σ loadings·x, that must stay within low … high after every bucket but the last.

    kind: "cash", "beta" or "sector"; name for a person; loadings: currency per share, (m,); cap: the limit as given.
    """

    kind: str
    name: str
    loadings: FloatArray
    low: float
    high: float
    cap: float


def of_market(market: BasketMarket, reversible: bool) -> ConstrainedBasket:
    """The basket of the closed form, without any cap; reversible lets it hedge as the closed form does."""
    count, shape = len(market.quantities), (market.periods, len(market.quantities))
    return ConstrainedBasket(
        names=tuple(f"asset {place + 1}" for place in range(count)),
        quantities=market.quantities,
        prices=np.ones(count),
        covariance=of_dense(market.covariance),
        impact=np.broadcast_to(market.eta_tilde / market.tau, shape).copy(),
        linear=np.broadcast_to(market.epsilon, shape).copy(),
        days=np.full(market.periods, market.tau),
        volumes=np.ones(shape),
        participation=np.full(count, inf),
        betas=np.zeros(count),
        drift=np.zeros(count),
        reversible=np.full(count, reversible),
        fixed_cost=0.5 * float(market.gamma @ market.quantities**2),
    )


def exposures(basket: ConstrainedBasket, limits: BasketLimits) -> tuple[Exposure, ...]:
    """The limits as bounds on sums over what is left. Raises ModelError `negative`, `no_sectors`."""
    for name, cap in (("cash", limits.cash_max), ("beta", limits.beta_max), ("sector", limits.sector_max)):
        if not cap >= 0:
            raise ModelError(f"The {name} limit is {cap}; give zero or more.", code="negative")
    found = []
    if limits.cash_max < inf:
        worth = float(basket.prices @ basket.quantities)
        low, high = worth - limits.cash_max, worth + limits.cash_max
        found.append(Exposure(kind="cash", name="cash imbalance", loadings=basket.prices, low=low, high=high,
                              cap=limits.cash_max))  # fmt: skip
    if limits.beta_max < inf:
        found.append(_even("beta", "net beta", basket.betas * basket.prices, limits.beta_max))
    if limits.sector_max < inf:
        found += _sectors(basket, limits.sector_max)
    return tuple(found)


def trades_of(holdings: FloatArray) -> FloatArray:
    """Signed shares of each bucket, shape (N, m), from holdings of shape (N + 1, m)."""
    return np.asarray(-np.diff(holdings, axis=0), dtype=np.float64)


def expected_cost(basket: ConstrainedBasket, holdings: FloatArray) -> float:
    """E, currency: impact, linear and fixed cost, less what the drift brings; holdings (N + 1, m)."""
    trades = trades_of(holdings)
    drifted = float(basket.days @ (holdings[1:] @ basket.drift))
    return basket.fixed_cost + float((basket.impact * trades**2 + basket.linear * np.abs(trades)).sum()) - drifted


def variance(basket: ConstrainedBasket, holdings: FloatArray) -> float:
    """V, currency²; holdings (N + 1, m)."""
    return float(basket.days @ basket.covariance.variance(holdings[1:]))


def check(basket: ConstrainedBasket) -> None:
    """Refuse what is not a basket. Raises ModelError `shapes_differ`, `not_finite`, `negative`, `not_positive`."""
    count, periods = len(basket.names), len(basket.days)
    vectors = ("quantities", "prices", "participation", "betas", "drift", "reversible")
    wrong = [name for name in vectors if getattr(basket, name).shape != (count,)]
    wrong += [name for name in ("impact", "linear", "volumes") if getattr(basket, name).shape != (periods, count)]
    loadings, own = basket.covariance.loadings, basket.covariance.specific
    if loadings.ndim != 2 or len(loadings) != count or own.shape != (count,):
        wrong.append("covariance")
    if wrong or not count or not periods or (basket.sectors and len(basket.sectors) != count):
        told = ", ".join(wrong) or "names, days or sectors"
        raise ModelError(f"Every name needs a figure of every kind in every bucket: see {told}.", code="shapes_differ")
    for name in ("quantities", "prices", "betas", "drift", "impact", "linear", "volumes", "days"):
        if not np.all(np.isfinite(getattr(basket, name))):
            raise ModelError(f"Every figure of {name} must be an ordinary number.", code="not_finite")
    for name in ("linear", "volumes", "days", "participation"):
        if not np.all(getattr(basket, name) >= 0):
            raise ModelError(f"No figure of {name} may be below zero.", code="negative")
    if not np.all(basket.impact > 0) or not np.all(basket.prices > 0):
        raise ModelError("Impact and prices must be above zero.", code="not_positive")


def _even(kind: str, name: str, loadings: FloatArray, cap: float) -> Exposure:
    return Exposure(kind=kind, name=name, loadings=loadings, low=-cap, high=cap, cap=cap)


def _sectors(basket: ConstrainedBasket, cap: float) -> list[Exposure]:
    if not basket.sectors:
        raise ModelError("A sector limit needs the sector of every name.", code="no_sectors")
    belongs = np.array(basket.sectors)
    return [
        _even("sector", f"sector {each}", np.where(belongs == each, basket.prices, 0.0), cap)
        for each in sorted(set(basket.sectors))
    ]
