"""Recovery: the same bytes from a snapshot, from one beside the journal, and from empty; half a snapshot is none."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sottovoce.adapters.journal.side_snapshot import side_path
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.core.commands import CancelOrder
from sottovoce.core.errors import JournalError
from sottovoce.core.ids import parent_id
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Step
from sottovoce.core.recovery_events import DeskRecovered
from sottovoce.runtime.history import last_recovery
from sottovoce.runtime.memory import GUARD, Memory
from sottovoce.runtime.recovery import rebuild
from sottovoce.runtime.snapshots import SnapshotProcess, take_side_snapshot
from tests.runtime.mortal_desk import Life, Street, digests, events_of, resting
from tests.scenarios.small_desk import ACCOUNT, TRADER, small_system


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def worked(path: Path, orders: int = 6, snapshot_steps: int = 10**9) -> Life:
    """A life with orders resting, traded in part, and canceled; dead at the end."""
    street = Street()
    life = Life(path, street, snapshot_steps=snapshot_steps).run()
    for number in range(1, orders + 1):
        life.desk.submit(resting(f"c-{number}"))
        life.run(50_000_000)
        if number % 2:
            street.trade(life.orders()[-1], 100)
        if number % 3 == 0:
            life.desk.submit(CancelOrder(principal=TRADER, parent_id=parent_id(ACCOUNT, f"c-{number}")))
        life.run(50_000_000)
    life.journal.flush()
    return life


def fresh(path: Path, *, from_empty: bool = False) -> tuple[Memory, int]:
    """(memory rebuilt from the file, sequence number of the snapshot used)."""
    memory = Memory(small_system())
    journal = open_for_reading(path)
    recovered = rebuild(memory, journal, from_empty=from_empty)
    journal.close()
    return memory, recovered.snapshot_seq


def test_memory_from_the_file_is_the_live_one_to_the_byte(path: Path) -> None:
    life = worked(path)
    live = life.memory.save()
    life.die()
    again, _ = fresh(path)
    assert again.save() == live


def test_every_way_gives_the_same_bytes(path: Path) -> None:
    life = worked(path, snapshot_steps=7)
    life.die()
    assert len(digests(path)) == 1
    whole, quick = fresh(path, from_empty=True)[0], fresh(path)[0]
    assert quick.save() == whole.save()
    take_side_snapshot(path, Memory(small_system()))
    beside, seq = fresh(path)
    assert seq > 0
    assert beside.save() == whole.save()


def test_snapshot_beside_the_journal_is_taken_while_the_desk_writes_and_used_where_it_stands_further_on(
    path: Path,
) -> None:
    life = worked(path)
    taken = take_side_snapshot(path, Memory(small_system()))
    life.desk.submit(resting("c-99"))
    life.die()
    memory, seq = fresh(path)
    assert seq == taken.last_seq > 0
    assert memory.save() == fresh(path, from_empty=True)[0].save()


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_half_a_snapshot_beside_the_journal_is_none(path: Path, keep: int) -> None:
    life = worked(path, orders=2)
    life.die()
    take_side_snapshot(path, Memory(small_system()))
    side_path(path).write_bytes(side_path(path).read_bytes()[:keep])
    memory, seq = fresh(path)
    assert seq == 0
    assert memory.save() == fresh(path, from_empty=True)[0].save()


def test_snapshot_of_another_journal_is_none(path: Path, tmp_path: Path) -> None:
    worked(path, orders=2).die()
    other = tmp_path / "other.db"
    worked(other, orders=3).die()
    take_side_snapshot(other, Memory(small_system()))
    side_path(other).rename(side_path(path))
    assert fresh(path)[1] == 0


def test_snapshot_of_another_build_is_passed_over(path: Path) -> None:
    life = worked(path, orders=2)
    states = life.memory.save()
    del states[GUARD]
    life.journal.snapshot(states)
    life.desk.submit(resting("c-9"))
    life.die()
    memory = Memory(small_system())
    journal = open_for_reading(path)
    recovered = rebuild(memory, journal)
    assert (recovered.snapshot_seq, recovered.snapshots_passed_over) == (0, 1)
    assert memory.save() == fresh(path, from_empty=True)[0].save()


def test_history_that_cannot_be_is_refused_by_its_step(path: Path) -> None:
    life = worked(path, orders=1)
    steps = [step for _, step in life.journal.steps()]
    life.die()
    other = SqliteJournal(path.with_name("impossible.db"), small_system().founded)
    without = [step for step in steps if not any(isinstance(event, OrderAccepted) for event in step.events)]
    for step in without:
        other.append(step)
    other.flush()
    with pytest.raises(JournalError) as refused:
        rebuild(Memory(small_system()), other)
    assert refused.value.code == "not_foldable"


def test_restarts_are_recorded_with_what_was_found(path: Path) -> None:
    life = worked(path, orders=2)
    life.die()
    for _ in range(2):
        life = Life(path, life.street).run()
        life.die()
    found = [event for event in events_of(path, DeskRecovered) if isinstance(event, DeskRecovered)]
    assert [event.number for event in found] == [1, 2, 3]
    assert found[1].orders == 2
    history = last_recovery(open_for_reading(path))
    assert (history["starts"], history["resent"]) == (3, [])


def test_clock_that_went_back_does_not_take_desk_time_with_it(path: Path) -> None:
    """The wall clock of the next start is an hour behind: steps go on from the last recorded moment, and it is said."""
    life = worked(path, orders=2)
    life.die()
    last_ns = max(step.ts_ns for _, step in open_for_reading(path).steps())
    street = life.street
    street.now_ns = last_ns - 3_600_000_000_000
    again = Life(path, street)
    again.desk.clock._now_ns = last_ns - 3_600_000_000_000  # type: ignore[attr-defined]
    again.desk.start(again.recovered)
    again.die()
    times = [step.ts_ns for _, step in open_for_reading(path).steps()]
    assert times == sorted(times)
    assert any(isinstance(event, DeskRecovered) and event.clock_back_ns > 0 for event in events_of(path, DeskRecovered))


def test_one_snapshot_process_at_a_time(path: Path) -> None:
    start = SnapshotProcess(path)
    start._command = ("sleep", "5")
    assert start()
    assert not start()
    assert start._running is not None
    start._running.kill()
    start._running.wait()
    assert start()
    start._running.kill()
    start._running.wait()


def test_timer_set_twice_for_two_times_is_pending_until_both_were_taken(path: Path) -> None:
    life = worked(path, orders=1)
    pending = life.memory.timers
    [(at_ns, timer), *_] = pending.items()
    twice = Step(ts_ns=1, feed_seq=0, input=timer, events=())
    count = len(pending.items())
    pending.learn(twice)
    assert len(pending.items()) == count - 1
    pending.learn(twice)
    assert len(pending.items()) == count - 1
    saved = pending.save()
    pending.restore(saved)
    assert pending.save() == saved
    assert msgspec.json.decode(saved)
    assert at_ns > 0
    life.die()
