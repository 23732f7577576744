"""What waits for a downstream that is not called (controls A5): bounded, aged, drained, and whole after a restart."""

from __future__ import annotations

import msgspec

from sottovoce.core.breaker_commands import DownstreamOutcome, Outcome
from sottovoce.core.breaker_events import (
    ChildDequeued,
    ChildQueued,
    OpenReason,
    QueueTicked,
)
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.halts import FIRM_SCOPE, Standing
from sottovoce.core.order_events import HaltSet
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.breakers.book import BreakerStatus
from sottovoce.stages.breakers.config import BreakerConfig
from tests.stages.breakers.desk import START_NS, VENUE_A, BreakerDesk, answer_probes, kinds, opened

CLOSED, OPEN, HALF_OPEN = BreakerStatus.CLOSED, BreakerStatus.OPEN, BreakerStatus.HALF_OPEN


# open -----------------------------------------------------------------------------------------------------


def test_new_work_waits_with_reason_and_position() -> None:
    desk = opened()
    queued = [event for number in (1, 2) for event in desk.block(number) if isinstance(event, ChildQueued)]
    why = OpenReason.CONSECUTIVE
    assert [(event.position, event.reason) for event in queued] == [(1, why), (2, why)]
    assert queued[0].expires_ns == START_NS + 60 * NS_PER_SECOND


def test_queue_is_bounded_and_the_next_goes_back_to_the_trader() -> None:
    desk = BreakerDesk(BreakerConfig(queue_max=3))
    for _ in range(5):
        desk.call(Outcome.TIMEOUT)
    for number in range(3):
        desk.block(number)
    said = desk.block(4)
    assert kinds(said, ParentPaused, ChildUnrouted, ChildQueued) == ["ParentPaused", "ChildUnrouted"]
    (back,) = [event for event in said if isinstance(event, ChildUnrouted)]
    assert (back.qty, back.failures[0].code) == (100, "downstream_unavailable")


def test_order_that_waited_a_minute_goes_back_and_is_never_sent() -> None:
    desk = opened()
    desk.block(1)
    assert kinds(desk.wait(60), ChildUnrouted, ChildDequeued) == []
    said = desk.wait(1.2)
    assert kinds(said, ParentPaused, ChildUnrouted, ChildDequeued) == ["ParentPaused", "ChildUnrouted"]
    assert desk.book.queues[VENUE_A].waiting == {}
    assert desk.book.where == {}


def test_default_bound_is_ten_thousand_orders_and_a_minute() -> None:
    assert (BreakerConfig().queue_max, BreakerConfig().queue_age_s) == (10_000, 60)


def test_canceled_order_leaves_the_queue_while_the_breaker_is_open() -> None:
    desk = opened()
    desk.block(1)
    desk.block(2)
    desk.apply(ChildCancelRequested(parent_id="P", ts_ns=desk.now_ns, child_id="P/1", reason="canceled"))
    (back,) = [event for event in desk.wait(1.2) if isinstance(event, ChildUnrouted)]
    assert (back.child_id, desk.status()) == ("P/1", OPEN)
    assert list(desk.book.queues[VENUE_A].waiting) == ["P/2"]


def test_halted_order_leaves_the_queue_and_is_not_sent() -> None:
    desk = opened()
    desk.block(1)
    halt = Standing(scope=FIRM_SCOPE, reason="a test", principal="risk-1", ts_ns=desk.now_ns)
    desk.apply(HaltSet(parent_id="", ts_ns=desk.now_ns, halt=halt))
    said = desk.wait(1.2)
    assert kinds(said, ChildUnrouted, ChildDequeued) == ["ChildUnrouted"]


# drain ----------------------------------------------------------------------------------------------------


def test_drain_is_oldest_first_and_rate_limited() -> None:
    desk = opened()
    desk.wait(9.9)
    for number in range(20):
        desk.block(number)
    desk.wait(0.1)
    answer_probes(desk, [Outcome.OK] * 3)
    left = [event.child.child_id for event in desk.wait(1.3) if isinstance(event, ChildDequeued)]
    assert left == [f"P/{number}" for number in range(len(left))]
    assert 5 <= len(left) <= 20
    per_look = [
        sum(isinstance(event, ChildDequeued) and event.ts_ns == look.ts_ns for event in desk.said)
        for look in desk.said
        if isinstance(look, QueueTicked)
    ]
    assert max(per_look) == BreakerConfig().drain_per_tick == 5


def test_drained_order_that_has_become_too_old_goes_back() -> None:
    desk = opened()
    desk.block(1)
    desk.wait(59.5)
    desk.block(2)
    desk.wait(1.6)
    returned = [event.child_id for event in desk.said if isinstance(event, ChildUnrouted)]
    assert returned == ["P/1"]
    assert not any(isinstance(event, ChildDequeued) for event in desk.said)


# restart --------------------------------------------------------------------------------------------------


def test_restart_while_open_is_still_open_with_its_queue() -> None:
    desk = opened()
    for number in range(3):
        desk.block(number)
    again = desk.restarted()
    assert (again.status(), list(again.book.queues[VENUE_A].waiting)) == (OPEN, ["P/0", "P/1", "P/2"])
    assert msgspec.json.encode(again.stage.state()) == msgspec.json.encode(desk.stage.state())
    again.wait(10)
    answer_probes(again, [Outcome.OK] * 3)
    left = [event.child.child_id for event in again.wait(2) if isinstance(event, ChildDequeued)]
    assert left == ["P/0", "P/1", "P/2"]


def test_state_is_a_fold_of_the_record() -> None:
    desk = opened()
    desk.block(1)
    desk.wait(11)
    fresh = BreakerDesk()
    for event in desk.said:
        fresh.apply(event)
    assert msgspec.json.encode(fresh.stage.state()) == msgspec.json.encode(desk.stage.state())


def test_outcome_is_an_input_with_a_tag_of_its_own() -> None:
    message = DownstreamOutcome(downstream="bus", outcome=Outcome.SEQUENCE)
    assert msgspec.json.decode(msgspec.json.encode(message), type=DownstreamOutcome) == message
