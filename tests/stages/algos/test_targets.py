"""Cumulative targets: one function per kind of strategy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import CURVE_ONE
from sottovoce.stages.algos.targets import cap, curve_part, participating, target
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.algos.worked import END_NS, QTY, minute, plan


@pytest.mark.parametrize(
    ("at", "shares"), [(-5, 0), (0, 0), (1, 100), (50, 5_000), (99.99, 9_999), (100, QTY), (500, QTY)]
)
def test_straight_line(at: float, shares: int) -> None:
    assert target(plan(), minute(at), QTY, 0) == shares


def test_line_is_straight_between_the_edges_of_a_curve() -> None:
    bent = plan(edges_ns=(OPEN_NS, minute(20), END_NS), curve=(0, CURVE_ONE // 2, CURVE_ONE))
    assert [target(bent, minute(at), QTY, 0) for at in (10, 20, 60, 100)] == [2_500, 5_000, 7_500, 10_000]


def test_horizon_that_starts_later_wants_nothing_before() -> None:
    later = plan(edges_ns=(minute(30), END_NS))
    assert curve_part(later, minute(29)) == 0


PARTS = st.lists(st.integers(0, CURVE_ONE), min_size=2, max_size=9).map(sorted)


@given(PARTS, st.integers(-10, 120), st.integers(0, 90))
def test_curve_never_falls_and_stays_within_its_edges(parts: list[int], at: int, more: int) -> None:
    parts[-1] = CURVE_ONE
    edges = tuple(OPEN_NS + (END_NS - OPEN_NS) * number // (len(parts) - 1) for number in range(len(parts)))
    each = plan(edges_ns=edges, curve=tuple(parts))
    first, second = curve_part(each, minute(at)), curve_part(each, minute(at + more))
    assert 0 <= first <= second <= CURVE_ONE


def test_direct_order_wants_everything_now() -> None:
    direct = plan(Strategy.SOR, curve=(CURVE_ONE, CURVE_ONE))
    assert target(direct, OPEN_NS, QTY, 0) == QTY


def test_close_wants_nothing_of_the_continuous_market() -> None:
    assert target(plan(Strategy.CLOSE), END_NS, QTY, 10**9) == 0


@pytest.mark.parametrize(("others", "ours"), [(0, 0), (8, 0), (9, 1), (9_000, 1_000), (90_000, QTY), (10**9, QTY)])
def test_participation_is_a_part_of_all_volume_ours_included(others: int, ours: int) -> None:
    assert participating(100_000, others, QTY) == ours
    assert target(plan(Strategy.POV), OPEN_NS, QTY, others) == ours


@given(st.integers(1, 500_000), st.integers(0, 10**9))
def test_participation_never_passes_its_rate(rate: int, others: int) -> None:
    ours = participating(rate, others, 10**12)
    assert ours * 1_000_000 <= rate * (ours + others)


def test_cap_leaves_a_first_clip_and_then_follows_volume() -> None:
    capped = plan(max_participation_ppm=200_000)
    assert cap(capped, 0, 100) == 500
    assert cap(capped, 8_000, 100) == 500 + 2_000


def test_direct_order_is_capped_where_its_client_says_so() -> None:
    """It starts with one lot, and then follows what others trade."""
    capped = plan(Strategy.SOR, max_participation_ppm=200_000)
    assert cap(capped, 0, 100) == 100
    assert cap(capped, 8_000, 100) == 100 + 2_000
    assert cap(plan(Strategy.SOR), 0, 100) > 10**15


def test_closing_order_is_capped_by_its_plan_alone() -> None:
    assert cap(plan(Strategy.CLOSE, max_participation_ppm=10), 0, 100) > 10**15
