"""A power law fitted to a thousand resamplings at once: the obvious fit as referee, errors, scale, and clusters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.optimize import least_squares

from sottovoce.core.errors import ModelError
from sottovoce.models.clustered_bootstrap import cluster_draws
from sottovoce.models.impact_fit_draws import PowerData, fit_power, fitted_intervals, fitted_point


def made(seed: int, n: int = 400, noise: float = 0.5, days: int = 40) -> PowerData:
    """1.5 x^0.6 z^-0.3 with noise."""
    rng = np.random.default_rng(seed)
    logs = rng.normal([-3.0, 5.0], [1.0, 0.6], (n, 2))
    weight = np.exp(rng.normal(0, 0.3, n))
    seen = 1.5 * np.exp(logs @ [0.6, -0.3]) + noise * 0.05 * rng.standard_normal(n) / np.sqrt(weight)
    return PowerData(seen=seen, logs=logs, offset=np.zeros(n), weight=weight, cluster=np.arange(n) % days)


def referee(data: PowerData, times: np.ndarray) -> np.ndarray:
    """One weighted fit by a general optimiser."""
    weight = np.sqrt(data.weight * times[data.cluster])
    found = least_squares(
        lambda p: weight * (p[0] * np.exp(data.offset + data.logs @ p[1:]) - data.seen), [1.0, 0.5, 0.0],
        x_scale="jac", xtol=1e-14, ftol=1e-14,
    )  # fmt: skip
    return np.asarray(found.x)


@pytest.mark.parametrize("seed", range(4))
def test_every_draw_is_the_fit_a_general_optimiser_finds(seed: int) -> None:
    data, times = made(seed), cluster_draws(40, 5, seed)
    found = fit_power(data, times, np.array([0.5, 0.0]))
    for row, drawn in zip(found.points, times, strict=True):
        assert row == pytest.approx(referee(data, drawn), rel=1e-4)


def test_a_draw_counts_a_cluster_as_often_as_it_is_drawn() -> None:
    data, times = made(1, n=200, days=20), cluster_draws(20, 1, 5)
    rows = np.repeat(np.arange(200), times[0].astype(int)[data.cluster])
    again = PowerData(
        seen=data.seen[rows], logs=data.logs[rows], offset=data.offset[rows], weight=data.weight[rows],
        cluster=data.cluster[rows],
    )  # fmt: skip
    drawn = fit_power(data, times, np.array([0.5, 0.0])).points[0]
    assert fitted_point(again, np.array([0.5, 0.0])) == pytest.approx(drawn, rel=1e-6)


@given(scale=st.floats(1e-6, 1e6), shift=st.floats(-8, 8))
@settings(max_examples=25, deadline=None)
def test_units_change_the_factor_alone(scale: float, shift: float) -> None:
    """Costs in another unit multiply c; sizes in another unit multiply it by a power; the exponents stay."""
    data = made(2)
    moved = replace(data, seen=data.seen * scale, logs=data.logs + np.array([shift, 0.0]))
    plain, other = (fitted_point(each, np.array([0.5, 0.0])) for each in (data, moved))
    assert other[1:] == pytest.approx(plain[1:], abs=1e-5)
    assert other[0] == pytest.approx(plain[0] * scale * np.exp(-shift * plain[1]), rel=1e-4)


def test_errors_are_the_spread_over_samples() -> None:
    start = np.array([0.5, 0.0])
    fits = [fit_power(made(seed), np.ones((1, 40)), start) for seed in range(60)]
    spread = np.std([fit.points[0] for fit in fits], axis=0, ddof=1)
    stated = np.mean([fit.errors[0] for fit in fits], axis=0)
    assert stated == pytest.approx(spread, rel=0.35)


def test_orders_that_share_their_days_are_less_sure() -> None:
    rng = np.random.default_rng(4)
    data = made(4, n=800, days=40)
    common = replace(data, seen=data.seen + 0.05 * rng.standard_normal(40)[data.cluster])
    held = replace(common, logs=np.zeros((800, 0)), offset=common.logs @ np.array([0.6, -0.3]))
    apart = replace(held, cluster=np.arange(800))
    start = np.zeros(0)
    together, alone = (fitted_intervals(each, start, draws=300).intervals[0] for each in (held, apart))
    assert together.error > 2.0 * alone.error
    assert together.high - together.low > 2.0 * (alone.high - alone.low)


def test_noise_alone_tells_no_exponent() -> None:
    data = made(5)
    noise = replace(data, seen=np.random.default_rng(5).standard_normal(400))
    with pytest.raises(ModelError) as refused:
        fitted_intervals(noise, np.array([0.5, 0.0]), draws=200)
    assert refused.value.code in {"no_fit", "no_interval"}
