"""What a calibrated model says of one order: the figure, its interval, and whether its sample has such orders."""

from __future__ import annotations

from math import exp, log, sqrt

from sottovoce.core.errors import ModelError
from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.models.cost_interval import LEVEL, Z_80
from sottovoce.models.guards import positive
from sottovoce.models.impact_almgren import almgren2005, cost_interval
from sottovoce.models.impact_record import CalibratedImpact, almgren_of


def answer(
    record: CalibratedImpact,
    size: float,
    sigma_daily: float,
    *,
    duration_days: float | None = None,
    turnover: float | None = None,
) -> ImpactEstimate:
    """Expected impact of one order, bps, with the 80 % interval of that average.

    Args:
        size: Q over daily volume, > 0. sigma_daily: a fraction, > 0. duration_days: volume time, and turnover: shares
            outstanding over daily volume; both needed by the Almgren form, and not read by the square-root law.
    Raises: ModelError `not_positive`, `not_finite`, `figures_missing`.
    """
    if record.form == "square_root":
        return _square_root(record, positive("Size", size), positive("Daily volatility", sigma_daily))
    if duration_days is None or turnover is None:
        sentence = f"{record.version} is of the Almgren form: it needs the duration and the turnover too."
        raise ModelError(sentence, code="figures_missing")
    cost = almgren2005(size, 1.0, turnover, sigma_daily, duration_days, almgren_of(record))
    ends = cost_interval(cost, z=Z_80, include_exponents=True)
    outside = cost.extrapolated
    return _estimate(record, cost.cost_bps, ends.low_bps, ends.high_bps, outside)


def _square_root(record: CalibratedImpact, size: float, sigma_daily: float) -> ImpactEstimate:
    """The error is that of the logarithm, by the delta method: least in the middle of the sizes that were fitted."""
    prefactor, exponent = record.parameter("prefactor"), record.parameter("exponent")
    value = sigma_daily * 1e4 * prefactor.value * size**exponent.value
    relative, far = prefactor.error / prefactor.value, log(size)
    variance = relative**2 + 2.0 * far * record.covariance / prefactor.value + (far * exponent.error) ** 2
    reach = exp(Z_80 * sqrt(max(variance, 0.0)))
    low, high = record.size_range
    return _estimate(record, value, value / reach, value * reach, not low <= size <= high)


def _estimate(record: CalibratedImpact, value: float, low: float, high: float, outside: bool) -> ImpactEstimate:
    return ImpactEstimate(
        value_bps=value,
        low_bps=low,
        high_bps=high,
        level=LEVEL,
        model=record.form,
        version=record.version,
        window=f"{record.window[0]} to {record.window[1]}",
        n=record.n,
        extrapolated=outside,
    )
