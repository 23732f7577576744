"""Which limits a constrained schedule runs into, and what a little more of each would save.

A limit with a price above zero shapes the schedule. Its worth is the sum of its prices: of a sum, currency of utility
for one currency more of limit; of a name's participation, for one point of volume more (0.01) in every bucket.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_constrained import ConstrainedSchedule
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket

POINT = 0.01
MATTERS = 1e-6
"""Part of the schedule's utility below which a limit's price is the optimiser's rounding."""


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """kind: "participation", "cash", "beta" or "sector"; name: of the name or of the sum; limit: as given.

    buckets: how many it holds back, first … last of them by what they are called. saves: currency of utility, for a
    hundredth more of a sum's limit or for a point more of participation.
    """

    kind: str
    name: str
    limit: float
    buckets: int
    first: str
    last: str
    saves: float


def binding_limits(basket: ConstrainedBasket, schedule: ConstrainedSchedule) -> tuple[Binding, ...]:
    """Every limit that shapes the schedule, the one whose easing saves most first."""
    least = MATTERS * abs(schedule.utility)
    found = []
    caps = schedule.multipliers.forth + schedule.multipliers.back
    for place in range(len(basket.names)):
        worth = caps[:, place] * basket.volumes[:, place] * POINT
        found.append(
            _told(basket, "participation", basket.names[place], float(basket.participation[place]), worth, least)
        )
    sums = schedule.multipliers.high + schedule.multipliers.low
    for place, limit in enumerate(schedule.limits):
        worth = sums[:, place] * limit.cap * POINT
        found.append(_told(basket, limit.kind, limit.name, limit.cap, worth, least))
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.saves, each.name)))


def _told(
    basket: ConstrainedBasket, kind: str, name: str, limit: float, worth: FloatArray, least: float
) -> Binding | None:
    where = np.flatnonzero(worth > least / len(basket.days))
    if float(worth.sum()) <= least or not len(where):
        return None
    first, last = basket.bucket(int(where[0])), basket.bucket(int(where[-1]))
    return Binding(
        kind=kind, name=name, limit=limit, buckets=len(where), first=first, last=last, saves=float(worth.sum())
    )
