"""Whole lots from a constrained schedule, and how far they stray from its limits.

Each name's cumulative curve is rounded, so every bucket ends within half a lot of the schedule, the whole order is
traded, and nothing is sold that was bought on the way. A bucket's trade may thus be one lot above its cap at most, and
a limited sum beyond its limit by half a lot of every name at most; both are measured and told.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.rounding import round_cumulative
from sottovoce.models.schedule_constrained import ConstrainedSchedule
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket, Exposure


class LotSchedule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """holdings: shares left, signed, shape (N + 1, m), whole lots but for an odd remainder.

    over_cap: most shares above a cap in any bucket, in lots, at most 1. beyond: most currency any limited sum is
    beyond its limit; beyond_max: what half a lot of every name comes to at most.
    """

    holdings: IntArray
    over_cap: float
    beyond: float
    beyond_max: float


def in_lots(basket: ConstrainedBasket, schedule: ConstrainedSchedule, lots: IntArray) -> LotSchedule:
    """Round a schedule.

    Args:
        lots: shares per lot of each name, shape (m,), >= 1.
    Raises: PlanError `bad_lot`, `bad_quantity` where the list is not in whole shares, `reversible_lots` for a name
        that may turn: there is no one direction to round its curve in.
    """
    if basket.reversible.any():
        raise PlanError("A name that may turn is not rounded to lots; forbid overselling.", code="reversible_lots")
    if np.any(basket.quantities != np.rint(basket.quantities)):
        raise PlanError("Quantities must be whole shares before they can be cut in lots.", code="bad_quantity")
    columns = [_rounded(schedule.holdings[:, place], int(lot)) for place, lot in enumerate(lots)]
    holdings = np.stack(columns, axis=1)
    over = np.abs(np.diff(holdings, axis=0)) - basket.caps
    return LotSchedule(
        holdings=holdings,
        over_cap=float((over / lots).max(initial=0.0)),
        beyond=max((_beyond(limit, holdings) for limit in schedule.limits), default=0.0),
        beyond_max=max((0.5 * float(np.abs(limit.loadings) @ lots) for limit in schedule.limits), default=0.0),
    )


def _rounded(left: FloatArray, lot: int) -> IntArray:
    """One name's holdings in lots, shape (N + 1,)."""
    sign, quantity = (-1 if left[0] < 0 else 1), round(abs(left[0]))
    if quantity == 0:
        return np.zeros(len(left), dtype=np.int64)
    done = np.maximum.accumulate(np.clip(1.0 - left / left[0], 0.0, 1.0))
    done[-1] = 1.0
    return np.asarray(sign * (quantity - round_cumulative(done, quantity, lot)), dtype=np.int64)


def _beyond(limit: Exposure, holdings: IntArray) -> float:
    left = holdings[1:-1] @ limit.loadings
    return float(np.maximum(left - limit.high, limit.low - left).max(initial=0.0))
