"""The interval of one order's cost: as wide as past orders say, whatever their distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.cost_interval import NORMAL, ORDERS_MIN, CostQuantiles, coverage, learned, misses


def test_normal_ends_stand_until_orders_have_finished() -> None:
    assert NORMAL.ends(5.0, 10.0) == (5.0 - 12.81552, 5.0 + 12.81552)
    assert NORMAL.orders == 0


def test_ends_are_the_order_statistics_the_level_asks_for() -> None:
    found = learned(np.arange(99.0)[::-1].copy(), "t")  # k = 100 x 0.1
    assert (found.low, found.high, found.orders) == (9.0, 89.0, 99)


@pytest.mark.parametrize("tails", [2.5, 4.0, 30.0])
@pytest.mark.parametrize("shift", [0.0, 1.5])
def test_next_orders_are_covered_whatever_the_tails_and_the_bias(tails: float, shift: float) -> None:
    rng = np.random.default_rng(11)
    parts = []
    for _ in range(200):
        past = learned(rng.standard_t(tails, 400) + shift, "t")
        low, high = past.ends(0.0, 1.0)
        new = rng.standard_t(tails, 400) + shift
        parts.append(coverage(new, np.full(400, low), np.full(400, high)).part)
    assert np.mean(parts) == pytest.approx(0.8, abs=0.008)  # 4 standard errors of 200 pairs
    assert np.std(parts) == pytest.approx((0.8 * 0.2 * 2 / 400) ** 0.5, rel=0.2)


def test_normal_ends_miss_what_a_fat_tail_or_a_bias_does() -> None:
    rng = np.random.default_rng(5)
    new = rng.standard_normal(4_000) + 1.5
    ends = np.full(4_000, NORMAL.low), np.full(4_000, NORMAL.high)
    assert coverage(new, *ends).part < 0.5


def test_misses_are_in_units_of_each_orders_own_scale() -> None:
    found = misses(np.array([12.0, -3.0]), np.array([2.0, 2.0]), np.array([5.0, 10.0]))
    assert found.tolist() == [2.0, -0.5]


@given(st.lists(st.floats(-1e6, 1e6), min_size=ORDERS_MIN, max_size=300, unique=True), st.floats(0.1, 0.9))
def test_at_least_the_level_of_the_past_orders_themselves_is_inside(past: list[float], level: float) -> None:
    missed = np.array(past)
    ends = learned(missed, "t", level)
    count = len(past)
    assert coverage(missed, np.full(count, ends.low), np.full(count, ends.high)).part >= level - 1e-9


def test_too_few_orders_teach_nothing() -> None:
    with pytest.raises(ModelError) as error:
        learned(np.zeros(ORDERS_MIN - 1), "t")
    assert error.value.code == "too_few_orders"


def test_level_that_leaves_no_order_outside_is_refused() -> None:
    with pytest.raises(ModelError):
        learned(np.arange(60.0), "t", 0.999)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_scale_must_be_above_zero(scale: float) -> None:
    with pytest.raises(ModelError) as error:
        misses(np.zeros(2), np.zeros(2), np.array([1.0, scale]))
    assert error.value.code == "bad_orders"


def test_ends_that_cross_are_refused() -> None:
    with pytest.raises(ValueError, match="no inside"):
        CostQuantiles(low=1.0, high=1.0)


def test_error_of_a_coverage_is_binomial_for_orders_of_their_own() -> None:
    found = coverage(np.array([0.0] * 80 + [9.0] * 20), np.full(100, -1.0), np.full(100, 1.0))
    assert (found.inside, found.n, found.part) == (80, 100, 0.8)
    assert found.error == pytest.approx((0.8 * 0.2 / 100) ** 0.5)


def test_orders_of_one_session_are_one_observation() -> None:
    outcome, session = np.repeat([0.0, 9.0], [80, 20]), np.arange(100) // 2
    found = coverage(outcome, np.full(100, -1.0), np.full(100, 1.0), session)
    assert found.error == pytest.approx((0.8 * 0.2 / 50) ** 0.5)
