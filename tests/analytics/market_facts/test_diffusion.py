"""Variance ratios and signature plots of processes whose variance over every horizon is known."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts import diffusion
from sottovoce.analytics.market_facts.diffusion import SIGNATURE_S, WindowSums, signature, variance_ratio, window_sums
from sottovoce.models.arrays import FloatArray

SESSIONS, STEPS = 20, 2340


def walks(phi: float, seed: int = 1) -> list[FloatArray]:
    """Levels whose steps are an AR(1) of coefficient phi."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(SESSIONS):
        shocks = rng.standard_normal(STEPS)
        for at in range(1, STEPS):
            shocks[at] += phi * shocks[at - 1]
        found.append(np.concatenate([[0.0], np.cumsum(shocks)]))
    return found


def ratio(levels: list[FloatArray], length: int = 60) -> float:
    return variance_ratio([window_sums(each, [length]) for each in levels])


def ar_ratio(phi: float, length: int) -> float:
    """1 + 2 sum (1 - k/q) phi^k."""
    lags = np.arange(1, length)
    return float(1 + 2 * ((1 - lags / length) * phi**lags).sum())


def test_random_walk_has_ratio_one() -> None:
    assert ratio(walks(0.0)) == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("phi", [-0.3, -0.1, 0.1, 0.3])
def test_autoregressive_steps_have_their_own_ratio(phi: float) -> None:
    assert ratio(walks(phi)) == pytest.approx(ar_ratio(phi, 60), rel=0.1)


@pytest.mark.parametrize("phi", [-0.3, 0.3])
def test_trending_and_reverting_mids_are_outside_the_gate(phi: float) -> None:
    assert not 0.8 <= ratio(walks(phi)) <= 1.2


def test_a_volatile_open_does_not_look_like_reversion() -> None:
    """Overlapping windows cover the first minutes least; the steps they are compared with are covered as little."""
    shape = np.where(np.arange(STEPS) < 60, 8.0, 1.0)
    shocks = np.random.default_rng(2).standard_normal((400, STEPS)) * shape
    levels = [np.concatenate([[0.0], np.cumsum(each)]) for each in shocks]
    assert ratio(levels) == pytest.approx(1.0, abs=0.08)
    naive = [(each[60:] - each[:-60]).var() / (60 * np.diff(each).var()) for each in levels]
    assert np.mean(naive) < 0.7


def bounced(half_spread: float, seed: int = 3) -> tuple[list[WindowSums], list[WindowSums]]:
    """Signature sums of trades at the touch, a trade a second on either side, and of the mids between."""
    rng = np.random.default_rng(seed)
    mids = [np.cumsum(rng.standard_normal(23_400)) for _ in range(SESSIONS)]
    trades = [each + half_spread * rng.choice([-1.0, 1.0], each.size) for each in mids]
    return [window_sums(each, SIGNATURE_S) for each in trades], [window_sums(each, SIGNATURE_S) for each in mids]


def test_bid_ask_bounce_adds_its_share_at_every_horizon() -> None:
    """Roll: the bounce adds 2 h^2 whatever the horizon, so 2 h^2/tau to the variance per second."""
    trades, mids = bounced(half_spread=1.5)
    expected = 1.0 + 2 * 1.5**2 / np.array(SIGNATURE_S)
    np.testing.assert_allclose(signature(trades)[:9], expected[:9], rtol=0.06)
    assert signature(mids)[0] == pytest.approx(1.0, abs=0.02)


def test_signature_of_a_bounced_walk_passes_and_of_a_trend_does_not() -> None:
    trades, mids = bounced(half_spread=1.5)
    assert diffusion.largest_rise(signature(trades)) < 0.1
    assert diffusion.unevenness(signature(mids)) < 0.25
    trend = [window_sums(each, SIGNATURE_S) for each in walks(0.9)]
    assert diffusion.largest_rise(signature(trend)) > 1.0


def test_curve_still_growing_after_a_minute_is_not_flat() -> None:
    slow = [np.repeat(np.cumsum(np.random.default_rng(8).standard_normal(40)), 600) for _ in range(3)]
    eased = [np.convolve(each, np.ones(600) / 600, mode="valid") for each in slow]
    assert diffusion.unevenness(signature([window_sums(each, SIGNATURE_S) for each in eased])) > 0.25


def test_window_longer_than_the_session_is_unknown_not_zero() -> None:
    assert np.isnan(signature([window_sums(np.arange(10.0), SIGNATURE_S)])[-1])
