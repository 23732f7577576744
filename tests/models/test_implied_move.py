"""T-MKT-1 to T-MKT-3: implied moves, and the difference between no event and none priced."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.implied_move import (
    event_from_one_expiry,
    event_from_term_structure,
    event_volatility,
    expected_absolute_move,
    move_from_straddle,
    straddle,
    straddle_approximation,
    volatility_with_event,
)

WEEK, MONTH = 5 / 252, 25 / 252


def test_event_raises_the_near_expiry_more() -> None:
    """T-MKT-1."""
    near, far = volatility_with_event(0.30, 0.06, WEEK), volatility_with_event(0.30, 0.06, MONTH)
    assert near == pytest.approx(0.520999, abs=5e-7)
    assert far == pytest.approx(0.355370, abs=5e-7)
    event = event_from_term_structure(near, WEEK, far, MONTH)
    assert event is not None
    assert event.move == pytest.approx(0.06, abs=1e-9)
    assert event.base_volatility == pytest.approx(0.30, abs=1e-9)
    assert expected_absolute_move(0.06) == pytest.approx(0.04787, abs=5e-6)


def test_one_expiry_and_two() -> None:
    """T-MKT-2."""
    assert event_from_one_expiry(0.60, WEEK, 0.30) == pytest.approx(0.075593, abs=5e-7)
    event = event_from_term_structure(0.60, WEEK, 0.42, MONTH)
    assert event is not None
    assert event.move == pytest.approx(0.067480, abs=5e-7)
    assert event.base_volatility == pytest.approx(0.36125, abs=5e-6)


def test_straddle_at_the_money() -> None:
    """T-MKT-3."""
    assert straddle(100, 100, 0.60, 7 / 365) == pytest.approx(6.6278, abs=5e-5)
    assert straddle_approximation(100, 0.60, 7 / 365) == pytest.approx(6.6297, abs=5e-5)
    assert move_from_straddle(6.6278, 100) == pytest.approx(0.85 * 0.066278, abs=1e-12)


def test_no_event_priced_is_none_and_never_zero() -> None:
    assert event_from_term_structure(0.30, WEEK, 0.35, MONTH) is None
    assert event_from_one_expiry(0.20, MONTH, 0.30) is None
    flat = event_from_term_structure(0.30, WEEK, 0.30, MONTH)
    assert flat is not None
    assert flat.move == 0.0


def test_near_expiry_that_leaves_no_base_is_no_event_of_this_kind() -> None:
    """A far volatility so low that the base variance would be negative."""
    assert event_from_term_structure(0.90, WEEK, 0.10, MONTH) is None


@given(
    base=st.floats(0.05, 1.5),
    move=st.floats(0.001, 0.5),
    near=st.integers(1, 60),
    gap=st.integers(1, 200),
)
def test_term_structure_inverts(base: float, move: float, near: int, gap: int) -> None:
    first, second = near / 252, (near + gap) / 252
    event = event_from_term_structure(
        volatility_with_event(base, move, first), first, volatility_with_event(base, move, second), second
    )
    assert event is not None
    assert event.move == pytest.approx(move, rel=1e-6, abs=1e-7)


@given(spot=st.floats(1, 1000), vol=st.floats(0.05, 2), days=st.integers(1, 500), rate=st.floats(-0.05, 0.1))
def test_straddle_is_worth_more_than_either_payoff_today(spot: float, vol: float, days: int, rate: float) -> None:
    value = straddle(spot, 100, vol, days / 365, rate)
    assert value >= abs(spot - 100 * 2.718281828459045 ** (-rate * days / 365)) - 1e-9


def test_event_days_raise_the_daily_volatility() -> None:
    assert event_volatility(0.30, 0.06, 0, 5) == pytest.approx(0.30 / sqrt(252))
    assert event_volatility(0.30, 0.06, 1, 1) == pytest.approx(sqrt(0.09 / 252 + 0.0036))


@pytest.mark.parametrize(
    "call",
    [
        lambda: event_from_term_structure(0.3, MONTH, 0.3, WEEK),
        lambda: event_from_term_structure(0.0, WEEK, 0.3, MONTH),
        lambda: event_from_one_expiry(0.3, 0.5 / 252, 0.3),
        lambda: volatility_with_event(-0.1, 0.06, WEEK),
        lambda: straddle(0, 100, 0.3, 1),
        lambda: straddle(float("nan"), 100, 0.3, 1),
        lambda: event_volatility(0.3, 0.06, 2, 1),
    ],
)
def test_nonsense_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ModelError):
        call()
