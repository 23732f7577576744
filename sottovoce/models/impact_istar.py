"""The I-Star model (Kissell and Malamut 1999; Kissell, "The Science of Algorithmic Trading …", 2013).

    I* = a1 · size^a2 · σ_annual^a3                     instantaneous: all shares at once, bps
    MI = b1 · I* · POV^a4 + (1 − b1) · I*               temporary + permanent, bps
    TR = σ_annual √[ (1/250)(1/3) · size · (1 − POV)/POV ] · 1e4      timing risk, bps

size = |X|/ADV, σ_annual as a decimal, POV = X/(X + other volume while trading). Only a1, a2 and a3 of the
all-stock set were read in a source; the sets for large and small capitalisations are marked
`verified=False`.
"""

from __future__ import annotations

from math import sqrt

import msgspec

from sottovoce.models.guards import order_size, positive, within

TRADING_DAYS = 250


class IStarParameters(msgspec.Struct, frozen=True, kw_only=True):
    """a1…a4 and b1; (1 − b1) is the permanent share. `verified`: every one of them was read in a source."""

    version: str
    a1: float
    a2: float
    a3: float
    a4: float
    b1: float
    verified: bool = False


ALL_STOCK = IStarParameters(version="istar/all-stock", a1=708.0, a2=0.55, a3=0.71, a4=0.50, b1=0.98)
LARGE_CAP = IStarParameters(version="istar/large-cap", a1=687.0, a2=0.70, a3=0.72, a4=0.35, b1=0.98)
SMALL_CAP = IStarParameters(version="istar/small-cap", a1=702.0, a2=0.47, a3=0.69, a4=0.60, b1=0.97)


class IStarCost(msgspec.Struct, frozen=True, kw_only=True):
    """All in bps, positive = worse; cost = temporary + permanent."""

    instantaneous_bps: float
    temporary_bps: float
    permanent_bps: float
    cost_bps: float
    timing_risk_bps: float
    parameters: IStarParameters


def istar(size: float, sigma_annual: float, pov: float, parameters: IStarParameters = ALL_STOCK) -> IStarCost:
    """Expected cost of an order worked at a constant share of volume.

    Args:
        size: |X| / ADV, > 0.
        sigma_annual: annualised return volatility, decimal, > 0.
        pov: our share of all volume while trading, 0 < pov <= 1.
    Raises: ModelError (`not_positive`, `not_finite`, `out_of_range`).
    Source: T-IMP-3. At pov 1 the cost is I* and the timing risk zero.
    """
    positive("Percentage of volume", pov)
    within("Percentage of volume", pov, 0.0, 1.0)
    p = parameters
    order_size(size)
    positive("Annual volatility", sigma_annual)
    instantaneous = p.a1 * size**p.a2 * sigma_annual**p.a3
    temporary = p.b1 * instantaneous * pov**p.a4
    permanent = (1 - p.b1) * instantaneous
    return IStarCost(
        instantaneous_bps=instantaneous,
        temporary_bps=temporary,
        permanent_bps=permanent,
        cost_bps=temporary + permanent,
        timing_risk_bps=_timing_risk_bps(size, sigma_annual, pov),
        parameters=p,
    )


def _timing_risk_bps(size: float, sigma_annual: float, pov: float) -> float:
    days = size * (1 - pov) / pov
    return sigma_annual * sqrt(days / (3 * TRADING_DAYS)) * 1e4
