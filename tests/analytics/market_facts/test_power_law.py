"""The law of impact recovered from noise a hundred times its size, with an interval that means what it says."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts.power_law import PowerLaw, fit_power_law, weighted_fit
from sottovoce.core.errors import ModelError
from sottovoce.models.impact_fit_bins import quantile_places


def noisy_orders(seed: int, count: int, exponent: float = 0.5, draws: int = 200) -> PowerLaw:
    """T-IMP-13: q log-uniform on [1e-4, 0.1], T = q/0.1, cost = q^delta + sqrt(T) N(0, 1), fitted."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.uniform(np.log(1e-4), np.log(0.1), count))
    moved = size**exponent + np.sqrt(size / 0.1) * rng.standard_normal(count)
    # Sessions of twenty orders: the noise is independent, so this changes nothing but the time it takes.
    return fit_power_law(size, moved, np.arange(count) // 20, quantile_places(size, moved), draws=draws)


@pytest.mark.parametrize("seed", range(5))
def test_square_root_is_recovered_at_the_published_accuracy(seed: int) -> None:
    """T-IMP-13, n = 20,000: 0.50 ± 0.033 and 1.00 ± 0.20, three standard deviations."""
    law = noisy_orders(seed, 20_000)
    assert law.exponent == pytest.approx(0.5, abs=0.033)
    assert law.prefactor == pytest.approx(1.0, abs=0.20)
    assert len(law.bins) == 20


def test_interval_covers_the_law_about_as_often_as_it_says() -> None:
    """T-IMP-13 asks for 90 to 99 % of 200 seeds; at sixteen 13 is three standard errors below 95 %."""
    laws = [noisy_orders(seed, 2_000) for seed in range(16)]
    assert 13 <= sum(law.exponent_low <= 0.5 <= law.exponent_high for law in laws) <= 16
    assert np.mean([law.exponent_high - law.exponent_low for law in laws]) < 0.3


@pytest.mark.parametrize("exponent", [0.1, 0.3, 1.0])
def test_other_laws_are_told_from_the_square_root(exponent: float) -> None:
    law = noisy_orders(4, 50_000, exponent)
    assert law.exponent_low <= exponent <= law.exponent_high
    assert not law.exponent_low <= 0.5 <= law.exponent_high


def test_exact_law_is_fitted_exactly() -> None:
    size = np.geomspace(1e-3, 0.2, 7)
    assert weighted_fit(size, 0.842 * size**0.489, 0.1 * size**0.5) == pytest.approx((0.842, 0.489), rel=1e-5)


def test_a_bin_weighs_by_how_sure_it_is() -> None:
    size = np.array([0.01, 0.1, 0.2])
    means = np.array([0.1, 0.1**0.5, 5.0])
    assert weighted_fit(size, means, np.array([0.01, 0.01, 100.0])) == pytest.approx((1.0, 0.5), rel=1e-3)


def test_orders_of_one_session_do_not_count_as_many() -> None:
    """Large orders of one session share a shock: ten of them say no more of the mean than one."""
    rng = np.random.default_rng(9)
    size, place = np.tile([0.01, 0.1], 200), np.tile([0, 1], 200)
    moved = size**0.5 * (1 + 0.3 * (size > 0.05) * np.repeat(rng.standard_normal(20), 20))
    moved += 0.001 * rng.standard_normal(400)
    alone = fit_power_law(size, moved, np.arange(400), place)
    together = fit_power_law(size, moved, np.arange(400) // 20, place)
    assert together.exponent_high - together.exponent_low > 2 * (alone.exponent_high - alone.exponent_low)


def test_one_size_has_no_exponent() -> None:
    with pytest.raises(ModelError) as refused:
        fit_power_law(np.full(5, 0.1), np.ones(5), np.arange(5), np.zeros(5, np.int64))
    assert refused.value.code == "impact_sizes"
