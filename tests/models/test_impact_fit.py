"""T-IMP-2: the regression finds the exponents and coefficients its samples were made with."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_fit import AlmgrenFit, Orders, cost_variance, fit_almgren
from tools.planning_rows.recovery import almgren_sample


@pytest.fixture(scope="module")
def fits() -> list[AlmgrenFit]:
    return [fit_almgren(almgren_sample(seed)) for seed in range(12)]


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
    one = replace(almgren_sample(1, 100), duration=np.full(100, t), post=np.full(100, post))
    assert cost_variance(one)[0] == pytest.approx(noise.var(), rel=0.01)


def test_the_range_of_the_sample_is_kept() -> None:
    fit = fit_almgren(almgren_sample(3, 2_000))
    assert fit.n == 2_000
    assert fit.size_range == pytest.approx((0.0025, 0.25), rel=0.5)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        (almgren_sample(1, 99), "too_few_orders"),
        (replace(almgren_sample(1, 200), size=np.zeros(200)), "bad_orders"),
        (replace(almgren_sample(1, 200), cost=np.full(200, np.nan)), "bad_orders"),
        (replace(almgren_sample(1, 200), post=almgren_sample(1, 200).duration), "bad_orders"),
        (replace(almgren_sample(1, 200), turnover=np.ones(199)), "bad_orders"),
    ],
)
def test_orders_that_cannot_be_fitted(orders: Orders, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        fit_almgren(orders)
    assert refused.value.code == code
