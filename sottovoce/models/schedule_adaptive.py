"""Adaptive arrival price: one look at the cost so far, half-way, and then faster or slower by a rule fixed at the
start.

Source: Lorenz and Almgren, "Mean-variance optimal adaptive execution", Applied Math. Finance 18 (2011) 395-422;
Almgren and Lorenz 2007; T-SCH-9. In units of the order, the horizon and its risk one figure is left: market power μ =
ηX/(σT^(3/2)). A gain made so far is spent on trading faster, so gains and later costs offset each other and the whole
varies less; losses are kept, which skews the cost to the dear side. Measured at the start it beats every fixed
schedule; it is another strategy all the same, and is reported as one.
"""

from __future__ import annotations

from math import cosh, erf, exp, pi, sinh, sqrt, tanh

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import positive, within

KAPPA_MAX = 60.0
"""At this urgency what is left is as good as sold at once."""

HALF = 0.5


class AdaptivePlan(msgspec.Struct, frozen=True, kw_only=True):
    """The rule, in units of the order and the horizon.

    held: still to trade at half-time, part of the order; before: urgency κ of the first half; if the cost so far is
    below `threshold` of its standard deviations (negative: a gain) the second half has urgency `spending`, else
    `keeping`.
    expected_cost, variance: in units of σX√T and its square.
    """

    held: float
    before: float
    threshold: float
    spending: float
    keeping: float
    expected_cost: float
    variance: float
    risk_aversion: float

    @property
    def utility(self) -> float:
        """E + λV, what the rule minimises."""
        return self.expected_cost + self.risk_aversion * self.variance


def static_utility(power: float, risk_aversion: float) -> float:
    """E + λV of the best fixed schedule, normalised: μκ coth κ with κ = √(λ/μ). Both above zero."""
    kappa = sqrt(positive("Risk aversion", risk_aversion) / positive("Market power", power))
    return power * kappa / tanh(kappa)


def adaptive_plan(power: float, risk_aversion: float) -> AdaptivePlan:
    """The best rule with one look half-way.

    Args:
        power: μ, > 0; risk_aversion: λσX√T, the price of a unit of variance, > 0.
    Raises: ModelError `not_positive`; `no_optimum` when the search does not settle.
    """
    from scipy.optimize import minimize

    kappa = sqrt(positive("Risk aversion", risk_aversion) / positive("Market power", power))
    held = sinh(kappa / 2.0) / sinh(kappa) if kappa < 2 * KAPPA_MAX else 0.0

    def utility(point: list[float]) -> float:
        return rule(power, risk_aversion, *point).utility

    bounds = [(1e-6, 1.0 - 1e-6), (1e-3, KAPPA_MAX), (-5.0, 5.0), (1e-3, KAPPA_MAX), (1e-3, KAPPA_MAX)]
    best = None
    for threshold, spending in ((-1.0, KAPPA_MAX), (-1.0, 2.0 * kappa), (-0.2, 1.2 * kappa)):
        start = [max(held, 1e-3), min(kappa, KAPPA_MAX), threshold, min(spending, KAPPA_MAX), min(kappa, KAPPA_MAX)]
        found = minimize(utility, start, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-10})
        found = minimize(utility, found.x, method="Nelder-Mead", bounds=bounds,
                         options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20_000, "maxfev": 20_000})  # fmt: skip
        if found.success and (best is None or found.fun < best.fun):
            best = found
    if best is None:
        raise ModelError("The search for the rule did not settle; check market power and risk.", code="no_optimum")
    return rule(power, risk_aversion, *best.x.tolist())


def rule(
    power: float, risk_aversion: float, held: float, before: float, threshold: float, spending: float, keeping: float
) -> AdaptivePlan:
    """What any rule costs, exact. Arguments as AdaptivePlan; urgencies above zero, held in [0, 1]."""
    within("Part held at half-time", held, 0.0, 1.0)
    first_cost, first_variance = _leg(power, positive("Urgency", before), 1.0, held)
    spent_cost, spent_variance = _leg(power, positive("Urgency", spending), held, 0.0)
    kept_cost, kept_variance = _leg(power, positive("Urgency", keeping), held, 0.0)
    chance = 0.5 * (1.0 + erf(threshold / sqrt(2.0)))
    density = exp(-0.5 * threshold**2) / sqrt(2.0 * pi)
    later = chance * spent_cost + (1.0 - chance) * kept_cost
    between = chance * (1.0 - chance) * (spent_cost - kept_cost) ** 2
    # E[z; z < threshold] is −density: gains come with the dearer branch.
    offset = 2.0 * sqrt(first_variance) * density * (kept_cost - spent_cost)
    variance = first_variance + chance * spent_variance + (1.0 - chance) * kept_variance + between + offset
    return AdaptivePlan(
        held=held,
        before=before,
        threshold=threshold,
        spending=spending,
        keeping=keeping,
        expected_cost=first_cost + later,
        variance=variance,
        risk_aversion=risk_aversion,
    )


def first_half_deviation(plan: AdaptivePlan) -> float:
    """Standard deviation of what the price's moves cost until the look, in units of σX√T; the threshold is in it."""
    return sqrt(_leg(1.0, plan.before, 1.0, plan.held)[1])


def _leg(power: float, kappa: float, first: float, last: float) -> tuple[float, float]:
    """(μ∫v², ∫x²) of the path from first to last in half a horizon whose speed decays with urgency κ."""
    length = kappa * HALF
    s, c = sinh(length), cosh(length)
    squares, product = first**2 + last**2, first * last
    # x = [a sinh κ(h − t) + b sinh κt]/sinh κh; the integrals of its square and of its slope's square.
    held = (squares * (s * c - length) + 2.0 * product * (length * c - s)) / (2.0 * kappa * s**2)
    moved = kappa * (squares * (s * c + length) - 2.0 * product * (length * c + s)) / (2.0 * s**2)
    return power * moved, held
