"""Spread and depth at a time of day, and the closing auction."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.auction_volume import auction_quantity, closing_auction
from sottovoce.models.usual_liquidity import usual_level


def test_shape_and_level_are_found_again() -> None:
    shape = np.array([2.0, 1.0, 0.9, 1.1])
    levels = np.array([3.0, 4.0, 5.0, 5.0])
    found = usual_level(levels[:, None] * shape, weight=1e-9)
    assert found.middle == pytest.approx(5.0 * shape, rel=1e-6)
    assert found.low == pytest.approx(found.high)


def test_a_wide_day_moves_the_level_and_not_the_shape() -> None:
    shape = np.array([2.0, 1.0, 1.0])
    days = np.ones((10, 1)) * shape
    days[-1] *= 3.0
    found = usual_level(days)
    assert found.middle[0] / found.middle[1] == pytest.approx(2.0)
    assert 1.0 < found.middle[1] < 1.5


@pytest.mark.parametrize(
    "seen", [np.ones((2, 4)), np.zeros((5, 4)), np.column_stack([np.ones(5), np.full(5, np.nan)]), np.ones(5)]
)
def test_nonsense_is_refused(seen: np.ndarray) -> None:
    with pytest.raises(ModelError):
        usual_level(seen)


def test_auction_is_the_geometric_mean_times_the_day() -> None:
    past = np.array([100.0, 400.0, 200.0, 0.0, np.nan, 200.0, 200.0])
    found = closing_auction(past, multiplier=2.0)
    assert found.shares == pytest.approx(2.0 * np.exp(np.log([100, 400, 200, 200, 200]).mean()))
    assert found.low < found.shares < found.high
    assert found.days == 5


@pytest.mark.parametrize(
    ("expected", "quantity", "sent"), [(1e6, 2e6, 120_000.0), (1e6, 500_000.0, 60_000.0), (0.0, 1.0, 0.0)]
)
def test_the_lesser_of_auction_and_order(expected: float, quantity: float, sent: float) -> None:
    """Markov et al.: min(12 % of the predicted auction, 12 % of the order)."""
    assert auction_quantity(expected, quantity) == pytest.approx(sent)


def test_too_few_auctions() -> None:
    with pytest.raises(ModelError):
        closing_auction(np.array([1.0, 2.0, 3.0, 4.0]))
