"""Power-law impact without a horizon: the published table, scaling, and the case it shares with Almgren-Chriss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_power import (
    PowerLawMarket,
    characteristic_time,
    cost_variance,
    end_time,
    held_at,
    temporary_cost,
)

ROWS = [
    (0.5, 0.726639, 0.322161, 0.141846, 786_949.73, 3.934749e11),
    (0.6, 0.918671, 0.381831, 0.175838, 789_619.64, 4.737718e11),
    (1.0, 1.664357, 0.548355, 0.300693, 751_040.94, 7.510409e11),
    (2.0, 3.025735, 0.704574, 0.473946, 585_155.60, 1.170311e12),
]


def market(exponent: float, quantity: float = 1e6) -> PowerLawMarket:
    """Table of the reference: η so that trading 200,000 a day costs 0.5 a share."""
    eta = 0.5 / 200_000**exponent
    return PowerLawMarket(quantity=quantity, sigma_price=0.95, eta=eta, exponent=exponent, risk_aversion=1e-6)


@pytest.mark.parametrize(("exponent", "time", "one", "two", "cost", "variance"), ROWS)
def test_table(exponent: float, time: float, one: float, two: float, cost: float, variance: float) -> None:
    """T-SCH-8: to the digits printed."""
    each = market(exponent)
    assert characteristic_time(each) == pytest.approx(time, abs=1e-6)
    assert held_at(each, 1) / 1e6 == pytest.approx(one, abs=1e-6)
    assert held_at(each, 2) / 1e6 == pytest.approx(two, abs=1e-6)
    assert temporary_cost(each) == pytest.approx(cost, rel=1e-6)
    assert cost_variance(each) == pytest.approx(variance, rel=1e-6)


@pytest.mark.parametrize(("exponent", "larger_is"), [(0.5, -1), (1.0, 0), (2.0, 1)])
def test_time_scale_by_size(exponent: float, larger_is: int) -> None:
    """T* ∝ X^((k−1)/(k+1)): below one a larger order is quicker, above slower, at one the same."""
    ratio = characteristic_time(market(exponent, 2e6)) / characteristic_time(market(exponent))
    assert ratio == pytest.approx(2 ** ((exponent - 1) / (exponent + 1)), rel=1e-12)
    assert (ratio > 1 + 1e-9) - (ratio < 1 - 1e-9) == larger_is


@pytest.mark.parametrize("exponent", [0.999999, 1.000001])
def test_near_one_is_the_exponential(exponent: float) -> None:
    assert held_at(market(exponent), 1.0) == pytest.approx(held_at(market(1.0), 1.0), rel=1e-4)


def test_only_above_one_it_ends() -> None:
    assert end_time(market(1.0)) is end_time(market(0.5)) is None
    end = end_time(market(2.0))
    assert end == pytest.approx(3 * characteristic_time(market(2.0)))
    assert end is not None
    assert held_at(market(2.0), end) == held_at(market(2.0), end + 1) == 0.0


@given(st.floats(0.2, 3.0), st.floats(0.0, 5.0), st.floats(0.001, 5.0))
def test_holdings_fall(exponent: float, days: float, more: float) -> None:
    each = market(exponent)
    assert each.quantity >= held_at(each, days) >= held_at(each, days + more) >= 0.0


@given(st.floats(0.4, 2.5))
def test_variance_is_that_of_the_path(exponent: float) -> None:
    """σ²∫x² by the trapezium rule to where next to nothing is held, 1 %."""
    each = market(exponent)
    end = end_time(each) or 400 * characteristic_time(each)
    steps = 40_000
    squares = [held_at(each, end * (k / steps) ** 3) ** 2 for k in range(steps + 1)]
    widths = [end * (((k + 1) / steps) ** 3 - (k / steps) ** 3) for k in range(steps)]
    whole = sum((a + b) / 2 * width for a, b, width in zip(squares, squares[1:], widths, strict=False))
    assert each.sigma_price**2 * whole == pytest.approx(cost_variance(each), rel=0.01)


@pytest.mark.parametrize("field", ["quantity", "sigma_price", "eta", "exponent", "risk_aversion"])
def test_figures_must_be_above_zero(field: str) -> None:
    fields = {"quantity": 1e6, "sigma_price": 0.95, "eta": 1e-6, "exponent": 1.0, "risk_aversion": 1e-6}
    with pytest.raises(ModelError):
        PowerLawMarket(**(fields | {field: 0.0}))
