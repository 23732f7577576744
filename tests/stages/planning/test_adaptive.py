"""Adaptive arrival price: off unless asked for, one look half-way, and haste within the bounds of the plan."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.core.choices import GAIN, REPLAN, Watch
from sottovoce.core.enums import Strategy, Urgency
from sottovoce.core.orders import Plan
from sottovoce.core.replan_events import ONE
from sottovoce.models.schedule_adaptive import adaptive_plan, first_half_deviation
from sottovoce.stages.planning.adaptive import HASTE_MOST, hastened
from sottovoce.stages.planning.config import PlanningConfig
from tests.stages.planning.desk import AAPL, CLOSE_NS, OPEN_NS, order, plan

ADAPTIVE = PlanningConfig(adaptive=True)
LARGE = order(AAPL, 6_000_000, strategy=Strategy.IS, urgency=Urgency.HIGH, max_participation_ppm=400_000)


def look(found: Plan) -> Watch | None:
    return next((each for each in found.watches if each.figure == GAIN), None)


def test_off_by_default_and_the_rest_of_the_plan_is_the_same() -> None:
    plain, adaptive = plan(LARGE), plan(LARGE, config=ADAPTIVE)
    assert look(plain) is None
    assert adaptive.curve == plain.curve
    assert adaptive.expected_cost_bps == plain.expected_cost_bps


def test_a_large_order_looks_once_half_way_at_a_gain_and_says_so() -> None:
    found = plan(LARGE, config=ADAPTIVE)
    watch = look(found)
    assert watch is not None
    assert watch.then == REPLAN
    assert OPEN_NS < watch.at_ns < CLOSE_NS
    assert watch.low_ppm is not None
    assert watch.low_ppm < 0
    assert 1.1 * ONE <= watch.haste_ppm <= HASTE_MOST * ONE
    assert any(flag.startswith("adaptive arrival price: at 2018-") for flag in found.flags)


def test_a_small_order_gains_nothing_by_looking() -> None:
    """What there is to gain goes with market power and urgency: a patient order in a liquid name has next to none."""
    found = plan(order(AAPL, 1_000_000, strategy=Strategy.IS), config=ADAPTIVE)
    assert look(found) is None
    assert not [flag for flag in found.flags if "adaptive" in flag]


@pytest.mark.parametrize("strategy", [Strategy.VWAP, Strategy.TWAP, Strategy.POV, Strategy.CLOSE])
def test_other_strategies_do_not_look(strategy: Strategy) -> None:
    assert look(plan(msgspec.structs.replace(LARGE, strategy=strategy), config=ADAPTIVE)) is None


def test_haste_raises_the_price_of_risk_and_does_not_look_again() -> None:
    hasty = hastened(ADAPTIVE, 4 * ONE)
    for name in ("low", "medium", "high"):
        assert getattr(hasty, name).risk_price == 4 * getattr(ADAPTIVE, name).risk_price
    assert hastened(ADAPTIVE, ONE) is ADAPTIVE
    slow, fast = plan(LARGE, config=ADAPTIVE), plan(LARGE, config=hasty)
    assert np.interp(0.3, np.linspace(0, 1, len(fast.curve)), fast.curve) > np.interp(
        0.3, np.linspace(0, 1, len(slow.curve)), slow.curve
    )
    assert fast.max_participation_ppm == slow.max_participation_ppm
    assert look(fast) is None


def test_threshold_is_in_deviations_of_the_first_half_s_price_cost() -> None:
    """Against paths of a unit of risk a horizon, held as the rule's first half holds; tolerance of four errors."""
    rule, rng = adaptive_plan(0.15, 1.35), np.random.default_rng(11)
    times = np.linspace(0.0, 0.5, 501)
    kappa = rule.before
    held = (np.sinh(kappa * (0.5 - times)) + rule.held * np.sinh(kappa * times)) / np.sinh(kappa / 2)
    middle = 0.5 * (held[1:] + held[:-1])
    costs = rng.standard_normal((20_000, 500)) @ (middle * np.sqrt(times[1]))
    assert costs.std() == pytest.approx(first_half_deviation(rule), rel=4 / np.sqrt(2 * 20_000))
