"""kill -9 at each step of an order's life: what must be true after the restart (K10 to K15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.commands import CancelOrder, HaltTrading, ReleaseHold
from sottovoce.core.enums import OrdStatus, ParentStatus
from sottovoce.core.errors import ConnectivityError
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.order_events import HaltSet, OrderRefused
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.units import NS_PER_HOUR
from sottovoce.runtime.live import orders_of
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.recovery import rebuild
from tests.runtime.mortal_desk import (
    PARENT,
    Killed,
    Life,
    MortalJournal,
    Street,
    at_venue,
    conserved,
    conserved_all,
    die_now,
    die_on_roll,
    die_on_snapshot,
    digests,
    events_of,
    fills_of,
    kill_on,
    recorded,
    resting,
    row,
    spoil_snapshots,
    started,
)
from tests.scenarios.small_desk import ACCOUNT, CLOSE_NS, RISK, TRADER, WIDE_CONFIG, new_order, small_system

HELD_CONFIG = WIDE_CONFIG.__class__(
    directory=WIDE_CONFIG.directory, limits=WIDE_CONFIG.limits, approval=WIDE_CONFIG.approval.__class__(value_max=1)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_k10_cancel_sent_and_not_answered_is_sent_again(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    life.run()
    [name] = life.orders()
    life.line.before_send = kill_on(RouteCancelRequested)
    with pytest.raises(Killed):
        life.desk.submit(CancelOrder(principal=TRADER, parent_id=PARENT))
    life.die()
    street.trade(name, 100)
    again = started(path, street)
    assert isinstance(again.sent()[0], RouteCancelRequested)
    assert sum(fills_of(path).values()) == 100
    assert row(again).status is ParentStatus.DONE
    assert street.book.orders[name].status is OrdStatus.CANCELED
    assert conserved(again)


@pytest.mark.parametrize("whole", [False, True])
def test_k11_snapshot_that_was_being_written_is_not_used(path: Path, whole: bool) -> None:
    """Killed before its commit, or damaged afterwards: the one before it and the journal give the same state."""
    street = Street()
    life = started(path, street, snapshot_steps=1)
    life.desk.submit(resting())
    life.run()
    first = life.journal.latest_snapshot()
    assert first is not None
    life.desk.submit(resting("c-2"))
    if not whole:
        life.journal.before_commit = die_on_snapshot
        with pytest.raises(Killed):
            life.run()
    life.die()
    if whole:
        spoil_snapshots(path, after=first[0])
    again = Life(path, street)
    assert 0 < again.recovered.snapshot_seq <= first[0] + 2
    assert len(digests(path)) == 1


def test_k12_killed_while_replaying_and_nothing_sent(path: Path) -> None:
    street = Street()
    life = started(path, street)
    for number in range(1, 4):
        life.desk.submit(resting(f"c-{number}"))
    life.run()
    life.die()
    heard = len(street.heard)
    journal = MortalJournal(path, small_system().founded)
    for stop in (1, 3, len(recorded(path)) - 1):
        memory = Memory(small_system())
        fold, count = memory.fold, iter(range(1_000))

        def folding(step: object, stop: int = stop, fold: object = fold, count: object = count) -> None:
            if next(count) == stop:  # type: ignore[call-overload]
                raise Killed
            fold(step)  # type: ignore[operator]

        memory.fold = folding  # type: ignore[method-assign]
        with pytest.raises(Killed):
            rebuild(memory, journal)
    journal.drop()
    assert len(street.heard) == heard
    assert len(digests(path)) == 1
    assert conserved_all(started(path, street))


def test_k13_halt_is_restored_first_and_the_remaining_cancels_leave_before_anything_else(path: Path) -> None:
    street = Street()
    life = started(path, street)
    for number in range(1, 4):
        life.desk.submit(resting(f"c-{number}"))
    life.run()
    life.line.after_send = kill_on(RouteCancelRequested)
    with pytest.raises(Killed):
        life.desk.submit(HaltTrading(principal=RISK, reason="drill"))
    life.die()
    assert len(events_of(path, HaltSet)) == 1
    again = started(path, street)
    again.run()
    first = [type(message) for message in again.sent()[:2]]
    assert first == [RouteCancelRequested, RouteCancelRequested] or all(
        order.status is OrdStatus.CANCELED for order in street.book.orders.values()
    )
    assert all(not order.open for order in street.book.orders.values())
    answer = again.desk.submit(resting("c-9"))
    assert [type(event) for event in answer.events] == [OrderRefused]
    assert again.orders() == []


@pytest.mark.parametrize("before", [True, False])
def test_k14_day_rolls_once_and_orders_of_the_day_expire_once(path: Path, before: bool) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    life.desk.submit(new_order("c-2", order_qty=500_000, days=2, start_ns=CLOSE_NS + 20 * NS_PER_HOUR))
    life.run()
    life.desk.run_until(CLOSE_NS)
    street.end_day()
    if before:
        life.journal.before_commit = die_on_roll
    else:
        life.journal.after_commit = die_on_roll
    with pytest.raises(Killed):
        life.desk.run_until(CLOSE_NS + NS_PER_HOUR)
    life.die()
    again = Life(path, street)
    again.run(NS_PER_HOUR)
    assert [event.date for event in events_of(path, DayRolled) if isinstance(event, DayRolled)] == ["2018-02-12"]
    assert all(not order.open for order in street.book.orders.values())
    expired = [order for order in orders_of(again.memory.system).sent.values() if order.route.parent_id == PARENT]
    assert all(order.state.leaves_qty == 0 for order in expired)
    survivor = again.desk.engine.system.blotter.rows()[parent_id(ACCOUNT, "c-2")]
    assert survivor.status not in (ParentStatus.DONE, ParentStatus.REJECTED)


@pytest.mark.parametrize("before", [True, False])
def test_k15_release_happens_once_or_the_order_is_still_held(path: Path, before: bool) -> None:
    street = Street()
    life = Life(path, street, HELD_CONFIG).run()
    step = life.desk.submit(resting())
    [held] = [event for event in step.events if isinstance(event, OrderHeld)]
    release = ReleaseHold(principal=RISK, parent_id=PARENT, plan_digest=held.plan_digest, reason="reviewed the size")
    if before:
        life.journal.before_commit = die_now
    else:
        life.journal.after_commit = die_now
    with pytest.raises(Killed):
        life.desk.submit(release)
    life.die()
    again = Life(path, street, HELD_CONFIG).run()
    assert row(again).status is (ParentStatus.HELD if before else ParentStatus.WORKING)
    again.desk.submit(release)
    assert len(events_of(path, OrderApproved)) == 1
    assert at_venue(street) == 1


def test_nothing_new_is_taken_before_the_venues_have_told(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    life.die()
    again = Life(path, street)
    with pytest.raises(ConnectivityError) as refused:
        again.desk.submit(resting("c-2"))
    assert refused.value.code == "reconciling"
    again.desk.submit(CancelOrder(principal=TRADER, parent_id=PARENT))
    again.run()
    again.desk.submit(resting("c-2"))
