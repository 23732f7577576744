"""What the impact of a scheduled list rests on: the version, how sure it is, and the names it is stretched for.

The errors of the coefficients are the same for every name of a list, so they do not average out: an eta that is too
high is too high for all. The error of the list's impact is that of its sum.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.models.arrays import FloatArray
from sottovoce.models.cost_interval import LEVEL, Z_80
from sottovoce.models.impact_almgren import Outside, outside_sample
from sottovoce.models.schedule_constrained_list import BPS, ListMarket
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket


class ListImpact(msgspec.Struct, frozen=True, kw_only=True):
    """Temporary impact of a whole list in bps of its gross worth, and on which sides each stretched name lies outside
    the sample; names within it are not listed.
    """

    estimate: ImpactEstimate
    outside: dict[str, tuple[Outside, ...]]


def list_impact(basket: ConstrainedBasket, holdings: FloatArray, adv: FloatArray, market: ListMarket) -> ListImpact:
    """The impact of a schedule by the market's coefficients.

    Args:
        basket: as listed_basket makes it of the market. holdings: what is left, shape (N + 1, m). adv: average daily
            volume of each name, shares, shape (m,), > 0.
    """
    p, quantity = market.impact, np.abs(basket.quantities)
    open_volume = basket.volumes.sum(axis=0) / market.continuous
    spent = (basket.impact * np.diff(holdings, axis=0) ** 2).sum(axis=0)
    total, gross = float(spent.sum()), float(quantity @ basket.prices)
    by_exponent = float(spent @ np.log(quantity / open_volume)) * p.beta_se
    reach = Z_80 * float(np.hypot(total * p.eta_se / p.eta, by_exponent))
    sides = [
        outside_sample(size, duration, p)
        for size, duration in zip((quantity / adv).tolist(), (open_volume / adv).tolist(), strict=True)
    ]
    outside = {name: found for name, found in zip(basket.names, sides, strict=True) if found}
    estimate = ImpactEstimate(
        value_bps=BPS * total / gross,
        low_bps=BPS * max(total - reach, 0.0) / gross,
        high_bps=BPS * (total + reach) / gross,
        level=LEVEL,
        model="almgren",
        version=p.version,
        window=p.window,
        n=p.n,
        extrapolated=bool(outside),
    )
    return ListImpact(estimate=estimate, outside=outside)
