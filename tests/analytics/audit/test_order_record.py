"""An order's record holds its own steps, and what befell the whole desk while it lived, and nothing of others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sottovoce.analytics.audit.order_record import DESK_WIDE, gather, order_ids, words_about
from sottovoce.analytics.audit.questions import is_it_intact, what_is_left, what_stopped_it, what_was_undone
from sottovoce.core.clock_commands import ClockReading
from sottovoce.core.clock_events import ClockMarked, ClockStanding
from sottovoce.core.commands import CancelOrder, HaltTrading, Input
from sottovoce.core.errors import NotFound
from sottovoce.core.execution_events import Fill
from sottovoce.core.ids import parent_id
from sottovoce.core.order_events import HaltSet, OrderRefused
from sottovoce.core.ports import Step
from tests.scenarios.small_desk import (
    ACCOUNT,
    OPEN_NS,
    OTHER_ACCOUNT,
    RISK,
    TRADER,
    drive,
    halt_scope,
    new_order,
    small_system,
    view_at,
)

OURS = parent_id(ACCOUNT, "c-1")


def _day(*messages: Input) -> list[tuple[int, Step]]:
    """The numbered steps of a day, a second apart, on the small desk."""
    system, steps = small_system(), []
    for seq, message in enumerate(messages, start=1):
        ts_ns = OPEN_NS + seq * 1_000_000_000
        events = tuple(drive(system, message, view_at(ts_ns)))
        steps.append((seq, Step(ts_ns=ts_ns, feed_seq=0, input=message, events=events)))
    return steps


def _halt(account: str | None) -> HaltTrading:
    return HaltTrading(principal=RISK, scope=halt_scope(account), reason="a test")


def _reading(offset_ns: int) -> ClockReading:
    return ClockReading(offset_ns=offset_ns, source="chrony")


CANCEL = CancelOrder(principal=TRADER, parent_id=OURS)


def _kinds(steps: Sequence[tuple[int, Step]]) -> list[int]:
    return [seq for seq, _ in steps]


def test_steps_of_other_orders_are_left_out() -> None:
    steps = _day(new_order("c-0"), new_order(), new_order("c-2"), CANCEL, new_order("c-3"))
    assert _kinds(gather(OURS, steps).steps) == [2, 4]


@pytest.mark.parametrize(("account", "told"), [(ACCOUNT, True), (None, True), (OTHER_ACCOUNT, False)])
def test_halt_is_told_where_it_covers_the_order(account: str | None, told: bool) -> None:
    record = gather(OURS, _day(new_order(), _halt(account), CANCEL))
    assert bool(list(record.events(HaltSet))) is told
    assert any("stopped trading" in said for said in what_stopped_it(record)) is told


def test_halt_before_and_after_the_orders_life_is_not_its_own() -> None:
    ((_, halted),) = _day(_halt(None))
    record = gather(OURS, [(10, halted), *((seq + 10, step) for seq, step in _day(new_order(), CANCEL)), (13, halted)])
    assert _kinds(record.steps) == [11, 12]
    assert not list(record.events(HaltSet))


def test_clock_mark_in_force_before_the_order_is_referred_to() -> None:
    record = gather(OURS, _day(_reading(10), _reading(2_000_000), new_order(), CANCEL))
    mark = record.standing_before(ClockMarked)
    assert isinstance(mark, ClockMarked)
    assert mark.standing is ClockStanding.NONCOMPLIANT
    assert "not all of its times are compliant" in is_it_intact(record, ["Yes."])[-1]


def test_clock_that_went_bad_and_came_back_during_the_order_is_told_at_its_worst() -> None:
    record = gather(OURS, _day(_reading(10), new_order(), _reading(2_000_000), _reading(10), CANCEL))
    said = is_it_intact(record, ["Yes."])[-1]
    assert "not all of its times are compliant" in said
    assert "+2.000 ms" in said


def test_refused_order_has_a_record_without_an_order() -> None:
    record = gather(parent_id(ACCOUNT, "c-9"), _day(new_order("c-9", symbol="NOSUCH")))
    assert record.accepted is None
    assert record.ledger() is None
    assert list(record.events(OrderRefused))


def test_rejected_order_is_finished_and_everything_of_it_returned() -> None:
    steps = _day(new_order(order_qty=10**9))
    record = gather(OURS, steps)
    assert not list(record.events(Fill))
    left = " ".join(what_is_left(record))
    assert "It was finished at 14:30:01.000: rejected by risk." in left
    assert "1,000,000,000 returned" in left
    assert what_was_undone(record) == ["Nothing was undone: nothing had traded."]


def test_ids_are_ours_or_the_clients() -> None:
    steps = _day(new_order(), new_order("c-2"))
    assert order_ids("c-1", steps) == order_ids(OURS, steps) == [OURS]
    assert order_ids("c-7", steps) == []
    with pytest.raises(NotFound):
        gather("P-7", steps)


def test_words_find_every_record_the_order_needs() -> None:
    words = words_about(OURS)
    assert f'"{OURS}"' in words
    assert len(words) == 1 + len(DESK_WIDE)
    assert not any("order_accepted" in word for word in words)
