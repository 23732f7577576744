"""The models of the command line on inputs that are not the published ones, and on inputs nobody should give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apps.commanding import ask

BOOK = (
    *("impact", "obizhaeva-wang", "--json", "--quantity", "1000", "--density-shares-per-price", "500"),
    *("--permanent-price-per-share", "1e-4", "--resilience-per-day", "2", "--horizon-days", "1", "--intervals", "9"),
)
SPECTRAL = (
    *("schedule", "spectral", "--json", "--horizon-days", "2", "--periods", "4", "--risk-aversion", "1e-6"),
    *("--gamma", "1e-7,1e-7", "--eta", "1e-6,2e-6", "--epsilon", "0,0"),
)
EVENT = (
    *("schedule", "event", "--json", "--quantity", "1e5", "--horizon-days", "2", "--periods", "4", "--gamma", "1e-7"),
    *("--event-period", "2", "--sigma-price", "1", "--eta", "1e-6", "--epsilon", "0.01", "--risk-aversion", "1e-6"),
)


def but(words: tuple[str, ...], *other: str) -> tuple[str, ...]:
    """A command with some of its flags given other figures."""
    changed = dict(zip(other[::2], other[1::2], strict=True))
    return tuple(changed.get(before, word) for before, word in zip(("", *words), words, strict=False))


TRIP = ("impact", "round-trip", "--json", "--kernel")


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 20), st.integers(1, 50))
def test_trades_of_the_resilient_book_add_up(resilience: float, intervals: int) -> None:
    found = ask(*but(BOOK, "--resilience-per-day", repr(resilience), "--intervals", str(intervals))).json()
    assert sum(found["trades"]) == pytest.approx(1_000)
    assert found["cost"] <= found["discrete_cost"] * (1 + 1e-12)
    assert found["discrete_cost"] <= found["equal_slices_cost"] * (1 + 1e-12)


def test_uncorrelated_assets_are_scheduled_as_if_alone() -> None:
    words = ("--quantities", "1000,-500", "--covariance", "1,0;0,4")
    found = ask(*SPECTRAL, *words).json()
    one = ("schedule", "almgren-chriss", "--json", "--periods", "4", "--horizon-days", "2", "--risk-aversion", "1e-6")
    rest = ("--gamma", "1e-7", "--epsilon", "0", "--quantity", "1000", "--sigma-price", "1", "--eta", "1e-6")
    assert found["asset_1"] == pytest.approx(ask(*one, *rest).json()["holdings"])


def test_one_regime_like_the_present_is_no_event() -> None:
    found = ask(*EVENT, "--regime", "1:1").json()
    assert found["utility"] == pytest.approx(found["utility_ignoring_event"], rel=1e-9)


def test_propagator_of_permanent_impact_is_half_the_square() -> None:
    words = ("impact", "propagator", "--json", "--kernel", "exponential", "--decay", "0", "--edges-days", "0,0.5,1")
    found = ask(*words, "--rates", "100,-40").json()
    assert found["quantity"] == 30.0
    assert found["cost"] == pytest.approx(450.0)


def test_a_round_trip_that_earns_is_named() -> None:
    answer = ask(*TRIP, "power", "--decay", "0.3", "--exponent", "0.5")
    assert answer.code == 2
    assert answer.refused() == "price_manipulation"
    assert "buy" in answer.err
    assert "then sell" in answer.err


def test_weights_follow_the_last_forecast_where_no_later_one_is_given() -> None:
    found = ask("schedule", "vwap-weights", "--json", "--forecast", "10,20,30,40").json()["weight"]
    assert found == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_a_price_move_counts_the_whole_queue() -> None:
    found = ask("impact", "order-flow-imbalance", "--json", "10x5/11x7", "10x5/11x7", "9x2/10x1").json()
    assert found["event"] == [0.0, -6.0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (but(BOOK, "--intervals", "10001"), "too_many_periods"),
        (but(BOOK, "--permanent-price-per-share", "1"), "permanent_above_whole"),
        (but(BOOK, "--quantity", "nan"), "not_finite"),
        ((*TRIP, "power", "--decay", "1.5"), "out_of_range"),
        ((*TRIP, "exponential", "--decay", "-1"), "negative"),
        ((*EVENT, "--regime", "often:1"), "bad_regime"),
        ((*EVENT, "--regime", "0.4:1"), "probabilities"),
        ((*but(EVENT, "--periods", "1000000"), "--regime", "1:1"), "too_many_periods"),
        ((*SPECTRAL, "--quantities", "1,2", "--covariance", "1,0;0"), "shapes_differ"),
        ((*SPECTRAL, "--quantities", "1,two", "--covariance", "1,0;0,1"), "bad_list"),
        ((*SPECTRAL, "--quantities", "1,inf", "--covariance", "1,0;0,1"), "bad_list"),
        ((*SPECTRAL, "--quantities", "1,2", "--covariance", "1,2;2,1"), "covariance"),
        (("schedule", "vwap-static", "--json", "--day", "0.5"), "bad_day"),
        (("schedule", "vwap-static", "--json", "--day", "0.5:1", "--day", "0.2,0.5:1,1"), "shapes_differ"),
        (("schedule", "vwap-weights", "--json", "--forecast", "1,2", "--forecast", "1,2"), "bad_forecast"),
        (("schedule", "vwap-weights", "--json", "--forecast=-1,2"), "bad_forecast"),
        (("schedule", "pov", "--json", "--others-volume", "5", "--rate", "1", "--quantity", "9"), "out_of_range"),
        (("schedule", "round", "--json", "--curve", "0.5,0.2", "--quantity", "9"), "bad_curve"),
        (("impact", "order-flow-imbalance", "--json", "1x1/2x2"), "too_few_quotes"),
        (("impact", "order-flow-imbalance", "--json", "1x1/2x2", "1x1x2x2"), "bad_quote"),
        (("impact", "order-flow-imbalance", "--json", "1x1/2x2", "1x-1/2x2"), "bad_quote"),
    ],
)
def test_nonsense_is_refused(words: tuple[str, ...], code: str) -> None:
    answer = ask(*words)
    assert answer.code == 2
    assert answer.refused() == code


@pytest.mark.parametrize("extra", [(), ("--prior-bins", "5", "--bin-variance", "1"), ("--prior-variance", "1")])
def test_one_way_to_weigh_the_prior(extra: tuple[str, ...]) -> None:
    words = ("schedule", "volume-update", "--json", "--prior-shares", "1", "--implied-shares", "2", "--bins", "3")
    assert ask(*words, *extra).refused() == "conflicting_flags"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["0", "-1", "1e308", "nan", "inf", "1e-320", "3", "x"]), min_size=6, max_size=6))
def test_whatever_the_figures_there_is_an_answer_or_a_sentence(figures: list[str]) -> None:
    names = ("--quantity", "--sigma-price", "--eta", "--exponent", "--risk-aversion", "--days")
    given_words = [f"{name}={figure}" for name, figure in zip(names, figures, strict=True)]
    answer = ask("schedule", "power-law", "--json", *given_words)
    assert "Traceback" not in answer.err
    found = answer.json()
    assert answer.code == 2 or all(math.isfinite(held) and held >= 0 for held in np.ravel(found["held"]))
