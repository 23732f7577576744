"""T-IMP-2: the regression finds the exponents and coefficients its samples were made with."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_fit import AlmgrenFit, Orders, cost_variance, fit_almgren

N = 29_509


def sample(seed: int, n: int = N) -> Orders:
    """Orders as the reference makes them, with the published coefficients and noise."""
    rng = np.random.default_rng(seed)
    size = np.clip(0.02 * np.exp(rng.standard_normal(n)), 0.0025, 0.25)
    duration = np.clip(0.08 * np.exp(0.9 * rng.standard_normal(n)), 0.005, 1.0)
    turnover = 200.0 * np.exp(0.6 * rng.standard_normal(n))
    post = duration + 1 / 13
    xi, chi = rng.standard_normal((2, n))
    permanent = 0.314 * size * turnover**0.25 + np.sqrt(post) * xi
    noise = np.sqrt(duration / 12 * (4 - 3 * duration / post)) * chi - (post - duration) / (2 * np.sqrt(post)) * xi
    cost = permanent / 2 + 0.142 * (size / duration) ** 0.6 + noise
    return Orders(size=size, duration=duration, post=post, turnover=turnover, permanent=permanent, cost=cost)


@pytest.fixture(scope="module")
def fits() -> list[AlmgrenFit]:
    return [fit_almgren(sample(seed)) for seed in range(12)]


@pytest.mark.parametrize(
    ("name", "truth", "band"),
    [
        ("beta", 0.600, 0.02),
        ("alpha", 1.00, 0.10),
        ("delta", 0.25, 0.21),
        ("gamma", 0.314, 0.04),
        ("eta", 0.142, 0.004),
    ],
)
def test_recovery(fits: list[AlmgrenFit], name: str, truth: float, band: float) -> None:
    """Every one of twelve samples within the band of T-IMP-2, and their mean well within."""
    found = np.array([getattr(fit, name).value for fit in fits])
    assert (np.abs(found - truth) < band).all()
    assert abs(found.mean() - truth) < band / 2


@pytest.mark.parametrize("name", ["beta", "alpha", "delta", "gamma", "eta"])
def test_errors_are_those_of_the_samples(fits: list[AlmgrenFit], name: str) -> None:
    """The error a fit states of itself against the spread over samples, within what twelve of them can tell."""
    found = np.array([getattr(fit, name).value for fit in fits])
    stated = float(np.mean([getattr(fit, name).error for fit in fits]))
    assert stated == pytest.approx(float(found.std(ddof=1)), rel=0.6)


def test_the_noise_of_a_cost() -> None:
    """Variance of J − I/2 over samples of one kind of order."""
    rng = np.random.default_rng(1)
    t, post = 0.2, 0.2 + 1 / 13
    xi, chi = rng.standard_normal((2, 400_000))
    noise = np.sqrt(t / 12 * (4 - 3 * t / post)) * chi - (post - t) / (2 * np.sqrt(post)) * xi
    one = replace(sample(1, 100), duration=np.full(100, t), post=np.full(100, post))
    assert cost_variance(one)[0] == pytest.approx(noise.var(), rel=0.01)


def test_the_range_of_the_sample_is_kept() -> None:
    fit = fit_almgren(sample(3, 2_000))
    assert fit.n == 2_000
    assert fit.size_range == pytest.approx((0.0025, 0.25), rel=0.5)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        (sample(1, 99), "too_few_orders"),
        (replace(sample(1, 200), size=np.zeros(200)), "bad_orders"),
        (replace(sample(1, 200), cost=np.full(200, np.nan)), "bad_orders"),
        (replace(sample(1, 200), post=sample(1, 200).duration), "bad_orders"),
        (replace(sample(1, 200), turnover=np.ones(199)), "bad_orders"),
    ],
)
def test_orders_that_cannot_be_fitted(orders: Orders, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        fit_almgren(orders)
    assert refused.value.code == code
