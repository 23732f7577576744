"""Volume by bins: the filter against algebra, the fit against its own generator, outliers, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.analytics.forecasts.intraday import state_space_forecasts
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.intraday_ahead import rest_of_day
from sottovoce.models.intraday_volume import (
    VolumeStateSpace,
    filtered,
    fit_state_space,
    log_volumes,
    simulated,
)

BINS = 8
MODEL = VolumeStateSpace(
    day=0.9, lingering=0.7, day_variance=0.04, lingering_variance=0.02, noise=0.04,
    shape=tuple(np.linspace(11.0, 12.0, BINS).tolist()),
)  # fmt: skip


def stacked(model: VolumeStateSpace, days: int) -> tuple[FloatArray, FloatArray]:
    """Covariance of η + μ over all bins, and of the logs: the whole model as one Gaussian vector."""
    n = days * BINS
    place = np.arange(n)
    apart = np.abs(place[:, None] - place[None, :])
    day = np.abs(place[:, None] // BINS - place[None, :] // BINS)
    level = model.day_variance / (1 - model.day**2) * model.day**day
    state = level + model.lingering_variance / (1 - model.lingering**2) * model.lingering**apart
    return state, state + model.noise * np.eye(n)


def test_the_filter_says_what_conditioning_the_whole_vector_says() -> None:
    """The belief after the last bin is the mean and variance of η + μ there, given every bin, by linear algebra."""
    volumes = simulated(MODEL, 3, seed=4)
    logs = log_volumes(volumes)
    belief = filtered(MODEL, logs)[1][-1]
    state, seen = stacked(MODEL, 3)
    weights = np.linalg.solve(seen, state[:, -1])
    mean = float(weights @ (logs - np.array(MODEL.shape)).reshape(-1))
    variance = float(state[-1, -1] - state[-1] @ weights)
    assert belief.level + belief.lingering == pytest.approx(mean, rel=1e-9)
    spread = belief.level_variance + belief.lingering_variance + 2 * belief.covariance
    assert spread == pytest.approx(variance, rel=1e-9)


def test_a_bin_without_volume_is_skipped_not_taken_for_zero() -> None:
    volumes = simulated(MODEL, 6, seed=2)
    volumes[-1, 3] = 0.0
    told = filtered(MODEL, log_volumes(volumes))
    place = 5 * BINS + 3
    assert told[1][place] == told[0][place]


def test_the_fit_finds_the_generator() -> None:
    fitted = fit_state_space(simulated(MODEL, 120, seed=3))
    assert fitted.day == pytest.approx(MODEL.day, abs=0.15)
    assert fitted.lingering == pytest.approx(MODEL.lingering, abs=0.15)
    assert fitted.noise == pytest.approx(MODEL.noise, rel=0.35)


def test_outliers_hurt_the_robust_filter_less() -> None:
    """Every eleventh bin of the past ten times too big: the robust fit's one-bin-ahead error is the lower."""
    clean = simulated(MODEL, 60, seed=6)
    spoiled = clean.copy()
    spoiled.reshape(-1)[::11] *= 10.0
    missed = {}
    for outlier in (float("inf"), 2.0):
        model = fit_state_space(spoiled[:40], outlier=outlier, rounds=10)
        _, dynamic = state_space_forecasts(model, log_volumes(spoiled), 40)
        missed[outlier] = float(np.mean(np.abs(dynamic - clean[40:]) / clean[40:]))
    assert missed[2.0] < 0.95 * missed[float("inf")]


def test_bins_to_come_follow_what_has_printed_and_nothing_else() -> None:
    past = simulated(MODEL, 20, seed=8)
    usual = rest_of_day(MODEL, past, np.empty(0)).median
    busy = rest_of_day(MODEL, past, 3.0 * usual[:3]).median
    assert (len(usual), len(busy)) == (BINS, BINS - 3)
    assert np.all(busy > usual[3:])


def test_the_same_seed_gives_the_same_days() -> None:
    np.testing.assert_array_equal(simulated(MODEL, 4, seed=1), simulated(MODEL, 4, seed=1))
    assert np.any(simulated(MODEL, 4, seed=1) != simulated(MODEL, 4, seed=2))


@pytest.mark.parametrize(
    "change", [{"day": 1.0}, {"lingering": -0.1}, {"noise": -1.0}, {"shape": ()}, {"outlier": 0.0}]
)
def test_parameters_out_of_range_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ModelError) as refused:
        replace(MODEL, **change)
    assert refused.value.code == "out_of_range"


def test_too_few_days_an_empty_bin_and_a_finished_day_are_refused() -> None:
    days = simulated(MODEL, 6, seed=1)
    empty = days.copy()
    empty[:, 2] = 0.0
    for call, code in (
        (lambda: fit_state_space(days[:4]), "too_few_days"),
        (lambda: fit_state_space(empty), "bad_volume"),
        (lambda: fit_state_space(-days), "bad_volume"),
        (lambda: rest_of_day(MODEL, days, days[0]), "shapes_differ"),
    ):
        with pytest.raises(ModelError) as refused:
            call()
        assert refused.value.code == code
