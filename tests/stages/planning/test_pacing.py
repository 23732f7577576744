"""Impact limits are kept by pace, and bands go with participation alone."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sottovoce.core.choices import Benchmark
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.enums import Strategy, Urgency
from sottovoce.core.errors import PlanError
from sottovoce.core.plan_events import OrderPlanned
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import impact_at
from sottovoce.stages.planning.facts import facts_of
from sottovoce.stages.planning.pacing import PACE_MIN, band_ppm, within_impact
from sottovoce.stages.planning.tolerances import RiskProfile
from tests.stages.planning.desk import AAPL, BARE, NO_SHARES, NO_SIGMA, cleared, order, plan, stage, view

CONFIG = PlanningConfig()


@given(st.integers(50, 1_500), st.integers(10_000, 2_000_000), st.sampled_from([AAPL, NO_SHARES]))
def test_at_the_pace_found_the_model_expects_the_limit(limit: int, qty: int, of: object) -> None:
    """Many sizes and limits, both models: the limit where it binds, below it where the policy's cap does."""
    name = AAPL if of is AAPL else NO_SHARES
    asked = order(name, qty, max_impact_ppm=limit)
    facts = facts_of(asked, name, view(name), ())
    slow = impact_at(facts, qty, PACE_MIN, CONFIG.impact)
    assume(slow.paid * slow.permanent_bps + slow.temporary_bps < limit / 100)
    found = within_impact(asked, facts, CONFIG)
    assert found.max_participation_ppm is not None
    pace = found.max_participation_ppm / 1e6
    policy = CONFIG.policy(Urgency.MEDIUM).max_participation_ppm / 1e6
    impact = impact_at(facts, qty, pace, CONFIG.impact)
    expected = impact.paid * impact.permanent_bps + impact.temporary_bps
    assert expected <= limit / 100 + 1e-9
    if pace < policy - 1e-6:
        assert expected == pytest.approx(limit / 100, abs=0.05 + 2e-6 / pace * expected)


def test_planned_impact_stays_within_the_limit_and_says_so() -> None:
    free = plan(order(AAPL, 2_000_000, strategy=Strategy.IS, urgency=Urgency.HIGH))
    limit = 0.8 * free.alternatives[0].impact_bps
    held = plan(order(AAPL, 2_000_000, strategy=Strategy.IS, urgency=Urgency.HIGH, max_impact_ppm=round(100 * limit)))
    chosen = next(each for each in held.alternatives if each.name == held.recommended)
    assert chosen.impact_bps <= limit + 0.01
    assert held.max_participation_ppm < free.max_participation_ppm
    assert any(flag.startswith("impact limit of") for flag in held.flags)


def test_order_no_pace_can_help_is_rejected_with_the_reason() -> None:
    (event,) = stage_of(4_000_000, 100)
    assert isinstance(event, OrderRejected)
    assert [failed.code for failed in event.failures] == ["impact_limit"]


def stage_of(qty: int, limit: int) -> list[object]:
    message = cleared(order(AAPL, qty, max_impact_ppm=limit))
    return list(stage().deciders()[type(message)](message, view()))


def test_sound_limit_is_planned() -> None:
    assert any(isinstance(event, OrderPlanned) for event in stage_of(100_000, 2_000))


@pytest.mark.parametrize(("of", "code"), [(BARE, "no_adv"), (NO_SIGMA, "no_sigma")])
def test_without_the_figures_the_limit_is_not_taken_for_kept(of: object, code: str) -> None:
    name = BARE if of is BARE else NO_SIGMA
    with pytest.raises(PlanError) as error:
        plan(order(name, 1_000, max_impact_ppm=1_000, strategy=Strategy.TWAP))
    assert error.value.code == code


def test_client_s_band_is_the_plan_s_and_its_top_is_allowed() -> None:
    found = plan(order(AAPL, 500_000, strategy=Strategy.POV, participation_ppm=200_000,
                       participation_min_ppm=150_000, participation_max_ppm=300_000))  # fmt: skip
    assert (found.band_low_ppm, found.participation_ppm, found.band_high_ppm) == (150_000, 200_000, 300_000)
    assert found.max_participation_ppm == 300_000


