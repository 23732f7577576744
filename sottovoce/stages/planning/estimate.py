"""What a plan says of its impact model: the figure, its interval, and the version and orders it came from."""

from __future__ import annotations

from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.models.cost_interval import Z_80
from sottovoce.models.impact_almgren import Almgren2005
from sottovoce.stages.planning.alternatives import figure
from sottovoce.stages.planning.costing import SPREAD_ONLY, Cost

ALMGREN, ISTAR = "almgren", "istar"
EXTRAPOLATED = "extrapolated"
"""How the flags of a cost begin that say an order is unlike those the model was fitted from."""


def impact_estimate(cost: Cost, parameters: Almgren2005) -> ImpactEstimate | None:
    """The record of one use of a model; None where no model could price the order.

    The interval covers the average cost at 80 %, from the coefficients' errors. I-Star publishes neither errors nor the
    sizes it was fitted to.
    """
    if cost.model_version == SPREAD_ONLY:
        return None
    ours = cost.model_version == parameters.version
    reach = Z_80 * cost.standard_error_bps
    return ImpactEstimate(
        value_bps=figure(cost.impact_bps),
        low_bps=figure(max(cost.impact_bps - reach, 0.0)) if ours else None,
        high_bps=figure(cost.impact_bps + reach) if ours else None,
        model=ALMGREN if ours else ISTAR,
        version=cost.model_version,
        window=parameters.window if ours else "",
        n=parameters.n if ours else 0,
        extrapolated=any(flag.startswith(EXTRAPOLATED) for flag in cost.flags) if ours else None,
    )
