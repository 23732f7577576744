"""Cumulative target curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models import schedule_curves as curves
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, optimal_schedule
from sottovoce.models.volume import US_EQUITY, cumulative_fraction

OPEN, CLOSE = 570 * NS_PER_MINUTE, 960 * NS_PER_MINUTE
DAY = np.linspace(OPEN, CLOSE, 14).astype(np.int64)
kappas = st.floats(0.0, 50.0)


def test_twap_is_even_in_clock_time() -> None:
    assert curves.twap(np.array([0, 10, 40, 100])) == pytest.approx([0, 0.1, 0.4, 1.0])


def test_vwap_follows_the_curve_and_is_not_twap() -> None:
    found = curves.vwap(US_EQUITY, DAY)
    assert found == pytest.approx([cumulative_fraction(US_EQUITY, int(edge)) for edge in DAY])
    assert np.abs(found - curves.twap(DAY)).max() > 0.05


def test_vwap_of_part_of_a_day_starts_at_zero_and_ends_at_one() -> None:
    found = curves.vwap(US_EQUITY, DAY[3:9])
    assert (found[0], found[-1]) == (0.0, 1.0)
    assert (np.diff(found) > 0).all()


def test_vwap_outside_the_session_is_refused() -> None:
    with pytest.raises(PlanError) as refused:
        curves.vwap(US_EQUITY, DAY + 24 * 60 * NS_PER_MINUTE)
    assert refused.value.code == "no_volume_in_window"


def test_pov_is_a_share_of_the_total_and_stops_when_done() -> None:
    """T-SCH-15 in a curve: others 1,000 a bucket at 20 % is 250 a bucket."""
    found = curves.pov(np.array([1000.0, 1000.0, 0.0, 1000.0]), 0.20, 600)
    assert found * 600 == pytest.approx([0, 250, 500, 500, 600])


def test_pov_that_cannot_finish_ends_below_one() -> None:
    found = curves.pov(np.array([1000.0, 1000.0]), 0.05, 1_000)
    assert found[-1] == pytest.approx(2 * 52.6316 / 1_000, abs=1e-6)


@given(kappa=kappas)
def test_urgency_curves_start_at_zero_rise_and_end_at_one(kappa: float) -> None:
    time = curves.volume_time(US_EQUITY, np.zeros(14, dtype=np.int64), DAY)
    for found in (curves.implementation_shortfall(time, kappa), curves.target_close(time, kappa)):
        assert (found[0], found[-1]) == pytest.approx((0.0, 1.0), abs=1e-15)
        assert (np.diff(found) >= -1e-15).all()


def test_no_urgency_is_vwap() -> None:
    """λ → 0 gives TWAP in volume time, and continuously so."""
    time = curves.volume_time(US_EQUITY, np.zeros(14, dtype=np.int64), DAY)
    vwap = curves.vwap(US_EQUITY, DAY)
    assert curves.implementation_shortfall(time, 0.0) == pytest.approx(vwap, abs=1e-15)
    for kappa in (1e-12, 1e-8, 1e-4):
        assert curves.implementation_shortfall(time, kappa) == pytest.approx(vwap, abs=1e-7)


def test_great_urgency_is_immediate() -> None:
    time = curves.volume_time(US_EQUITY, np.zeros(14, dtype=np.int64), DAY)
    assert curves.implementation_shortfall(time, 1e6)[1:] == pytest.approx(1.0)
    assert curves.target_close(time, 1e6)[:-1] == pytest.approx(0.0)


def test_target_close_rows() -> None:
    """T-SCH-16: X = 1e6, κ = 0.60707616, T = 5; κ is given to eight digits, so ±0.02 share."""
    found = curves.target_close(np.arange(6, dtype=np.float64), 0.60707616) * 1e6
    assert found[1:5] == pytest.approx([62_141.80, 147_897.49, 289_854.22, 541_955.55], abs=0.02)


@given(kappa=kappas)
def test_target_close_mirrors_arrival_price(kappa: float) -> None:
    time = np.linspace(0, 1, 11)
    early, late = curves.implementation_shortfall(time, kappa), curves.target_close(time, kappa)
    assert early[::-1] == pytest.approx(1 - late, abs=1e-12)


def test_many_short_periods_of_almgren_chriss_reach_the_curve() -> None:
    """The curve is the short-period limit of the discrete optimum."""
    market = AlmgrenChrissMarket(
        quantity=1e6, horizon=5, periods=5_000, sigma_price=0.95, gamma=2.5e-7, eta=2.5e-6, epsilon=0.0625
    )
    held = np.array(optimal_schedule(market, 1e-6).holdings)[::500] / 1e6
    kappa = curves.urgency(sigma_price=0.95, eta=2.5e-6, risk_aversion=1e-6)
    assert kappa == pytest.approx(0.6008328, abs=5e-8)
    found = curves.implementation_shortfall(np.linspace(0, 5, 11), kappa)
    assert 1 - found == pytest.approx(held, abs=5e-5)


def test_three_days_count_one_each() -> None:
    days = np.array([0, 0, 1, 1, 2, 2])
    edges = np.array([OPEN, CLOSE] * 3)
    assert curves.volume_time(US_EQUITY, days, edges).tolist() == [0, 1, 1, 2, 2, 3]
    assert curves.multi_day_vwap(US_EQUITY, days, edges) == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 1])


@pytest.mark.parametrize("edges", [[5], [5, 5], [6, 5], []])
def test_edges_that_do_not_rise_are_refused(edges: list[int]) -> None:
    for make in (curves.twap, lambda each: curves.vwap(US_EQUITY, each)):
        with pytest.raises(PlanError) as refused:
            make(np.array(edges, dtype=np.int64))
        assert refused.value.code == "bad_edges"


@pytest.mark.parametrize("times", [[0.5, 1.0], [0.0, 1.0, 0.5], [0.0, 0.0], [0.0]])
def test_bad_volume_times_are_refused(times: list[float]) -> None:
    with pytest.raises(PlanError) as refused:
        curves.implementation_shortfall(np.array(times), 1.0)
    assert refused.value.code == "bad_volume_time"


def test_bad_figures_are_refused() -> None:
    with pytest.raises(ModelError):
        curves.implementation_shortfall(np.array([0.0, 1.0]), -1.0)
    with pytest.raises(ModelError):
        curves.pov(np.array([100.0]), 1.0, 10)
    with pytest.raises(ModelError):
        curves.pov(np.array([100.0]), 0.1, 0)
    with pytest.raises(PlanError) as refused:
        curves.pov(np.array([100.0, -1.0]), 0.1, 10)
    assert refused.value.code == "bad_volume"
