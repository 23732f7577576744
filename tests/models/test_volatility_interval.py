"""The interval of a day's volatility holds as often as it says, whatever the misses look like."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.volatility_interval import MISSES_MIN, interval_ahead


@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_the_next_day_lies_inside_as_often_as_it_says(shape: str) -> None:
    """4,000 names of 60 days with independent misses: 80 % within four errors, and hardly more."""
    rng, names, days = np.random.default_rng(5), 4_000, 60
    forecast = rng.uniform(1e-4, 4e-4, (days + 1, names))
    noise = rng.standard_normal((days + 1, names)) if shape == "normal" else rng.exponential(1.0, (days + 1, names))
    seen = forecast * np.exp(0.6 * noise)
    found = interval_ahead(forecast, seen[:-1])
    inside = (found.low <= np.sqrt(seen[-1])) & (np.sqrt(seen[-1]) <= found.high)
    assert inside.mean() == pytest.approx(0.80 + 0.5 / days, abs=4 * np.sqrt(0.16 / names) + 0.5 / days)


def test_a_forecast_that_is_always_too_high_has_its_interval_below_it() -> None:
    seen = np.full((40, 1), 1e-4) * np.exp(0.01 * np.random.default_rng(1).standard_normal((40, 1)))
    found = interval_ahead(np.full((41, 1), 4e-4), seen)
    assert found.high[0] < 0.02
    assert found.low[0] == pytest.approx(0.01, rel=0.05)


def test_few_misses_give_no_interval() -> None:
    for days, known in ((MISSES_MIN - 1, False), (MISSES_MIN, True)):
        seen = np.random.default_rng(2).uniform(1e-4, 2e-4, (days, 1))
        found = interval_ahead(np.full((days + 1, 1), 1e-4), seen)
        assert found.n == (days,)
        assert (not np.isnan(found.low[0])) is known


def test_days_that_nobody_knows_count_for_nothing() -> None:
    seen = np.random.default_rng(2).uniform(1e-4, 2e-4, (60, 1))
    seen[::2] = np.nan
    found = interval_ahead(np.full((61, 1), 1e-4), seen)
    alone = interval_ahead(np.full((31, 1), 1e-4), seen[1::2])
    assert (found.low[0], found.high[0], found.n) == (alone.low[0], alone.high[0], (30,))


@pytest.mark.parametrize(("rows", "level", "code"), [(40, 0.8, "shapes_differ"), (41, 1.0, "out_of_range")])
def test_figures_that_do_not_fit_are_refused(rows: int, level: float, code: str) -> None:
    with pytest.raises(ModelError) as error:
        interval_ahead(np.full((rows, 1), 1e-4), np.full((40, 1), 1e-4), level)
    assert error.value.code == code
