"""A direct order on the forecasts of the session it is sent in, and of no other."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Strategy
from sottovoce.core.market import MarketView
from sottovoce.core.units import BPS, NS_PER_DAY
from sottovoce.stages.planning.stage import Planning
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, OPEN_NS
from tests.stages.planning.foretold import (
    adv,
    forecast,
    plan,
    sigma,
    told,
)


def test_a_direct_order_takes_the_volatility_and_spread_of_the_session_and_forgets_them_with_it() -> None:
    shelf = desk.Shelf()
    wild = (forecast("volatility", 2 * sigma(AAPL)), forecast("spread", 12.0), forecast("volume", 9 * adv(AAPL)))
    shelf.known[AAPL.instrument_id] = msgspec.structs.replace(AAPL, forecasts=wild)
    stage = Planning(shelf, desk.Weekdays())
    order = desk.order(strategy=Strategy.SOR)
    unquoted = {day: MarketView(OPEN_NS + day * NS_PER_DAY, {}, 1) for day in (0, 1)}
    monday, tuesday = (stage.plan(order, unquoted[day]) for day in (0, 1))
    plain = plan(order, quoted=False)
    assert monday.timing_risk_bps == pytest.approx(2 * plain.timing_risk_bps, abs=2e-4)
    assert monday.impact is not None
    assert plain.impact is not None
    assert monday.impact.value_bps == pytest.approx(2 * plain.impact.value_bps, abs=2e-4)
    fees = plain.expected_cost_bps - plain.impact.value_bps - BPS * order.tick / order.arrival_px / 2
    assert monday.expected_cost_bps == pytest.approx(12.0 / 2 + monday.impact.value_bps + fees, abs=2e-3)
    assert [each.name for each in monday.conditions] == ["volatility forecast", "spread forecast"]
    assert told(tuesday) == msgspec.structs.replace(told(plain), flags=tuesday.flags)
    assert [flag.split()[1] for flag in tuesday.flags if "is not used: the order trades on 2018-02-13" in flag] == [
        "volatility",
        "spread",
    ]