def test_plain_rate_has_the_desk_s_band_and_other_strategies_none() -> None:
    pov = plan(order(AAPL, 500_000, strategy=Strategy.POV, participation_ppm=100_000))
    assert (pov.band_low_ppm, pov.band_high_ppm) == (80_000, 120_000)
    vwap = plan(order(AAPL, 500_000, strategy=Strategy.VWAP))
    assert (vwap.band_low_ppm, vwap.band_high_ppm) == (0, 0)


@given(st.integers(1, 500_000), st.none() | st.integers(1, 500_000))
def test_band_is_around_the_rate_and_under_the_client_s_maximum(rate: int, most: int | None) -> None:
    low, high = band_ppm(order(max_participation_ppm=most), Strategy.POV, rate, CONFIG)
    assert low <= high
    assert high <= (most or 500_000)
    assert low <= rate <= max(high, rate)
    assert most is not None or low <= rate <= max(high, 500_000)


def test_free_to_choose_the_desk_takes_no_way_that_cannot_keep_the_instruction() -> None:
    """The close costs least against the close, has no pace for a limit, and no schedule to leave for a price."""
    closer = RiskProfile(name="closer", version=1, managers=("pm-1",), benchmark=Benchmark.CLOSE)
    config = PlanningConfig(profiles=(closer,))
    assert plan(order(AAPL, 100_000), config=config).strategy is Strategy.CLOSE
    for asked in ({"max_impact_ppm": 200}, {"would_px": 150_000_000}):
        found = plan(order(AAPL, 100_000, **asked), config=config)
        assert found.strategy is not Strategy.CLOSE
        assert found.choice is not None
        assert "CLOSE" not in {each.name for each in found.choice.candidates}


def test_an_impact_limit_only_lowers_the_maximum() -> None:
    """The rate of an order that is not POV is nobody's pace."""
    asked = order(AAPL, 500_000, strategy=Strategy.VWAP, participation_ppm=400_000)
    free, loose = plan(asked), plan(msgspec.structs.replace(asked, max_impact_ppm=999_900))
    assert loose.max_participation_ppm == free.max_participation_ppm


def test_a_rate_the_limit_does_not_allow_is_costed_and_finished_at_what_it_allows() -> None:
    free = plan(order(AAPL, 3_000_000, strategy=Strategy.POV, participation_ppm=200_000))
    held = plan(order(AAPL, 3_000_000, strategy=Strategy.POV, participation_ppm=200_000, max_impact_ppm=900))
    assert held.participation_ppm == held.max_participation_ppm < free.participation_ppm
    assert held.impact is not None
    assert held.impact.value_bps <= 9.0
    assert held.completion_probability < free.completion_probability


def test_the_closing_part_is_within_the_maximum_too() -> None:
    free = plan(order(AAPL, 3_000_000, strategy=Strategy.VWAP))
    held = plan(order(AAPL, 3_000_000, strategy=Strategy.VWAP, max_participation_ppm=60_000))
    assert held.close_qty == pytest.approx(free.close_qty / 2, abs=100)


def test_a_limit_hardly_above_what_no_pace_avoids_is_no_plan() -> None:
    with pytest.raises(PlanError) as error:
        plan(order(AAPL, 3_000_000, strategy=Strategy.VWAP, max_impact_ppm=490))
    assert error.value.code == "impact_limit"


def test_a_profile_cuts_the_band_at_its_cap_and_says_so() -> None:
    calm = RiskProfile(name="calm", version=1, managers=("pm-1",), max_participation_ppm=50_000)
    config = PlanningConfig(profiles=(calm,))
    asked = order(AAPL, 500_000, strategy=Strategy.POV, participation_ppm=40_000,
                  participation_min_ppm=30_000, participation_max_ppm=400_000)  # fmt: skip
    found = plan(asked, config=config)
    assert (found.band_high_ppm, found.max_participation_ppm) == (50_000, 50_000)
    assert any("profile calm" in flag for flag in found.flags)


def test_a_market_that_is_there_already_is_told_of() -> None:
    assert any("begins at once" in flag for flag in plan(order(AAPL, 1_000_000, would_px=500_000_000)).flags)
    assert not any("begins at once" in flag for flag in plan(order(AAPL, 1_000_000, would_px=100_000_000)).flags)
