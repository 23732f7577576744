"""What special days multiply volume by is learned from days before, and shrinks to all names where one has few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.special_days import BoolArray, special_effects


def marked(days: int, names: int, every: int) -> BoolArray:
    mark = np.zeros((days, names), dtype=bool)
    mark[every::every] = True
    return mark


def test_effect_of_days_that_double_is_found() -> None:
    rng = np.random.default_rng(1)
    mark = marked(600, 10, 20)
    volumes = 1e6 * np.exp(0.1 * rng.standard_normal((600, 10))) * np.where(mark, 2.0, 1.0)
    effect = special_effects(volumes, {"kind": mark})
    assert effect[580] == pytest.approx(np.log(2.0), abs=0.1)
    assert (effect[~mark] == 0).all()


def test_first_day_of_a_kind_says_nothing_of_itself() -> None:
    mark = marked(100, 3, 40)
    volumes = np.where(mark, 5e6, 1e6).astype(float)
    effect = special_effects(volumes, {"kind": mark})
    assert (effect[40] == 0).all()
    assert (effect[80] > 0).all()


def test_a_name_leans_to_its_own_days() -> None:
    mark = marked(900, 30, 30)
    lift = np.ones((900, 30)) * 2.0
    lift[:, 0] = 6.0
    volumes = np.where(mark, lift, 1.0) * 1e6
    effect = special_effects(volumes, {"kind": mark})[870]
    assert np.log(3.5) < effect[0] < np.log(6.0)
    assert effect[1] == pytest.approx(np.log(2.0), abs=0.15)


def test_a_mistyped_volume_does_not_make_a_kind_of_day() -> None:
    mark = marked(100, 5, 30)
    volumes = np.full((100, 5), 1e6)
    volumes[30, 0] = 1e12
    assert special_effects(volumes, {"kind": mark})[60] == pytest.approx(0.0, abs=1e-9)


def test_marks_must_be_days_by_names() -> None:
    with pytest.raises(ModelError):
        special_effects(np.ones((30, 2)), {"kind": marked(29, 2, 5)})


@given(st.integers(0, 2**32 - 1), st.integers(30, 89))
def test_nothing_of_the_day_or_after_it_enters_its_effect(seed: int, day: int) -> None:
    rng = np.random.default_rng(seed)
    volumes = 1e6 * np.exp(rng.standard_normal((90, 4)))
    marks = {"kind": rng.random((90, 4)) < 0.2}
    otherwise = volumes.copy()
    otherwise[day:] = 1e6 * np.exp(rng.standard_normal((90 - day, 4)))
    before, after = special_effects(volumes, marks), special_effects(otherwise, marks)
    np.testing.assert_array_equal(before[: day + 1], after[: day + 1])
