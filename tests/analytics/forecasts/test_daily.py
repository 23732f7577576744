"""Daily volume judged: errors by hand, intervals that hold the truth, and a choice that keeps the benchmark."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.forecasts.daily import BENCHMARK, chosen, compared, errors_of, mixed, two_way
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.daily_volume import DailyForecasts


def forecast(model: str, median: FloatArray) -> DailyForecasts:
    return DailyForecasts(model=model, mean=median, median=median, spread=np.full_like(median, 0.3))


def test_errors_by_hand() -> None:
    """Twice too much counts ln 2 once, twice as an over-forecast; half counts ln 2 in both; 100 % and 50 %."""
    seen = np.array([[100.0], [100.0], [0.0]])
    found = errors_of(forecast("a", np.array([[200.0], [50.0], [70.0]])), seen)
    np.testing.assert_allclose(found["log"][:2, 0], np.log(2.0))
    np.testing.assert_allclose(found["asymmetric"][:2, 0], [2 * np.log(2.0), np.log(2.0)])
    np.testing.assert_allclose(found["percentage"][:2, 0], [1.0, 0.5])
    assert all(np.isnan(each[2, 0]) for each in found.values())


def test_the_interval_holds_a_true_zero_though_days_and_names_are_shared() -> None:
    """Differences with a shock of each block of days and one of each name, mean zero: 19 in 20 intervals hold it."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        by_block = np.repeat(rng.standard_normal(24), 21)[:, None]
        apart = by_block + rng.standard_normal(30) + rng.standard_normal((504, 30))
        mean, reach = two_way(apart)
        held += abs(mean) <= reach
    assert 178 <= held <= 200


def test_a_better_model_is_told_and_an_equal_one_is_not() -> None:
    rng = np.random.default_rng(1)
    volumes = np.exp(14.0 + 0.3 * rng.standard_normal((400, 10)))
    level = np.full_like(volumes, np.exp(14.0))
    noisy = level * np.exp(0.3 * rng.standard_normal(volumes.shape))
    again = level * np.exp(0.3 * rng.standard_normal(volumes.shape))
    found = {
        each.model: each.verdict
        for each in compared([forecast(BENCHMARK, noisy), forecast("same", again), forecast("good", level)], volumes, 0)
        if each.measure == "log"
    }
    assert (found["same"], found["good"]) == ("no difference", "better")


def test_the_benchmark_stays_unless_the_name_s_own_past_speaks_against_it() -> None:
    rng = np.random.default_rng(2)
    volumes = np.exp(14.0 + 0.2 * rng.standard_normal((300, 2)))
    level = np.full_like(volumes, np.exp(14.0))
    poor = level.copy()
    poor[:, 0] *= 1.5
    forecasts = [forecast(BENCHMARK, poor), forecast("level", level)]
    choice = chosen(forecasts, volumes, 0, 300)
    assert choice == {0: "level", 1: BENCHMARK}
    np.testing.assert_array_equal(mixed(forecasts, choice).median, level)


def test_days_after_the_choice_do_not_bear_on_it() -> None:
    rng = np.random.default_rng(4)
    volumes = np.exp(14.0 + 0.2 * rng.standard_normal((300, 3)))
    level = np.full_like(volumes, np.exp(14.0))
    forecasts = [forecast(BENCHMARK, np.full_like(volumes, 1e6)), forecast("level", level)]
    later = volumes.copy()
    later[200:] = 1e9
    assert chosen(forecasts, volumes, 0, 200) == chosen(forecasts, later, 0, 200)


def test_no_benchmark_and_too_few_days_are_refused() -> None:
    volumes = np.full((60, 1), 1e6)
    for forecasts, first, code in (
        ([forecast("a", volumes)], 0, "no_benchmark"),
        ([forecast(BENCHMARK, volumes)], 30, "too_few_days"),
    ):
        with pytest.raises(ModelError) as refused:
            compared(forecasts, volumes, first)
        assert refused.value.code == code
