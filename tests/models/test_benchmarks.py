"""Benchmarks: worked figures, own prints taken out, and windows that hold nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.benchmarks import (
    AveragePx,
    measured_impact,
    pwp,
    rpm,
    slippage_bps,
    twap,
    vwap,
    vwap_ex_own,
)

PX = np.array([10_000_000, 10_100_000, 10_200_000])
QTY = np.array([100_000, 200_000, 300_000])
prints = st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**6)), min_size=1, max_size=30)


def test_participation_weighted_price() -> None:
    """T-TCA-3: first 500k of the tape, 10.1200."""
    found = pwp(PX, QTY, 100_000, 0.20)
    assert (found.qty, found.px) == (500_000, 10_120_000.0)


@pytest.mark.parametrize(
    ("quantity", "rate", "code"),
    [
        (100_000, 0.1, "tape_too_short"),
        (0, 0.2, "not_positive"),
        (10, 0, "not_positive"),
        (10, 2, "out_of_range"),
    ],
)
def test_participation_weighted_price_refuses(quantity: int, rate: float, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        pwp(PX, QTY, quantity, rate)
    assert refused.value.code == code


def test_vwap_with_and_without_a_mask() -> None:
    assert vwap(PX, QTY) == AveragePx(value=6_080_000_000_000, qty=600_000)
    masked = vwap(PX, QTY, np.array([True, False, True]))
    assert masked.px == 10_150_000.0


@given(others=prints, own=prints)
def test_taking_our_prints_out_leaves_the_others_average(
    others: list[tuple[int, int]], own: list[tuple[int, int]]
) -> None:
    def average(rows: list[tuple[int, int]]) -> AveragePx:
        return vwap(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]))

    assert vwap_ex_own(average(others + own), average(own)) == average(others)


def test_we_cannot_be_more_than_the_market() -> None:
    market = vwap(PX, QTY)
    for own, code in [
        (AveragePx(value=10, qty=600_001), "own_exceeds_market"),
        (market, "no_volume"),
    ]:
        with pytest.raises(ModelError) as refused:
            vwap_ex_own(market, own)
        assert refused.value.code == code


def test_empty_interval_has_no_vwap() -> None:
    with pytest.raises(ModelError) as refused:
        vwap(PX, QTY, np.zeros(3, dtype=np.bool_))
    assert refused.value.code == "no_volume"


def test_twap_weights_by_time_held() -> None:
    """100 holds from before the start to 20, 110 to 80, 130 to the end at 100."""
    ts, mid = np.array([5, 20, 80, 400]), np.array([100, 110, 130, 999])
    assert twap(ts, mid, 10, 100) == pytest.approx((10 * 100 + 60 * 110 + 20 * 130) / 90)


def test_twap_starts_at_the_first_quote_where_none_stands() -> None:
    assert twap(np.array([50, 75]), np.array([100, 200]), 0, 100) == 150.0


@given(
    steps=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 1000)), min_size=1, max_size=20),
    start=st.integers(0, 200),
    length=st.integers(1, 200),
)
def test_twap_equals_sampling_every_instant(steps: list[tuple[int, int]], start: int, length: int) -> None:
    ts = np.cumsum([step for step, _ in steps])
    mid = np.array([px for _, px in steps])
    standing = [mid[ts <= instant][-1] for instant in range(start, start + length) if (ts <= instant).any()]
    if not standing:
        with pytest.raises(ModelError):
            twap(ts, mid, start, start + length)
        return
    assert twap(ts, mid, start, start + length) == pytest.approx(float(np.mean(standing)), rel=1e-12)


@pytest.mark.parametrize(
    ("ts", "mid", "window", "code"),
    [
        ([10, 20], [1, 2], (30, 30), "empty_window"),
        ([10, 20], [1, 2], (0, 5), "no_quotes"),
        ([], [], (0, 5), "no_quotes"),
        ([20, 10], [1, 2], (0, 50), "times_fall"),
        ([10], [1, 2], (0, 50), "shapes_differ"),
    ],
)
def test_twap_refuses(ts: list[int], mid: list[int], window: tuple[int, int], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        twap(np.array(ts, dtype=np.int64), np.array(mid, dtype=np.int64), *window)
    assert refused.value.code == code


def test_relative_performance() -> None:
    """Bought at 10.10: 300k traded higher, 200k at the same price count half; the sell is the rest."""
    assert rpm(1, 10_100_000, PX, QTY) == pytest.approx((300 + 100) / 600)
    assert rpm(-1, 10_100_000, PX, QTY) == pytest.approx((100 + 100) / 600)
    with pytest.raises(ModelError):
        rpm(1, 10, PX[:0], QTY[:0])


@pytest.mark.parametrize(("benchmark", "bps"), [(50.10, 23.9521), (50.00, 44.0000), (50.19, 5.9773)])
def test_slippage_of_the_worked_order(benchmark: float, bps: float) -> None:
    """T-TCA-1: average 50.22 against arrival, decision and interval VWAP."""
    assert slippage_bps(1, 50.22, benchmark) == pytest.approx(bps, abs=5e-5)
    assert slippage_bps(-1, 50.22, benchmark) == pytest.approx(-bps, abs=5e-5)


def test_measured_impact_of_the_worked_order() -> None:
    """T-TCA-1: P_post 50.17: I 13.9721, J 23.9521, temporary 16.9661."""
    found = measured_impact(1, 50.22, 50.10, 50.17)
    assert found.permanent_bps == pytest.approx(13.9721, abs=5e-5)
    assert found.realised_bps == pytest.approx(23.9521, abs=5e-5)
    assert found.temporary_bps == pytest.approx(16.9661, abs=5e-5)


def test_slippage_refuses_a_benchmark_that_is_not_a_price() -> None:
    with pytest.raises(ModelError):
        slippage_bps(1, 50.0, 0.0)
    with pytest.raises(ModelError):
        slippage_bps(0, 50.0, 50.0)
