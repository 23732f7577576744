"""What is due, how large the next child is, how it trades and when to look again."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Side, Strategy, Tactic, TimeInForce, Urgency
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.stages.algos import release
from sottovoce.stages.algos.release import AlgoConfig, Due
from tests.scenarios.small_desk import MID, OPEN_NS, TICK, market_state
from tests.stages.algos.worked import CONFIG, END_NS, QTY, QUOTE, minute, plan, worked

LATE = Due(target=5_000, due=1_000, behind=2_001, capped=False)
CLOSE = Strategy.CLOSE


# due ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filled", "working", "busted", "due"),
    [
        (0, 0, 0, 5_000),
        (2_000, 0, 0, 3_000),
        (2_000, 1_000, 0, 2_000),
        (2_000, 1_000, 500, 1_500),
        (4_999, 0, 0, 1),
        (5_000, 0, 0, 0),
        (9_000, 0, 0, 0),
    ],
)
def test_due_is_target_less_filled_working_and_busted(filled: int, working: int, busted: int, due: int) -> None:
    parent = worked(filled=filled, working=working, busted=busted)
    found = release.due_now(parent, minute(49), minute(50), 0, CONFIG)
    assert (found.target, found.due) == (5_000, due)


def test_due_never_exceeds_what_is_unsent() -> None:
    parent = worked(filled=1_000)
    parent.ledger.give_back(8_950)
    assert release.due_now(parent, minute(99), END_NS, 0, CONFIG).due == 50


def test_participation_cap_binds_and_says_so() -> None:
    parent = worked(plan(max_participation_ppm=100_000), filled=400)
    found = release.due_now(parent, minute(49), minute(50), 900, CONFIG)
    assert (found.due, found.capped) == (500 + 100 - 400, True)


@given(st.integers(0, 100), st.integers(0, QTY), st.integers(0, QTY), st.integers(0, 100_000), st.integers(0, 300_000))
def test_due_keeps_every_bound(at: int, filled: int, working: int, others: int, most_ppm: int) -> None:
    working = min(working, QTY - filled)
    parent = worked(plan(max_participation_ppm=max(most_ppm, 1)), filled=filled, working=working)
    found = release.due_now(parent, minute(at), minute(at + 1), others, CONFIG)
    assert 0 <= found.due <= parent.ledger.unsent
    if found.due:
        assert filled + working + found.due <= found.target
        assert filled + working + found.due <= 500 + others * most_ppm / (1_000_000 - most_ppm) + 1


def test_fills_of_any_parent_of_ours_are_not_market_volume() -> None:
    """Of 4,000 shares since the work began all our parents in the name have done 300: 200 of them before it began."""
    parent = worked(filled=100)
    parent.volume_0, parent.own_0 = 1_000, 200
    assert release.others_volume(parent, market_state(volume=5_000), 500) == 3_700
    assert release.others_volume(parent, market_state(volume=1_100), 500) == 0
    assert release.others_volume(parent, None, 500) == 0


# the closing auction --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "due"), [(84.9, 0), (85, 1_200), (89.9, 1_200), (90, 0), (99, 0)])
def test_auction_part_leaves_between_cutoff_and_last_call(at: float, due: int) -> None:
    assert release.auction_due(worked(plan(close_qty=1_200)), minute(at), CONFIG) == due


def test_auction_gets_only_what_it_does_not_have() -> None:
    parent = worked(plan(close_qty=1_200), filled=700, working=400)
    parent.auction_taken = 400
    assert release.auction_due(parent, minute(86), CONFIG) == 800


def test_auction_part_is_not_due_before_and_trades_otherwise_when_the_auction_did_not_take_it() -> None:
    parent = worked(plan(close_qty=1_000), filled=9_000)
    assert release.due_now(parent, minute(80), END_NS, 0, CONFIG).due == 0
    assert release.due_now(parent, minute(91), END_NS, 0, CONFIG).due == 1_000


def test_close_order_goes_whole_whatever_it_was_amended_to() -> None:
    parent = worked(plan(CLOSE, close_qty=QTY))
    parent.ledger.amend(QTY + 2_500)
    assert release.auction_due(parent, minute(86), CONFIG) == QTY + 2_500


# size -----------------------------------------------------------------------------------------------------


def test_clip_is_whole_lots_below_the_largest_clip() -> None:
    sizes = set()
    for made in range(200):
        parent = worked(None)
        parent.children_made = made
        sizes.add(release.clip(parent, Due(target=0, due=5_000, behind=0, capped=False), 0, minute(10), CONFIG))
    assert all(size % 100 == 0 and 700 <= size <= 1_000 for size in sizes)
    assert len(sizes) >= 3, "sizes are not jittered"


def test_odd_rest_goes_with_the_last_child() -> None:
    parent = worked(filled=9_750)
    assert release.clip(parent, Due(target=0, due=250, behind=0, capped=False), 0, minute(50), CONFIG) == 250
    assert release.clip(parent, Due(target=0, due=249, behind=0, capped=False), 0, minute(50), CONFIG) == 200


def test_less_than_a_lot_waits() -> None:
    assert release.clip(worked(None), Due(target=0, due=99, behind=0, capped=False), 0, minute(1), CONFIG) == 0


def test_last_call_sends_all_that_is_due() -> None:
    due = Due(target=0, due=7_777, behind=0, capped=False)
    assert release.clip(worked(None), due, 0, END_NS - CONFIG.last_call_ns, CONFIG) == 7_777
    assert release.clip(worked(None), due, 0, END_NS - CONFIG.last_call_ns - 1, CONFIG) <= 1_000


@pytest.mark.parametrize(("value_max", "most"), [(5_000, 100), (9_999, 100), (10_000, 200), (1, 1)])
def test_ceiling_keeps_a_childs_value_below_the_limit(value_max: int, most: int) -> None:
    assert release.ceiling(worked(None), MID, AlgoConfig(child_value_max=value_max)) == most


# tactic and price -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind", "urgency", "tactic"),
    [
        (2_000, Urgency.MEDIUM, Tactic.PASSIVE),
        (2_001, Urgency.MEDIUM, Tactic.AGGRESSIVE),
        (3_000, Urgency.LOW, Tactic.PASSIVE),
        (3_001, Urgency.LOW, Tactic.AGGRESSIVE),
        (0, Urgency.HIGH, Tactic.AGGRESSIVE),
    ],
)
def test_late_by_more_than_a_clip_crosses(behind: int, urgency: Urgency, tactic: Tactic) -> None:
    due = Due(target=0, due=1_000, behind=behind, capped=False)
    assert release.tactic_for(worked(urgency=urgency), due, 1_000, QUOTE, minute(10), CONFIG) is tactic


@pytest.mark.parametrize(("working", "tactic"), [(0, Tactic.AGGRESSIVE), (1_500, Tactic.AGGRESSIVE)])
def test_what_is_behind_is_late_whether_it_rests_or_not(working: int, tactic: Tactic) -> None:
    """A clip that was pulled unfilled is as late as one that rests."""
    due = Due(target=5_000, due=1_900 - working, behind=1_900, capped=False)
    assert release.tactic_for(worked(), due, 400, QUOTE, minute(10), CONFIG) is tactic


def test_what_the_schedule_only_asks_for_next_is_not_late() -> None:
    due = Due(target=5_000, due=1_400, behind=1_400, capped=False)
    assert release.tactic_for(worked(), due, 400, QUOTE, minute(10), CONFIG) is Tactic.PASSIVE


def test_order_held_back_by_its_cap_is_not_late() -> None:
    due = msgspec.structs.replace(LATE, capped=True)
    assert release.tactic_for(worked(), due, 0, QUOTE, minute(10), CONFIG) is Tactic.PASSIVE


def test_last_call_crosses() -> None:
    due = Due(target=0, due=100, behind=100, capped=False)
    assert release.tactic_for(worked(), due, 100, QUOTE, END_NS - CONFIG.last_call_ns, CONFIG) is Tactic.AGGRESSIVE


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_order_the_market_is_beyond_can_only_wait(side: Side) -> None:
    parent = worked(side=side)
    far = QUOTE.ask if side is Side.BUY else QUOTE.bid
    parent.limit_px = far - side.sign
    assert release.tactic_for(parent, LATE, 0, QUOTE, END_NS - 1, CONFIG) is Tactic.PASSIVE
    parent.limit_px = far
    assert release.tactic_for(parent, LATE, 0, QUOTE, END_NS - 1, CONFIG) is Tactic.AGGRESSIVE


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize("tactic", list(Tactic))
@pytest.mark.parametrize("limit", [None, MID - 10 * TICK, MID, MID + 10 * TICK])
def test_price_is_on_a_tick_and_never_past_the_limit(side: Side, tactic: Tactic, limit: int | None) -> None:
    parent = worked(side=side)
    parent.limit_px = limit
    px = release.bound_px(parent, tactic, QUOTE, CONFIG)
    far = QUOTE.ask if side is Side.BUY else QUOTE.bid
    assert px % TICK == 0
    assert limit is None or side.sign * (px - limit) <= 0
    if tactic is Tactic.PASSIVE and limit is None:
        assert px == far
    if tactic is Tactic.AGGRESSIVE:
        assert side.sign * (px - far) <= far * CONFIG.through_ppm // 1_000_000


@pytest.mark.parametrize(
    ("tactic", "time_in_force"),
    [
        (Tactic.PASSIVE, TimeInForce.DAY),
        (Tactic.AGGRESSIVE, TimeInForce.IMMEDIATE_OR_CANCEL),
        (Tactic.AUCTION, TimeInForce.AT_THE_CLOSE),
    ],
)
def test_child_is_built_from_its_parent(tactic: Tactic, time_in_force: TimeInForce) -> None:
    child = release.build_child(worked(), 300, tactic, MID, minute(5), 4)
    assert (child.child_id, child.qty, child.limit_px) == ("P-1.4", 300, MID)
    assert (child.time_in_force, child.created_ns, child.lot) == (time_in_force, minute(5), 100)


# when to look again ---------------------------------------------------------------------------------------


def test_looks_are_jittered_by_a_quarter_at_most() -> None:
    times = set()
    for wake in range(300):
        parent = worked()
        parent.wake = wake
        times.add(release.next_wake_ns(parent, minute(10), False) - minute(10))
    assert all(0.75 * NS_PER_MINUTE <= at <= 1.25 * NS_PER_MINUTE for at in times)
    assert len(times) > 250


def test_hurried_looks_come_six_times_as_often() -> None:
    parent = worked()
    slow, quick = (release.next_wake_ns(parent, minute(10), hurried) - minute(10) for hurried in (False, True))
    assert quick == pytest.approx(slow / release.HURRY, abs=1)


def test_no_look_is_set_past_the_end_while_it_is_ahead() -> None:
    assert release.next_wake_ns(worked(), END_NS - 5, False) == END_NS


def test_nothing_to_do_overnight_means_no_look_overnight() -> None:
    edges = (OPEN_NS, minute(10), minute(60), END_NS)
    parent = worked(plan(edges_ns=edges, curve=(0, CURVE_ONE // 2, CURVE_ONE // 2, CURVE_ONE)))
    assert release.next_wake_ns(parent, minute(11), False) == minute(60)
    assert release.next_wake_ns(parent, minute(5), False) < minute(7)
