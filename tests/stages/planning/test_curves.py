"""The shapes: limits of the arrival-price curve, the rate cap, windows that start and end inside a day."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.core.enums import Side, Strategy, Urgency
from sottovoce.core.errors import PlanError
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray
from sottovoce.models.volume import US_EQUITY
from sottovoce.stages.planning.completion import completion, volume_error
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.curves import keep_rate, rate_curve, shortfall_curve, volume_curve
from sottovoce.stages.planning.facts import facts_of
from sottovoce.stages.planning.horizon import Horizon, bucketed, sessions_between
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, CLOSE_NS, OPEN_NS, Weekdays

TABLE = PlanningConfig().volume_log_sd


def horizon(start_ns: int, end_ns: int) -> Horizon:
    sessions = sessions_between(Weekdays(), start_ns, end_ns, 1, 30)
    return bucketed(sessions, start_ns, end_ns, 5 * NS_PER_MINUTE, US_EQUITY)


def shortfall(risk_price: float, qty: int = 600_000, most: float = 1.0) -> FloatArray:
    day = horizon(OPEN_NS, CLOSE_NS)
    facts = facts_of(desk.order(), AAPL, desk.view())
    volumes = 42_138_739 * US_EQUITY.continuous * day.volume_parts
    return shortfall_curve(facts, day, volumes, qty, risk_price, most)


def test_no_price_of_risk_is_vwap() -> None:
    assert shortfall(0.0) == pytest.approx(volume_curve(horizon(OPEN_NS, CLOSE_NS)))
    assert shortfall(1e-9) == pytest.approx(volume_curve(horizon(OPEN_NS, CLOSE_NS)), abs=1e-6)


def test_a_boundless_price_of_risk_is_everything_at_once() -> None:
    assert shortfall(1e6)[1] > 0.999


def test_a_higher_price_of_risk_is_ahead_all_the_way() -> None:
    low, high = shortfall(0.02), shortfall(0.2)
    assert (high >= low - 1e-12).all()
    assert high[20] > low[20] + 0.05


def test_the_rate_cap_is_kept_and_the_rest_comes_later() -> None:
    qty, most = 600_000, 0.03
    curve = shortfall(0.5, qty, most)
    day = horizon(OPEN_NS, CLOSE_NS)
    rates = np.diff(curve) * qty / (42_138_739 * US_EQUITY.continuous * day.volume_parts)
    assert rates.max() == pytest.approx(most)
    assert curve[-1] == 1.0


def test_an_order_too_large_for_its_cap_is_even_in_volume_time() -> None:
    assert shortfall(0.5, 60_000_000, 0.1) == pytest.approx(volume_curve(horizon(OPEN_NS, CLOSE_NS)))


def test_what_does_not_fit_moves_on_and_what_fits_nowhere_is_due_at_the_end() -> None:
    wanted = np.array([0.0, 0.6, 0.8, 1.0])
    assert keep_rate(wanted, np.array([0.4, 0.4, 0.4])) == pytest.approx([0.0, 0.4, 0.8, 1.0])
    assert keep_rate(wanted, np.array([0.1, 0.1, 0.1])) == pytest.approx([0.0, 0.1, 0.2, 1.0])


def test_participation_is_of_the_total_and_leaves_the_rest_for_the_end() -> None:
    """T-SCH-15: at 10 % of the total, others' 1,000 shares make ours 111.11."""
    curve = rate_curve(np.array([1000.0, 1000.0, 1000.0]), 0.10, 1000)
    assert curve == pytest.approx([0.0, 0.1111, 0.2222, 1.0], abs=1e-4)


