"""The square-root law from binned orders: T-IMP-13's recovery, its bins, and what cannot be fitted."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_fit_bins import BINS, fit_square_root, quantile_places, square_root_point
from tools.planning_rows.recovery import square_root_sample


def test_recovery_of_twenty_thousand() -> None:
    """T-IMP-13: n = 20,000, delta 0.50 within 0.033 and Y 1.00 within 0.20, bands of three SD."""
    points = np.array([square_root_point(*square_root_sample(seed, 20_000)) for seed in range(8)])
    assert (np.abs(points[:, 1] - 0.5) < 0.033).all()
    assert (np.abs(points[:, 0] - 1.0) < 0.20).all()
    assert points[:, 1].std(ddof=1) < 0.025


@pytest.mark.parametrize(("prefactor", "exponent"), [(0.6, 0.7), (1.4, 0.35), (1.0, 0.5)])
def test_another_law_without_noise_is_found(prefactor: float, exponent: float) -> None:
    rng = np.random.default_rng(3)
    size = np.exp(rng.uniform(np.log(1e-3), np.log(0.1), 4_000))
    cost = prefactor * size**exponent * (1.0 + 1e-3 * rng.standard_normal(4_000))
    found = square_root_point(size, cost)
    assert found == pytest.approx((prefactor, exponent), rel=3e-3)


def test_the_fit_says_what_it_was_fitted_to() -> None:
    size, cost = square_root_sample(1, 2_000)
    fit = fit_square_root(size, cost, np.arange(2_000) // 4, draws=200)
    assert (fit.n, len(fit.bins), sum(each.n for each in fit.bins)) == (2_000, BINS, 2_000)
    assert fit.size_range == (size.min(), size.max())
    assert fit.exponent.low < fit.exponent.value < fit.exponent.high
    assert fit.prefactor.low > 0
    assert 0.0 < fit.r_squared < 1.0
    assert fit.covariance > 0
    assert [each.size for each in fit.bins] == sorted(each.size for each in fit.bins)


def test_few_orders_make_few_bins() -> None:
    size, cost = square_root_sample(2, 60)
    assert int(quantile_places(size, cost).max()) + 1 == 6


@pytest.mark.parametrize(
    ("size", "cost", "code"),
    [
        (np.full(50, 0.01), np.random.default_rng(0).standard_normal(50), "bad_orders"),
        (np.linspace(0.01, 0.1, 29), np.ones(29), "too_few_orders"),
        (np.linspace(0.0, 0.1, 50), np.ones(50), "bad_orders"),
        (np.linspace(0.01, 0.1, 50), np.full(50, np.nan), "bad_orders"),
        (np.linspace(0.01, 0.1, 50), np.ones(50), "bad_orders"),
    ],
)
def test_orders_that_cannot_be_fitted(size: np.ndarray, cost: np.ndarray, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        fit_square_root(size, cost, np.arange(size.size), draws=200)
    assert refused.value.code == code
