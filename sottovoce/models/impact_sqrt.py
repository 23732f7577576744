"""The square-root law of impact: I(Q) = Y σ_D (Q/V_D)^δ with δ near one half.

I is the peak move when the order completes; an order worked at a constant rate pays the mean of the path,
peak/(1 + δ), two thirds of the peak at δ = 1/2 (Farmer, Gerig, Lillo and Waelbroeck 2013). Tóth et al. 2011
found δ of 0.5 to 0.6 on futures; Sato and Kanazawa (PRL 135 257401, 2025) 0.489 ± 0.0015 on Tokyo stocks
with Y = 0.842. The law fails for very small orders (impact turns linear) and is little tested above a tenth
of a day's volume, so a size outside the range of the fit is marked `extrapolated`.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.ranges import CountOrNone, Exponent, NotNegative, Signed
from sottovoce.models.guards import finite, order_size, positive, within

CALIBRATED_SIZE = (1e-4, 0.10)
"""Q/V range of the calibration recipe the law is tested with (T-IMP-13); pass that of your own fit."""


class SquareRootLaw(msgspec.Struct, frozen=True, kw_only=True):
    """A prefactor and an exponent under a version's name; the published unit law where nothing else is said.

    relative_error: standard error of the prefactor over itself: published values for single markets run from 0.5 to
    1.5 about the unit value (assumed). n orders of the window, 0 and empty where nobody says.
    """

    version: str
    prefactor: Signed = 1.0
    exponent: Exponent = 0.5
    relative_error: NotNegative = 0.5
    size_min: NotNegative = CALIBRATED_SIZE[0]
    size_max: NotNegative = CALIBRATED_SIZE[1]
    n: CountOrNone = 0
    window: str = ""


UNIT_LAW = SquareRootLaw(version="sqrt-law/y1-d0.5")


class SqrtCost(msgspec.Struct, frozen=True, kw_only=True):
    """Peak and average impact, bps, positive = worse."""

    peak_bps: float
    average_bps: float
    extrapolated: bool


def sqrt_law(
    size: float,
    sigma_daily: float,
    prefactor: float = 1.0,
    exponent: float = 0.5,
    calibrated_size: tuple[float, float] = CALIBRATED_SIZE,
) -> SqrtCost:
    """Impact of an order of `size` days' volume.

    Args:
        size: Q / daily volume, > 0 and at most a million.
        sigma_daily: daily return volatility, fraction, > 0.
        prefactor: Y, > 0, of order one.
        exponent: δ, 0 < δ <= 1.
        calibrated_size: smallest and largest Q/V the figures were fitted on.
    Raises: ModelError (`not_positive`, `not_finite`, `out_of_range`).
    Source: T-IMP-4, T-IMP-5.
    """
    positive("Exponent", exponent)
    within("Exponent", exponent, 0.0, 1.0)
    sigma_bps = positive("Daily volatility", sigma_daily) * 1e4
    peak = finite("Impact", positive("Prefactor", prefactor) * sigma_bps * order_size(size) ** exponent)
    low, high = calibrated_size
    return SqrtCost(peak_bps=peak, average_bps=peak / (1 + exponent), extrapolated=not low <= size <= high)
