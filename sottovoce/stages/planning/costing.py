"""What a schedule is expected to cost: one call of an impact model, shaped by the schedule's own rates.

The model prices the whole order at its mean share of volume; the temporary part is then scaled by what
bunching adds, Σ w (π/π̄)^β over buckets with part w of the order traded at share π of volume. The permanent
part does not depend on how the order is worked. Almgren et al. (2005) where shares outstanding are known,
else I-Star; without an ADV or a volatility there is no impact estimate, and the cost is spread and fees
alone, flagged.

Three parts add to the expected cost: impact (permanent/2 + temporary), spread and fees. The spread is put on
top of a temporary impact whose sample included it, so the sum errs on the dear side.
"""

from __future__ import annotations

from math import hypot, sqrt

import msgspec
import numpy as np

from sottovoce.core.units import BPS
from sottovoce.models.arrays import FloatArray
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005, AlmgrenCost, almgren2005, cost_interval
from sottovoce.models.impact_answer import outside_words
from sottovoce.models.impact_istar import ALL_STOCK, istar
from sottovoce.models.market_factors import annual_volatility
from sottovoce.stages.planning.config import PlanningConfig, UrgencyPolicy
from sottovoce.stages.planning.facts import Facts

SPREAD_ONLY = "spread-only"
MIXED_SHARE = "no shares outstanding: I-Star is used in place of Almgren 2005, without published errors"


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """A model's answer at a constant share of volume, bps; standard_error_bps is of permanent/2 + temporary.

    paid is the part of the permanent move the order itself pays; exponent shapes the temporary part.
    """

    permanent_bps: float
    temporary_bps: float
    paid: float
    exponent: float
    standard_error_bps: float
    model_version: str
    flags: tuple[str, ...] = ()


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Expected cost of a schedule in bps of arrival value, positive = worse.

    permanent_bps: the permanent move's part of the average cost (half of it for Almgren 2005), within impact_bps.
    scale_bps: by how much one order may miss it, model error and timing risk together, in quadrature; between which
    multiples of it 80 % of orders end is PlanningConfig.cost_quantiles.
    """

    impact_bps: float
    permanent_bps: float
    spread_bps: float
    fees_bps: float
    standard_error_bps: float
    timing_risk_bps: float
    model_version: str
    flags: tuple[str, ...]

    @property
    def expected_bps(self) -> float:
        return self.impact_bps + self.spread_bps + self.fees_bps

    @property
    def scale_bps(self) -> float:
        return hypot(self.standard_error_bps, self.timing_risk_bps)


def impact_at(facts: Facts, quantity: int, participation: float, parameters: Almgren2005 = ALMGREN_2005) -> Impact:
    """Impact of working quantity shares at a constant share of volume, 0 < participation <= 1."""
    if facts.adv is None or facts.sigma_daily is None:
        return Impact(
            permanent_bps=0.0, temporary_bps=0.0, paid=0.0, exponent=1.0, standard_error_bps=0.0,
            model_version=SPREAD_ONLY,
        )  # fmt: skip
    if facts.shares_outstanding is None:
        return _istar(facts.adv, facts.sigma_daily, quantity, participation)
    duration = quantity / facts.adv / participation
    cost = almgren2005(quantity, facts.adv, facts.shares_outstanding, facts.sigma_daily, duration, parameters)
    return Impact(
        permanent_bps=cost.permanent_bps,
        temporary_bps=cost.temporary_bps,
        paid=0.5,
        exponent=parameters.beta,
        standard_error_bps=cost_interval(cost, include_exponents=True).standard_error_bps,
        model_version=parameters.version,
        flags=_extrapolations(cost, duration, facts.session_volume),
    )


def _istar(adv: float, sigma_daily: float, quantity: int, participation: float) -> Impact:
    cost = istar(quantity / adv, annual_volatility(sigma_daily) or 0.0, participation)
    return Impact(
        permanent_bps=cost.permanent_bps, temporary_bps=cost.temporary_bps, paid=1.0, exponent=ALL_STOCK.a4,
        standard_error_bps=0.0, model_version=ALL_STOCK.version, flags=(MIXED_SHARE,),
    )  # fmt: skip


def _extrapolations(cost: AlmgrenCost, duration: float, session: float) -> tuple[str, ...]:
    """On which side the order is outside the sample; one busy session is a day, however many days' volume it has."""
    outside = [each for each in cost.outside if each != "longer_than_a_day" or duration > session * (1.0 + 1e-9)]
    sizes = (cost.parameters.size_min, cost.parameters.size_max)
    return tuple(f"extrapolated: {each}" for each in outside_words(outside, cost.size, sizes, duration))


def schedule_cost(
    facts: Facts,
    config: PlanningConfig,
    policy: UrgencyPolicy,
    quantity: int,
    curve: FloatArray,
    volumes: FloatArray,
    risk_days: FloatArray,
    dark: float,
) -> Cost:
    """Expected cost of working quantity along a cumulative curve.

    Args:
        curve: cumulative fraction at bucket edges, shape (n + 1,), 0 … 1. volumes: expected market shares a
            bucket, shape (n,), all zero where no ADV is known. risk_days: risk time at the edges, days,
            shape (n + 1,).
        policy: its max_participation_ppm bounds the share of volume anything is costed at: what does not fit under
            it is expected to be returned, and what is returned costs nothing.
        dark: part expected to trade at the midpoint, 0 to 1.
    """
    parts = np.diff(curve)
    total = float(volumes.sum())
    most = policy.max_participation_ppm / 1e6
    mean = min(quantity / total, most) if total > 0 else 1.0
    impact = impact_at(facts, quantity, mean, config.impact)
    permanent, temporary = impact.paid * impact.permanent_bps, impact.temporary_bps
    if total > 0:
        temporary *= bunching(parts, quantity, volumes, mean, most, impact.exponent)
    crossing = (1.0 - dark) * policy.crossing
    sigma_bps = (facts.sigma_daily or 0.0) * BPS
    return Cost(
        impact_bps=permanent + temporary,
        permanent_bps=permanent,
        spread_bps=facts.half_spread_bps * crossing,
        fees_bps=fees_bps(facts, config, crossing, dark),
        standard_error_bps=impact.standard_error_bps,
        timing_risk_bps=sigma_bps * exposure(curve, risk_days),
        model_version=impact.model_version,
        flags=impact.flags,
    )


def bunching(parts: FloatArray, quantity: int, volumes: FloatArray, mean: float, most: float, exponent: float) -> float:
    """Σ w (π/π̄)^β: 1 for a constant share of volume, more the more uneven. No bucket counts above `most`."""
    trading = (parts > 0) & (volumes > 0)
    shares = np.minimum(parts[trading] * quantity / volumes[trading], most)
    return float(parts[trading] @ (shares / mean) ** exponent)


def exposure(curve: FloatArray, days: FloatArray) -> float:
    """√∫ (part still to do)² dt in √days of a clock: times the volatility of a day of it, the timing risk.

    1/√3 of √T for a constant rate, the model's σ√(T/3).
    """
    left = 1.0 - curve
    before, after = left[:-1], left[1:]
    return sqrt(float(np.diff(days) @ (before * before + before * after + after * after)) / 3.0)


def fees_bps(facts: Facts, config: PlanningConfig, crossing: float, dark: float) -> float:
    """Expected fees in bps of the price: takers, makers and midpoint fills by their expected parts."""
    making = max(1.0 - dark - crossing, 0.0)
    units = crossing * config.take_fee + making * config.make_fee + dark * config.midpoint_fee
    return BPS * units / 1e6 / facts.price
