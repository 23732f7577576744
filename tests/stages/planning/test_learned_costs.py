"""Plans use what a calibration brings: its coefficients, and how far its orders missed."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Strategy
from sottovoce.core.units import NS_PER_DAY
from sottovoce.models.cost_interval import Z_80, CostQuantiles
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.stages.planning.config import PlanningConfig
from tests.stages.planning import desk

PLAIN = PlanningConfig()


def test_learned_ends_move_the_interval_and_nothing_else() -> None:
    narrow = msgspec.structs.replace(PLAIN, cost_quantiles=CostQuantiles(low=-0.9, high=1.1, orders=500, version="t"))
    order = desk.order(strategy=Strategy.VWAP)
    before, after = desk.plan(order, config=PLAIN), desk.plan(order, config=narrow)
    scale = (before.cost_high_bps - before.cost_low_bps) / (2 * Z_80)
    assert after.cost_low_bps == pytest.approx(after.expected_cost_bps - 0.9 * scale, abs=0.001)
    assert after.cost_high_bps == pytest.approx(after.expected_cost_bps + 1.1 * scale, abs=0.001)
    assert after.expected_cost_bps == before.expected_cost_bps
    assert after.curve == before.curve


def test_calibrated_coefficients_cost_the_order_under_their_own_name() -> None:
    double = msgspec.structs.replace(
        ALMGREN_2005, version="desk/7", gamma=2 * ALMGREN_2005.gamma, eta=2 * ALMGREN_2005.eta
    )
    order = desk.order(strategy=Strategy.VWAP)
    before = desk.plan(order, config=PLAIN)
    after = desk.plan(order, config=msgspec.structs.replace(PLAIN, impact=double))
    one, two = (next(each for each in plan.alternatives if each.name == plan.recommended) for plan in (before, after))
    assert after.model_version == "desk/7"
    assert two.impact_bps == pytest.approx(2 * one.impact_bps, rel=1e-3)
    assert after.permanent_bps == pytest.approx(2 * before.permanent_bps, rel=1e-3)


def test_calibrated_coefficients_shape_the_schedule_they_are_costed_on() -> None:
    """Dearer trading spreads an IS order out: less of it is due early."""
    dear = msgspec.structs.replace(ALMGREN_2005, version="desk/8", eta=5 * ALMGREN_2005.eta)
    order = desk.order(strategy=Strategy.IS)
    before, after = desk.plan(order, config=PLAIN), desk.plan(order, config=msgspec.structs.replace(PLAIN, impact=dear))
    assert before.edges_ns == after.edges_ns
    middle = len(before.curve) // 4
    assert after.curve[middle] < before.curve[middle]


def test_only_a_vwap_of_one_session_whose_volume_is_known_follows() -> None:
    following = msgspec.structs.replace(PLAIN, follow_ppm=100_000)
    vwap = desk.plan(desk.order(strategy=Strategy.VWAP), config=following)
    assert vwap.follow_ppm == 100_000
    assert vwap.usual_volume == pytest.approx(42_138_739 * PLAIN.volume_curve.continuous, rel=0.01)
    for order in (
        desk.order(strategy=Strategy.TWAP),
        desk.order(strategy=Strategy.IS),
        desk.order(strategy=Strategy.VWAP, days=2, end_ns=desk.CLOSE_NS + NS_PER_DAY),
    ):
        plan = desk.plan(order, config=following)
        assert (plan.follow_ppm, plan.usual_volume) == (0, 0)
    assert desk.plan(desk.order(strategy=Strategy.VWAP), config=PLAIN).follow_ppm == 0


@pytest.mark.parametrize("ppm", [-1, 1_000_001])
def test_band_is_a_part_of_the_order(ppm: int) -> None:
    with pytest.raises(ValueError, match="follow_ppm"):
        PlanningConfig(follow_ppm=ppm)


@pytest.mark.parametrize("field", ["gamma", "eta"])
def test_impact_that_pays_is_no_impact(field: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        PlanningConfig(impact=msgspec.structs.replace(ALMGREN_2005, **{field: -0.1}))
