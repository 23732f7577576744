"""Forecasts of daily variance: right on average, without the future, and quicker than the mean where regimes change."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.volatility import (
    ewma_variance,
    quasi_likelihood,
    range_squares,
    regime_variance,
    rolling_variance,
)


def returns(days: int, names: int, seed: int, *, wild: float = 1.0) -> np.ndarray:
    """Daily returns of 1.5 %, times `wild` in every other stretch of sixty days."""
    scale = np.where(np.arange(days) // 60 % 2, wild, 1.0)[:, None]
    return 0.015 * scale * np.random.default_rng(seed).standard_normal((days, names))


def test_every_model_is_right_on_average() -> None:
    seen = returns(1_500, 20, 1)
    for variance in (rolling_variance(seen), ewma_variance(seen**2), regime_variance(seen)):
        assert np.nanmean(variance[300:]) == pytest.approx(0.015**2, rel=0.05)


def test_regimes_are_followed() -> None:
    seen = returns(1_500, 20, 2, wild=3.0)
    losses = {
        name: float(np.nanmean(quasi_likelihood(variance, seen)[300:]))
        for name, variance in (("rolling", rolling_variance(seen)), ("regime", regime_variance(seen)))
    }
    assert losses["regime"] < losses["rolling"] - 0.05


def test_range_of_a_walk_has_its_variance() -> None:
    """Garman and Klass on days of 390 steps; a discrete walk's range falls a little short."""
    rng = np.random.default_rng(3)
    steps = 0.02 / np.sqrt(390) * rng.standard_normal((4_000, 390))
    path = np.exp(np.cumsum(steps, axis=1))
    opened, close = np.ones((4_000, 1)), path[:, -1:]
    high, low = np.maximum(path.max(axis=1, keepdims=True), 1.0), np.minimum(path.min(axis=1, keepdims=True), 1.0)
    night = np.log(opened[1:] / close[:-1]) ** 2
    inside = range_squares(opened, high, low, close)[1:] - night
    assert inside.mean() == pytest.approx(0.02**2, rel=0.12)


def test_bar_that_cannot_be_is_nothing() -> None:
    opened, close = np.array([[10.0], [10.0]]), np.array([[10.0], [10.0]])
    high, low = np.array([[11.0], [9.5]]), np.array([[9.0], [9.0]])
    assert np.isnan(range_squares(opened, high, low, close)).all()


@pytest.mark.parametrize("day", [200, 299])
def test_what_comes_later_changes_no_forecast(day: int) -> None:
    seen = returns(300, 4, 5)
    changed = seen.copy()
    changed[day:] *= 7.0
    for model in (rolling_variance, regime_variance, lambda figures: ewma_variance(figures**2)):
        assert np.array_equal(model(seen)[: day + 1], model(changed)[: day + 1], equal_nan=True)


def test_missing_days_are_skipped() -> None:
    seen = returns(300, 2, 6)
    seen[50:60, 0] = np.nan
    for variance in (ewma_variance(seen**2), regime_variance(seen), rolling_variance(seen)):
        assert np.isfinite(variance[100:]).all()


def test_nonsense_is_refused() -> None:
    with pytest.raises(ModelError):
        rolling_variance(np.ones(5))
    with pytest.raises(ModelError):
        ewma_variance(np.ones((5, 1)), weight=1.0)
