"""Out-of-sample comparisons: T-SCH-14, intervals that mean what they say, and a choice that needs evidence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.analytics.forecasts.choosing import HISTORY_MIN, daily_forecasts, volatility_ahead
from sottovoce.analytics.forecasts.daily import chosen, compared, mixed, two_way
from sottovoce.analytics.forecasts.intraday import evaluated
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import arma, geometric_mean, rolling_mean
from sottovoce.models.intraday_volume import VolumeStateSpace, simulated

TRUTH = VolumeStateSpace(
    day=0.85, lingering=0.6, day_variance=0.04, lingering_variance=0.02, noise=0.05,
    shape=tuple((9.0 + np.linspace(-1, 1, 13) ** 2).tolist()),
)  # fmt: skip


def wandering(days: int, names: int, seed: int, rho: float = 0.7) -> FloatArray:
    """Log volumes that lean back to a level, day by day."""
    rng = np.random.default_rng(seed)
    logs = np.zeros((days, names))
    for day in range(1, days):
        logs[day] = rho * logs[day - 1] + 0.3 * rng.standard_normal(names)
    return np.asarray(1e6 * np.exp(logs), dtype=np.float64)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_state_space_beats_the_rolling_mean_on_its_own_data(seed: int) -> None:
    """T-SCH-14: paired over days, p < 0.01, static and dynamic."""
    found = {(each.model, each.kind): each for each in evaluated(simulated(TRUTH, 110, seed), 50)}
    for kind in ("static", "dynamic"):
        assert found[("Kalman", kind)].difference < 0
        assert found[("Kalman", kind)].p < 0.01
    assert found[("Kalman", "dynamic")].mape < found[("Markov update", "dynamic")].mape


def test_on_constant_shares_every_model_is_the_rolling_mean() -> None:
    """T-SCH-14: within 1 %."""
    constant = np.tile(np.exp(TRUTH.shape), (60, 1))
    assert all(each.mape < 0.01 for each in evaluated(constant, 40))


def test_benchmark_has_no_difference_from_itself() -> None:
    volumes = wandering(200, 5, 1)
    for each in compared([rolling_mean(volumes), arma(volumes)], volumes, 100):
        if each.model == "rolling_mean":
            assert (each.difference, each.low, each.high, each.verdict) == (0.0, 0.0, 0.0, "no difference")


def test_interval_of_nothing_contains_zero_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        shared = 0.5 * np.repeat(rng.standard_normal(24), 21)[:, None] + 0.3 * rng.standard_normal((1, 40))
        mean, reach = two_way(shared + rng.standard_normal((504, 40)))
        covered += abs(mean) <= reach
    assert covered >= 180


def test_choice_keeps_the_mean_without_evidence() -> None:
    noise = wandering(500, 12, 2, rho=0.0)
    twin = replace(rolling_mean(noise), model="twin")
    assert set(chosen([rolling_mean(noise), twin], noise, 60, 400).values()) == {"rolling_mean"}


def test_choice_takes_what_the_past_speaks_for_and_is_no_look_ahead() -> None:
    volumes = wandering(500, 8, 3)
    forecasts = [rolling_mean(volumes), geometric_mean(volumes), arma(volumes)]
    choice = chosen(forecasts, volumes, 100, 300)
    assert set(choice.values()) == {"arma"}
    changed = volumes.copy()
    changed[300:] = 1.0
    assert chosen(forecasts, changed, 100, 300) == choice
    assert np.array_equal(mixed(forecasts, choice).median, forecasts[2].median, equal_nan=True)


def history(days: int) -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=number) for number in range(days + 1)]


def test_next_day_has_an_interval_around_it() -> None:
    volumes = wandering(200, 3, 4)
    for model in ("rolling_mean", "arma", "kalman", "chosen"):
        found = daily_forecasts(volumes, history(200), model)
        assert np.isfinite(found.mean).all()
        assert (found.spread > 0).all()
        assert len(found.models) == 3


@pytest.mark.parametrize(
    ("days", "model", "code"), [(HISTORY_MIN - 1, "arma", "too_few_days"), (200, "x", "unknown_model")]
)
def test_what_cannot_be_forecast_is_refused(days: int, model: str, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        daily_forecasts(wandering(days, 2, 1), history(days), model)
    assert refused.value.code == code


@pytest.mark.parametrize("model", ["rolling", "ewma", "range", "regime"])
def test_volatility_ahead_is_near_what_made_the_prices(model: str) -> None:
    rng = np.random.default_rng(5)
    path = np.exp(np.cumsum(0.02 / np.sqrt(78) * rng.standard_normal((400, 78)).ravel())).reshape(400, 78, 1)
    opened = np.vstack([np.ones((1, 1)), path[:-1, -1]])
    high, low = np.maximum(path.max(axis=1), opened), np.minimum(path.min(axis=1), opened)
    ahead = volatility_ahead(opened, high, low, path[:, -1], model)
    assert ahead.daily[0] == pytest.approx(0.02, rel=0.5)
    assert ahead.interval.low[0] < 0.02 < ahead.interval.high[0]
