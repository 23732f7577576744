"""A VWAP order follows the volume that prints, within the band its plan allows, and ends where its curve ends."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import CURVE_ONE
from sottovoce.stages.algos.following import followed
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import target
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.algos.worked import END_NS, QTY, minute, plan, worked

USUAL = 100_000


def following(band_ppm: int = 100_000, started: int = OPEN_NS) -> WorkedParent:
    parent = worked(plan(Strategy.VWAP, follow_ppm=band_ppm, usual_volume=USUAL))
    parent.started_ns = started
    return parent


def test_plan_that_does_not_follow_stays_on_its_curve_whatever_prints() -> None:
    parent = worked(plan(Strategy.VWAP))
    parent.started_ns = OPEN_NS
    for others in (0, 50_000, 10**9):
        assert followed(parent, minute(50), minute(51), QTY, others) == target(parent.plan, minute(51), QTY, others)


def test_usual_volume_is_the_curve() -> None:
    for at in (10, 30, 50, 70, 95):
        assert followed(following(), minute(at), minute(at + 1), QTY, USUAL * at // 100) == pytest.approx(
            100 * (at + 1), abs=1
        )


def test_busy_market_pulls_the_order_forward_and_a_quiet_one_holds_it_back() -> None:
    ahead, behind = (followed(following(), minute(50), minute(50), QTY, others) for others in (65_000, 35_000))
    assert behind < 5_000 < ahead


def test_order_leaves_its_curve_no_further_than_the_band() -> None:
    assert followed(following(), minute(50), minute(50), QTY, 10**9) == 6_000
    assert followed(following(), minute(50), minute(50), QTY, 1) == 4_000
    assert followed(following(50_000), minute(50), minute(50), QTY, 10**9) == 5_500


def test_band_closes_towards_the_end() -> None:
    assert followed(following(), minute(90), minute(90), QTY, 10**9) == 9_500
    assert followed(following(), minute(99), END_NS, QTY, 1) == QTY


def test_late_start_follows_what_the_curve_left() -> None:
    """Begun after 40 minutes: the rest of the curve goes with the volume since, and volume as usual is the curve."""
    parent = following(started=minute(40))
    assert followed(parent, minute(40), minute(40), QTY, 0) == pytest.approx(4_000, abs=1)
    assert followed(parent, minute(70), minute(70), QTY, 30_000) == pytest.approx(7_000, abs=1)


@given(st.integers(0, 99), st.integers(0, 3), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_volume_never_asks_for_less(at: int, ahead: int, others: int, more: int) -> None:
    parent = following()
    first, second = (followed(parent, minute(at), minute(at + ahead), QTY, each) for each in (others, others + more))
    assert 0 <= first <= second <= QTY


@given(
    st.lists(st.integers(0, CURVE_ONE), min_size=2, max_size=6).map(sorted), st.integers(0, 100), st.integers(0, 10**6)
)
def test_any_curve_is_kept_to_within_the_band(parts: list[int], at: int, others: int) -> None:
    parts[-1] = CURVE_ONE
    edges = tuple(OPEN_NS + (END_NS - OPEN_NS) * number // (len(parts) - 1) for number in range(len(parts)))
    parent = following()
    parent.plan = msgspec.structs.replace(parent.plan, edges_ns=edges, curve=tuple(parts))
    wanted = target(parent.plan, minute(at), QTY, 0)
    assert abs(followed(parent, minute(at), minute(at), QTY, others) - wanted) <= QTY // 10 + 1
