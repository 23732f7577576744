"""Tomorrow's volume: no look at the future, the generator's own parameters found, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts, arma, geometric_mean, kalman, past_mean, rolling_mean

Model = Callable[[FloatArray], DailyForecasts]

MODELS = (rolling_mean, geometric_mean, arma, kalman)
DAYS = 150


def volumes_of(seed: int, days: int = DAYS, names: int = 3, noise: float = 0.3) -> FloatArray:
    """Volumes whose logs follow an AR(1) about a level, shape (days, names)."""
    rng = np.random.default_rng(seed)
    logs = np.zeros((days, names))
    for day in range(1, days):
        logs[day] = 0.7 * logs[day - 1] + noise * rng.standard_normal(names)
    return np.asarray(np.exp(logs + 14.0), dtype=np.float64)


def figures(found: DailyForecasts) -> FloatArray:
    return np.stack([found.mean, found.median, found.spread])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(1, DAYS - 1), hole=st.booleans())
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_other_futures_change_no_forecast_made_before_them(model: Model, seed: int, cut: int, hole: bool) -> None:
    past = volumes_of(seed)
    other = past.copy()
    other[cut:] = np.nan if hole else volumes_of(seed + 1)[cut:] * 50.0
    np.testing.assert_array_equal(figures(model(past))[:, : cut + 1], figures(model(other))[:, : cut + 1])


def test_the_future_does_change_forecasts_made_after_it() -> None:
    """The law above would hold of a model that ignored its data."""
    past = volumes_of(1)
    other = past.copy()
    other[100] *= 50.0
    for model in MODELS:
        assert np.all(model(past).median[101] != model(other).median[101])


def test_constant_volume_is_forecast_as_it_is() -> None:
    for model in MODELS:
        found = model(np.full((120, 2), 5e5))
        np.testing.assert_allclose(found.mean[30:], 5e5, rtol=1e-9)
        np.testing.assert_allclose(found.median[30:], 5e5, rtol=1e-9)


@pytest.mark.parametrize("model", [geometric_mean, arma, kalman], ids=lambda model: model.__name__)
def test_the_lift_takes_the_median_day_to_the_mean_day(model: Model) -> None:
    """Over many independent names the mean forecast is unbiased for the mean day, the median one is below it."""
    rng = np.random.default_rng(5)
    volumes = np.exp(14.0 + 0.5 * rng.standard_normal((400, 40)))
    found = model(volumes)
    assert np.nanmean(found.mean[200:]) == pytest.approx(volumes[200:].mean(), rel=0.03)
    assert np.nanmean(found.median[200:]) < 0.95 * volumes[200:].mean()


def test_the_mean_reverting_model_wins_where_volume_reverts() -> None:
    volumes = volumes_of(7, days=500, names=20)
    missed = {m.__name__: float(np.nanmean(np.abs(np.log(m(volumes).median / volumes))[150:])) for m in MODELS}
    assert missed["arma"] < 0.95 * missed["geometric_mean"]


def test_the_stated_spread_holds_eight_days_in_ten() -> None:
    volumes = volumes_of(11, days=500, names=20)
    for model in (geometric_mean, arma, kalman):
        found = model(volumes)
        inside = np.abs(np.log(volumes / found.median)) <= 1.281552 * found.spread
        assert 0.76 < inside[150:].mean() < 0.84


def test_an_effect_known_before_the_day_is_put_on_it_and_taken_out_of_history() -> None:
    volumes = np.full((120, 1), 1e6)
    effects = np.zeros_like(volumes)
    effects[100], volumes[100] = np.log(3.0), 3e6
    for model in (arma, kalman):
        found = model(volumes, effects=effects)
        assert found.median[100, 0] == pytest.approx(3e6, rel=1e-9)
        assert found.median[101, 0] == pytest.approx(1e6, rel=1e-9)


def test_days_without_volume_are_left_out_of_a_mean_and_too_few_give_none() -> None:
    table = np.array([[2.0], [np.nan], [4.0], [np.nan], [np.nan], [np.nan]])
    found = past_mean(table, 4)[:, 0]
    assert np.isnan(found[:3]).all()
    assert found[3] == found[4] == 3.0
    assert np.isnan(found[5])


@pytest.mark.parametrize(
    ("volumes", "code"),
    [
        (np.zeros(5), "shapes_differ"),
        (np.zeros((0, 2)), "shapes_differ"),
        (np.full((5, 1), -1.0), "bad_volume"),
        (np.full((5, 1), np.inf), "bad_volume"),
    ],
)
def test_what_is_no_table_of_volumes_is_refused(volumes: FloatArray, code: str) -> None:
    for model in MODELS:
        with pytest.raises(ModelError) as refused:
            model(volumes)
        assert refused.value.code == code
