"""The latent book: nothing moves without flow, and what moves is concave in it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.simulated.latent import CELLS_PER_SIGMA, REACH_SIGMA, LatentBook

SLOPE = 2.0


def displacement(qty: float) -> float:
    return LatentBook(SLOPE, 0.01).absorb(qty)


def test_no_flow_moves_nothing() -> None:
    book = LatentBook(SLOPE, 0.01)
    assert book.absorb(0.0) == book.offset == pytest.approx(0.0, abs=1e-12)
    assert book.reform(1.0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("qty", [0.01, 0.05, 0.2, 1.0])
def test_price_goes_to_where_linear_density_has_supplied_the_flow(qty: float) -> None:
    """Integral of (floor + slope x) dx = qty, solved by hand; cells are 1/100 sigma wide."""
    floor = 0.01
    expected = (math.sqrt(floor**2 + 2 * SLOPE * qty) - floor) / SLOPE
    assert displacement(qty) == pytest.approx(expected, abs=1 / CELLS_PER_SIGMA)


@given(st.floats(1e-5, 0.5), st.floats(1e-5, 0.5))
def test_displacement_is_odd_and_rises_with_the_flow(first: float, second: float) -> None:
    small, large = sorted((first, second))
    assert displacement(-large) == pytest.approx(-displacement(large), abs=1e-9)
    assert displacement(large) >= displacement(small)


@pytest.mark.parametrize("qty", [0.002, 0.02, 0.1])
def test_twice_the_flow_moves_less_than_twice_as_far(qty: float) -> None:
    assert 1.2 < displacement(2 * qty) / displacement(qty) < 1.9


def test_selling_what_was_bought_brings_the_price_back() -> None:
    book = LatentBook(SLOPE, 0.01)
    book.absorb(0.07)
    assert book.absorb(-0.07) == pytest.approx(0.0, abs=1e-9)


def test_part_of_the_displacement_decays_and_part_stays() -> None:
    book = LatentBook(SLOPE, 0.01)
    peak = book.absorb(0.05)
    for _ in range(1000):
        book.reform(0.001)
    assert 0.3 < book.offset / peak < 0.95


def test_flow_beyond_the_reach_stops_at_its_edge() -> None:
    assert displacement(1e6) == pytest.approx(REACH_SIGMA, abs=1e-6)
    assert displacement(-1e6) == pytest.approx(-REACH_SIGMA, abs=1e-6)
