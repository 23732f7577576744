"""What finished orders teach the next plan: how far their costs were from what was expected, in the plans' own scale.

The ends learned from them (models/cost_interval.py) go into the setting `planning.cost_quantiles`; with them the next
order's interval is as wide as this desk's orders say, not as wide as a normal law says. An order that was given up
early says nothing of its forecast, which was for the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.core.units import NS_PER_DAY
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.cost_interval import CostQuantiles, Coverage, coverage, learned, misses

FILLED_MIN = 0.9
"""Part of an order that must have traded for its cost to be held against its forecast."""


class Forecasts(msgspec.Struct, frozen=True, kw_only=True):
    """Forecast and outcome of the orders that say something, bps, shapes (n,).

    reach: between the ends the order was planned with, in its plan's scale. day: a number for each name and day, whose
    orders met the same prices. left_out: orders that say nothing.
    """

    realised: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray
    reach: FloatArray
    day: IntArray
    left_out: int

    @property
    def held(self) -> Coverage:
        """How often the intervals the plans gave held. Raises ModelError `too_few_orders` without an order."""
        return coverage(self.realised, self.low, self.high, self.day)

    def quantiles(self, version: str) -> CostQuantiles:
        """The ends of the 80 % interval that they teach.

        Raises: ModelError `too_few_orders`, and `bad_orders` where a forecast had no width.
        """
        scale = (self.high - self.low) / self.reach
        return learned(misses(self.realised, self.expected, scale), version)


def forecasts_of(measured: Iterable[tuple[OrderTca, CostQuantiles]], model_version: str | None = None) -> Forecasts:
    """Measured orders, each with the ends in force when it was planned.

    Args: model_version: only orders costed by it; None takes all.
    """
    rows = [(each, _figures(each, model_version), ends) for each, ends in measured]
    kept = [(each, figures, ends) for each, figures, ends in rows if figures is not None]
    figures = np.array([found for _, found, _ in kept], np.float64).reshape(-1, 4)
    days = [(each.order.symbol, each.order.arrival_ns // NS_PER_DAY) for each, _, _ in kept]
    numbers = {day: at for at, day in enumerate(dict.fromkeys(days))}
    return Forecasts(
        realised=figures[:, 0], expected=figures[:, 1], low=figures[:, 2], high=figures[:, 3],
        reach=np.array([ends.high - ends.low for _, _, ends in kept], np.float64),
        day=np.array([numbers[day] for day in days], np.int64),
        left_out=len(rows) - len(kept),
    )  # fmt: skip


def _figures(each: OrderTca, model_version: str | None) -> tuple[float, float, float, float] | None:
    """Realised, expected, low, high; None for an order that says nothing."""
    said, whole = each.outcome, each.order.final_qty
    if said.realised_bps is None or said.expected_bps is None or said.low_bps is None or said.high_bps is None:
        return None
    if each.account.filled < FILLED_MIN * whole or model_version not in (None, said.model_version):
        return None
    return said.realised_bps, said.expected_bps, said.low_bps, said.high_bps
