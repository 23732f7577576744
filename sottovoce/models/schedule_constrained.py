"""The schedule of a list that must keep within limits on the way: the cheapest for its risk, and proven so.

    min Σ_k impact_k·n_k² + ε'|n_k| + λ days_k x_k'C x_k − days_k drift'x_k
    s.t. 0 <= x_k <= x_{k−1} unless a name may be oversold, n_k <= participation · volume_k, x_N = 0,
         |cash raised less spent| <= B, |Σ β price x_k| <= b, |Σ price x_k| of a sector <= s, for every k

Source: Almgren and Chriss 2000, appendix A, for the objective; the constraints are those of a transition (Kissell).
T-SCH-6 without constraints, T-SCH-7 with them. Solved as a sparse quadratic program; the answer's distance from the
optimum is measured anew from the basket itself (`schedule_constrained_kkt`) and above 1e-6 there is no answer. What
cannot be met is refused with the limit that stands in the way and what it would need (`schedule_constrained_reason`).
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative
from sottovoce.models.schedule_constrained_kkt import RESIDUAL_MAX, Multipliers, Residuals, residuals
from sottovoce.models.schedule_constrained_problem import (
    BasketLimits,
    ConstrainedBasket,
    Exposure,
    check,
    expected_cost,
    exposures,
    variance,
)
from sottovoce.models.schedule_constrained_reason import refuse_impossible, why_infeasible
from sottovoce.models.schedule_constrained_rows import Rows, capped, program
from sottovoce.models.schedule_constrained_solver import INFEASIBLE, SOLVED, Solution, solve, undecided


class ConstrainedSchedule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """holdings: shares left, signed, shape (N + 1, m), from the list to zero. expected_cost: currency; variance:
    currency². multipliers: what each limit costs; residuals: how far from optimal; steps: of the optimiser.
    """

    holdings: FloatArray
    expected_cost: float
    variance: float
    risk_aversion: float
    multipliers: Multipliers
    residuals: Residuals
    limits: tuple[Exposure, ...]
    steps: int

    @property
    def utility(self) -> float:
        """E + λV."""
        return self.expected_cost + self.risk_aversion * self.variance

    def left(self) -> FloatArray:
        """Each limited sum before the first bucket and after every one, currency, shape (N + 1, r)."""
        loadings = [each.loadings for each in self.limits]
        return self.holdings @ np.stack(loadings, axis=1) if loadings else np.zeros((len(self.holdings), 0))


def constrained_schedule(basket: ConstrainedBasket, limits: BasketLimits, risk_aversion: float) -> ConstrainedSchedule:
    """The schedule of least cost and risk that keeps the limits.

    Args:
        risk_aversion: λ, per currency unit, >= 0.
    Raises: ModelError `shapes_differ`, `not_finite`, `negative`, `not_positive`, `no_sectors`, `optimiser_missing`;
        PlanError `participation_infeasible`, `limits_infeasible` naming what stands in the way, `schedule_not_solved`.
    """
    check(basket)
    not_negative("Risk aversion", risk_aversion)
    sums = exposures(basket, limits)
    refuse_impossible(basket, sums)
    rows = Rows(basket, sums, risk_aversion)
    currency = _currency(basket, risk_aversion)
    found = _solved(rows, currency)
    holdings = rows.holdings(found.unknowns)
    prices = _multipliers(rows, found, currency)
    distance = residuals(basket, sums, risk_aversion, holdings, prices, currency)
    if not distance.worst <= RESIDUAL_MAX:
        told = f"The optimiser's answer is {distance.worst:.1e} from optimal, more than {RESIDUAL_MAX:.0e}"
        raise PlanError(f"{told}; check that figures are of sensible size.", code="schedule_not_solved")
    return ConstrainedSchedule(
        holdings=holdings,
        expected_cost=expected_cost(basket, holdings),
        variance=variance(basket, holdings),
        risk_aversion=risk_aversion,
        multipliers=prices,
        residuals=distance,
        limits=sums,
        steps=found.iterations,
    )


def _solved(rows: Rows, currency: float) -> Solution:
    if rows.unknowns == 0 and (rows.periods == 1 or not rows.limits):
        return Solution(status=SOLVED, unknowns=np.zeros(0), multipliers={}, iterations=0)
    found = solve(program(rows, currency))
    if found.status == INFEASIBLE:
        raise why_infeasible(rows)
    if found.status != SOLVED:
        raise undecided(found)
    return found


def _currency(basket: ConstrainedBasket, risk_aversion: float) -> float:
    """About what any schedule costs: impact of the list spread over its caps' shape, and holding half of it."""
    room = basket.tradable * basket.volumes
    share = room / np.maximum(room.sum(axis=0), 1e-300)
    trades = share * basket.quantities
    left = basket.quantities - np.cumsum(trades, axis=0)
    risk = float(basket.days @ basket.covariance.variance(left))
    spent = float((basket.impact * trades**2 + basket.linear * np.abs(trades)).sum())
    total = spent + risk_aversion * risk + float(basket.days @ np.abs(left @ basket.drift))
    if not np.isfinite(total):
        raise ModelError("The figures are too large to compute with; check their units.", code="not_finite")
    return total if total > 0 else 1.0


def _multipliers(rows: Rows, found: Solution, currency: float) -> Multipliers:
    """The optimiser's prices, in currency per share and per currency."""
    bucket, name = rows.at
    one_way = ~rows.basket.reversible[name]
    limited = capped(rows)
    per_share = currency / rows.scale[name]
    prices = {
        "no_oversell": one_way,
        "participation": limited,
        "participation_back": limited & ~one_way,
    }
    spread = {}
    for kind, which in prices.items():
        spread[kind] = np.zeros(rows.place.shape)
        spread[kind][bucket[which], name[which]] = _of(found, kind, int(which.sum())) * per_share[which]
    turn = np.zeros(rows.place.shape)
    two = rows.two_way
    sizes = _of(found, "size_forth", len(two)) - _of(found, "size_back", len(two))
    turn[bucket[two], name[two]] = sizes * per_share[two]
    reach = rows.reach[rows.factors.shape[1] :]
    shape = (rows.periods - 1, len(rows.limits))
    ends = (_of(found, kind, shape[0] * shape[1]) for kind in ("sums_high", "sums_low"))
    high, low = (each.reshape(shape) * currency / reach for each in ends)
    return Multipliers(
        oversell=spread["no_oversell"],
        forth=spread["participation"],
        back=spread["participation_back"],
        turn=turn,
        high=high,
        low=low,
    )


def _of(found: Solution, kind: str, count: int) -> FloatArray:
    return found.multipliers.get(kind, np.zeros(count))
