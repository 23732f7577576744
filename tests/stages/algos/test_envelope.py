"""An order that leaves its plan is told of, then paused: schedule, price, children, cancels (AT-06)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import PauseOrder, ResumeOrder
from sottovoce.core.enums import ExecType, Side, Strategy
from sottovoce.core.envelope_events import EnvelopeKept, EnvelopeLeft
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.market import Quote, Unusable
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.algos.drift import ReplanConfig
from sottovoce.stages.algos.envelope import EnvelopeConfig, broken, judged
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.release import AlgoConfig
from tests.scenarios.small_desk import MID, TICK, TRADER, WIDE_CONFIG
from tests.stages.algos.live_parent import Worked, only, routes
from tests.stages.algos.worked import QTY, QUOTE, minute, plan, worked

CONFIG = EnvelopeConfig()
NOW = minute(50)


def quote(mid: int) -> Quote:
    return Quote(bid=mid - TICK, bid_size=500, ask=mid + TICK, ask_size=500, mid=mid)


def codes(parent: WorkedParent, target: int = 0, at: Quote | Unusable = QUOTE) -> list[str]:
    return list(broken(parent, target, at, CONFIG))


# the bounds, one unit either side ----------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "found"), [
    (5_000, []), (6_000, []), (6_001, ["behind_schedule"]), (4_000, []), (3_999, ["ahead_of_schedule"]),
])  # fmt: skip
def test_a_tenth_of_the_parent_either_way_is_within_the_schedule(target: int, found: list[str]) -> None:
    assert codes(worked(filled=5_000), target) == found


def test_undone_trades_count_as_done_and_working_quantity_does_not() -> None:
    assert codes(worked(filled=4_000, busted=1_000), 6_000) == []
    assert codes(worked(filled=4_000, working=1_000), 6_000) == ["behind_schedule"]


@pytest.mark.parametrize("strategy", [Strategy.SOR, Strategy.CLOSE])
def test_an_order_without_a_timetable_is_never_behind(strategy: Strategy) -> None:
    assert codes(worked(plan(strategy)), QTY) == []


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_the_market_against_the_order_by_more_than_five_percent(side: Side) -> None:
    parent, edge = worked(side=side), MID // 20
    assert codes(parent, at=quote(MID + side.sign * edge)) == []
    assert codes(parent, at=quote(MID + side.sign * (edge + 1))) == ["price_away"]
    assert codes(parent, at=quote(MID - side.sign * 3 * edge)) == [], "in its favour"
    assert codes(parent, at=Unusable(code="stale_quote", detail="")) == [], "no price, no judgement: others pause it"


@pytest.mark.parametrize(("made", "clip", "found"), [
    (500, 500, []), (501, 500, ["many_children"]), (1_000, 100, []), (1_001, 100, ["many_children"]),
])  # fmt: skip
def test_ten_times_the_children_the_plan_needs_and_never_below_five_hundred(
    made: int, clip: int, found: list[str]
) -> None:
    parent = worked(plan(clip_qty=clip))
    parent.children_made = made
    assert codes(parent) == found


@pytest.mark.parametrize(("cancels", "fills", "found"), [
    (50, 0, []), (51, 0, ["many_cancels"]), (200, 10, []), (201, 10, ["many_cancels"]),
])  # fmt: skip
def test_twenty_cancels_a_fill_and_never_below_fifty(cancels: int, fills: int, found: list[str]) -> None:
    parent = worked()
    parent.cancels, parent.fills = cancels, fills
    assert codes(parent) == found


# warned, then paused -----------------------------------------------------------------------------------------


def seen(parent: WorkedParent, target: int, now_ns: int, at: Quote = QUOTE) -> list[StageEvent]:
    """One look, its warnings remembered as the book does."""
    events = judged(parent, target, at, now_ns, CONFIG)
    for event in events:
        if isinstance(event, EnvelopeLeft):
            parent.outside[event.failure.code] = event.ts_ns
        if isinstance(event, EnvelopeKept):
            del parent.outside[event.code]
    return events


def test_first_sight_warns_a_minute_outside_pauses_and_not_a_nanosecond_less() -> None:
    parent = worked(filled=1_000)
    assert [type(event) for event in seen(parent, 5_000, NOW)] == [EnvelopeLeft]
    assert seen(parent, 5_000, NOW + NS_PER_MINUTE - 1) == []
    (paused,) = seen(parent, 5_000, NOW + NS_PER_MINUTE)
    assert isinstance(paused, ParentPaused)
    assert paused.reason == "behind_schedule: 4000 (limit 1000)"


def test_back_within_the_bound_the_minute_begins_again() -> None:
    parent = worked(filled=1_000)
    seen(parent, 5_000, NOW)
    assert [type(event) for event in seen(parent, 1_500, NOW + NS_PER_MINUTE)] == [EnvelopeKept]
    assert [type(event) for event in seen(parent, 5_000, NOW + 2 * NS_PER_MINUTE)] == [EnvelopeLeft]


def test_what_a_person_resumed_in_spite_of_is_not_held_against_the_order_again() -> None:
    parent = worked(filled=1_000)
    seen(parent, 5_000, NOW)
    parent.excused = {"behind_schedule": True}
    assert seen(parent, 5_000, NOW + 10 * NS_PER_MINUTE) == []


def test_an_order_kept_from_trading_by_its_clients_limit_is_told_of_and_not_paused() -> None:
    parent = worked(filled=1_000)
    parent.limit_px = MID - 10 * TICK
    assert [type(event) for event in seen(parent, 5_000, NOW)] == [EnvelopeLeft]
    assert seen(parent, 5_000, NOW + 10 * NS_PER_MINUTE) == []
    parent.limit_px = MID + TICK  # it could have traded at the ask
    assert [type(event) for event in seen(parent, 5_000, NOW + 10 * NS_PER_MINUTE)] == [ParentPaused]


def test_a_desk_that_does_not_pause_warns_and_goes_on() -> None:
    told_only = msgspec.structs.replace(CONFIG, pauses=False)
    parent = worked(filled=1_000)
    assert [type(event) for event in judged(parent, 5_000, QUOTE, NOW, told_only)] == [EnvelopeLeft]
    parent.outside["behind_schedule"] = NOW
    assert judged(parent, 5_000, QUOTE, NOW + NS_PER_MINUTE, told_only) == []


def test_a_desk_that_does_not_watch_says_nothing() -> None:
    unwatched = msgspec.structs.replace(CONFIG, watched=False)
    assert judged(worked(), QTY, QUOTE, NOW, unwatched) == []


ATTENDED = msgspec.structs.replace(WIDE_CONFIG, algos=AlgoConfig(replanning=ReplanConfig(most=0)))


# on the desk -------------------------------------------------------------------------------------------------


def unfilled(desk: Worked) -> list[StageEvent]:
    """Time goes by and nothing trades, until the order is paused or over."""
    events: list[StageEvent] = []
    for _ in range(60):
        events += desk.wake()
        if not desk.parent.live:
            return events
    raise AssertionError("the order went on")


def test_order_that_nothing_fills_is_warned_of_and_paused_with_what_is_out_pulled() -> None:
    desk = Worked(config=ATTENDED)
    events = unfilled(desk)
    (left,), (paused,) = only(events, EnvelopeLeft), only(events, ParentPaused)
    assert isinstance(left, EnvelopeLeft)
    assert isinstance(paused, ParentPaused)
    assert left.failure.code == "behind_schedule"
    assert paused.ts_ns - left.ts_ns >= NS_PER_MINUTE
    assert all(child.canceling for child in desk.parent.children.values())
    assert not only(desk.wake(), ChildCreated), "only the appointment with the end is kept"


def test_person_resumes_it_and_it_is_not_paused_for_the_same_thing() -> None:
    desk = Worked(config=ATTENDED)
    unfilled(desk)
    desk.take(ResumeOrder(principal=TRADER, parent_id=desk.parent_id))
    assert desk.parent.excused == {"behind_schedule": True}
    events = desk.wake(6)
    assert desk.parent.live
    assert not only(events, ParentPaused)


def test_order_that_fills_as_it_should_is_never_warned_of() -> None:
    desk = Worked(config=ATTENDED)
    events = desk.events
    for _ in range(20):
        desk.fill(events)
        events = desk.wake()
        assert not only(events, EnvelopeLeft)


def test_cancels_and_fills_are_counted_until_a_person_looks() -> None:
    desk = Worked(config=ATTENDED)
    for route in routes(desk.events):
        desk.tell(route, ExecType.TRADE, last_qty=1, last_px=MID)
    desk.take(PauseOrder(principal=TRADER, parent_id=desk.parent_id))
    assert (desk.parent.fills, desk.parent.cancels) == (1, 1)
    desk.take(ResumeOrder(principal=TRADER, parent_id=desk.parent_id))
    assert (desk.parent.fills, desk.parent.cancels) == (0, 0)
