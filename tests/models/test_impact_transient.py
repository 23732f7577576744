"""Transient impact: exact integrals against quadrature, published rows, and the diffusion of prices."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_obizhaeva_wang import ResilientBook, discrete_plan
from sottovoce.models.impact_transient import (
    BoundedPowerKernel,
    ExponentialKernel,
    Kernel,
    PowerKernel,
    diffusive_decay,
    interaction,
    optimal_transient_trades,
    power_impact,
    transient_cost,
)
from tools.planning_rows.transient import remembering_signs, variance_by_lag

BOUNDED: list[Kernel] = [
    ExponentialKernel(rho=0.0),
    ExponentialKernel(rho=3.0),
    BoundedPowerKernel(gamma=0.4, t0=0.05),
    BoundedPowerKernel(gamma=1.0, t0=0.2),
    BoundedPowerKernel(gamma=2.0, t0=0.2),
    BoundedPowerKernel(gamma=2.5, t0=0.2),
]
KERNELS: list[Kernel] = [*BOUNDED, PowerKernel(gamma=0.5), PowerKernel(gamma=0.2)]


@pytest.mark.parametrize("kernel", BOUNDED)
def test_integrals_are_those_of_quadrature(kernel: Kernel) -> None:
    """Against the midpoint rule on a fine grid, 1e-3."""
    edges = np.array([0.0, 0.1, 0.35, 1.0])
    exact = interaction(kernel, edges)
    fine = 400
    for row in range(3):
        for column in range(row + 1):
            t = edges[row] + (np.arange(fine) + 0.5) / fine * (edges[row + 1] - edges[row])
            s = edges[column] + (np.arange(fine) + 0.5) / fine * (edges[column + 1] - edges[column])
            lags = t[:, None] - s[None, :]
            cell = (edges[row + 1] - edges[row]) * (edges[column + 1] - edges[column]) / fine**2
            weight = np.where(lags > 1e-12, 1.0, np.where(lags > -1e-12, 0.5, 0.0))
            whole = float((weight * kernel.value(np.abs(lags))).sum() * cell)
            assert exact[row, column] == pytest.approx(whole, rel=1e-3)
    assert exact[0, 1] == exact[0, 2] == exact[1, 2] == 0.0


def test_the_inverse_square_root_by_hand() -> None:
    """impact.md section 5: (4/3)[(b−p)^1.5 − (a−p)^1.5 − (b−q)^1.5 + (a−q)^1.5]."""
    edges = np.array([0.0, 0.2, 0.5, 0.9])
    found = interaction(PowerKernel(gamma=0.5), edges)
    a, b, p, q = 0.5, 0.9, 0.0, 0.2
    by_hand = 4 / 3 * ((b - p) ** 1.5 - (a - p) ** 1.5 - (b - q) ** 1.5 + (a - q) ** 1.5)
    assert found[2, 0] == pytest.approx(by_hand, rel=1e-12)
    assert found[1, 1] == pytest.approx(4 / 3 * 0.3**1.5, rel=1e-12)


@pytest.mark.parametrize("horizon", [0.1, 1.0, 7.0])
def test_the_square_root_process_costs_the_same_at_any_speed(horizon: float) -> None:
    """T-IMP-9: G = t^(−1/2), f = √v, prefactor 3σ/4: a share costs σ√(X/V) whatever T, to 1e-9."""
    sigma, quantity = 0.02, 0.07
    edges = np.array([0.0, horizon])
    cost = transient_cost(
        PowerKernel(gamma=0.5), edges, np.array([quantity / horizon]), power_impact(0.5), 0.75 * sigma
    )
    assert cost / quantity == pytest.approx(sigma * quantity**0.5, rel=1e-9)


@given(st.sampled_from(KERNELS), st.integers(1, 9), st.floats(0.2, 1.0))
def test_cutting_an_interval_changes_nothing(kernel: Kernel, parts: int, exponent: float) -> None:
    impact = power_impact(exponent)
    whole = transient_cost(kernel, np.array([0.0, 0.8]), np.array([500.0]), impact)
    cut = transient_cost(kernel, np.linspace(0.0, 0.8, parts + 1), np.full(parts, 500.0), impact)
    assert cut == pytest.approx(whole, rel=1e-9)


@given(st.sampled_from(KERNELS), st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_a_sale_is_the_mirror_of_a_purchase(kernel: Kernel, rates: list[float]) -> None:
    edges, impact = np.array([0.0, 0.1, 0.4, 1.0]), power_impact(0.6)
    both = [transient_cost(kernel, edges, sign * np.array(rates), impact) for sign in (1, -1)]
    assert both[0] == pytest.approx(both[1], rel=1e-12, abs=1e-9)


def test_permanent_impact_is_half_of_the_square() -> None:
    """Almgren and Chriss: G = 1 and f linear cost X²/2 on any path."""
    edges = np.array([0.0, 0.3, 1.0])
    rates = np.array([1_000.0, -500.0])
    bought = float(rates @ np.diff(edges))
    assert transient_cost(ExponentialKernel(rho=0.0), edges, rates, power_impact(1.0)) == pytest.approx(bought**2 / 2)


def test_the_best_trades_are_obizhaeva_and_wangs() -> None:
    """An exponential kernel gives the same schedule as their book."""
    book = ResilientBook(density=5_000, permanent=0.0, resilience=2.231)
    wanted = discrete_plan(book, 1e5, 1.0, 10).trades
    times = np.linspace(0.0, 1.0, 11)
    assert optimal_transient_trades(ExponentialKernel(rho=2.231), times, 1e5) == pytest.approx(wanted, rel=1e-9)


@given(st.floats(0.1, 3.0), st.floats(0.01, 1.0), st.integers(2, 30))
def test_convex_fading_kernels_trade_one_way(gamma: float, t0: float, count: int) -> None:
    """Alfonsi, Schied and Slynko 2012: G convex and decreasing leaves no reason to sell while buying."""
    trades = optimal_transient_trades(BoundedPowerKernel(gamma=gamma, t0=t0), np.linspace(0.0, 1.0, count), 1_000.0)
    assert trades.sum() == pytest.approx(1_000.0)
    assert (trades > 0).all()


@pytest.mark.parametrize(("gamma", "beta"), [(0.5, 0.25), (0.24, 0.38)])
def test_decay_that_keeps_prices_diffusive(gamma: float, beta: float) -> None:
    """T-IMP-8."""
    assert diffusive_decay(gamma) == pytest.approx(beta, abs=1e-12)


def test_matching_decay_diffuses_and_none_does_not() -> None:
    """T-IMP-8: signs of memory γ = 0.5 with β = 0.25: flat to ±20 % for ℓ in [10², 10⁴]; with β = 0 it grows."""
    paths = [remembering_signs(1 << 19, seed) for seed in range(6)]
    flat, grows = (
        np.mean([variance_by_lag(beta, signs) for signs in paths], axis=0) for beta in (diffusive_decay(0.5), 0.0)
    )
    assert np.abs(flat / flat.mean() - 1.0).max() < 0.2
    assert all(later > 1.2 * earlier for earlier, later in pairwise(grows.tolist()))


@pytest.mark.parametrize(
    ("edges", "rates", "code"),
    [
        ([0.0, 0.0], [1.0], "edges_not_rising"),
        ([0.0], [], "edges_not_rising"),
        ([0.0, float("nan")], [1.0], "edges_not_rising"),
        ([0.0, 1.0], [1.0, 2.0], "shapes_differ"),
    ],
)
def test_nonsense_is_refused(edges: list[float], rates: list[float], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        transient_cost(ExponentialKernel(rho=1.0), np.array(edges), np.array(rates), power_impact(1.0))
    assert refused.value.code == code


def test_a_kernel_infinite_at_once_has_no_blocks() -> None:
    with pytest.raises(ModelError, match="use rates"):
        optimal_transient_trades(PowerKernel(gamma=0.5), np.array([0.0, 1.0]), 1.0)


@pytest.mark.parametrize("gamma", [0.0, 1.0, -0.1, float("inf")])
def test_decay_exponents_that_cannot_be_integrated(gamma: float) -> None:
    with pytest.raises(ModelError):
        PowerKernel(gamma=gamma)
