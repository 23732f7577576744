"""The rest planned again: what was met goes in, what was approved bounds, and what is too dear is refused."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.choices import VOLUME
from sottovoce.core.enums import Strategy
from sottovoce.core.forecast import Forecast
from sottovoce.core.instrument import known
from sottovoce.core.plan_events import OrderReplanned, ReplanRefused, ReplanWanted
from sottovoce.core.replan_events import Departure, PlanBounds, PlanFigures
from sottovoce.stages.planning.replanning import PRIOR_SAMPLES, as_met, within
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, BARE, OPEN_NS, view

ORDER = desk.order(qty=2_000_000, strategy=Strategy.VWAP)
PLAN = desk.plan(ORDER)
WIDE = PlanBounds(
    max_participation_ppm=1_000_000, clip_qty=10**9, max_clip_qty=10**9, child_qty_max=10**9, close_qty=10**9,
    dark_ppm=1_000_000, cost_most_bps=1e9,
)  # fmt: skip
BEFORE = PlanFigures(expected_cost_bps=7.5, timing_risk_bps=70.0, completion_probability=1.0, model_version="test")


def departure(volume: float = 1.0, volatility: float = 1.0, samples: int = 13) -> Departure:
    return Departure(
        figure=VOLUME, seen_ppm=1, limit_ppm=0, volume_ppm=round(1e6 * volume), volatility_ppm=round(1e6 * volatility),
        samples=samples,
    )  # fmt: skip


def again(seen: Departure, bounds: PlanBounds = WIDE) -> OrderReplanned | ReplanRefused:
    wanted = ReplanWanted(parent_id="P", ts_ns=OPEN_NS, rest=ORDER, departure=seen, bounds=bounds, before=BEFORE)
    (event,) = desk.stage().again(wanted, view())
    assert isinstance(event, OrderReplanned | ReplanRefused)
    return event


def test_what_was_seen_counts_as_much_as_the_prior_after_the_prior_s_worth_of_samples() -> None:
    met = as_met(AAPL, departure(volume=0.25, samples=int(PRIOR_SAMPLES)))
    assert known(met.adv) == pytest.approx(0.5 * 42_138_739)
    assert met.adv is not None
    assert met.adv.source.endswith("as met while the order worked")


def test_a_forecast_of_the_session_is_corrected_as_the_averages_are_and_its_interval_with_it() -> None:
    usual = known(AAPL.adv)
    assert usual is not None
    busy = Forecast(
        figure="volume", date="2018-02-12", value=2 * usual, low=usual, high=3 * usual, model="arma", window="w", n=9,
        made="2018-02-09",
    )  # fmt: skip
    seen = departure(volume=0.25, samples=int(PRIOR_SAMPLES))
    met = as_met(
        msgspec.structs.replace(
            AAPL, forecasts=(busy, msgspec.structs.replace(busy, figure="spread", value=3.0, low=2.0, high=4.0))
        ),
        seen,
    )
    volume, spread = met.forecasts
    assert volume.value == pytest.approx(usual)
    assert volume.low == pytest.approx(usual / 2)
    assert volume.high == pytest.approx(1.5 * usual)
    assert volume.model == "arma, as met while the order worked"
    assert spread.value == 3.0


def test_nothing_seen_changes_nothing() -> None:
    assert as_met(AAPL, departure(volume=0.1, volatility=9.0, samples=0)) == AAPL
    assert as_met(BARE, departure(volume=0.1)) == BARE


def test_a_wild_reading_counts_four_times_at_most() -> None:
    assert as_met(AAPL, departure(volatility=50.0)).sigma_daily == as_met(AAPL, departure(volatility=4.0)).sigma_daily


def test_less_volume_and_more_volatility_make_the_rest_dearer_and_riskier() -> None:
    found = again(departure(volume=0.3, volatility=3.0, samples=40))
    assert isinstance(found, OrderReplanned)
    assert found.plan.expected_cost_bps > PLAN.expected_cost_bps
    assert found.plan.timing_risk_bps > 1.5 * PLAN.timing_risk_bps


def test_reason_and_both_plans_figures_are_recorded() -> None:
    found = again(departure(volume=0.5))
    assert isinstance(found, OrderReplanned)
    assert found.departure == departure(volume=0.5)
    assert found.before == BEFORE


def test_a_plan_dearer_than_was_approved_is_refused_on_the_boundary_and_not_below_it() -> None:
    cost = PLAN.expected_cost_bps
    assert isinstance(again(departure(samples=0), msgspec.structs.replace(WIDE, cost_most_bps=cost)), OrderReplanned)
    found = again(departure(samples=0), msgspec.structs.replace(WIDE, cost_most_bps=cost - 1e-4))
    assert isinstance(found, ReplanRefused)
    assert found.failures[0].code == "replan_beyond_approval"


@settings(max_examples=50, deadline=None)
@given(
    bounds=st.builds(
        PlanBounds, max_participation_ppm=st.integers(1, 10**6), clip_qty=st.integers(1, 10**5),
        max_clip_qty=st.integers(1, 10**5), child_qty_max=st.integers(1, 10**6), close_qty=st.integers(0, 10**6),
        dark_ppm=st.integers(0, 10**6), cost_most_bps=st.just(1e9),
    )
)  # fmt: skip
def test_nothing_is_larger_than_its_bound(bounds: PlanBounds) -> None:
    found = within(PLAN, bounds)
    assert found.max_participation_ppm <= bounds.max_participation_ppm
    assert found.participation_ppm <= bounds.max_participation_ppm
    assert found.clip_qty <= found.max_clip_qty <= bounds.max_clip_qty
    assert 0 < found.child_qty_max <= bounds.child_qty_max
    assert found.close_qty <= bounds.close_qty
    assert found.dark_ppm <= bounds.dark_ppm


def test_the_instrument_s_own_record_is_not_changed() -> None:
    before = msgspec.json.encode(AAPL)
    as_met(AAPL, departure(volume=0.5))
    assert msgspec.json.encode(AAPL) == before
