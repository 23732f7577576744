"""Obizhaeva and Wang: the paper's baseline, its limits, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_obizhaeva_wang import (
    ResilientBook,
    continuous_plan,
    cost_of,
    discrete_plan,
    equal_slices,
)

BASELINE = ResilientBook(density=5_000, permanent=1e-4, resilience=2.231)
X = 100_000.0


def test_baseline_in_continuous_time() -> None:
    """T-IMP-6: two blocks, the rate between them and the cost, ±1e-3."""
    plan = continuous_plan(BASELINE, X, 1.0)
    assert plan.block == pytest.approx(23_635.0745, abs=1e-3)
    assert plan.rate == pytest.approx(52_729.8511, abs=1e-3)
    assert plan.cost == pytest.approx(736_350.745, abs=1e-3)


@pytest.mark.parametrize(
    ("intervals", "block", "cost"), [(10, 26_317.9612, 736_866.236), (1_000, 23_661.4445, 736_350.796)]
)
def test_baseline_in_discrete_time(intervals: int, block: float, cost: float) -> None:
    """T-IMP-6, ±1e-3."""
    plan = discrete_plan(BASELINE, X, 1.0, intervals)
    assert (plan.trades[0], plan.trades[-1]) == pytest.approx((block, block), abs=1e-3)
    assert plan.cost == pytest.approx(cost, abs=1e-3)


def test_interior_trade_and_equal_slices() -> None:
    """T-IMP-6: 5,262.6753 between the ends; equal slices cost 758,026.659."""
    assert discrete_plan(BASELINE, X, 1.0, 10).trades[1] == pytest.approx(5_262.6753, abs=1e-3)
    assert cost_of(BASELINE, equal_slices(X, 10), 1.0) == pytest.approx(758_026.659, abs=1e-3)


def test_limits() -> None:
    """T-IMP-7: without resilience half at each end; with endless resilience evenly."""
    halves = continuous_plan(ResilientBook(density=5_000, permanent=1e-4, resilience=0.0), X, 1.0)
    assert (halves.block, halves.rate) == (X / 2, 0.0)
    even = discrete_plan(ResilientBook(density=5_000, permanent=1e-4, resilience=1e6), X, 1.0, 10)
    assert even.trades == pytest.approx([X / 11] * 11, rel=1e-9)


books = st.builds(
    ResilientBook, density=st.floats(1e3, 1e5), permanent=st.floats(0, 1e-5), resilience=st.floats(0.1, 20)
)


@given(books, st.integers(2, 60), st.floats(0.1, 5))
def test_cost_falls_with_resilience_and_with_dates(book: ResilientBook, intervals: int, horizon: float) -> None:
    """T-IMP-7."""
    cost = discrete_plan(book, X, horizon, intervals).cost
    quicker = ResilientBook(density=book.density, permanent=book.permanent, resilience=book.resilience * 1.1)
    assert discrete_plan(quicker, X, horizon, intervals).cost < cost
    assert discrete_plan(book, X, horizon, 2 * intervals).cost <= cost * (1 + 1e-12)
    assert continuous_plan(book, X, horizon).cost <= cost * (1 + 1e-12)


@given(books, st.lists(st.floats(-1, 1), min_size=11, max_size=11))
def test_no_other_schedule_is_cheaper(book: ResilientBook, bend: list[float]) -> None:
    """Any change of the schedule that still buys it all costs more, so the closed form is the minimum."""
    plan = discrete_plan(book, X, 1.0, 10)
    other = np.array(plan.trades) + X * (np.array(bend) - np.mean(bend)) / 10
    assert cost_of(book, other, 1.0) >= plan.cost * (1 - 1e-12)


@given(books)
def test_only_resilience_shapes_the_schedule(book: ResilientBook) -> None:
    other = ResilientBook(density=7_777, permanent=1e-6, resilience=book.resilience)
    assert discrete_plan(book, X, 1.0, 10).trades == discrete_plan(other, X, 1.0, 10).trades


@pytest.mark.parametrize(
    "fields",
    [
        {"density": 0.0, "permanent": 0.0, "resilience": 1.0},
        {"density": 5_000.0, "permanent": 3e-4, "resilience": 1.0},
        {"density": 5_000.0, "permanent": -1e-9, "resilience": 1.0},
        {"density": 5_000.0, "permanent": 0.0, "resilience": float("nan")},
    ],
)
def test_a_book_that_makes_no_sense_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ModelError):
        ResilientBook(**fields)


def test_a_single_trade_is_no_schedule() -> None:
    with pytest.raises(ModelError, match="two trades"):
        cost_of(BASELINE, np.array([1.0]), 1.0)
