"""Group commit: a lone step at once, the rest together, nothing said early, nothing said after a failure."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sottovoce.adapters.journal import committer as committing
from sottovoce.adapters.journal.committer import GroupCommitter
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.records import Record
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted
from tests.adapters.journal.worked import morning

PATIENCE_S = 20.0


class SlowDisk:
    """A journal whose commits wait for the test; counts them and can fail the n-th."""

    def __init__(self, path: Path, *, fail_at: int = 0) -> None:
        self.journal = SqliteJournal(path)
        self.groups: list[int] = []
        self.entered = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self._fail_at = fail_at
        self._commit = self.journal.commit
        self.journal.commit = self._slow_commit  # type: ignore[method-assign]

    def _slow_commit(self, records: list[Record]) -> None:
        self.groups.append(len(records))
        self.entered.release()
        assert self.let.acquire(timeout=PATIENCE_S)
        if len(self.groups) == self._fail_at:
            raise JournalError("the disk is full", code="journal_write")
        self._commit(records)

    def wait_until_committing(self) -> None:
        assert self.entered.acquire(timeout=PATIENCE_S)


def test_everything_submitted_is_durable_and_said_in_order(tmp_path: Path) -> None:
    said: list[int] = []
    path, memory = tmp_path / "journal.db", MemoryJournal()
    journal = SqliteJournal(path)
    committer = GroupCommitter(journal)
    for step in morning():
        memory.append(step)
        committer.submit(step, said.append)
    committer.close()
    journal.close()
    assert said == list(range(1, len(morning()) + 1))
    assert open_for_reading(path).head() == memory.head()
    assert verify(path).ok


def test_said_only_once_it_is_on_disk(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = tmp_path / "journal.db"

    def look(seq: int) -> None:
        reader = open_for_reading(path)
        seen.append((seq, max(at for at, _ in reader.steps())))
        reader.close()

    committer = GroupCommitter(SqliteJournal(path))
    for step in morning():
        committer.submit(step, look)
    committer.close()
    assert len(seen) == len(morning())
    assert all(on_disk >= seq for seq, on_disk in seen)


def test_lone_step_is_committed_at_once_and_the_rest_collect(tmp_path: Path) -> None:
    said: list[int] = []
    disk = SlowDisk(tmp_path / "journal.db")
    committer = GroupCommitter(disk.journal)
    committer.submit(morning()[0], said.append)
    disk.wait_until_committing()
    for step in morning()[1:11]:
        committer.submit(step, said.append)
    assert said == []
    disk.let.release()
    disk.wait_until_committing()
    assert said == [1]
    disk.let.release()
    committer.drain()
    assert said == list(range(1, 12))
    assert disk.groups == [1, 10]
    committer.close()


def test_failed_commit_says_nothing_and_stops_the_next_order(tmp_path: Path) -> None:
    said: list[int] = []
    path = tmp_path / "journal.db"
    disk = SlowDisk(path, fail_at=2)
    committer = GroupCommitter(disk.journal)
    committer.submit(morning()[0], said.append)
    disk.wait_until_committing()
    for step in morning()[1:6]:
        committer.submit(step, said.append)
    disk.let.release()
    disk.let.release()
    for stopped in (committer.drain, lambda: committer.submit(morning()[6], said.append), committer.close):
        with pytest.raises(JournalError) as refused:
            stopped()
        assert refused.value.code == "commit_failed"
        assert "the disk is full" in str(refused.value)
    assert said == [1]
    assert [seq for seq, _ in open_for_reading(path).steps()] == [1]


def test_second_use_of_a_client_id_stops_the_committer(tmp_path: Path) -> None:
    said: list[int] = []
    accepted = next(step for step in morning() if isinstance(step.events[0], OrderAccepted))
    committer = GroupCommitter(SqliteJournal(tmp_path / "journal.db"))
    committer.submit(accepted, said.append)
    committer.drain()
    committer.submit(accepted, said.append)
    with pytest.raises(JournalError):
        committer.close()
    assert said == [1]


def test_callback_that_fails_stops_the_committer(tmp_path: Path) -> None:
    said: list[int] = []

    def fail(seq: int) -> None:
        raise ConnectionError("nobody listens")

    committer = GroupCommitter(SqliteJournal(tmp_path / "journal.db"))
    committer.submit(morning()[0], fail)
    with pytest.raises(JournalError) as refused:
        committer.drain()
    assert "nobody listens" in str(refused.value)
    with pytest.raises(JournalError):
        committer.submit(morning()[1], said.append)
    assert said == []


def test_submit_waits_when_too_much_is_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "PENDING_MAX", 3)
    said: list[int] = []
    disk = SlowDisk(tmp_path / "journal.db")
    committer = GroupCommitter(disk.journal)
    committer.submit(morning()[0], said.append)
    disk.wait_until_committing()
    for step in morning()[1:4]:
        committer.submit(step, said.append)
    fifth = threading.Thread(target=committer.submit, args=(morning()[4], said.append))
    fifth.start()
    fifth.join(timeout=0.05)
    assert fifth.is_alive(), "the fourth of three waiting steps must wait"
    for _ in range(3):
        disk.let.release()
    fifth.join(timeout=PATIENCE_S)
    assert not fifth.is_alive()
    committer.close()
    assert said == [1, 2, 3, 4, 5]


def test_submit_that_waits_is_released_by_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "PENDING_MAX", 1)
    refused: list[str] = []
    disk = SlowDisk(tmp_path / "journal.db", fail_at=1)

    def submit_late() -> None:
        try:
            committer.submit(morning()[2], lambda seq: None)
        except JournalError as error:
            refused.append(error.code)

    committer = GroupCommitter(disk.journal)
    committer.submit(morning()[0], lambda seq: None)
    disk.wait_until_committing()
    committer.submit(morning()[1], lambda seq: None)
    late = threading.Thread(target=submit_late)
    late.start()
    disk.let.release()
    late.join(timeout=PATIENCE_S)
    assert refused == ["commit_failed"]


def test_closed_committer_takes_nothing(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    committer = GroupCommitter(journal)
    committer.close()
    head = journal.head()
    with pytest.raises(JournalError) as refused:
        committer.submit(morning()[0], lambda seq: None)
    assert refused.value.code == "journal_closed"
    assert journal.head() == head


def test_checkpoints_run_beside_the_commits_and_lose_nothing(tmp_path: Path) -> None:
    path, memory = tmp_path / "journal.db", MemoryJournal()
    journal = SqliteJournal(path)
    committer = GroupCommitter(journal, checkpoint_bytes=10_000)
    size_at_start = path.stat().st_size
    for step in morning():
        memory.append(step)
        committer.submit(step, lambda seq: None)
        committer.drain()
    committer.close()
    assert committer.checkpoints > 0
    assert path.stat().st_size > size_at_start, "pages reached the file while the journal was open"
    journal.close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["journal.db"]
    assert verify(path).head == memory.head()
