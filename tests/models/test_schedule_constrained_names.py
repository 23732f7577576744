"""The constrained schedule of 200 real names: volatility, beta and volume from their bars, and each its sector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sottovoce.models.schedule_constrained import constrained_schedule
from sottovoce.models.schedule_constrained_list import ListedName, ListMarket, listed_basket
from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket
from sottovoce.models.session_buckets import session_buckets
from sottovoce.models.volume import US_EQUITY

COUNT, DAYS = 200, 250


@pytest.fixture(scope="module")
def basket(market_data: Path) -> ConstrainedBasket:
    """The first 200 names by symbol with every close of the last 250 days: every other one sold, 1 to 3 % of ADV."""
    folder = market_data / "us_daily_sp500"
    if not folder.is_dir():
        pytest.skip(f"no daily bars at {folder}")
    names = _names(folder)
    cut = session_buckets(US_EQUITY, 1.0, 39)
    return listed_basket(names, ListMarket(volume_days=cut.volume_days, participation=0.1, buckets=cut.labels))


def _names(folder: Path) -> list[ListedName]:
    polars: Any = pytest.importorskip("polars", reason="reading Parquet needs the extra `tape`")
    bars = polars.read_parquet(folder / "sp500_daily_2013_2018.parquet")
    sectors = dict(polars.read_csv(folder / "constituents_gics_2018-04.csv").select("Symbol", "Sector").iter_rows())
    closes, volumes = (bars.pivot(on="Name", index="date", values=each).sort("date") for each in ("close", "volume"))
    symbols = [name for name in sorted(closes.columns[1:]) if name in sectors]
    prices = closes.select(symbols).to_numpy().astype(float)[-DAYS - 1 :]
    traded = volumes.select(symbols).to_numpy().astype(float)[-20:]
    returns = np.diff(np.log(prices), axis=0)
    kept = np.flatnonzero(np.isfinite(returns).all(axis=0) & (np.nanmin(traded, axis=0) > 0))[:COUNT]
    market = returns[:, kept].mean(axis=1)
    dice = np.random.default_rng(1)
    return [
        ListedName(
            symbol=symbols[place],
            quantity=float(np.rint(traded[:, place].mean() * dice.uniform(0.01, 0.03))) * (1 if number % 2 else -1),
            price=float(prices[-1, place]),
            adv=float(traded[:, place].mean()),
            sigma_daily=float(returns[:, place].std(ddof=1)),
            spread_bps=2.0,
            beta=float(np.cov(returns[:, place], market)[0, 1] / market.var(ddof=1)),
            sector=sectors[symbols[place]],
        )
        for number, place in enumerate(kept)
    ]


def test_two_hundred_names_under_every_limit(basket: ConstrainedBasket) -> None:
    """Limits at nine tenths of what the free schedule comes to, or of what the list's own net leaves room for."""
    free = constrained_schedule(basket, BasketLimits(), 1e-6)
    worth = free.holdings[1:-1] * basket.prices
    net = abs(float(basket.quantities @ basket.prices))
    raised = float(np.abs(worth.sum(axis=1) - basket.quantities @ basket.prices).max())
    beta = float(np.abs(worth @ basket.betas).max())
    limits = BasketLimits(cash_max=max(1.001 * net, 0.9 * raised), beta_max=0.9 * beta)
    found = constrained_schedule(basket, limits, 1e-6)
    assert len(basket.names) == COUNT
    assert found.residuals.worst <= 1e-6
    assert found.utility >= free.utility * (1 - 1e-9)
    left = found.holdings[1:-1] * basket.prices
    assert np.abs(left @ basket.betas).max() <= limits.beta_max * (1 + 1e-6)
    assert np.abs(left.sum(axis=1) - basket.quantities @ basket.prices).max() <= limits.cash_max * (1 + 1e-6)
    assert (np.abs(np.diff(found.holdings, axis=0)) <= basket.caps + 1.0).all()


def test_the_factors_keep_the_volatility_of_the_list(basket: ConstrainedBasket) -> None:
    """Each name's variance exactly; its factors explain something and not all of it for nearly every name."""
    own, whole = basket.covariance.specific, np.diag(basket.covariance.dense())
    assert (own <= whole * (1 + 1e-12)).all()
    assert np.mean((own > 0.05 * whole) & (own < 0.99 * whole)) > 0.9
