"""Rough estimates drawn towards their mean: by nothing where they are sure, all the way where they differ by noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.shrinkage import shrunk


def test_estimates_no_further_apart_than_their_errors_become_their_mean() -> None:
    found = shrunk(np.array([0.9, 1.0, 1.1]), np.full(3, 0.5))
    assert found.between == 0.0
    assert found.values == pytest.approx(np.ones(3))
    assert found.errors == pytest.approx(np.full(3, 0.5 / 3**0.5))


def test_sure_estimates_stay() -> None:
    values = np.array([0.2, 1.0, 3.0])
    assert shrunk(values, np.full(3, 1e-4)).values == pytest.approx(values, abs=1e-3)


def test_the_rough_one_is_drawn_furthest() -> None:
    values, errors = np.array([0.5, 1.5, 0.5, 1.5, 3.0]), np.array([0.1, 0.1, 0.1, 0.1, 2.0])
    found = shrunk(values, errors)
    kept = (found.values - found.mean) / (values - found.mean)
    assert kept[4] < 0.2
    assert (kept[:4] > 0.9).all()


def test_the_between_variance_is_recovered_and_the_guesses_are_nearer_the_truth() -> None:
    """Forty names, a hundred worlds: the true spread 0.3 within five per cent, a third of the error gone."""
    rng = np.random.default_rng(11)
    spreads, plain, drawn = [], 0.0, 0.0
    for _ in range(100):
        truth = 1.0 + 0.3 * rng.standard_normal(40)
        errors = rng.uniform(0.1, 0.8, 40)
        seen = truth + errors * rng.standard_normal(40)
        found = shrunk(seen, errors)
        spreads.append(found.between**2)
        plain += float(((seen - truth) ** 2).mean())
        drawn += float(((found.values - truth) ** 2).mean())
    assert float(np.mean(spreads)) ** 0.5 == pytest.approx(0.3, rel=0.1)
    assert drawn < 0.35 * plain


def test_stated_errors_cover() -> None:
    """Of 4,000 guesses, those within 1.96 stated errors: 95 %, give or take four points for a fitted variance."""
    rng = np.random.default_rng(12)
    inside = []
    for _ in range(100):
        truth = 1.0 + 0.4 * rng.standard_normal(40)
        errors = rng.uniform(0.1, 0.6, 40)
        found = shrunk(truth + errors * rng.standard_normal(40), errors)
        inside.append(np.abs(found.values - truth) < 1.96 * found.errors)
    assert float(np.mean(inside)) == pytest.approx(0.95, abs=0.04)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 3)), min_size=1, max_size=12))
def test_every_guess_lies_between_its_estimate_and_the_mean(rows: list[tuple[float, float]]) -> None:
    values, errors = (np.array(column) for column in zip(*rows, strict=True))
    found = shrunk(values, errors)
    low, high = np.minimum(values, found.mean), np.maximum(values, found.mean)
    assert ((found.values >= low - 1e-9) & (found.values <= high + 1e-9)).all()
    assert (found.errors <= np.maximum(errors, found.mean_error) + 1e-9).all()


@pytest.mark.parametrize(
    ("values", "errors"), [([], []), ([1.0], [0.0]), ([1.0, float("nan")], [0.1, 0.1]), ([1.0], [0.1, 0.2])]
)
def test_what_cannot_be_shrunk(values: list[float], errors: list[float]) -> None:
    with pytest.raises(ModelError) as refused:
        shrunk(np.array(values), np.array(errors))
    assert refused.value.code == "bad_estimates"
