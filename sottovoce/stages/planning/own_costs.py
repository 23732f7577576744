"""What a name pays of its model: a calibration's multiplier of the symbol, laid over the coefficients its order is
planned with.

Orders in one name may cost more or less than a law of all names says. The multiplier is what the name's own finished
orders paid of the model's cost, drawn towards its liquidity bucket by how rough it is; a name with too few days has
none. It scales both coefficients, and its error joins theirs, so that a name known from few orders has the wider
interval. A list is scheduled on the model's own coefficients: its names' errors are of one another there.
"""

from __future__ import annotations

from math import hypot

import msgspec

from sottovoce.core.choices import Reading
from sottovoce.models.impact_almgren import Almgren2005
from sottovoce.models.impact_record import Scale
from sottovoce.stages.planning.config import PlanningConfig


def as_paid(symbol: str, config: PlanningConfig) -> PlanningConfig:
    """The configuration with the coefficients of the symbol's own costs; unchanged where none are known."""
    scale = _scale(symbol, config)
    if scale is None:
        return config
    return msgspec.structs.replace(config, impact=_scaled(config.impact, scale))


def own_cost_reading(symbol: str, config: PlanningConfig) -> list[Reading]:
    """The multiplier as a condition of the plan; [] where there is none."""
    scale = _scale(symbol, config)
    if scale is None:
        return []
    return [
        Reading(
            name="own costs",
            value=f"{scale.shrunk:.2f} ± {scale.shrunk_error:.2f} times the model's, of {scale.n:,} orders in the name",
            as_of=config.impact.window[-len("2026-01-01") :],
            source=config.impact.version,
        )
    ]


def _scale(symbol: str, config: PlanningConfig) -> Scale | None:
    return next((each for each in config.impact_scales if each.name == symbol and each.shrunk > 0), None)


def _scaled(parameters: Almgren2005, scale: Scale) -> Almgren2005:
    """Coefficients times the multiplier; relative errors add in quadrature, being of different orders' noise."""
    times, own = scale.shrunk, scale.shrunk_error / scale.shrunk
    return msgspec.structs.replace(
        parameters,
        gamma=times * parameters.gamma,
        gamma_se=times * parameters.gamma * hypot(parameters.gamma_se / parameters.gamma, own),
        eta=times * parameters.eta,
        eta_se=times * parameters.eta * hypot(parameters.eta_se / parameters.eta, own),
    )
