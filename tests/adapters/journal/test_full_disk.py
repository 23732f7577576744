"""A disk without room, or slow: no record lost, the reserve given up once, strain until all is well (F-19, F-46)."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from sottovoce.adapters.journal.committer import SLOW_FROM, GroupedJournal
from sottovoce.adapters.journal.records import Record
from sottovoce.adapters.journal.reserve import Reserve
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.errors import JournalError
from tests.adapters.journal.worked import morning

ROOM = 1_000
"""Pages the reserve of these tests stands for."""


class LimitedRoom:
    """A reserve on a disk whose size SQLite is told: its errors are those of a full one."""

    def __init__(self) -> None:
        self.db: sqlite3.Connection | None = None
        self.held = True
        self.free_again = False

    def release(self) -> bool:
        if not self.held or self.db is None:
            return False
        self.held = False
        self.db.execute(f"PRAGMA max_page_count = {ROOM}")
        return True

    def regain(self) -> bool:
        self.held = self.held or self.free_again
        return self.held


def nearly_full(path: Path, room: LimitedRoom) -> SqliteJournal:
    """A journal with five steps on a disk that has no page left."""
    journal = SqliteJournal(path, reserve=room)
    for step in morning()[:5]:
        journal.append(step)
    journal.flush()
    room.db = journal._db
    used = room.db.execute("PRAGMA page_count").fetchone()[0]
    room.db.execute(f"PRAGMA max_page_count = {used}")
    return journal


def fill(journal: SqliteJournal) -> None:
    for step in morning()[5:]:
        journal.append(step)
        journal.flush()


def test_full_disk_costs_the_reserve_and_no_record(tmp_path: Path) -> None:
    room = LimitedRoom()
    journal = nearly_full(tmp_path / "journal.db", room)
    assert journal.strain() == ""
    fill(journal)
    assert not room.held
    assert journal.strain() == "journal_full"
    assert journal.durable() == len(morning())
    journal.close()
    assert verify(tmp_path / "journal.db").ok


def test_strain_ends_when_there_is_room_for_the_reserve_again(tmp_path: Path) -> None:
    room = LimitedRoom()
    journal = nearly_full(tmp_path / "journal.db", room)
    fill(journal)
    room.free_again = True
    assert journal.strain() == ""
    journal.close()


def test_without_room_even_in_the_reserve_nothing_more_is_taken_and_nothing_is_torn(tmp_path: Path) -> None:
    room = LimitedRoom()
    journal = nearly_full(tmp_path / "journal.db", room)
    room.held = False
    before = journal.durable()
    with pytest.raises(JournalError) as refused:
        fill(journal)
    assert refused.value.code == "journal_write"
    with pytest.raises(JournalError):
        journal.append(morning()[0])
    last = journal.durable()
    assert last >= before
    journal._db.close()
    assert verify(tmp_path / "journal.db").ok
    assert SqliteJournal(tmp_path / "journal.db").durable() == last


def test_reserve_takes_real_room_and_gives_it_up(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "journal.db", size_bytes=1 << 20)
    kept = tmp_path / "journal.db.reserve"
    assert reserve.held
    assert kept.stat().st_blocks * 512 >= 1 << 20
    assert reserve.release()
    assert not kept.exists()
    assert not reserve.release()
    assert reserve.regain()
    assert reserve.held


def test_reserve_is_not_taken_back_from_the_room_it_has_just_made(tmp_path: Path) -> None:
    room = [1 << 20]
    reserve = Reserve(tmp_path / "journal.db", size_bytes=1 << 20, free=lambda folder: room[0])
    reserve.release()
    assert not reserve.regain()
    room[0] = 2 << 20
    assert reserve.regain()


def test_reserve_an_earlier_life_left_is_still_held_on_a_disk_that_is_full_now(tmp_path: Path) -> None:
    Reserve(tmp_path / "journal.db", size_bytes=1 << 20)
    again = Reserve(tmp_path / "journal.db", size_bytes=1 << 20, free=lambda folder: 0)
    assert again.held
    assert again.release()


def test_reserve_that_cannot_be_had_is_not_held(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "no-such-folder" / "journal.db", size_bytes=1 << 20)
    assert not reserve.held
    assert not reserve.regain()


class StalledDisk(SqliteJournal):
    """Commits wait until the disk goes on."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.going = threading.Event()

    def commit(self, records: list[Record]) -> None:
        self.going.wait(10)
        super().commit(records)


def test_slow_disk_is_a_strain_and_nothing_is_durable_before_it_is_written(tmp_path: Path) -> None:
    disk = StalledDisk(tmp_path / "journal.db")
    journal = GroupedJournal(disk)
    plain = [step for step in morning() if not any(hasattr(event, "body_digest") for event in step.events)]
    count = 0
    while journal.strain() == "" and count < 3 * SLOW_FROM:
        journal.append(plain[count % len(plain)])
        count += 1
    assert journal.strain() == "journal_slow"
    assert count >= SLOW_FROM
    assert journal.durable() == 0
    disk.going.set()
    journal.flush()
    assert journal.durable() == count
    assert journal.strain() == ""
    journal.close()
