"""Volume curves: the default, what it answers, and that it never falls back to equal buckets."""

from __future__ import annotations

import runpy
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.volume import (
    US_EQUITY,
    VolumeCurve,
    cumulative_fraction,
    cumulative_fractions,
    expected_volume,
    fit_to_session,
    participation_child,
    slice_weights,
    volume_curve,
)

OPEN, CLOSE = 570 * NS_PER_MINUTE, 960 * NS_PER_MINUTE
times = st.integers(0, 24 * 60 * NS_PER_MINUTE)


def two_bins() -> VolumeCurve:
    return volume_curve(
        name="two",
        origin="test",
        edges_ns=(0, 100, 300),
        shares=(0.6, 0.4),
        open_auction=0.1,
        close_auction=0.2,
    )


def test_default_curve_is_a_u_and_sums_to_one() -> None:
    shares = US_EQUITY.shares
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert (US_EQUITY.open_ns, US_EQUITY.close_ns) == (OPEN, CLOSE)
    assert min(shares[0], shares[-1]) > 1.5 * max(shares[6:20])
    assert US_EQUITY.continuous == pytest.approx(1 - 0.0191 - 0.0366)


def test_default_curve_is_what_the_tape_says(market_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recompute the figures in the code from the tape; 4 decimals were kept."""
    pytest.importorskip("polars", reason="the tape extra is not installed")
    monkeypatch.setenv("SOTTOVOCE_DATA", str(market_data))
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "volume_curve.py"))
    days: dict[str, list[np.ndarray]] = {}
    for path in sorted((market_data / "us_equity_taq_ticks").glob("*_trades.parquet")):
        days.setdefault(path.name.split("_")[0], []).append(tool["day_volumes"](path))
    assert sorted(days) == ["BAC", "IBM", "SPY"]
    bins = np.mean([np.mean([d[1:-1] / d[1:-1].sum() for d in each], axis=0) for each in days.values()], axis=0)
    auctions = np.mean([np.mean([d / d.sum() for d in days[name]], axis=0) for name in ("BAC", "IBM")], axis=0)
    assert US_EQUITY.shares == pytest.approx(bins, abs=2e-4)
    assert (US_EQUITY.open_auction, US_EQUITY.close_auction) == pytest.approx(auctions[[0, -1]], abs=5e-5)
    assert days["IBM"][1][[0, -1]].tolist() == [88_065, 262_948]


def test_fraction_runs_evenly_between_edges() -> None:
    curve = two_bins()
    asked = (-5, 0, 50, 100, 200, 300, 999)
    assert [cumulative_fraction(curve, each) for each in asked] == pytest.approx([0, 0, 0.3, 0.6, 0.8, 1, 1])


@given(first=times, second=times)
def test_fraction_never_falls(first: int, second: int) -> None:
    early, late = sorted((first, second))
    assert 0.0 <= cumulative_fraction(US_EQUITY, early) <= cumulative_fraction(US_EQUITY, late) <= 1.0


@given(asked=st.lists(times, min_size=1, max_size=20))
def test_many_fractions_equal_one_by_one(asked: list[int]) -> None:
    one_by_one = [cumulative_fraction(US_EQUITY, each) for each in asked]
    assert cumulative_fractions(US_EQUITY, np.array(asked)) == pytest.approx(one_by_one, abs=1e-12)


def test_slices_follow_volume_not_the_clock() -> None:
    edges = np.array([0, 100, 200, 300])
    assert slice_weights(two_bins(), 0, 300, edges) == pytest.approx([0.6, 0.2, 0.2])


def test_a_window_inside_the_slices_cuts_the_outer_ones() -> None:
    edges = np.array([0, 100, 200, 300])
    weights = slice_weights(two_bins(), 50, 250, edges)
    assert weights == pytest.approx([0.3 / 0.6, 0.2 / 0.6, 0.1 / 0.6])


@given(cuts=st.lists(st.integers(1, 389), min_size=1, max_size=30, unique=True))
def test_slices_of_the_default_day_sum_to_one(cuts: list[int]) -> None:
    edges = OPEN + np.array([0, *sorted(cuts), 390]) * NS_PER_MINUTE
    weights = slice_weights(US_EQUITY, OPEN, CLOSE, edges)
    assert weights.sum() == pytest.approx(1.0)
    expected = [
        cumulative_fraction(US_EQUITY, int(b)) - cumulative_fraction(US_EQUITY, int(a)) for a, b in pairwise(edges)
    ]
    assert weights == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("start", "end"), [(300, 900), (-50, 0), (200, 200)])
def test_no_expected_volume_is_refused_not_made_equal(start: int, end: int) -> None:
    with pytest.raises(PlanError) as refused:
        slice_weights(two_bins(), start, end, np.array([0, 100, 300]))
    assert refused.value.code == "no_volume_in_window"


def test_expected_volume_with_and_without_auctions() -> None:
    curve = two_bins()
    assert expected_volume(1000, curve, 0, 300) == pytest.approx(700)
    assert expected_volume(1000, curve, 0, 300, with_auctions=True) == pytest.approx(1000)
    assert expected_volume(1000, curve, 0, 100) == pytest.approx(420)
    assert expected_volume(1000, curve, 1, 299, with_auctions=True) == pytest.approx(700 * (298 / 300), rel=0.02)


def test_an_early_close_keeps_the_shape() -> None:
    short = fit_to_session(US_EQUITY, OPEN, OPEN + 210 * NS_PER_MINUTE)
    assert short.close_ns == 780 * NS_PER_MINUTE
    assert short.shares == US_EQUITY.shares
    half = cumulative_fraction(short, OPEN + 105 * NS_PER_MINUTE)
    assert half == pytest.approx(cumulative_fraction(US_EQUITY, OPEN + 195 * NS_PER_MINUTE))


@pytest.mark.parametrize(("rate", "child"), [(0.05, 52.63), (0.10, 111.11), (0.20, 250.00)])
def test_participation_is_of_total_volume(rate: float, child: float) -> None:
    """T-SCH-15: others 1,000."""
    found = participation_child(1_000, rate)
    assert found == pytest.approx(child, abs=0.005)
    assert found / (found + 1_000) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(("others", "rate"), [(1000, 0.0), (1000, 1.0), (-1, 0.1), (1000, float("nan"))])
def test_bad_participation_is_refused(others: float, rate: float) -> None:
    with pytest.raises(ModelError):
        participation_child(others, rate)


@pytest.mark.parametrize(
    ("edges", "shares", "close_auction"),
    [
        ((0, 1), (0.5, 0.5), 0.0),
        ((0, 2, 1), (0.5, 0.5), 0.0),
        ((0, 1, 2), (0.5, 0.6), 0.0),
        ((0, 1, 2), (1.5, -0.5), 0.0),
        ((0, 1, 2), (0.5, float("nan")), 0.0),
        ((0, 1, 2), (0.5, 0.5), 1.0),
        ((0, 1, 2), (0.5, 0.5), -0.1),
        ((0,), (), 0.0),
    ],
)
def test_bad_curves_are_refused(edges: tuple[int, ...], shares: tuple[float, ...], close_auction: float) -> None:
    with pytest.raises(ModelError) as refused:
        volume_curve(name="bad", origin="test", edges_ns=edges, shares=shares, close_auction=close_auction)
    assert refused.value.code == "bad_volume_curve"
