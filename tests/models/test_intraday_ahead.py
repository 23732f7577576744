"""The rest of a day: intervals that hold on the model's own days, and a sum that is wider than its parts alone."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.models.intraday_ahead import before_next, covariance, rest_of_day
from sottovoce.models.intraday_volume import VolumeStateSpace, simulated

MODEL = VolumeStateSpace(
    day=0.8, lingering=0.7, day_variance=0.05, lingering_variance=0.02, noise=0.04,
    shape=tuple((10.0 + np.linspace(-1, 1, 13) ** 2).tolist()),
)  # fmt: skip


@pytest.mark.parametrize("printed", [0, 4])
def test_intervals_hold_on_days_of_the_model(printed: int) -> None:
    """600 days, each from the forty before: bins are of the same day, so the tolerance is that of days, four errors."""
    days = simulated(MODEL, 640, 3)
    bins, whole = [], []
    for day in range(40, 640):
        found = rest_of_day(MODEL, days[day - 40 : day], days[day, :printed])
        rest = days[day, printed:]
        bins.append(((found.low <= rest) & (rest <= found.high)).mean())
        whole.append(found.whole_low <= rest.sum() <= found.whole_high)
    assert np.mean(bins) == pytest.approx(0.80, abs=4 * np.std(bins) / np.sqrt(600))
    assert np.mean(whole) == pytest.approx(0.80, abs=4 * np.sqrt(0.16 / 600))


def test_covariance_is_that_of_many_days_carried_on_from_one_belief() -> None:
    belief = before_next(MODEL, simulated(MODEL, 30, 1), np.empty(0))
    rng, n = np.random.default_rng(2), 40_000
    spread = [[belief.level_variance, belief.covariance], [belief.covariance, belief.lingering_variance]]
    start = rng.multivariate_normal([0.0, 0.0], spread, n)
    lingers, logs = start[:, 1], []
    for _ in MODEL.shape:
        logs.append(start[:, 0] + lingers + np.sqrt(MODEL.noise) * rng.standard_normal(n))
        lingers = MODEL.lingering * lingers + np.sqrt(MODEL.lingering_variance) * rng.standard_normal(n)
    assert covariance(MODEL, belief, 0) == pytest.approx(np.cov(np.array(logs)), abs=0.004)


def test_what_has_printed_narrows_what_is_to_come() -> None:
    past = simulated(MODEL, 40, 4)
    early = rest_of_day(MODEL, past, np.empty(0))
    later = rest_of_day(MODEL, past, early.median[:6])
    assert np.all(later.high / later.low < early.high[6:] / early.low[6:])
    assert later.whole_high / later.whole_low < early.whole_high / early.whole_low
