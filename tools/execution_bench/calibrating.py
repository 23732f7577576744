"""What training orders teach: the impact of this market, then how far its orders miss what is expected.

Coefficients are fitted by the product's own regression (models/impact_fit.py). A few hundred orders tell them badly,
so they do not replace the published ones but are combined with them by precision, the published ones counting with a
relative error of one half: they are of another market. With the coefficients in force, the ends of the cost interval
are learned on other training orders, which the coefficients have not seen (models/cost_interval.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.instrument import known
from sottovoce.core.units import BPS
from sottovoce.models.arrays import FloatArray
from sottovoce.models.cost_interval import NORMAL, CostQuantiles, learned, misses
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005
from sottovoce.models.impact_fit import Estimate, Orders, fit_coefficients
from tools.execution_bench.playing import Played
from tools.execution_bench.sessions import instrument

PRIOR_RELATIVE_ERROR = 0.5
"""How far a coefficient of another market may be off, as part of it (assumed)."""


def impact_of(orders: Sequence[Played], version: str) -> Almgren2005:
    """Coefficients of a market from its orders, shrunk towards the published ones; the exponents stay published.

    Raises: ModelError `too_few_orders`, `bad_orders`.
    """
    columns = columns_of(orders)
    found_gamma, found_eta = fit_coefficients(columns)
    gamma, eta = shrunk(found_gamma, ALMGREN_2005.gamma), shrunk(found_eta, ALMGREN_2005.eta)
    return msgspec.structs.replace(
        ALMGREN_2005, version=version, gamma=gamma.value, gamma_se=gamma.error, eta=eta.value, eta_se=eta.error,
        alpha_se=0.0, delta_se=0.0, beta_se=0.0, size_min=float(columns.size.min()), size_max=float(columns.size.max()),
    )  # fmt: skip


def shrunk(found: Estimate, published: float) -> Estimate:
    """A coefficient and the published one, weighted by precision; never below a tenth of the published one."""
    told, believed = found.error**-2, (PRIOR_RELATIVE_ERROR * published) ** -2
    value = (told * found.value + believed * published) / (told + believed)
    return Estimate(value=max(value, published / 10.0), error=1.0 / sqrt(told + believed))


def columns_of(orders: Sequence[Played]) -> Orders:
    """Finished orders as the regression takes them: moves in daily volatilities, time in average days of volume."""
    facts = [instrument(each.symbol) for each in orders]
    adv, sigma, outstanding = (
        np.array([known(fact) or 0.0 for fact in column])
        for column in zip(*((each.adv, each.sigma_daily, each.shares_outstanding) for each in facts), strict=True)
    )
    return Orders(
        size=_column(orders, "filled") / adv,
        duration=_column(orders, "duration"),
        post=_column(orders, "post"),
        turnover=outstanding / adv,
        permanent=_column(orders, "permanent_bps") / BPS / sigma,
        cost=_column(orders, "slippage_bps") / BPS / sigma,
    )


def quantiles_of(orders: Sequence[Played], version: str) -> CostQuantiles:
    """The ends of the interval from orders that were planned with the coefficients in force and normal ends."""
    scale = NORMAL.scale(_column(orders, "low_bps"), _column(orders, "high_bps"))
    return learned(misses(_column(orders, "cost_bps"), _column(orders, "expected_bps"), scale), version)


def _column(orders: Sequence[Played], field: str) -> FloatArray:
    return np.array([getattr(each, field) for each in orders], dtype=np.float64)
