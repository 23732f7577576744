"""Forecasts in a plan: volume moves schedules and participation, not size; volatility moves risk; hindsight nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from sottovoce.core.enums import Strategy
from sottovoce.core.forecast import Forecast
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.stage import Planning
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, BARE, CLOSE_NS, NO_SHARES, OPEN_NS, THIN
from tests.stages.planning.foretold import (
    EXAMPLES,
    FRIDAY_BEFORE,
    MONDAY,
    RATIOS,
    TUESDAY,
    adv,
    days_of,
    forecast,
    impact_bps,
    of_way,
    plan,
    sigma,
    told,
    two_days,
)
from tests.stages.planning.test_plan_laws import orders


@settings(max_examples=EXAMPLES)
@given(orders())
def test_forecasts_of_the_averages_themselves_change_no_plan(order: ParentOrder) -> None:
    of = desk.Shelf().known[order.instrument_id]
    usual = [forecast("volume", adv(of), day) for day in days_of(order)]
    usual += [forecast("volatility", sigma(of), day) for day in days_of(order)]
    assert told(plan(order, *usual)) == told(plan(order))


@settings(max_examples=EXAMPLES)
@given(orders((Strategy.VWAP,)), RATIOS, RATIOS)
def test_more_volume_never_raises_participation_or_cost_nor_lowers_completion(
    order: ParentOrder, one: float, other: float
) -> None:
    of = desk.Shelf().known[order.instrument_id]
    less, more = sorted((one, other))
    few, many = (
        plan(order, *(forecast("volume", adv(of) * each, day) for day in days_of(order))) for each in (less, more)
    )
    assert many.participation_ppm <= few.participation_ppm
    assert many.completion_probability >= few.completion_probability
    assert many.expected_cost_bps <= few.expected_cost_bps + 1e-3
    assert many.timing_risk_bps == few.timing_risk_bps


@settings(max_examples=EXAMPLES)
@given(orders((Strategy.VWAP, Strategy.TWAP)), RATIOS)
def test_risk_goes_with_the_volatility_of_the_sessions(order: ParentOrder, ratio: float) -> None:
    of = desk.Shelf().known[order.instrument_id]
    wild = plan(order, *(forecast("volatility", sigma(of) * ratio, day) for day in days_of(order)))
    assert wild.timing_risk_bps == pytest.approx(ratio * plan(order).timing_risk_bps, rel=1e-3, abs=1e-3)
    assert wild.curve == plan(order).curve


@settings(max_examples=EXAMPLES)
@given(orders(), RATIOS)
def test_a_volatility_forecast_for_every_session_is_the_plan_of_an_instrument_that_always_moves_so(
    order: ParentOrder, ratio: float
) -> None:
    of = desk.Shelf().known[order.instrument_id]
    days = [forecast("volatility", sigma(of) * ratio, day) for day in days_of(order)]
    shelf = desk.Shelf()
    shelf.known[of.instrument_id] = msgspec.structs.replace(of, sigma_daily=desk.fact(sigma(of) * ratio))
    always = Planning(shelf, desk.Weekdays()).plan(order, desk.view(of))
    ways = {Strategy.VWAP, Strategy.TWAP, Strategy.POV, Strategy.CLOSE, Strategy.SOR}
    if order.strategy in ways:  # the slower way of these lasts into sessions nobody has forecast
        assert of_way(plan(order, *days)) == of_way(always)
    else:
        assert told(plan(order, *days)) == told(always)


@settings(max_examples=EXAMPLES)
@given(orders((Strategy.VWAP, Strategy.POV, Strategy.TWAP)), RATIOS)
def test_expected_marks_are_the_forecast_s(order: ParentOrder, ratio: float) -> None:
    of = desk.Shelf().known[order.instrument_id]
    days = [forecast("volume", adv(of) * ratio, day) for day in days_of(order)]
    usual, met = plan(order).expected, plan(order, *days).expected
    assert len(met) == len(usual)
    assert met[-1].volume == pytest.approx(ratio * usual[-1].volume, abs=ratio + 1)
    assert met[-1].move_ppm == pytest.approx(usual[-1].move_ppm, abs=1)


def test_a_day_of_twice_the_volume_halves_our_share_of_it_and_not_our_size() -> None:
    order = desk.order(NO_SHARES, qty=200_000, strategy=Strategy.VWAP)
    usual, busy = plan(order), plan(order, forecast("volume", 2 * adv(NO_SHARES)))
    assert busy.participation_ppm == pytest.approx(usual.participation_ppm / 2, abs=60)
    assert busy.curve == usual.curve
    # I-Star's size is X/ADV: of the forecast it would be half, and so would be the permanent move
    assert busy.permanent_bps == usual.permanent_bps
    assert busy.child_qty_max == usual.child_qty_max


def test_almgren_s_duration_is_in_days_of_average_volume() -> None:
    order = desk.order(qty=1_000_000, strategy=Strategy.VWAP)
    usual, busy = plan(order), plan(order, forecast("volume", 2 * adv(AAPL)))
    assert busy.permanent_bps == usual.permanent_bps
    temporary = [impact_bps(each) - each.permanent_bps for each in (usual, busy)]
    assert temporary[1] == pytest.approx(temporary[0] * 0.5**0.6, rel=2e-3)


@pytest.mark.parametrize(
    ("unused", "why"),
    [
        (forecast("volume", 9e9, "2018-02-14"), "for 2018-02-14 is not used: the order trades on 2018-02-12"),
        (forecast("volume", 9e9, "2018-02-09", made="2018-02-08"), "for 2018-02-09 is not used"),
        (forecast("volatility", 0.5, MONDAY, made=MONDAY), "made with 2018-02-12, not before 2018-02-12"),
        (forecast("spread", 90.0, MONDAY, made=TUESDAY), "made with 2018-02-13"),
    ],
)
def test_a_stale_forecast_or_hindsight_is_not_used_and_the_plan_says_so(unused: Forecast, why: str) -> None:
    order = desk.order(qty=500_000)
    met = plan(order, unused, quoted=False)
    assert any(why in flag for flag in met.flags)
    assert msgspec.structs.replace(met, flags=plan(order, quoted=False).flags) == plan(order, quoted=False)


def test_a_later_session_s_forecast_made_during_the_order_is_hindsight() -> None:
    met = plan(two_days(), forecast("volume", 9e7, TUESDAY, made=MONDAY))
    assert any("made with 2018-02-12, not before 2018-02-12" in flag for flag in met.flags)
    assert met.expected == plan(two_days()).expected


def test_the_spread_is_the_quote_s_then_the_forecast_s_then_the_dated_one() -> None:
    order = desk.order(qty=1_000, strategy=Strategy.TWAP)
    wide = forecast("spread", 12.0)
    assert plan(order, wide).expected_cost_bps == plan(order).expected_cost_bps
    crossing = 12.0 / 2 * 0.55 * (1 - 0.35 * 0.5)
    spread = next(each.spread_bps for each in plan(order, wide, quoted=False).alternatives if each.name == "balanced")
    assert spread == pytest.approx(crossing, abs=1e-4)


def test_the_interval_of_the_forecast_is_the_doubt_about_completion() -> None:
    order = desk.order(THIN, qty=25_000, strategy=Strategy.VWAP)
    sure = forecast("volume", adv(THIN), low=adv(THIN) * 0.98, high=adv(THIN) * 1.02)
    doubtful = forecast("volume", adv(THIN), low=adv(THIN) * 0.3, high=adv(THIN) * 3.3)
    usual = plan(order).completion_probability
    assert usual > 0.5
    assert plan(order, sure).completion_probability > usual > plan(order, doubtful).completion_probability


def test_a_session_is_done_as_often_as_its_middle_volume_says() -> None:
    """Half the days have less than √(low · high), so an order that needs just that is done on half of them."""
    low, high, value = 0.5 * adv(THIN), 1.28 * adv(THIN), 0.9 * adv(THIN)
    most, continuous = 0.15, PlanningConfig().volume_curve.continuous
    needs_the_middle = round((low * high) ** 0.5 * continuous * most / (1 - most))
    order = desk.order(THIN, qty=needs_the_middle, strategy=Strategy.VWAP)
    met = plan(order, forecast("volume", value, low=low, high=high))
    assert met.completion_probability == pytest.approx(0.5, abs=1e-3)
    assert met.expected[-1].volume == pytest.approx(value * continuous, abs=1)


def auction_percent(of: Plan) -> float:
    told = next(flag for flag in of.flags if "of the predicted closing auction" in flag)
    return float(told.removeprefix("the order is ").split("%")[0])


def test_the_closing_auction_is_of_the_day_it_is_in() -> None:
    order = desk.order(qty=4_000_000, strategy=Strategy.CLOSE)
    usual, busy = plan(order), plan(order, forecast("volume", 2 * adv(AAPL)))
    usual_percent, busy_percent = (auction_percent(each) for each in (usual, busy))
    assert busy_percent == pytest.approx(usual_percent / 2, abs=1)


def test_a_forecast_stands_for_an_average_nobody_has_given_and_the_plan_says_so() -> None:
    met = plan(desk.order(BARE, qty=10_000), forecast("volume", 2e6), forecast("volatility", 0.02))
    assert met.strategy is not Strategy.TWAP or met.choice is not None
    assert met.expected_cost_bps > 0
    assert any("the volume forecast stands for it" in flag for flag in met.flags)
    assert any("stands for that of every session" in flag for flag in met.flags)


def test_a_forecast_of_another_day_stands_for_nothing() -> None:
    """The first session has none: an average nobody has given stays unknown, and what is told is what is done."""
    later = forecast("volume", 1e6, "2018-02-28")
    found = plan(desk.order(BARE, 10_000, strategy=Strategy.TWAP), later)
    assert not [flag for flag in found.flags if "stands for it" in flag]
    assert any(flag.startswith("no ADV") for flag in found.flags)
    assert any("is not used" in flag for flag in found.flags)


def test_what_is_made_with_today_s_close_is_not_known_this_morning() -> None:
    """Planned at Monday's open for Tuesday: Friday's forecast counts, one made with Monday does not."""
    tomorrow = desk.order(
        qty=500_000, strategy=Strategy.VWAP, start_ns=OPEN_NS + NS_PER_DAY, end_ns=CLOSE_NS + NS_PER_DAY
    )
    for made, used in ((FRIDAY_BEFORE, True), (MONDAY, False)):
        found = plan(tomorrow, forecast("volume", 3 * adv(AAPL), TUESDAY, made=made))
        assert any(each.name == "volume forecast" for each in found.conditions) is used
        assert any("is not used" in flag for flag in found.flags) is not used


def test_a_busy_session_is_still_one_day() -> None:
    busy = plan(desk.order(qty=500_000, strategy=Strategy.VWAP), forecast("volume", 2 * adv(AAPL)))
    assert busy.impact is not None
    assert not busy.impact.extrapolated
    assert not [flag for flag in busy.flags if flag.startswith("extrapolated")]
