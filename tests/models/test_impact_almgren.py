"""Almgren et al. 2005: the paper's IBM table, what is refused, and what is known about the error."""

from __future__ import annotations

from math import inf, nan, sqrt

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_almgren import (
    ALMGREN_2005,
    AlmgrenCost,
    almgren2005,
    cost_interval,
    timing_risk_bps,
)

ADV, SHARES_OUT, SIGMA = 6.561e6, 1.728e9, 0.0157
sizes = st.floats(1e-4, 0.5)
durations = st.floats(0.01, 3.0)
sigmas = st.floats(0.002, 0.1)


def ibm(duration: float, quantity: float = 656_100) -> AlmgrenCost:
    return almgren2005(quantity, ADV, SHARES_OUT, SIGMA, duration)


@pytest.mark.parametrize(
    ("duration", "temporary_over_sigma", "temporary", "cost", "paper_temporary", "paper_cost"),
    [
        (0.1, 0.14200, 22.294, 32.224, 22, 32),
        (0.2, 0.09369, 14.709, 24.638, 15, 25),
        (0.5, 0.05406, 8.488, 18.418, 8, 18),
    ],
)
def test_ibm_table_of_the_paper(
    duration: float,
    temporary_over_sigma: float,
    temporary: float,
    cost: float,
    paper_temporary: int,
    paper_cost: int,
) -> None:
    """T-IMP-1, ±0.001 bp against the computed columns, exact after rounding against the paper."""
    found = ibm(duration)
    assert found.turnover_inverse == pytest.approx(263.374, abs=5e-4)
    assert found.permanent_bps == pytest.approx(19.860, abs=1e-3)
    assert found.permanent_bps / (SIGMA * 1e4) == pytest.approx(0.1265, abs=5e-5)
    assert round(found.permanent_bps) == 20
    assert found.temporary_bps == pytest.approx(temporary, abs=1e-3)
    assert found.temporary_bps / (SIGMA * 1e4) == pytest.approx(temporary_over_sigma, abs=1e-5)
    assert found.cost_bps == pytest.approx(cost, abs=1e-3)
    assert (round(found.temporary_bps), round(found.cost_bps)) == (paper_temporary, paper_cost)


def test_a_sell_costs_what_a_buy_costs() -> None:
    assert ibm(0.2, -656_100) == ibm(0.2, 656_100)


@given(size=sizes, duration=durations, sigma=sigmas)
def test_permanent_is_linear_in_size_and_temporary_grows_with_the_rate(
    size: float, duration: float, sigma: float
) -> None:
    one = almgren2005(size * ADV, ADV, SHARES_OUT, sigma, duration)
    two = almgren2005(2 * size * ADV, ADV, SHARES_OUT, sigma, duration)
    assert two.permanent_bps == pytest.approx(2 * one.permanent_bps, rel=1e-12)
    assert two.temporary_bps == pytest.approx(2**0.6 * one.temporary_bps, rel=1e-12)
    slower = almgren2005(size * ADV, ADV, SHARES_OUT, sigma, 2 * duration)
    assert slower.temporary_bps == pytest.approx(one.temporary_bps / 2**0.6, rel=1e-12)
    assert slower.permanent_bps == one.permanent_bps
    assert one.cost_bps == one.permanent_bps / 2 + one.temporary_bps


