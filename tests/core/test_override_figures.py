"""How far beyond what was shown a released figure may go: the next two-digit step, and no cent more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.orders import Failure
from sottovoce.core.override_figures import figure, headroom, within


@pytest.mark.parametrize(
    ("shown", "upto"),
    [
        ("26,400,000 USD", "27,000,000 USD"),
        ("27,000,000 USD", "27,000,000 USD"),
        ("31.2 bps", "32 bps"),
        ("9.87 % of ADV", "9.9 % of ADV"),
        ("0.123 bps", "0.13 bps"),
        ("100 shares", "100 shares"),
        ("FUND-A", "FUND-A"),
    ],
)
def test_figure_goes_up_to_its_next_two_digits(shown: str, upto: str) -> None:
    assert headroom(shown) == upto


def rule(value: str) -> Failure:
    return Failure(stage="approval", code="x", value=value)


@pytest.mark.parametrize(
    ("now", "upto", "passes"),
    [("27,000,000 USD", "27,000,000 USD", True), ("27,000,001 USD", "27,000,000 USD", False),
     ("FUND-A", "FUND-A", True), ("FUND-B", "FUND-A", False)],
)  # fmt: skip
def test_nothing_beyond_the_released_figure_passes(now: str, upto: str, passes: bool) -> None:
    assert within(rule(now), upto) is passes


@given(st.floats(min_value=0.01, max_value=1e12))
def test_shown_figure_is_always_within_its_own_headroom_and_that_is_at_most_a_tenth_more(value: float) -> None:
    shown = f"{value:,.6f} USD"
    most, now = figure(headroom(shown)), figure(shown)
    assert most is not None
    assert now is not None
    assert now * (1 - 1e-9) <= most <= now * 1.1 * (1 + 1e-9)
