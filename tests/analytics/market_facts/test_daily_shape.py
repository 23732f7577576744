"""Volume curve, spread and one-minute returns of days made to measure."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts import minute_returns, quoted_spread, volume_curve
from sottovoce.models.arrays import FloatArray
from tests.analytics.market_facts.synthetic import CLOSE_NS, SECOND, TICK, quoted, random_walk, seconds, session

MINUTES = 390


def volume_day(by_half_hour: list[int], closing: int = 0, opening: int = 0) -> volume_curve.DayVolume:
    """A day with one print in each half hour, and auctions."""
    at = [1800 * number + 60 for number in range(len(by_half_hour))]
    return volume_curve.day_volume(
        session(
            trade_ns=np.concatenate([seconds(*at), seconds(0), [CLOSE_NS + SECOND]]),
            trade_px=np.full(len(at) + 2, 100),
            trade_qty=np.array([*by_half_hour, opening, closing]),
            trade_kind=np.array([*[0] * len(at), 2, 2]),
        )
    )


def test_shares_of_the_day_are_those_printed() -> None:
    day = volume_day([30, 10, 10, 10, 10, 5, 5, 5, 10, 10, 10, 10, 40], closing=20, opening=15)
    assert volume_curve.shares([day]).tolist() == pytest.approx([each / 165 for each in day.half_hours])
    assert volume_curve.edge_over_midday([day], 0) == pytest.approx(6.0)
    assert volume_curve.edge_over_midday([day], -1) == pytest.approx(8.0)
    assert volume_curve.closing_share([day]) == pytest.approx(20 / 200)


def test_even_day_has_no_edges() -> None:
    assert volume_curve.edge_over_midday([volume_day([10] * 13)], 0) == pytest.approx(1.0)


def test_print_at_the_very_close_belongs_to_the_last_half_hour() -> None:
    last = session(trade_ns=np.array([CLOSE_NS]), trade_px=np.array([1]))
    assert volume_curve.day_volume(last).half_hours.tolist() == [0.0] * 12 + [100.0]


def test_spread_is_weighted_by_time() -> None:
    day = session(
        quote_ns=seconds(0, 5850),
        bid=np.array([99 * TICK, 98 * TICK]),
        ask=np.array([101 * TICK, 102 * TICK]),
    )
    parts = [quoted_spread.spread_sums(day)]
    assert quoted_spread.mean_ticks(parts) == pytest.approx(0.25 * 2 + 0.75 * 4)
    assert quoted_spread.mean_bps(parts) == pytest.approx(350.0)


def linked_day(rng: np.random.Generator, link: float) -> quoted_spread.SpreadSums:
    """Five-minute blocks of volatility v, quoted at a spread of 10 + link x v ticks."""
    volatility = np.repeat(np.exp(rng.standard_normal(78) * 0.5), 300)
    mids = 1e8 * np.exp(np.cumsum(2e-5 * volatility * rng.standard_normal(23_400)))
    half = np.round((10 + link * volatility) * TICK / 2).astype(np.int64)
    middle = np.round(mids).astype(np.int64)
    return quoted_spread.spread_sums(session(quote_ns=seconds(*range(23_400)), bid=middle - half, ask=middle + half))


@pytest.mark.parametrize(("link", "low", "high"), [(4.0, 0.85, 1.0), (-2.0, -1.0, -0.85), (0.0, -0.2, 0.2)])
def test_link_of_spread_and_volatility_has_its_sign(link: float, low: float, high: float) -> None:
    rng = np.random.default_rng(1)
    assert low < quoted_spread.volatility_link([linked_day(rng, link) for _ in range(4)]) < high


def test_constant_spread_has_no_link() -> None:
    day = session(quote_ns=seconds(0), bid=np.array([99]), ask=np.array([101]))
    assert np.isnan(quoted_spread.volatility_link([quoted_spread.spread_sums(day)]))


@pytest.mark.parametrize("alpha", [2.0, 3.0, 4.5])
def test_pareto_tail_is_recovered(alpha: float) -> None:
    """One standard error of Hill's estimate over k returns is alpha/sqrt(k), here 4 %."""
    rng = np.random.default_rng(2)
    days = [rng.choice([-1, 1], MINUTES) * (1 + rng.pareto(alpha, MINUTES)) for _ in range(80)]
    assert minute_returns.hill_exponent(days) == pytest.approx(alpha, rel=0.12)


def test_student_passes_and_normal_fails_the_gate() -> None:
    rng = np.random.default_rng(3)
    student = [rng.standard_t(3.5, MINUTES) for _ in range(20)]
    normal = [rng.standard_normal(MINUTES) for _ in range(20)]
    assert 2.5 <= minute_returns.hill_exponent(student) <= 5.0
    assert minute_returns.hill_exponent(normal) > 5.0


def test_too_few_returns_have_no_tail() -> None:
    assert np.isnan(minute_returns.hill_exponent([np.ones(100)]))


def clustered(rng: np.random.Generator, persistence: float) -> FloatArray:
    """Returns whose log volatility is an AR(1) a minute."""
    level, shocks = 0.0, rng.standard_normal(MINUTES)
    levels = np.zeros(MINUTES)
    for at in range(MINUTES):
        level = persistence * level + (1 - persistence**2) ** 0.5 * 0.8 * shocks[at]
        levels[at] = level
    return np.exp(levels) * rng.standard_normal(MINUTES)


def test_persistent_volatility_clusters() -> None:
    rng = np.random.default_rng(4)
    assert minute_returns.clustering([clustered(rng, 0.99) for _ in range(20)]) > 0.05


def test_time_of_day_alone_is_not_clustering() -> None:
    """A day ten times as volatile at its ends: without taking that out it would read above the gate."""
    rng = np.random.default_rng(5)
    shape = 1 + 9 * np.abs(np.linspace(-1, 1, MINUTES)) ** 4
    days = [shape * rng.standard_normal(MINUTES) for _ in range(20)]
    raw = np.array([np.abs(day) for day in days]) - np.abs(days).mean()
    assert (raw[:, 30:] * raw[:, :-30]).mean() / (raw**2).mean() > 0.05
    assert abs(minute_returns.clustering(days)) < 0.04


def test_one_session_cannot_tell_memory_from_time_of_day() -> None:
    assert np.isnan(minute_returns.clustering([np.random.default_rng(6).standard_normal(MINUTES)]))


def test_minute_returns_are_those_of_the_mid() -> None:
    walk = random_walk(np.random.default_rng(7), MINUTES)
    found = minute_returns.minute_returns(quoted(walk, 60))
    np.testing.assert_allclose(found, np.diff(np.log(np.round(walk))), atol=1e-12)