def test_other_exponents_change_the_permanent_part_with_duration() -> None:
    free = msgspec.structs.replace(ALMGREN_2005, alpha=0.891)
    quick = almgren2005(656_100, ADV, SHARES_OUT, SIGMA, 0.1, free)
    slow = almgren2005(656_100, ADV, SHARES_OUT, SIGMA, 0.5, free)
    assert slow.permanent_bps / quick.permanent_bps == pytest.approx(5**0.109, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "duration", "outside"),
    [
        (0.05, 0.5, ()),
        (0.10, 1.0, ()),
        (0.001, 0.5, ("size_below_sample",)),
        (0.11, 0.5, ("size_above_sample",)),
        (0.30, 3.0, ("size_above_sample", "longer_than_a_day")),
    ],
)
def test_extrapolation_is_said(size: float, duration: float, outside: tuple[str, ...]) -> None:
    found = almgren2005(size * ADV, ADV, SHARES_OUT, SIGMA, duration)
    assert found.outside == outside
    assert found.extrapolated is bool(outside)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((0, ADV, SHARES_OUT, SIGMA, 0.1), "zero_quantity"),
        ((nan, ADV, SHARES_OUT, SIGMA, 0.1), "not_finite"),
        ((100, 0, SHARES_OUT, SIGMA, 0.1), "not_positive"),
        ((100, ADV, -1, SIGMA, 0.1), "not_positive"),
        ((100, ADV, SHARES_OUT, 0, 0.1), "not_positive"),
        ((100, ADV, SHARES_OUT, SIGMA, 0), "not_positive"),
        ((100, ADV, SHARES_OUT, inf, 0.1), "not_finite"),
    ],
)
def test_bad_figures_are_refused(arguments: tuple[float, float, float, float, float], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        almgren2005(*arguments)
    assert refused.value.code == code


def test_interval_is_what_redrawn_coefficients_give() -> None:
    """Delta method against a Monte Carlo over gamma and eta: the cost is linear in both, so they agree."""
    draws = np.random.default_rng(20051).standard_normal((200_000, 2))
    cost = ibm(0.2)
    scale_permanent = cost.permanent_bps / 2 / ALMGREN_2005.gamma
    scale_temporary = cost.temporary_bps / ALMGREN_2005.eta
    redrawn = scale_permanent * (0.314 + 0.041 * draws[:, 0]) + scale_temporary * (0.142 + 0.0062 * draws[:, 1])
    interval = cost_interval(cost)
    assert interval.standard_error_bps == pytest.approx(float(redrawn.std()), rel=0.01)
    assert [interval.low_bps, interval.high_bps] == pytest.approx(np.percentile(redrawn, [2.5, 97.5]), rel=0.005)


def test_interval_with_exponents_matches_finite_differences_and_is_wider() -> None:
    cost = ibm(0.2)
    slopes = []
    for name, error in [("gamma", 0.041), ("eta", 0.0062), ("alpha", 0.10), ("delta", 0.22), ("beta", 0.038)]:
        step = 1e-6
        value = getattr(ALMGREN_2005, name)
        up = msgspec.structs.replace(ALMGREN_2005, **{name: value + step})
        down = msgspec.structs.replace(ALMGREN_2005, **{name: value - step})
        high = almgren2005(656_100, ADV, SHARES_OUT, SIGMA, 0.2, up).cost_bps
        low = almgren2005(656_100, ADV, SHARES_OUT, SIGMA, 0.2, down).cost_bps
        slopes.append((high - low) / (2 * step) * error)
    narrow = cost_interval(cost).standard_error_bps
    wide = cost_interval(cost, include_exponents=True).standard_error_bps
    assert narrow == pytest.approx(sqrt(sum(s * s for s in slopes[:2])), rel=1e-6)
    assert wide == pytest.approx(sqrt(sum(s * s for s in slopes)), rel=1e-6)
    assert wide > narrow


@given(duration=durations, after=st.floats(0.0, 1.0))
def test_timing_risk_is_the_noise_of_the_papers_model(duration: float, after: float) -> None:
    """Var J = Var(I/2 + (J − I/2)) with the loadings of the regression form: T/3 whatever comes after."""
    post = duration + after
    xi = sqrt(post) / 2 - (post - duration) / (2 * sqrt(post))
    chi_squared = duration / 12 * (4 - 3 * duration / post)
    assert timing_risk_bps(0.02, duration) == pytest.approx(200 * sqrt(xi**2 + chi_squared), rel=1e-9)
