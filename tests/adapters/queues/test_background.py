"""What the background rolls: clustered times, signs that remember, weather that has the variance asked for."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.queues import flow, memory, providers, weather
from sottovoce.adapters.queues.calibration import OVERNIGHT_VARIANCE, profile_of
from sottovoce.adapters.queues.dice import Stream, stream
from sottovoce.adapters.queues.places import DRAWS, LEVELS, LIT_VENUES, T_FRESH, T_LEVEL, T_QTY, T_VENUE, TABLE
from sottovoce.adapters.queues.venues import DEPTH_SHARE
from sottovoce.models.arrays import FloatArray, IntArray
from tests.adapters.simulated.names import SECOND_NS, name, sessions

SESSION = sessions(1)[0]
PROFILE = profile_of(name(adv=2e6), SESSION.date)
SECONDS = (SESSION.close_ns - SESSION.open_ns) // SECOND_NS


def correlation(signs: IntArray, lag: int) -> float:
    return float((signs[:-lag] * signs[lag:]).mean())


def test_signs_remember_as_a_power_of_the_lag() -> None:
    """Lillo, Mike and Farmer 2005: γ = α − 1, here 0.5, over lags from 10 to 500; sides are balanced."""
    signs = flow.parent_signs(stream(1, "X", Stream.MARKET_ORDERS, 0), 1_000_000, 10, 1.5)
    assert set(signs.tolist()) == {-1, 1}
    lags = np.unique(np.geomspace(10, 500, 12).astype(int))
    seen = np.array([correlation(signs, int(lag)) for lag in lags])
    slope = np.polyfit(np.log(lags), np.log(seen), 1)[0]
    assert -slope == pytest.approx(0.5, abs=0.12)
    assert abs(signs.mean()) < 0.1


def test_forecast_of_signs_is_the_best_linear_one() -> None:
    """Weights from least squares on a long stream agree with the constants in what they forecast."""
    signs = flow.parent_signs(stream(2, "X", Stream.MARKET_ORDERS, 0), 300_000, 10, 1.5).astype(np.float64)
    averages = np.stack([faded(signs, orders) for orders in memory.EXPECTED_ORDERS])
    stated = np.array(memory.FORECAST) @ averages
    best = np.linalg.lstsq(averages.T, signs, rcond=None)[0] @ averages
    explained = [1 - np.mean((signs - guess) ** 2) for guess in (stated, best)]
    assert explained[0] > 0.02
    assert explained[0] == pytest.approx(explained[1], rel=0.1)


def faded(signs: FloatArray, orders: float) -> FloatArray:
    """Exponentially fading average of the signs before each."""
    kept, level, out = np.exp(-1.0 / orders), 0.0, []
    for sign in signs.tolist():
        out.append(level)
        level = kept * level + (1.0 - kept) * sign
    return np.array(out)


def test_orders_cluster_and_have_the_mean_asked_for() -> None:
    """Counts in half minutes vary by more than a Poisson process's, by about 1 / (1 − n)² in long windows."""
    flat = np.ones(int(SECONDS * SECOND_NS // weather.BUCKET_NS))
    counts, total = [], 0
    for seed in range(6):
        times = flow.clustered_times(stream(seed, "X", Stream.MARKET_ORDERS, 0), SESSION, flat, 20_000)
        assert (np.diff(times) >= 0).all()
        assert (times >= SESSION.open_ns).all()
        assert (times < SESSION.close_ns).all()
        total += len(times)
        counts.append(np.histogram(times, bins=int(SECONDS // 120))[0])
    together = np.concatenate(counts)
    assert total / 6 == pytest.approx(20_000, rel=0.03)
    assert together.var() / together.mean() == pytest.approx(1 / (1 - flow.BRANCHING) ** 2, rel=0.35)


def test_events_follow_the_activity() -> None:
    activity = np.where(np.arange(1000) < 500, 3.0, 1.0)
    times = flow.activity_times(stream(1, "X", Stream.PROVIDERS, 0), SESSION, activity, 10_000)
    early = (times < SESSION.open_ns + 500 * weather.BUCKET_NS).sum()
    assert early / len(times) == pytest.approx(0.75, abs=0.02)


def test_weather_has_the_variance_and_the_volume_asked_for_on_average() -> None:
    rolled = [weather.forecast(PROFILE, SESSION, seed, 0, ()) for seed in range(60)]
    variance = np.mean([(np.diff(each.fair) ** 2).sum() for each in rolled]) / PROFILE.sigma_steps**2
    wanted = (1 - weather.FLOW_VARIANCE) * (1 - OVERNIGHT_VARIANCE)
    assert variance == pytest.approx(wanted, rel=0.25)
    assert np.mean([each.activity.mean() for each in rolled]) == pytest.approx(1.0, rel=0.12)
    assert not any(each.surge.any() or each.halted.any() for each in rolled)


def test_quotes_are_wider_when_prices_move_more() -> None:
    links = []
    for seed in range(10):
        rolled = weather.forecast(PROFILE, SESSION, seed, 0, ())
        moves = np.abs(np.diff(rolled.fair)).reshape(-1)[: 300 * 300].reshape(300, -1).sum(axis=1)
        links.append(np.corrcoef(moves, rolled.width[: 300 * 300].reshape(300, -1).mean(axis=1))[0, 1])
    assert np.mean(links) > 0.4


def test_table_holds_shares_sizes_and_queues_of_the_profile() -> None:
    table, unit = providers.lookup_table(PROFILE, 1), providers.unit_qty(PROFILE)
    assert len(table) == TABLE
    venues = np.bincount(table[T_VENUE : T_VENUE + 256], minlength=LIT_VENUES) / 256
    np.testing.assert_allclose(venues, DEPTH_SHARE, atol=0.01)
    assert table[T_LEVEL : T_LEVEL + 256].max() == LEVELS - 1
    assert table[T_QTY : T_QTY + DRAWS].mean() == pytest.approx(unit, rel=0.05)
    fresh = table[T_FRESH : T_FRESH + DRAWS]
    assert fresh.mean() == pytest.approx(PROFILE.depth_qty, rel=0.3)
    assert fresh.min() > 0
