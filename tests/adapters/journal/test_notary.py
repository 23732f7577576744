"""Checkpoints are made when they are due, of durable records only, and catch up when the second store comes back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.checkpoints import NS_DUE, RECORDS_DUE, Signed, due, read_line
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.notary import Notary, SignedJournal
from sottovoce.adapters.journal.signed_opening import open_notary
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.trail import verify_trail
from sottovoce.core.errors import ConnectivityError, JournalError
from sottovoce.core.ports import Step
from tests.adapters.journal.altering import run_sql
from tests.adapters.journal.worked import morning


class Ticking:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


class Undecided(MemoryJournal):
    """A journal whose disk is as far as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = 0

    def durable(self) -> int:
        return self.reached


class FailingStore(CheckpointStore):
    """A second store that can be taken away."""

    away = False
    refused = 0
    came_back: threading.Event

    def append(self, signed: Signed) -> None:
        if self.away:
            self.refused += 1
            raise ConnectivityError("the second store is away", code="store_unavailable")
        super().append(signed)
        self.came_back.set()


@pytest.fixture(autouse=True)
def soon_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second for a store of a test."""
    monkeypatch.setattr("sottovoce.adapters.journal.notary.RETRY_S", 0.01)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return load_signer(generate_key(tmp_path / "key")[0])


def _seqs(store: Path) -> list[int]:
    return [read_line(line).checkpoint.seq for line in store.read_bytes().splitlines()]


def _lost(journal: SignedJournal) -> str | None:
    return journal.lost


def _step() -> Step:
    return morning()[-1]


def test_due_after_a_thousand_records_or_a_minute_with_any() -> None:
    assert not due(RECORDS_DUE - 1, NS_DUE - 1)
    assert due(RECORDS_DUE, 0)
    assert due(1, NS_DUE)
    assert not due(0, 10 * NS_DUE)


def test_checkpoints_of_a_run_verify_and_the_last_one_closes_it(tmp_path: Path, signer: Signer) -> None:
    path, store = tmp_path / "journal.db", tmp_path / "second" / "c.jsonl"
    inner = SqliteJournal(path)
    journal = SignedJournal(inner, Notary(inner.head(), CheckpointStore(store, path), signer))
    for number in range(2 * RECORDS_DUE + 10):
        journal.append(_step())
        if number % 100 == 99:
            journal.flush()
    journal.close()
    assert _seqs(store) == [RECORDS_DUE, 2 * RECORDS_DUE, 2 * RECORDS_DUE + 10]
    assert [read_line(line).checkpoint.last for line in store.read_bytes().splitlines()] == [False, False, True]
    assert verify_trail(path, store, [signer.public], sealed=True).ok


def test_quiet_desk_gets_a_checkpoint_a_minute(tmp_path: Path, signer: Signer) -> None:
    clock, store = Ticking(), tmp_path / "second" / "c.jsonl"
    inner = MemoryJournal()
    journal = SignedJournal(inner, Notary(inner.head(), CheckpointStore(store, tmp_path / "j"), signer), clock)
    journal.append(_step())
    clock.now_ns = NS_DUE - 1
    journal.durable()
    clock.now_ns = NS_DUE
    journal.durable()
    journal.append(_step())
    clock.now_ns = 2 * NS_DUE - 1
    journal.durable()
    journal.close()
    assert _seqs(store) == [1, 2]


def test_record_that_is_not_durable_is_not_signed(tmp_path: Path, signer: Signer) -> None:
    store = tmp_path / "second" / "c.jsonl"
    inner = Undecided()
    notary = Notary(inner.head(), CheckpointStore(store, tmp_path / "j"), signer)
    journal = SignedJournal(inner, notary)
    for _ in range(RECORDS_DUE):
        journal.append(_step())
    assert not notary._waiting
    assert _seqs(store) == []
    inner.reached = RECORDS_DUE
    journal.durable()
    journal.close()
    assert _seqs(store)[0] == RECORDS_DUE


def test_record_whose_end_could_not_be_signed_is_said_at_the_close(tmp_path: Path, signer: Signer) -> None:
    path, store = tmp_path / "journal.db", tmp_path / "second" / "c.jsonl"
    inner = SqliteJournal(path)
    second = FailingStore(store, path)
    second.away = True
    journal = SignedJournal(inner, Notary(inner.head(), second, signer))
    journal.append(_step())
    with pytest.raises(JournalError, match="the end of the record is not signed: the second store is away"):
        journal.close()
    assert SqliteJournal(path, read_only=True).durable() == 1


def test_store_that_is_away_is_said_and_nothing_is_missing_when_it_is_back(tmp_path: Path, signer: Signer) -> None:
    path, store = tmp_path / "journal.db", tmp_path / "second" / "c.jsonl"
    inner = SqliteJournal(path)
    second = FailingStore(store, path)
    second.came_back = threading.Event()
    notary = Notary(inner.head(), second, signer)
    journal = SignedJournal(inner, notary)
    second.away = True
    for _ in range(2 * RECORDS_DUE):
        journal.append(_step())
    journal.flush()
    while not second.refused:
        threading.Event().wait(0.005)
    assert _lost(journal) == "the second store is away"
    assert inner.durable() == 2 * RECORDS_DUE, "the journal itself goes on"
    second.away = False
    assert second.came_back.wait(10)
    journal.close()
    assert _lost(journal) is None
    assert _seqs(store) == [RECORDS_DUE, 2 * RECORDS_DUE, 2 * RECORDS_DUE]
    assert verify_trail(path, store, [signer.public], sealed=True).ok


def test_next_life_goes_on_from_the_last_checkpoint(tmp_path: Path, signer: Signer) -> None:
    path, store = tmp_path / "journal.db", tmp_path / "second" / "c.jsonl"
    for life in (1, 2):
        inner = SqliteJournal(path)
        journal = SignedJournal(inner, open_notary(path, store, signer))
        journal.append(_step())
        journal.close()
        assert len(_seqs(store)) == life
    assert verify_trail(path, store, [signer.public], sealed=True).ok


@pytest.mark.parametrize("change", ["UPDATE steps SET hash = x'00' WHERE seq = 1", "DELETE FROM steps WHERE seq = 1"])
def test_next_life_does_not_sign_what_was_changed_meanwhile(tmp_path: Path, signer: Signer, change: str) -> None:
    path, store = tmp_path / "journal.db", tmp_path / "second" / "c.jsonl"
    journal = SignedJournal(SqliteJournal(path), open_notary(path, store, signer))
    journal.append(_step())
    journal.close()
    run_sql(path, change)
    with pytest.raises(JournalError, match="record 1 is not there as it was signed"):
        open_notary(path, store, signer)


def test_store_of_another_journal_is_refused(tmp_path: Path, signer: Signer) -> None:
    store = tmp_path / "second" / "c.jsonl"
    SqliteJournal(tmp_path / "a.db", {"run": "a"}).close()
    SqliteJournal(tmp_path / "b.db", {"run": "b"}).close()
    notary = open_notary(tmp_path / "a.db", store, signer)
    notary.attest(0, sqlite_head(tmp_path / "a.db"))
    notary.close()
    with pytest.raises(JournalError, match="not there as it was signed"):
        open_notary(tmp_path / "b.db", store, signer)


def sqlite_head(path: Path) -> str:
    """The head of a journal at rest."""
    journal = SqliteJournal(path, read_only=True)
    try:
        return journal.head()
    finally:
        journal.close()
