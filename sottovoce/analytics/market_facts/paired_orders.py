"""Orders run twice, with and without us under the same draws: what they moved, how much of it stayed, what they cost.

Impact is the mid with the order less the mid of the paired run, signed so that it is positive when it went against
the order, in daily volatilities. The law of it is power_law.py's; decay compares it one order length after the end
with what it was at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.pooling import Estimate, pooled, unmeasured


class PairedOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One parent against its paired run.

    size is filled shares over daily volume, participation our part of the volume meant, done the part of the
    order that filled; impact at completion and cost (average paid less average paired mid over the slices) in daily
    volatilities; later, the impact one order length after completion, None where the session ended before.
    """

    session: int
    size: float
    participation: float
    done: float
    impact: float
    cost: float
    later: float | None = None


def by_session(orders: Sequence[PairedOrder]) -> list[list[PairedOrder]]:
    """The orders of each session, sessions in order."""
    found: dict[int, list[PairedOrder]] = {}
    for order in sorted(orders, key=lambda each: each.session):
        found.setdefault(order.session, []).append(order)
    return list(found.values())


def decay(orders: Sequence[PairedOrder]) -> Estimate:
    """I(2T)/I(T): summed impact one order length after completion over what it was then, over the same orders."""
    kept = [order for order in orders if order.later is not None]
    if not kept:
        return unmeasured("no order was followed for its own length after completion")
    return pooled(by_session(kept), _kept_part)


def _kept_part(sessions: Sequence[Sequence[PairedOrder]]) -> float:
    orders = [order for session in sessions for order in session]
    at_end = sum(order.impact for order in orders)
    later = sum(order.later for order in orders if order.later is not None)
    return later / at_end if at_end else float("nan")


def mean_cost(orders: Sequence[PairedOrder]) -> Estimate:
    """Average cost over orders, in daily volatilities."""
    return pooled(by_session(orders), _mean_cost)


def _mean_cost(sessions: Sequence[Sequence[PairedOrder]]) -> float:
    return float(np.mean([order.cost for session in sessions for order in session]))
