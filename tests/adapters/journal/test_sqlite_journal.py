"""The journal on disk: reopening, groups, snapshots, refusals, and what is left in the folder."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from sottovoce.adapters.journal import sqlite_journal
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.records import FORMAT
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.errors import JournalError
from sottovoce.core.events import OrderAccepted
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


def test_damaged_snapshot_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    first = journal.snapshot({"blotter": b"{}"})
    second = journal.snapshot({"blotter": b'{"x":1}'})
    journal.close()
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE snapshots SET body = x'00' WHERE seq = ?", (second,))
    db.close()
    assert open_for_reading(path).latest_snapshot() == (first, {"blotter": b"{}"})


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be looked at " * 40])
def test_other_files_are_not_journals(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(JournalError) as refused:
        open_for_reading(path)
    assert refused.value.code == "journal_unusable"
    assert path.read_bytes() == content


def test_newer_format_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    db = sqlite3.connect(tmp_path / "journal.db")
    with db:
        db.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
    db.close()
    with pytest.raises(JournalError) as refused:
        SqliteJournal(tmp_path / "journal.db")
    assert refused.value.code == "journal_format"


def test_altered_tail_is_not_built_upon(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    db = sqlite3.connect(tmp_path / "journal.db")
    with db:
        db.execute("UPDATE steps SET ts_ns = ts_ns + 1 WHERE seq = (SELECT max(seq) FROM steps)")
    db.close()
    with pytest.raises(JournalError) as refused:
        SqliteJournal(tmp_path / "journal.db")
    assert refused.value.code == "journal_tail"


def test_missing_evidence_is_said_when_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    db = sqlite3.connect(tmp_path / "journal.db")
    with db:
        db.execute("DELETE FROM evidence")
    db.close()
    journal = open_for_reading(tmp_path / "journal.db")
    with pytest.raises(JournalError) as refused:
        list(journal.steps())
    assert refused.value.code == "evidence_missing"
    assert len(list(journal.steps(with_evidence=False))) == len(morning())


def test_file_damaged_under_the_reader_is_a_journal_error(tmp_path: Path) -> None:
    write(tmp_path / "journal.db")
    content = bytearray((tmp_path / "journal.db").read_bytes())
    page = 4096
    for number in range(8, len(content) // page - 2):
        content[number * page : number * page + 64] = b"\xff" * 64
    (tmp_path / "journal.db").write_bytes(content)
    with pytest.raises(JournalError):
        list(open_for_reading(tmp_path / "journal.db").steps())


def test_flipped_bytes_never_raise_anything_but_a_journal_error(tmp_path: Path) -> None:
    """Seeded offsets all over the file: it reads, as it was or not, or says that it cannot."""
    outcomes: set[int | str] = set()
    path, dice = tmp_path / "journal.db", random.Random(7)
    write(path)
    sound = path.read_bytes()
    for offset in dice.sample(range(len(sound)), 500):
        damaged = bytearray(sound)
        damaged[offset] ^= 1 << dice.randrange(8)
        path.write_bytes(damaged)
        try:
            journal = open_for_reading(path)
            outcomes.add(len(list(journal.steps())))
            journal.close()
        except JournalError as error:
            outcomes.add(error.code)
    assert len(morning()) in outcomes
    assert {"bad_record", "journal_unusable"} <= outcomes
