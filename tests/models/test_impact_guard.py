"""No fitted model may pay for a round trip: the trips are named, the published models pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_guard import guard_almgren, guard_square_root

USUAL = 0.314 * 200**0.25
"""γ Θ^δ of a name that turns over in 200 days."""


def test_the_published_forms_pass() -> None:
    assert guard_almgren(USUAL, 1.0, 0.142, 0.6).cost > 0
    assert guard_square_root(1.0, 0.5).cost > 0


def test_a_permanent_part_that_is_not_linear_is_refused_with_its_trip() -> None:
    """Huberman and Stanzl 2004: with a concave permanent move, buying slowly and selling fast earns."""
    leg = r"\S+ a day for \S+ days"
    with pytest.raises(ModelError, match=f"buy {leg}, then sell {leg}: expected cost -"):
        guard_almgren(USUAL, 0.5, 0.142, 0.6)


def test_the_named_trip_earns_by_hand() -> None:
    """The refused model's two legs, their costs summed on a fine grid of time in place of the exact integral."""
    lasting, alpha, eta, beta = USUAL, 0.5, 0.02, 0.6
    with pytest.raises(ModelError) as refused:
        guard_almgren(lasting, alpha, eta, beta)
    words = str(refused.value).split("round trip: ")[1].split(": expected")[0].split(", then ")
    legs = [(1 if leg.startswith("buy") else -1, *(float(leg.split()[at]) for at in (1, 5))) for leg in words]
    assert sum(sign * rate * days for sign, rate, days in legs) == pytest.approx(0.0, abs=1e-4)
    move, cost = 0.0, 0.0
    for sign, rate, days in legs:
        step = days / 20_000
        moved = move + sign * lasting * rate**alpha * step * np.arange(0.5, 20_000)
        cost += sign * rate * step * float(moved.sum()) + eta * rate ** (1 + beta) * days
        move += sign * lasting * rate**alpha * days
    assert cost < 0


def test_a_temporary_part_below_zero_is_refused() -> None:
    with pytest.raises(ModelError) as refused:
        guard_almgren(USUAL, 1.0, -0.01, 0.6)
    assert refused.value.code == "price_manipulation"


@given(gamma=st.floats(0.0, 5.0), eta=st.floats(1e-3, 5.0), beta=st.floats(0.1, 1.5))
@settings(max_examples=3, deadline=None)
def test_a_linear_permanent_part_passes_whatever_its_size(gamma: float, eta: float, beta: float) -> None:
    assert guard_almgren(gamma, 1.0, eta, beta).cost >= 0


def test_enough_temporary_cost_saves_what_is_not_linear() -> None:
    assert guard_almgren(USUAL, 0.9, 0.5, 0.6).cost > 0


@pytest.mark.parametrize(("prefactor", "exponent"), [(-0.1, 0.5), (1.0, 1.2), (1.0, -0.2)])
def test_what_is_no_law_is_refused(prefactor: float, exponent: float) -> None:
    with pytest.raises(ModelError) as refused:
        guard_square_root(prefactor, exponent)
    assert refused.value.code == "bad_fit"


@pytest.mark.parametrize(("gamma", "alpha", "beta"), [(-0.1, 1.0, 0.6), (1.0, -0.5, 0.6), (1.0, 1.0, 0.0)])
def test_figures_that_are_no_form_are_refused(gamma: float, alpha: float, beta: float) -> None:
    with pytest.raises(ModelError) as refused:
        guard_almgren(gamma, alpha, 0.1, beta)
    assert refused.value.code == "bad_fit"
