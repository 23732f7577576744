"""A list of names with the figures a desk has, as the constrained basket the optimiser takes.

Temporary impact is that of Almgren and others 2005, made linear through its value at the order's mean rate, as the plan
of a single order does: exact for an order worked evenly, too dear below that rate and too cheap above it. Half the
spread is paid on every share. Prices move by one market, a factor for each sector and each name's own part. Time is
volume time: a bucket with a tenth of the day's volume is a tenth of a day, in cost and in risk.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.text import is_symbol
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive, within
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005
from sottovoce.models.schedule_constrained_covariance import of_market_and_sectors
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket

BPS = 1e4
MARKET_SIGMA_DAILY = 0.0080
SECTOR_SIGMA_DAILY = 0.0054
"""Over 286 names of the S&P 500, 2013-02 to 2018-02: the equally weighted market, and the middle sector beyond it."""


class ListedName(msgspec.Struct, frozen=True, kw_only=True):
    """One order of a list.

    quantity: shares, above zero a sale, below a purchase. adv: shares a day; sigma_daily: a fraction; spread_bps:
    quoted. participation: most of the volume, None for the list's own. first_bucket, last_bucket: where it may trade,
    from 0, None to the end.
    """

    symbol: str
    quantity: float
    price: float
    adv: float
    sigma_daily: float
    spread_bps: float = 0.0
    beta: float = 1.0
    sector: str = ""
    participation: float | None = None
    first_bucket: int = 0
    last_bucket: int | None = None
    lot: int = 1


class ListMarket(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the list's names share. volume_days: each bucket's length in volume time, days, shape (N,), of which a
    day's continuous volume is 1; continuous: part of ADV that is; participation: most of each name's volume; buckets:
    what each is called.
    """

    volume_days: FloatArray
    participation: float
    continuous: float = 1.0
    market_sigma_daily: float = MARKET_SIGMA_DAILY
    sector_sigma_daily: float = SECTOR_SIGMA_DAILY
    buckets: tuple[str, ...] = ()
    impact: Almgren2005 = ALMGREN_2005


def listed_basket(names: Sequence[ListedName], market: ListMarket) -> ConstrainedBasket:
    """The basket of a list.

    Raises: ModelError `not_positive`, `negative`, `not_finite` naming the figure and the name; PlanError
    `empty_list`, `name_twice`, `zero_quantity`, `bad_symbol`.
    """
    _check(names, market)
    quantity = _column(names, "quantity")
    price, adv, sigma = _column(names, "price"), _column(names, "adv"), _column(names, "sigma_daily")
    open_ = _open(names, len(market.volume_days))
    volumes = open_ * np.outer(market.volume_days, adv * market.continuous)
    own = [market.participation if each.participation is None else each.participation for each in names]
    betas = _column(names, "beta")
    sectors = tuple(each.sector for each in names)
    return ConstrainedBasket(
        names=tuple(each.symbol for each in names),
        quantities=quantity,
        prices=price,
        covariance=of_market_and_sectors(
            price, sigma, betas, sectors, market.market_sigma_daily, market.sector_sigma_daily
        ),
        impact=_impact(quantity, price, adv, sigma, open_, market),
        linear=np.broadcast_to(0.5 * _column(names, "spread_bps") / BPS * price, volumes.shape).copy(),
        days=market.volume_days,
        volumes=volumes,
        participation=np.array(own, dtype=np.float64),
        betas=betas,
        drift=np.zeros(len(names)),
        reversible=np.zeros(len(names), dtype=np.bool_),
        sectors=sectors if any(sectors) else (),
        buckets=market.buckets,
    )


def _impact(
    quantity: FloatArray, price: FloatArray, adv: FloatArray, sigma: FloatArray, open_: FloatArray, market: ListMarket
) -> FloatArray:
    """Currency per share², (N, m): K·price at the mean rate, over the mean rate and the bucket's length."""
    days = market.volume_days[:, None]
    time = np.maximum((open_ * days).sum(axis=0), float(market.volume_days.min()))
    rate = np.abs(quantity) / time
    paid = market.impact.eta * sigma * (rate / adv) ** market.impact.beta * price
    return np.asarray(paid / rate / days, dtype=np.float64)


def _open(names: Sequence[ListedName], periods: int) -> FloatArray:
    bucket = np.arange(periods)[:, None]
    first = np.array([each.first_bucket for each in names])
    last = np.array([periods - 1 if each.last_bucket is None else each.last_bucket for each in names])
    return np.asarray((bucket >= first) & (bucket <= last), dtype=np.float64)


def _column(names: Sequence[ListedName], field: str) -> FloatArray:
    return np.array([getattr(each, field) for each in names], dtype=np.float64)


def _check(names: Sequence[ListedName], market: ListMarket) -> None:
    if not names:
        raise PlanError("The list has no orders; give one at least.", code="empty_list")
    seen: set[str] = set()
    for each in names:
        if not is_symbol(each.symbol):
            raise PlanError(f"{each.symbol[:40]!r} is no symbol; write it as BRK.B.", code="bad_symbol")
        if each.symbol in seen:
            raise PlanError(f"{each.symbol} stands twice in the list; net its orders first.", code="name_twice")
        seen.add(each.symbol)
        if not each.quantity:
            raise PlanError(f"{each.symbol} has no quantity; take it off the list.", code="zero_quantity")
        for field in ("price", "adv", "sigma_daily"):
            positive(f"{field} of {each.symbol}", getattr(each, field))
        not_negative(f"spread_bps of {each.symbol}", each.spread_bps)
        if each.participation is not None:
            within(f"participation of {each.symbol}", each.participation, 0.0, 1.0)
    if not len(market.volume_days) or not np.all(market.volume_days > 0):
        raise ModelError("Every bucket needs a length above zero.", code="not_positive")
    within("Participation", positive("Participation", market.participation), 0.0, 1.0)
