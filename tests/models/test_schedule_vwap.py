"""VWAP with uncertain volume: Konishi's curve and weights that follow the forecast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_vwap import next_weight, static_vwap


def test_days_that_move_more_count_more() -> None:
    """T-SCH-11: 0.60 at σ² = 4 and 0.45 at σ² = 1 give 0.570, where the plain mean is 0.525."""
    assert static_vwap(np.array([[0.60], [0.45]]), np.array([[4.0], [1.0]])) == pytest.approx([0.570], abs=1e-12)
    assert static_vwap(np.array([[0.60], [0.45]]), np.ones((2, 1))) == pytest.approx([0.525], abs=1e-12)


@given(st.integers(2, 30), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_it_is_the_least_variance(days: int, times: int, seed: int) -> None:
    """No other curve has less of E[σ²(X − x)²] at any time, before it is made rising."""
    rng = np.random.default_rng(seed)
    curves = np.sort(rng.random((days, times)), axis=1)
    variance = rng.random((days, times)) + 0.01
    best = (curves * variance).sum(axis=0) / variance.sum(axis=0)
    found = static_vwap(curves, variance)
    assert (np.diff(found) >= 0).all()
    assert found == pytest.approx(np.maximum.accumulate(best))
    for other in (best + 0.01, best - 0.01):
        worse = (variance * (curves - other) ** 2).mean(axis=0)
        assert (worse >= (variance * (curves - best) ** 2).mean(axis=0)).all()


def test_weights_follow_the_forecast() -> None:
    """T-SCH-12: 0.300000, 0.200000, 0.208333, 0.291667."""
    done, weights = 0.0, []
    for forecast in ([30, 20, 20, 30], [24, 24, 36], [25, 35], [30]):
        weights.append(next_weight(done, np.array(forecast, dtype=np.float64)))
        done += weights[-1]
    assert weights == pytest.approx([0.3, 0.2 * 1, 0.2083333333, 0.2916666667], abs=1e-6)
    assert done == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.lists(st.floats(0, 1e9), min_size=1, max_size=12), min_size=1, max_size=12))
def test_whatever_is_forecast_it_adds_to_one(forecasts: list[list[float]]) -> None:
    done = 0.0
    for left in range(len(forecasts), 0, -1):
        weight = next_weight(min(done, 1.0), np.resize(np.array(forecasts[-left]), left))
        assert weight >= 0.0
        done += weight
    assert done == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("curves", "variance", "code"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "shapes_differ"),
        (np.zeros((0, 3)), np.zeros((0, 3)), "shapes_differ"),
        (np.array([[0.5, 0.4]]), np.ones((1, 2)), "bad_curve"),
        (np.array([[0.5, 1.1]]), np.ones((1, 2)), "bad_curve"),
        (np.array([[0.5, 0.6]]), -np.ones((1, 2)), "bad_curve"),
        (np.array([[0.5, float("nan")]]), np.ones((1, 2)), "bad_curve"),
        (np.array([[0.5, 0.6]]), np.zeros((1, 2)), "no_variance"),
    ],
)
def test_samples_that_make_no_sense(curves: np.ndarray, variance: np.ndarray, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        static_vwap(curves, variance)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("done", "forecast"), [(1.5, [1.0]), (-0.1, [1.0]), (0.5, []), (0.5, [-1.0, 1.0]), (0.5, [float("inf"), 1.0])]
)
def test_forecasts_that_make_no_sense(done: float, forecast: list[float]) -> None:
    with pytest.raises(ModelError):
        next_weight(done, np.array(forecast))
