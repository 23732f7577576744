"""A covariance in factors is the covariance itself, however it was given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_constrained_covariance import of_dense, of_factors, of_market_and_sectors


@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_factors_and_full_are_the_same(names: int, factors: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    exposures, root = dice.normal(size=(names, factors)), dice.normal(size=(factors, factors))
    own, held = dice.uniform(0, 2, names), dice.normal(size=(3, names)) * 1e4
    given_in_factors = of_factors(exposures, root @ root.T, own)
    whole = exposures @ root @ root.T @ exposures.T + np.diag(own)
    for model in (given_in_factors, of_dense(whole)):
        assert model.dense() == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert model.variance(held) == pytest.approx(np.einsum("km,mn,kn->k", held, whole, held), rel=1e-9)
        assert model.times(held) == pytest.approx(held @ whole, rel=1e-9, abs=1e-4)


def test_every_name_keeps_its_volatility() -> None:
    """Also one whose market and sector would come to more than it: its own part is then nothing."""
    sigma, prices = np.array([0.02, 0.004]), np.array([50.0, 10.0])
    model = of_market_and_sectors(prices, sigma, np.array([1.2, 1.0]), ("A", "B"), 0.01, 0.005)
    assert np.sqrt(np.diag(model.dense())) == pytest.approx(sigma * prices)
    assert model.specific[1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    "covariance",
    [
        np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[1.0, 0.5], [0.4, 1.0]]), np.array([[np.nan]]),
        np.ones((2, 3)), np.array([[-1.0]]),
    ],
)  # fmt: skip
def test_what_is_no_covariance_is_refused(covariance: np.ndarray) -> None:
    with pytest.raises(ModelError) as refused:
        of_dense(covariance)
    assert refused.value.code == "covariance"


def test_factors_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(ModelError) as refused:
        of_factors(np.ones((3, 2)), np.eye(3), np.ones(3))
    assert refused.value.code == "shapes_differ"
    with pytest.raises(ModelError) as refused:
        of_factors(np.ones((3, 2)), np.eye(2), np.array([1.0, -1.0, 1.0]))
    assert refused.value.code == "covariance"
