"""The end a crash leaves is cut at the last whole step, kept and reported; damage elsewhere is refused."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.tail import cut_tail
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.errors import JournalError
from tests.adapters.journal.worked import morning

STEPS = len(morning())


def crashed(tmp_path: Path, whole: int = 10, part: float = 0.0) -> Path:
    """The files of a process that died: `whole` steps committed one by one, and a part of the next commit."""
    live, dead = tmp_path / "live.db", tmp_path / "dead.db"
    journal = SqliteJournal(live)
    for step in morning()[:whole]:
        journal.append(step)
        journal.flush()
    committed = wal_of(live).stat().st_size
    journal.append(morning()[whole])
    journal.flush()
    shutil.copy(live, dead)
    log = wal_of(live).read_bytes()
    torn = int(part * (len(log) - committed))
    wal_of(dead).write_bytes(log[: committed + torn])
    journal.close()
    return dead


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def worked(path: Path) -> Path:
    """A closed journal of the whole morning, with snapshots in it."""
    journal = SqliteJournal(path, {"seed": "7"})
    for number, step in enumerate(morning()):
        journal.append(step)
        if number % 10 == 9:
            journal.snapshot({"blotter": b"{}"})
    journal.close()
    return path


def damage(path: Path, *seqs: int, column: str = "body") -> None:
    db = sqlite3.connect(path)
    with db:
        for seq in seqs:
            db.execute(f"UPDATE steps SET {column} = substr({column}, 1, length({column}) / 2) WHERE seq = ?", (seq,))
    db.close()


def last_seq(path: Path) -> int:
    journal = SqliteJournal(path, read_only=True)
    try:
        return journal.durable()
    finally:
        journal.close()


@pytest.mark.parametrize("part", [0.0002, 0.003, 0.1, 0.5, 0.9, 0.9999])
def test_commit_torn_by_a_power_cut_is_dropped_and_counted(tmp_path: Path, part: float) -> None:
    path = crashed(tmp_path, part=part)
    tail = cut_tail(path)
    assert (tail.last_seq, tail.cut) == (10, ())
    assert tail.log_bytes > 0
    assert verify(path).ok
    assert last_seq(path) == 10


def test_garbage_after_the_last_commit_is_dropped(tmp_path: Path) -> None:
    path = crashed(tmp_path)
    with wal_of(path).open("ab") as wal:
        wal.write(b"\xff garbage " * 2_000)
    assert cut_tail(path).last_seq == 10
    assert verify(path).ok


def test_zeros_after_the_last_commit_are_dropped_and_counted(tmp_path: Path) -> None:
    path = crashed(tmp_path)
    with wal_of(path).open("ab") as wal:
        wal.write(bytes(20_000))
    tail = cut_tail(path)
    assert (tail.last_seq, tail.log_bytes) == (10, 20_000)


def test_whole_commits_in_the_log_are_kept(tmp_path: Path) -> None:
    path = crashed(tmp_path)
    tail = cut_tail(path)
    assert (tail.last_seq, tail.log_bytes, tail.cut, tail.kept_in) == (10, 0, (), "")


def test_sound_journal_is_left_as_it_is(tmp_path: Path) -> None:
    path = worked(tmp_path / "journal.db")
    before = last_seq(path)
    assert cut_tail(path).last_seq == before
    assert verify(path).ok


@pytest.mark.parametrize("column", ["body", "hash"])
@pytest.mark.parametrize("count", [1, 3])
def test_damaged_records_at_the_end_are_cut_and_kept(tmp_path: Path, count: int, column: str) -> None:
    path = worked(tmp_path / "journal.db")
    last = last_seq(path)
    cut = tuple(range(last - count + 1, last + 1))
    damage(path, *cut, column=column)
    tail = cut_tail(path)
    assert (tail.last_seq, tail.cut) == (last - count, cut)
    assert len(tail.faults) == count
    assert len(Path(tail.kept_in).read_bytes().splitlines()) >= count
    assert verify(path).ok
    assert cut_tail(path).cut == ()


def test_journal_goes_on_after_the_cut_as_if_the_rest_had_never_been(tmp_path: Path) -> None:
    path = worked(tmp_path / "journal.db")
    last = last_seq(path)
    damage(path, last)
    cut_tail(path)
    journal = SqliteJournal(path)
    assert journal.append(morning()[0].__class__(ts_ns=1, feed_seq=0, input=None, events=())) == last
    journal.close()
    assert verify(path).ok


def test_damage_before_a_sound_record_is_refused(tmp_path: Path) -> None:
    """The last record is damaged, and one further back: what lies between was acknowledged, and is not cut away."""
    path = worked(tmp_path / "journal.db")
    last = last_seq(path)
    db = sqlite3.connect(path)
    with db:
        db.execute("DELETE FROM steps WHERE seq = ?", (last - 1,))
    db.close()
    damage(path, last)
    with pytest.raises(JournalError) as refused:
        cut_tail(path)
    assert refused.value.code == "journal_damaged"
    assert not list(tmp_path.glob("*.cut-*"))


def test_journal_without_any_sound_record_is_refused(tmp_path: Path) -> None:
    path = worked(tmp_path / "journal.db")
    damage(path, *range(last_seq(path) + 1))
    with pytest.raises(JournalError) as refused:
        cut_tail(path)
    assert refused.value.code == "journal_damaged"


def test_damage_in_the_middle_is_found_when_the_chain_is_read(tmp_path: Path) -> None:
    path = worked(tmp_path / "journal.db")
    damage(path, 5)
    assert cut_tail(path).cut == ()
    with pytest.raises(JournalError) as refused:
        list(SqliteJournal(path).chained_steps())
    assert refused.value.code == "journal_damaged"


def test_file_that_was_being_created_is_an_empty_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    assert cut_tail(path).last_seq == -1
    assert SqliteJournal(path).durable() == 0


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a journal " * 1_000)
    with pytest.raises(JournalError) as refused:
        cut_tail(path)
    assert refused.value.code == "journal_unusable"
