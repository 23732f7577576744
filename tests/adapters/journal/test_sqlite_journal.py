"""The journal on disk: reopening, groups, snapshots, refusals, and what is left in the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.journal import sqlite_journal
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.records import FORMAT
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted
from tests.adapters.journal.worked import desk, fresh_system, morning, work_morning


def write(path: Path, *, close: bool = True) -> SqliteJournal:
    """A journal of the morning."""
    journal = SqliteJournal(path, {"seed": "7"})
    for step in morning():
        journal.append(step)
    journal.flush()
    if close:
        journal.close()
    return journal


def folder_of(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


def test_close_leaves_one_file(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    assert folder_of(tmp_path / "journal.db") == ["journal.db"]


def test_reading_and_verifying_leave_the_folder_and_the_file_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write(path)
    before = path.read_bytes()
    journal = open_for_reading(path)
    assert len(list(journal.steps())) == len(morning())
    assert folder_of(path) == ["journal.db"]
    journal.close()
    assert verify(path).ok
    assert (path.read_bytes(), folder_of(path)) == (before, ["journal.db"])


def test_reopened_journal_continues_the_chain(tmp_path: Path) -> None:
    path, whole = tmp_path / "journal.db", MemoryJournal({"seed": "7"})
    for step in morning():
        whole.append(step)
    for first in range(0, len(morning()), 10):
        journal = SqliteJournal(path, {"seed": "7" if first == 0 else "ignored: the file has its own"})
        for step in morning()[first : first + 10]:
            journal.append(step)
        journal.close()
    reader = open_for_reading(path)
    assert reader.head() == whole.head()
    assert reader.meta() == {"seed": "7", "format": FORMAT}
    assert verify(path).ok


def test_client_id_is_remembered_over_a_restart(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.append(next(step for step in morning() if isinstance(step.events[0], OrderAccepted)))
    with pytest.raises(JournalError) as refused:
        journal.flush()
    assert refused.value.code == "client_id_twice"


def test_failed_group_is_not_there_at_all(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.append(morning()[-1])
    journal.append(next(step for step in morning() if isinstance(step.events[0], OrderAccepted)))
    with pytest.raises(JournalError):
        journal.flush()
    with pytest.raises(JournalError):
        journal.close()
    assert verify(tmp_path / "journal.db").records == len(morning()) + 1


def test_after_a_failed_commit_nothing_more_is_taken(tmp_path: Path) -> None:
    """A real refusal by SQLite, of a file that may not grow; then the cause goes away, and the journal stays shut."""
    path, most = tmp_path / "journal.db", len(morning()) // 2
    journal = SqliteJournal(path)
    for step in morning()[:most]:
        journal.append(step)
    journal.flush()
    for step in morning()[most:]:
        journal.append(step)
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError) as refused:
        journal.flush()
    assert (refused.value.code, journal.durable()) == ("journal_write", most)
    assert "full" in str(refused.value)
    journal._db.execute("PRAGMA max_page_count = 1000000")
    for again in (journal.flush, lambda: journal.append(morning()[0]), lambda: journal.snapshot({}), journal.close):
        with pytest.raises(JournalError) as refused:
            again()
        assert refused.value.code == "journal_failed"
    assert verify(path).records == most + 1
    reopened = SqliteJournal(path)
    assert reopened.append(morning()[most]) == most + 1
    reopened.close()
    assert verify(path).ok


def test_failed_snapshot_stops_the_journal_as_a_step_does(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    journal._db.execute("DROP TABLE snapshots")
    with pytest.raises(JournalError) as refused:
        journal.snapshot({"blotter": b"{}"})
    assert refused.value.code == "journal_write"
    with pytest.raises(JournalError) as refused:
        journal.append(morning()[0])
    assert refused.value.code == "journal_failed"
    assert [seq for seq, _ in journal.steps()] == []


def test_second_writer_is_refused_at_its_commit(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    one, other = SqliteJournal(path), SqliteJournal(path)
    one.append(morning()[-1])
    one.flush()
    other.append(morning()[-1])
    with pytest.raises(JournalError) as refused:
        other.flush()
    assert refused.value.code == "journal_two_writers"


def test_appended_is_not_on_disk_before_flush(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    journal.append(morning()[0])
    assert list(open_for_reading(path).steps()) == []
    journal.flush()
    assert len(list(open_for_reading(path).steps())) == 1


def test_group_beyond_its_maximum_commits_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_journal, "GROUP_MAX", 5)
    journal = SqliteJournal(tmp_path / "journal.db")
    for step in morning()[:7]:
        journal.append(step)
    assert len(list(open_for_reading(tmp_path / "journal.db").steps())) == 5


def test_killed_writer_leaves_whole_groups(tmp_path: Path) -> None:
    """The file and its WAL as a power cut leaves them, copied while the writer still holds them."""
    journal = write(tmp_path / "journal.db", close=False)
    journal.append(morning()[-1])
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal"):
        (crashed / f"journal.db{suffix}").write_bytes((tmp_path / f"journal.db{suffix}").read_bytes())
    assert verify(crashed / "journal.db").ok
    assert tuple(step for _, step in open_for_reading(crashed / "journal.db").steps()) == morning()


def test_torn_wal_ends_at_the_last_whole_group(tmp_path: Path) -> None:
    path, crashed = tmp_path / "journal.db", tmp_path / "crashed.db"
    journal = SqliteJournal(path)
    for step in morning():
        journal.append(step)
        journal.flush()
    wal = path.with_name("journal.db-wal").read_bytes()
    crashed.write_bytes(path.read_bytes())
    crashed.with_name("crashed.db-wal").write_bytes(wal[: len(wal) - 1_000])
    kept = tuple(step for _, step in SqliteJournal(crashed).steps())
    assert 0 < len(kept) < len(morning())
    assert kept == morning()[: len(kept)]
    assert verify(crashed).ok


def test_snapshot_gives_back_the_state_of_every_stage(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    run = desk(journal)
    work_morning(run)
    system = run.desk.engine.system
    seq = journal.snapshot(system.save())
    journal.close()
    kept = open_for_reading(path).latest_snapshot()
    assert kept is not None
    assert kept[0] == seq
    other = fresh_system()
    other.restore(kept[1])
    assert other.digest() == system.digest()
    assert verify(path).ok


def test_steps_after_a_snapshot_continue_from_it(tmp_path: Path) -> None:
    half, path = len(morning()) // 2, tmp_path / "journal.db"
    live, journal = fresh_system(), SqliteJournal(path)
    for number, step in enumerate(morning()):
        if number == half:
            journal.snapshot(live.save())
        journal.append(step)
        for event in step.events:
            live.apply(event)
    journal.close()
    reader = open_for_reading(path)
    kept = reader.latest_snapshot()
    assert kept is not None
    restored = fresh_system()
    restored.restore(kept[1])
    for _, step in reader.steps(kept[0]):
        for event in step.events:
            restored.apply(event)
    assert restored.digest() == live.digest()
