"""What finished orders teach the next plan: how far their costs were from what was expected, in the plans' own scale.

The ends go into the setting `planning.cost_quantiles` (models/cost_interval.py); with them the next order's interval is
as wide as this desk's orders say, not as wide as a normal law says. An order that was given up early says nothing of
its forecast, which was for the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.models.cost_interval import NORMAL, CostQuantiles, learned, misses

FILLED_MIN = 0.9
"""Part of an order that must have traded for its cost to be held against its forecast."""


def cost_quantiles(
    measured: Iterable[OrderTca], version: str, in_force: CostQuantiles = NORMAL, model_version: str | None = None
) -> CostQuantiles:
    """The ends of the 80 % cost interval, learned from measured orders.

    Args:
        in_force: the ends the orders were planned with. model_version: only orders costed by it; None takes all.
    Raises: ModelError `too_few_orders`, and `bad_orders` where a forecast had no width.
    """
    rows = [row for each in measured if (row := _figures(each, model_version)) is not None]
    realised, expected, low, high = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return learned(misses(realised, expected, in_force.scale(low, high)), version)


def _figures(each: OrderTca, model_version: str | None) -> tuple[float, float, float, float] | None:
    """Realised, expected, low, high; None for an order that says nothing."""
    said, whole = each.outcome, each.order.final_qty
    if said.realised_bps is None or said.expected_bps is None or said.low_bps is None or said.high_bps is None:
        return None
    if each.account.filled < FILLED_MIN * whole or model_version not in (None, said.model_version):
        return None
    return said.realised_bps, said.expected_bps, said.low_bps, said.high_bps
