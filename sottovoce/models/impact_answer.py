"""What an impact model says of one order: the figure, its interval, and whether its sample has such orders."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

from sottovoce.core.errors import ModelError
from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.models.cost_interval import LEVEL, Z_80
from sottovoce.models.guards import order_size, positive
from sottovoce.models.impact_almgren import AlmgrenCost, Outside, almgren2005, cost_interval, outside_sample
from sottovoce.models.impact_record import CalibratedImpact, almgren_of

OUTSIDE: dict[Outside, str] = {
    "size_below_sample": "{size:.3%} of ADV is below the {low:.2%} the model was {how} from",
    "size_above_sample": "{size:.1%} of ADV is above the {high:.0%} the model was {how} to",
    "longer_than_a_day": "{days:.1f} days of volume; the model was {how} within one day",
}


def outside_words(
    outside: Sequence[Outside], size: float, ends: tuple[float, float], days: float = 0.0, how: str = "fitted"
) -> tuple[str, ...]:
    """On which side an order lies outside a model's sample, in words.

    Args:
        size: Q/V of the order; ends: least and most of the sample's; days: volume time, where the model has one.
        how: what was done with the sample: fitted, or tested.
    """
    return tuple(OUTSIDE[each].format(size=size, low=ends[0], high=ends[1], days=days, how=how) for each in outside)


def size_outside(size: float, ends: tuple[float, float]) -> tuple[Outside, ...]:
    """On which side a size lies outside the sizes of a sample; () within."""
    if size < ends[0]:
        return ("size_below_sample",)
    return ("size_above_sample",) if size > ends[1] else ()


def outside_of(record: CalibratedImpact, size: float, duration_days: float | None = None) -> tuple[Outside, ...]:
    """On which sides an order lies outside the orders of a calibration; arguments as answer takes them."""
    if record.form == "square_root" or duration_days is None:
        return size_outside(size, record.size_range)
    return outside_sample(size, duration_days, almgren_of(record))


def answer(
    record: CalibratedImpact,
    size: float,
    sigma_daily: float,
    *,
    duration_days: float | None = None,
    turnover: float | None = None,
) -> ImpactEstimate:
    """Expected impact of one order by a calibrated model, bps, with the 80 % interval of that average.

    Args:
        size: Q over daily volume, > 0. sigma_daily: a fraction, > 0. duration_days: volume time, and turnover: shares
            outstanding over daily volume; both needed by the Almgren form, and not read by the square-root law.
    Raises: ModelError `not_positive`, `not_finite`, `figures_missing`.
    """
    if record.form == "square_root":
        return _square_root(record, order_size(size), positive("Daily volatility", sigma_daily))
    if duration_days is None or turnover is None:
        sentence = f"{record.version} is of the Almgren form: it needs the duration and the turnover too."
        raise ModelError(sentence, code="figures_missing")
    return almgren_answer(almgren2005(size, 1.0, turnover, sigma_daily, duration_days, almgren_of(record)))


def almgren_answer(cost: AlmgrenCost) -> ImpactEstimate:
    """What the Almgren form says, by the coefficients the cost was computed with.

    The interval is of the average cost, from the errors of coefficients and exponents; it ends at nothing, since a
    model that passed the guard has no order that earns.
    """
    ends, coefficients = cost_interval(cost, z=Z_80, include_exponents=True), cost.parameters
    return ImpactEstimate(
        value_bps=cost.cost_bps,
        low_bps=max(ends.low_bps, 0.0),
        high_bps=ends.high_bps,
        level=LEVEL,
        model="almgren",
        version=coefficients.version,
        window=coefficients.window,
        n=coefficients.n,
        extrapolated=cost.extrapolated,
    )


def _square_root(record: CalibratedImpact, size: float, sigma_daily: float) -> ImpactEstimate:
    """The error is that of the logarithm, by the delta method: least in the middle of the sizes that were fitted."""
    prefactor, exponent = record.parameter("prefactor"), record.parameter("exponent")
    value = sigma_daily * 1e4 * prefactor.value * size**exponent.value
    relative, far = prefactor.error / prefactor.value, log(size)
    variance = relative**2 + 2.0 * far * record.covariance / prefactor.value + (far * exponent.error) ** 2
    reach = exp(Z_80 * sqrt(max(variance, 0.0)))
    return ImpactEstimate(
        value_bps=value,
        low_bps=value / reach,
        high_bps=value * reach,
        level=LEVEL,
        model=record.form,
        version=record.version,
        window=f"{record.window[0]} to {record.window[1]}",
        n=record.n,
        extrapolated=bool(outside_of(record, size)),
    )
