"""At the price the client would trade at the order leaves its schedule, and keeps everything else it promised."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Side, Strategy, Tactic, TimeInForce
from sottovoce.core.market import Quote
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated
from sottovoce.runtime.config import Config
from sottovoce.stages.algos.envelope import EnvelopeConfig, broken
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.release import bound_px
from sottovoce.stages.algos.targets import cap
from sottovoce.stages.algos.willing import would_qty
from tests.scenarios.small_desk import MID, OPEN_NS, TICK, WIDE_CONFIG
from tests.stages.algos.live_parent import Worked
from tests.stages.algos.worked import CONFIG, QTY, QUOTE, plan, worked

LOTS = 100
NOW = OPEN_NS + NS_PER_MINUTE


def wishing(parent: WorkedParent, **changes: object) -> WorkedParent:
    order: ParentOrder = msgspec.structs.replace(parent.order, **changes)
    return msgspec.structs.replace(parent, order=order)


@pytest.mark.parametrize(
    ("side", "px", "qty"),
    [
        (Side.BUY, MID + TICK, QTY), (Side.BUY, MID + 5 * TICK, QTY), (Side.BUY, MID, 0),
        (Side.SELL, MID - TICK, QTY), (Side.SELL, MID - 5 * TICK, QTY), (Side.SELL, MID, 0),
    ],
)  # fmt: skip
def test_all_of_it_where_the_far_touch_is_there(side: Side, px: int, qty: int) -> None:
    assert would_qty(wishing(worked(side=side), would_px=px), QUOTE, 0, NOW) == qty


def test_only_so_many_shares_and_those_that_came_back_again() -> None:
    parent = wishing(worked(), would_px=MID + TICK, would_qty=700)
    assert would_qty(parent, QUOTE, 0, NOW) == 700
    assert would_qty(msgspec.structs.replace(parent, would_taken=500), QUOTE, 0, NOW) == 200
    assert would_qty(msgspec.structs.replace(parent, would_taken=700), QUOTE, 0, NOW) == 0


def test_not_again_within_the_plan_s_interval_and_in_whole_lots() -> None:
    parent = wishing(worked(), would_px=MID + TICK, would_qty=777)
    assert would_qty(parent, QUOTE, 0, NOW) == 700
    soon = msgspec.structs.replace(parent, would_ns=NOW - parent.plan.wake_ns + 1)
    assert would_qty(soon, QUOTE, 0, NOW) == 0
    assert would_qty(soon, QUOTE, 0, NOW + 1) == 700


@pytest.mark.parametrize(("limit", "qty"), [(MID + TICK, QTY), (MID, 0), (None, QTY)])
def test_limit_moved_inside_the_price_is_what_counts(limit: int | None, qty: int) -> None:
    """The ask is MID + TICK, and the client would pay that; a limit below it has nothing to take."""
    parent = msgspec.structs.replace(wishing(worked(), would_px=MID + TICK), limit_px=limit)
    assert would_qty(parent, QUOTE, 0, NOW) == qty


@given(st.integers(0, 50_000), st.integers(0, QTY // 2), st.integers(0, QTY // 2), st.integers(1_000, 500_000))
def test_maximum_participation_is_kept(others: int, filled: int, working: int, most: int) -> None:
    parent = wishing(worked(plan(max_participation_ppm=most), filled=filled, working=working), would_px=MID + TICK)
    taken = would_qty(parent, QUOTE, others, NOW)
    assert 0 <= taken <= QTY - filled - working
    assert taken == 0 or filled + working + taken <= cap(parent.plan, others, LOTS)


@pytest.mark.parametrize("strategy", [Strategy.SOR, Strategy.CLOSE])
def test_without_a_schedule_there_is_nothing_to_leave(strategy: Strategy) -> None:
    assert would_qty(wishing(worked(plan(strategy)), would_px=MID + TICK), QUOTE, 0, NOW) == 0


@given(st.integers(-20, 20), st.sampled_from([Side.BUY, Side.SELL]), st.none() | st.integers(-20, 20))
def test_child_never_pays_more_than_the_client_would(away: int, side: Side, limit: int | None) -> None:
    """However far the touch is inside, nothing reaches past the price named, the limit, or the desk's own reach."""
    px = MID + side.sign * (1 + abs(away)) * TICK
    parent = wishing(worked(side=side), would_px=px)
    parent = msgspec.structs.replace(parent, limit_px=None if limit is None else MID + limit * TICK)
    found = bound_px(parent, Tactic.WOULD, QUOTE, CONFIG)
    assert side.sign * (found - px) <= 0
    assert limit is None or side.sign * (found - (MID + limit * TICK)) <= 0
    assert side.sign * (found - bound_px(parent, Tactic.AGGRESSIVE, QUOTE, CONFIG)) <= 0


def test_ahead_on_the_client_s_word_is_not_outside_the_plan() -> None:
    config = EnvelopeConfig()
    ahead = wishing(worked(plan(max_clip_qty=100), filled=5_000), would_px=MID + TICK)
    assert "ahead_of_schedule" in broken(ahead, 1_000, QUOTE, config)
    willing = msgspec.structs.replace(ahead, would_taken=4_000)
    assert broken(willing, 1_000, QUOTE, config) == {}
    assert "behind_schedule" in broken(msgspec.structs.replace(willing, would_taken=9_000), 8_000, QUOTE, config)


def created(desk: Worked, minutes: int) -> list[ChildCreated]:
    until = desk.now_ns + minutes * NS_PER_MINUTE
    found = [event for event in desk.events if isinstance(event, ChildCreated)]
    while desk.now_ns < until:
        found += [event for event in desk.wake() if isinstance(event, ChildCreated)]
    return found


def test_live_order_takes_what_is_shown_and_goes_on_by_its_schedule() -> None:
    """The still market asks MID + TICK: an order that would pay it is offered whole, immediate or cancel."""
    first = created(Worked(would_price=f"{(MID + TICK) / 1e6:.2f}", max_participation="0.5"), 1)[0]
    assert (first.child.tactic, first.child.time_in_force) == (Tactic.WOULD, TimeInForce.IMMEDIATE_OR_CANCEL)
    assert first.child.limit_px == MID + TICK
    waits = created(Worked(would_price=f"{(MID - 50 * TICK) / 1e6:.2f}", max_participation="0.5"), 5)
    assert waits
    assert all(each.child.tactic is not Tactic.WOULD for each in waits)


def test_order_that_waits_for_a_price_looks_more_often() -> None:
    config: Config = WIDE_CONFIG
    plain, waiting = Worked(config=config), Worked(config=config, would_price="40.00")
    for desk in (plain, waiting):
        desk.wake(5)
    assert waiting.now_ns < plain.now_ns


def test_quote_far_inside_the_price_is_taken_at_the_desk_s_reach() -> None:
    quote = Quote(bid=MID - TICK, bid_size=500, ask=MID, ask_size=500, mid=MID)
    parent = wishing(worked(), would_px=2 * MID)
    assert bound_px(parent, Tactic.WOULD, quote, CONFIG) == bound_px(parent, Tactic.AGGRESSIVE, quote, CONFIG)