def test_a_window_inside_a_day_keeps_its_own_edges() -> None:
    start, end = OPEN_NS + 32 * NS_PER_MINUTE, OPEN_NS + 47 * NS_PER_MINUTE
    window = horizon(start, end)
    minutes = ((window.edges_ns - OPEN_NS) // NS_PER_MINUTE).tolist()
    assert minutes == [32, 35, 40, 45, 47]
    assert not window.reaches_close


def test_an_order_given_at_night_starts_at_the_next_open() -> None:
    window = horizon(CLOSE_NS + NS_PER_HOUR, CLOSE_NS + NS_PER_DAY)
    assert window.start_ns == OPEN_NS + NS_PER_DAY
    assert window.reaches_close


def test_a_weekend_is_skipped() -> None:
    friday = OPEN_NS + 4 * NS_PER_DAY
    window = horizon(friday, CLOSE_NS + 7 * NS_PER_DAY)
    assert len(window.sessions) == 2
    assert window.volume_days[-1] == pytest.approx(2.0)
    assert window.trading_ns[-1] == 2 * 390 * NS_PER_MINUTE


def test_an_early_close_stretches_the_volume_curve_over_the_short_day() -> None:
    (whole,) = sessions_between(Weekdays(), OPEN_NS, CLOSE_NS, 1, 30)
    short = msgspec.structs.replace(whole, close_ns=OPEN_NS + 210 * NS_PER_MINUTE)
    window = bucketed([short], OPEN_NS, short.close_ns, 5 * NS_PER_MINUTE, US_EQUITY)
    assert window.volume_days[-1] == pytest.approx(1.0)
    assert window.reaches_close


def test_a_night_has_no_session() -> None:
    with pytest.raises(PlanError, match="No session"):
        horizon(CLOSE_NS + 1, CLOSE_NS + NS_PER_HOUR)


def test_twap_is_even_in_trading_time() -> None:
    plan = desk.plan(desk.order(strategy=Strategy.TWAP, end_ns=CLOSE_NS + NS_PER_DAY, days=2))
    assert plan.curve[39] == CURVE_ONE // 4
    assert plan.close_qty == 0


def test_vwap_follows_the_curve_and_leaves_a_part_for_the_close() -> None:
    plan = desk.plan(desk.order(qty=100_000, strategy=Strategy.VWAP))
    assert plan.curve[3] == pytest.approx(0.0737 * CURVE_ONE, rel=1e-3)
    assert plan.close_qty == 12_000
    noon = desk.plan(desk.order(strategy=Strategy.VWAP, end_ns=CLOSE_NS - NS_PER_HOUR))
    assert noon.close_qty == 0


def test_the_auction_part_is_bounded_by_the_auction() -> None:
    plan = desk.plan(desk.order(qty=2_000_000, strategy=Strategy.VWAP))
    assert plan.close_qty == 185_000  # 12 % of 3.66 % of 42,138,739, in lots


def test_close_waits_for_the_auction() -> None:
    plan = desk.plan(desk.order(qty=40_000, strategy=Strategy.CLOSE))
    assert plan.close_qty == 40_000
    assert set(plan.curve[:-1]) == {0}


def test_a_pov_order_keeps_its_rate_and_its_bound() -> None:
    plan = desk.plan(desk.order(strategy=Strategy.POV, participation_ppm=100_000, max_participation_ppm=150_000))
    assert (plan.participation_ppm, plan.max_participation_ppm) == (100_000, 150_000)


def test_the_urgency_of_an_arrival_price_order_is_its_recommendation() -> None:
    for urgency, name in zip(Urgency, ("slower", "balanced", "faster"), strict=True):
        assert desk.plan(desk.order(strategy=Strategy.IS, urgency=urgency)).recommended == name


def test_the_reason_names_the_rival_and_what_would_change_it() -> None:
    plan = desk.plan(desk.order(qty=600_000))
    assert plan.choice is not None
    assert plan.reason.startswith(f"{plan.choice.chosen} costs ")
    assert "The choice becomes " in plan.reason
    assert "a bp of risk" in plan.reason


def chance(qty: int, rate: float = 0.1, limit_px: int | None = None, side: Side = Side.BUY) -> float:
    return completion(
        desk.order(qty=qty, limit_px=limit_px, side=side), rate=rate, volume=9e6, sessions=1,
        volume_log_sd=TABLE, sigma_daily=0.0131, days=1.0,
    )  # fmt: skip


def test_completion_is_even_odds_when_the_whole_forecast_is_needed() -> None:
    assert chance(1_000_000) == pytest.approx(0.5)
    assert chance(1_000_000, rate=0.2) > 0.95
    assert chance(4_000_000) < 0.001


def test_a_limit_at_the_arrival_price_halves_the_odds() -> None:
    assert chance(1_000, limit_px=159_540_000) == pytest.approx(0.5)
    assert chance(1_000, limit_px=170_000_000) > 0.99
    assert chance(1_000, limit_px=170_000_000, side=Side.SELL) < 0.01


def test_more_days_leave_less_doubt_about_volume() -> None:
    errors = [volume_error(days, TABLE) for days in (1, 2, 4, 20)]
    assert errors == [0.413, 0.376, 0.357, 0.304]
