"""The power law by shooting: the general optimiser's answer, Almgren and Chriss's at exponent one, and its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, optimal_schedule
from sottovoce.models.schedule_power import PowerLawMarket
from sottovoce.models.schedule_power_finite import finite_schedule
from sottovoce.models.schedule_power_quick import power_curve

ORDER, SIGMA, RISK_AVERSION = 1e6, 0.95, 1e-6


@pytest.mark.parametrize(("exponent", "eta"), [(0.5, 1.118034e-3), (0.6, 3.298770e-4), (1.0, 2.5e-6), (2.0, 1.25e-11)])
def test_the_general_optimiser_finds_the_same(exponent: float, eta: float) -> None:
    """Coefficients of T-SCH-8 over two days in twenty buckets."""
    market = PowerLawMarket(quantity=ORDER, sigma_price=SIGMA, eta=eta, exponent=exponent, risk_aversion=RISK_AVERSION)
    risk = RISK_AVERSION * SIGMA**2 * ORDER ** (1.0 - exponent) / eta
    curve = power_curve(np.full(20, 0.1), exponent, risk)
    assert curve == pytest.approx(1.0 - finite_schedule(market, 2.0, 20).holdings[1:] / ORDER, abs=1e-5)


def test_exponent_one_is_almgren_and_chriss() -> None:
    market = AlmgrenChrissMarket(
        quantity=ORDER, horizon=5.0, periods=5, sigma_price=SIGMA, gamma=0.0, eta=2.5e-6, epsilon=0.0
    )
    held = np.array(optimal_schedule(market, RISK_AVERSION).holdings[1:])
    curve = power_curve(np.ones(5), 1.0, RISK_AVERSION * SIGMA**2 / 2.5e-6)
    assert curve == pytest.approx(1.0 - held / ORDER, abs=1e-9)


def test_without_risk_the_rate_is_constant() -> None:
    days = np.array([0.1, 0.3, 0.6])
    assert power_curve(days, 0.6, 0.0) == pytest.approx([0.1, 0.4, 1.0], abs=1e-9)


@settings(max_examples=100)
@given(
    days=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=30),
    exponent=st.floats(0.4, 2.0),
    risk=st.floats(0.0, 50.0),
)
def test_the_curve_rises_to_the_whole_order_and_never_lags_a_constant_rate(
    days: list[float], exponent: float, risk: float
) -> None:
    steps = np.array(days)
    curve = power_curve(steps, exponent, risk)
    assert curve[-1] == 1.0
    assert (np.diff(np.concatenate([[0.0], curve])) >= -1e-12).all()
    assert (curve >= np.cumsum(steps) / steps.sum() - 1e-9).all()


@pytest.mark.parametrize(("days", "exponent", "risk"), [([0.0, 1.0], 0.6, 1.0), ([1.0], 0.0, 1.0), ([1.0], 0.6, -1.0)])
def test_what_has_no_meaning_is_refused(days: list[float], exponent: float, risk: float) -> None:
    with pytest.raises(ModelError):
        power_curve(np.array(days), exponent, risk)
