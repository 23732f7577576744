"""The two-queue race against published figures, against itself, and against the simulated book."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.queues.book_race import simulated_rises
from sottovoce.models.queues.cont_stoikov_talreja import SKY_PERFECT, execution_before_move, mid_rises

RUNS = 2_000 if find_spec("numba") else 150


def test_published_rates_have_a_power_law_tail() -> None:
    assert SKY_PERFECT.limit_at(5) == 0.77
    assert SKY_PERFECT.limit_at(10) == pytest.approx(1.92 * 10**-0.52)
    assert SKY_PERFECT.cancel_at(9) == SKY_PERFECT.cancel_at(5) == 0.47


@pytest.mark.parametrize(("bid", "ask", "expected"), [(1, 2, 0.404), (1, 5, 0.367), (5, 1, 0.633)])
def test_mid_rises_at_a_spread_of_two_as_computed(bid: int, ask: int, expected: float) -> None:
    """T-SIM-1, figures computed with the paper's rates at S = 2, ±0.002."""
    assert mid_rises(SKY_PERFECT, 2)[bid - 1, ask - 1] == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize("spread", [1, 2, 3])
def test_sides_are_alike(spread: int) -> None:
    """T-SIM-1: p(b, a) + p(a, b) = 1 and p(n, n) = ½."""
    rises = mid_rises(SKY_PERFECT, spread)
    np.testing.assert_allclose(rises + rises.T, 1.0, atol=1e-12)
    np.testing.assert_allclose(np.diag(rises), 0.5, atol=1e-12)


@pytest.mark.parametrize("spread", [1, 2])
def test_longer_bid_helps_and_longer_ask_hurts(spread: int) -> None:
    rises = mid_rises(SKY_PERFECT, spread)[:20, :20]
    assert (np.diff(rises, axis=0) > 0).all()
    assert (np.diff(rises, axis=1) < 0).all()


def test_cutting_the_chains_shorter_changes_nothing() -> None:
    whole, shorter = mid_rises(SKY_PERFECT)[:10, :10], mid_rises(SKY_PERFECT, size=40)[:10, :10]
    np.testing.assert_allclose(whole, shorter, atol=1e-6)


@pytest.mark.parametrize("bid", range(1, 6))
def test_simulated_book_agrees_with_the_linear_system(bid: int) -> None:
    """T-SIM-1: Monte Carlo within 3 standard errors at S = 1 for all lengths up to 5."""
    rises = mid_rises(SKY_PERFECT)
    for ask in range(1, 6):
        chance = rises[bid - 1, ask - 1]
        got = simulated_rises(SKY_PERFECT, bid, ask, 1, RUNS, seed=10 * bid + ask) / RUNS
        assert abs(got - chance) < 3 * np.sqrt(chance * (1 - chance) / RUNS), (bid, ask)


def test_simulated_book_agrees_within_a_wider_spread() -> None:
    chance = mid_rises(SKY_PERFECT, 2)[0, 4]
    got = simulated_rises(SKY_PERFECT, 1, 5, 2, 4 * RUNS, seed=3) / (4 * RUNS)
    assert abs(got - chance) < 3 * np.sqrt(chance * (1 - chance) / (4 * RUNS))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (1, (0.503, 0.698, 0.794, 0.848, 0.882)),
        (3, (0.291, 0.465, 0.578, 0.656, 0.713)),
        (5, (0.224, 0.369, 0.472, 0.548, 0.607)),
    ],
)
def test_execution_before_the_ask_moves_as_computed(place: int, expected: tuple[float, ...]) -> None:
    """T-SIM-2, own order at a place in the bid, S = 1, a = 1 … 5, ±0.002."""
    np.testing.assert_allclose(execution_before_move(SKY_PERFECT)[place - 1, :5], expected, atol=0.002)


def test_spread_of_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match="1 or more") as caught:
        mid_rises(SKY_PERFECT, 0)
    assert caught.value.code == "spread_not_positive"
