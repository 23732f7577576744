"""What a plan records of the model it was costed with."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.core.instrument import Instrument
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, BARE, NO_SHARES


@pytest.mark.parametrize(
    ("instrument", "qty", "version", "extrapolated"),
    [
        (AAPL, 500_000, "almgren2005/risk-18-7", False),
        (AAPL, 1_000, "almgren2005/risk-18-7", True),
        (NO_SHARES, 20_000, "istar/all-stock", None),
    ],
)
def test_a_plan_says_whether_its_model_was_stretched_or_that_nobody_can(
    instrument: Instrument, qty: int, version: str, extrapolated: bool | None
) -> None:
    impact = desk.plan(desk.order(instrument, qty)).impact
    assert impact is not None
    assert (impact.version, impact.extrapolated) == (version, extrapolated)
    assert msgspec.json.decode(msgspec.json.encode(impact), type=ImpactEstimate) == impact


def test_where_no_model_can_price_the_order_there_is_no_estimate() -> None:
    assert desk.plan(desk.order(BARE, 100)).impact is None
