"""A POV order's part of the volume of the last minutes stays in its band."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy, Tactic
from sottovoce.core.replan_events import MarketSampled
from sottovoce.stages.algos import banding
from sottovoce.stages.algos.drift import Drift, resumed, take
from sottovoce.stages.algos.release import due_now, tactic_for
from tests.stages.algos.worked import CONFIG, QTY, QUOTE, minute, plan, worked

BAND = plan(Strategy.POV, participation_ppm=100_000, band_low_ppm=80_000, band_high_ppm=120_000, clip_qty=100)


def since(others: int, done: int) -> Drift:
    return Drift(at_ns=minute(48), from_others=others, from_done=done)


def test_lost_time_is_made_up_at_the_top_of_the_band_and_no_faster() -> None:
    """After a pause in which 90,000 traded the order is 10,000 behind; of the 10,000 since it may be an eighth."""
    parent = msgspec.structs.replace(worked(BAND), drift=since(80_000, 0))
    due = due_now(parent, minute(50), minute(51), 90_000, CONFIG)
    assert due.target == QTY
    assert due.due == 10_000 * 12 // 88
    assert due.capped


def test_without_a_band_only_the_cap_holds() -> None:
    parent = msgspec.structs.replace(worked(plan(Strategy.POV)), drift=since(80_000, 0))
    assert due_now(parent, minute(50), minute(51), 90_000, CONFIG).due == QTY


def test_below_the_band_it_crosses() -> None:
    parent = msgspec.structs.replace(worked(BAND, working=500), drift=since(0, 0))
    due = due_now(parent, minute(50), minute(51), 30_000, CONFIG)
    assert due.below
    assert not due.capped
    assert tactic_for(parent, due, 0, QUOTE, minute(50), CONFIG) is Tactic.AGGRESSIVE
    near = msgspec.structs.replace(worked(BAND, filled=2_000), drift=since(0, 0))
    calm = due_now(near, minute(50), minute(51), 30_000, CONFIG)
    assert not calm.below
    assert tactic_for(near, calm, calm.behind, QUOTE, minute(50), CONFIG) is Tactic.PASSIVE


@given(
    st.integers(0, 200_000), st.integers(0, 200_000), st.integers(0, QTY // 2), st.integers(0, QTY // 2),
    st.integers(1_000, 400_000),
)  # fmt: skip
def test_what_is_released_never_passes_the_band(before: int, more: int, filled: int, working: int, high: int) -> None:
    banded = msgspec.structs.replace(BAND, band_high_ppm=high, band_low_ppm=high // 2)
    parent = msgspec.structs.replace(worked(banded, filled=filled, working=working), drift=since(before, filled))
    due = due_now(parent, minute(50), minute(51), before + more, CONFIG)
    allowed = max(more * high // (1_000_000 - high), parent.order.lot)
    assert due.due == 0 or working + due.due <= allowed


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, QTY)), min_size=1, max_size=8))
def test_minutes_begin_at_the_sample_before_the_last(samples: list[tuple[int, int]]) -> None:
    drift = Drift()
    for at, (others, done) in enumerate(samples):
        take(drift, MarketSampled(parent_id="P", ts_ns=minute(1 + at), mid_px=0, others=others, done_qty=done), 1, 100)
    expected = samples[-2] if len(samples) > 1 else samples[0]
    assert (drift.from_others, drift.from_done) == expected


def test_what_traded_during_a_pause_is_no_part_of_the_last_minutes() -> None:
    """48,000 printed before an hour's pause and 120,000 in it: a lot at first, then the band of what prints since."""
    parent = msgspec.structs.replace(worked(BAND), drift=Drift())
    for at, others in ((40, 40_000), (45, 48_000)):
        take(parent.drift, MarketSampled(parent_id="P", ts_ns=minute(at), mid_px=0, others=others), 1, QTY)
    resumed(parent.drift)
    assert due_now(parent, minute(105), minute(106), 168_000, CONFIG).due == 100
    take(parent.drift, MarketSampled(parent_id="P", ts_ns=minute(105), mid_px=0, others=168_000), 1, QTY)
    assert due_now(parent, minute(106), minute(107), 170_000, CONFIG).due == 2_000 * 12 // 88


@pytest.mark.parametrize("working", [0, 300])
def test_done_counts_from_the_plan_in_force(working: int) -> None:
    parent = msgspec.structs.replace(worked(BAND, filled=2_000, working=working, busted=100), base_qty=1_500)
    assert banding.done_by(parent) == 600 + working
