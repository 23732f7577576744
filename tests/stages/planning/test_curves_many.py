"""Curves drawn together are the curves drawn one by one."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.planning.alternatives import horizon_of
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.curves import shortfall_curve
from sottovoce.stages.planning.curves_many import shortfall_curves
from sottovoce.stages.planning.facts import facts_of
from sottovoce.stages.planning.horizon import thinned
from sottovoce.stages.planning.options import Option
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, CLOSE_NS, NO_SHARES, THIN, Weekdays, view

CONFIG = PlanningConfig()
PRICES = (0.0, 1e-9, 0.005, 0.05, 0.2, 3.0)


@pytest.mark.parametrize("of", [AAPL, NO_SHARES, THIN])
@pytest.mark.parametrize(("qty", "days"), [(100, 1), (10_000, 1), (60_000, 3), (9_000_000, 1)])
@pytest.mark.parametrize("most", [0.05, 0.25])
def test_together_and_one_by_one(of: Instrument, qty: int, days: int, most: float) -> None:
    order = desk.order(of, qty=qty, days=days, end_ns=CLOSE_NS + (days - 1) * NS_PER_DAY)
    option = Option(
        name="", strategy=Strategy.IS, urgency=order.urgency, start_ns=order.start_ns, end_ns=order.end_ns, days=days
    )
    horizon = thinned(horizon_of(option, Weekdays(), CONFIG), 24)
    facts = facts_of(order, of, view(of))
    volumes = (facts.adv or 0.0) * horizon.volume_parts
    together = shortfall_curves(facts, horizon, volumes, qty, PRICES, most, CONFIG)
    alone = np.stack([shortfall_curve(facts, horizon, volumes, qty, price, most) for price in PRICES])
    assert together == pytest.approx(alone, abs=1e-9)
