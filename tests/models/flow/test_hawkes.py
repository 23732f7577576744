"""Hawkes processes against their own theory: T-SIM-5, both simulations, residuals, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from sottovoce.core.errors import ModelError
from sottovoce.models.flow.hawkes import Events, Hawkes, branching, checked, descend, thinning, univariate
from sottovoce.models.flow.hawkes_checks import fano, fano_expected, residuals

SELF = univariate(0.5, 0.8, 1.0)
"""The process of T-SIM-5: mean 2.5 a second, branching ratio 0.8."""


def eight() -> Hawkes:
    """(limit, cancel, market, in-spread) x (bid, ask): each excites itself, its neighbours and a little the rest."""
    same = np.array([[0.4, 0.1, 0.2, 0.1], [0.2, 0.3, 0.1, 0.1], [0.1, 0.0, 0.5, 0.1], [0.0, 0.1, 0.2, 0.2]])
    other = 0.3 * same
    alpha = np.block([[same, other], [other, same]])
    return Hawkes(mu=np.array([0.3, 0.2, 0.1, 0.05] * 2), alpha=2.0 * alpha, beta=2.0)


@pytest.mark.parametrize("simulate", [thinning, branching])
def test_mean_rate_and_fano_factor_are_those_of_t_sim_5(simulate: object) -> None:
    """T-SIM-5: mean 2.5 a second, Fano factor 25 +- 3 on windows of 200 s. 2,000 windows: standard error 0.8."""
    horizon_s = 400_000.0
    assert callable(simulate)
    times = simulate(SELF, horizon_s, 1).times_s
    assert len(times) / horizon_s == pytest.approx(2.5, rel=0.02)
    assert fano(times, horizon_s, 200.0) == pytest.approx(25.0, abs=3.0)
    assert fano_expected(0.8, 1.0, 200.0) == pytest.approx(24.4, abs=0.01)


def test_residuals_are_exponential_on_19_seeds_in_20() -> None:
    """T-SIM-5: KS p > 0.01 on 95 % of seeds, 60 seeds, half by each simulation."""
    passed = 0
    for seed in range(60):
        events = (thinning if seed % 2 else branching)(SELF, 2_000.0, 100 + seed)
        passed += kstest(residuals(SELF, events, 0), "expon").pvalue > 0.01
    assert passed >= 57


def test_residuals_of_another_model_are_not_exponential() -> None:
    events = thinning(SELF, 2_000.0, 1)
    assert kstest(residuals(univariate(2.5, 0.0, 1.0), events, 0), "expon").pvalue < 1e-6


def test_eight_types_reach_their_stationary_rates_and_residuals() -> None:
    model = checked(eight())
    assert 0.8 < model.spectral_radius < 1.0
    horizon_s, kept = 20_000.0, 0
    events = thinning(model, horizon_s, 3)
    rates = np.bincount(events.kinds, minlength=8) / horizon_s
    assert rates == pytest.approx(model.mean_rates, rel=0.1)
    for kind in range(8):
        kept += kstest(residuals(model, events, kind), "expon").pvalue > 0.01
    assert kept >= 7


def test_both_simulations_agree_on_eight_types() -> None:
    rates = [np.bincount(simulate(eight(), 20_000.0, 5).kinds, minlength=8) for simulate in (thinning, branching)]
    assert rates[0] == pytest.approx(rates[1], rel=0.15)


def test_compiled_and_plain_give_the_same_events_and_residuals() -> None:
    quick, plain = (thinning(eight(), 200.0, 7, compile_=compile_) for compile_ in (True, False))
    assert quick.times_s == pytest.approx(plain.times_s, abs=1e-9)
    assert quick.kinds.tolist() == plain.kinds.tolist()
    both = [residuals(eight(), plain, 2, compile_=compile_) for compile_ in (True, False)]
    assert both[0] == pytest.approx(both[1], abs=1e-9)


def test_residuals_follow_the_integral_by_hand() -> None:
    """mu 1, alpha 0.5, beta 1, events at 1 and 2: 1, then 1 + 0.5 (1 - 1/e)."""
    events = Events(times_s=np.array([1.0, 2.0]), kinds=np.array([0, 0]))
    expected = [1.0, 1.0 + 0.5 * (1.0 - np.exp(-1.0))]
    assert residuals(univariate(1.0, 0.5, 1.0), events, 0) == pytest.approx(expected)


def test_immigrants_may_follow_any_curve() -> None:
    """Three in four immigrants in the first half: so are the events, but for children born later."""
    rng = np.random.default_rng(1)
    arrivals = np.concatenate([rng.uniform(0, 500, 3_000), rng.uniform(500, 1_000, 1_000)])
    events = descend(univariate(0.0, 2.5, 5.0), [arrivals], 1_000.0, rng)
    assert len(events.times_s) == pytest.approx(8_000, rel=0.05)
    assert (events.times_s < 500).mean() == pytest.approx(0.75, abs=0.02)
    assert (np.diff(events.times_s) >= 0).all()


@pytest.mark.parametrize("alpha", [1.0, 1.7])
def test_process_that_explodes_is_refused(alpha: float) -> None:
    with pytest.raises(ModelError) as caught:
        univariate(0.5, alpha, 1.0)
    assert caught.value.code == "hawkes_not_stationary"


@pytest.mark.parametrize(("mu", "alpha", "beta"), [(-1.0, 0.5, 1.0), (1.0, -0.5, 1.0), (1.0, 0.5, 0.0)])
def test_negative_parameters_are_refused(mu: float, alpha: float, beta: float) -> None:
    with pytest.raises(ModelError) as caught:
        univariate(mu, alpha, beta)
    assert caught.value.code == "hawkes_bad_parameters"
