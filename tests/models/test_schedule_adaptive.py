"""Adaptive arrival price: the published rule, its gain by market power, and a simulation of it."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_adaptive import AdaptivePlan, adaptive_plan, rule, static_utility


@pytest.fixture(scope="module")
def published() -> AdaptivePlan:
    return adaptive_plan(0.15, 1.35)


def test_the_published_rule(published: AdaptivePlan) -> None:
    """T-SCH-9: x(T/2) = 0.2570, κ0 = 2.7742, z < −1.106 then κ = 60 (the cap), else 2.7638; E, V, U to five digits."""
    assert static_utility(0.15, 1.35) == pytest.approx(0.452236, abs=1e-6)
    assert published.held == pytest.approx(0.2570, abs=1e-4)
    assert published.before == pytest.approx(2.7742, abs=1e-3)
    assert published.threshold == pytest.approx(-1.106, abs=1e-3)
    assert (published.spending, published.keeping) == pytest.approx((60.0, 2.7638), abs=1e-3)
    assert published.expected_cost == pytest.approx(0.25021, abs=1e-5)
    assert published.variance == pytest.approx(0.13751, abs=1e-5)
    assert published.utility == pytest.approx(0.43585, abs=1e-5)


@pytest.mark.parametrize(("power", "gain"), [(0.05, 0.0002), (0.15, 0.036), (0.5, 0.18)])
def test_the_gain_grows_with_market_power(power: float, gain: float) -> None:
    """T-SCH-9: at κT = 3 a gain of 0.02 %, 3.6 % and 18 %."""
    found = 1.0 - adaptive_plan(power, 9.0 * power).utility / static_utility(power, 9.0 * power)
    assert found == pytest.approx(gain, rel=0.08)


def _leg(kappa: float, first: float, last: float) -> tuple[float, float]:
    """(variance, cost) of half a horizon by quadrature on a fine grid."""
    grid = (np.arange(20_000) + 0.5) / 20_000 * 0.5
    held = (first * np.sinh(kappa * (0.5 - grid)) + last * np.sinh(kappa * grid)) / np.sinh(kappa * 0.5)
    speed = kappa * (first * np.cosh(kappa * (0.5 - grid)) - last * np.cosh(kappa * grid)) / np.sinh(kappa * 0.5)
    return float((held**2).mean()) * 0.5, 0.15 * float((speed**2).mean()) * 0.5


def test_a_simulation_of_the_rule(published: AdaptivePlan) -> None:
    """T-SCH-9: a million costs, E and V ±0.002, skewness +0.43 ± 0.02."""
    rng, paths = np.random.default_rng(3), 1_000_000
    variance, spent = _leg(published.before, 1.0, published.held)
    z = rng.standard_normal(paths)
    cost = spent + sqrt(variance) * z
    spend = z < published.threshold
    for chosen, kappa in ((spend, published.spending), (~spend, published.keeping)):
        variance, spent = _leg(kappa, published.held, 0.0)
        cost[chosen] += spent + sqrt(variance) * rng.standard_normal(int(chosen.sum()))
    assert cost.mean() == pytest.approx(published.expected_cost, abs=0.002)
    assert cost.var() == pytest.approx(published.variance, abs=0.002)
    assert ((cost - cost.mean()) ** 3).mean() / cost.std() ** 3 == pytest.approx(0.43, abs=0.02)


@settings(max_examples=30)
@given(st.floats(0.02, 0.6), st.floats(0.5, 5.0))
def test_it_is_never_worse_than_the_best_fixed_schedule(power: float, kappa: float) -> None:
    """The fixed schedule is the rule whose branches are alike."""
    risk_aversion = power * kappa**2
    plain = rule(power, risk_aversion, np.sinh(kappa / 2) / np.sinh(kappa), kappa, 0.0, kappa, kappa)
    assert plain.utility == pytest.approx(static_utility(power, risk_aversion), rel=1e-9)


@pytest.mark.parametrize(("power", "risk_aversion"), [(0.0, 1.0), (1.0, 0.0), (float("nan"), 1.0)])
def test_nonsense_is_refused(power: float, risk_aversion: float) -> None:
    with pytest.raises(ModelError):
        adaptive_plan(power, risk_aversion)
