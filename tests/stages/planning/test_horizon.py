"""Two clocks of a horizon: volume by what each session is forecast to trade, risk by how it is forecast to move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import CURVE_ONE, ParentOrder
from sottovoce.core.units import NS_PER_DAY, NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning.ahead import Ahead
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.curves import shortfall_curve
from sottovoce.stages.planning.curves_many import shortfall_curves
from sottovoce.stages.planning.facts import Facts, facts_of
from sottovoce.stages.planning.horizon import Horizon, bucketed, sessions_between
from sottovoce.stages.planning.options import Option
from sottovoce.stages.planning.sloping import curve_of
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, CLOSE_NS
from tests.stages.planning.foretold import (
    EXAMPLES,
    MONDAY,
    RATIOS,
    TUESDAY,
    adv,
    days_of,
    forecast,
    plan,
    sigma,
    two_days,
)
from tests.stages.planning.test_plan_laws import orders


@settings(max_examples=EXAMPLES)
@given(orders((Strategy.IS,)), RATIOS, st.floats(0.001, 0.5))
def test_the_unit_of_the_volume_clock_does_not_move_a_schedule(order: ParentOrder, ratio: float, price: float) -> None:
    of, config = desk.Shelf().known[order.instrument_id], PlanningConfig()
    sessions = sessions_between(desk.Weekdays(), order.start_ns, order.end_ns, order.days, 30)
    ahead = Ahead(volumes=dict.fromkeys(days_of(order), ratio))
    window = (sessions, order.start_ns, order.end_ns, 5 * NS_PER_MINUTE, config.volume_curve)
    paced, plain = bucketed(*window, ahead), bucketed(*window)
    facts, volumes = facts_of(order, of, desk.view(of)), adv(of) * paced.volume_parts
    for way in (shortfall_curve, in_one_pass):
        one, other = (way(facts, clock, volumes, order.order_qty, price, 0.2) for clock in (paced, plain))
        assert one == pytest.approx(other, abs=1e-9)
    power = Option(
        name="power law", strategy=Strategy.IS, urgency=order.urgency, start_ns=order.start_ns, end_ns=order.end_ns,
        days=order.days, risk_price=price, shape="power",
    )  # fmt: skip
    one, other = (curve_of(power, order, facts, config, clock, volumes, 0.2) for clock in (paced, plain))
    assert one == pytest.approx(other, abs=1e-6)


def in_one_pass(
    facts: Facts, horizon: Horizon, volumes: FloatArray, quantity: int, price: float, most: float
) -> FloatArray:
    return np.asarray(shortfall_curves(facts, horizon, volumes, quantity, (price,), most, PlanningConfig())[0])


def test_a_forecast_of_one_session_leaves_the_other_an_average_one() -> None:
    order = two_days()
    met = plan(order, forecast("volume", 3 * adv(AAPL), TUESDAY))
    done = np.interp(CLOSE_NS, met.edges_ns, met.curve) / CURVE_ONE
    assert done == pytest.approx(0.25, abs=1e-6)
    assert [each.name for each in met.conditions if each.name.endswith("forecast")] == ["volume forecast"]


def test_risk_lies_in_the_session_that_is_forecast_to_be_wild() -> None:
    order = two_days()
    early = plan(order, forecast("volatility", 2 * sigma(AAPL), MONDAY))
    late = plan(order, forecast("volatility", 2 * sigma(AAPL), TUESDAY))
    assert early.timing_risk_bps > late.timing_risk_bps > plan(order).timing_risk_bps
    assert early.expected[-1].move_ppm == pytest.approx(late.expected[-1].move_ppm, rel=1e-6)


def test_the_move_expected_over_two_sessions_by_hand() -> None:
    order = desk.order(qty=1_000, strategy=Strategy.TWAP, end_ns=CLOSE_NS + NS_PER_DAY, days=2)
    met = plan(order, forecast("volatility", 2 * sigma(AAPL), MONDAY))
    # the variance of the move over both sessions: 4 σ² on Monday and σ² on Tuesday
    assert met.expected[-1].move_ppm == pytest.approx(1e6 * sigma(AAPL) * 5**0.5, abs=1)
