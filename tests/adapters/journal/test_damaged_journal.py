"""A file that is damaged, forged, newer or something else: refused in words, never built upon, never a traceback."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from pathlib import Path

import pytest

from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.core.errors import JournalError
from tests.adapters.journal.altering import run_sql
from tests.adapters.journal.worked import morning


def write(path: Path) -> None:
    """A journal of the morning."""
    journal = SqliteJournal(path, {"seed": "7"})
    for step in morning():
        journal.append(step)
    journal.close()


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


def test_forged_snapshot_is_passed_over_though_its_own_hash_fits(tmp_path: Path) -> None:
    """What is in the chain decides, not what stands beside the content."""
    path, forged = tmp_path / "journal.db", b'{"blotter":"{\\"x\\":2}"}'
    journal = SqliteJournal(path)
    first = journal.snapshot({"blotter": b"{}"})
    second = journal.snapshot({"blotter": b'{"x":1}'})
    journal.close()
    db = sqlite3.connect(path)
    with db:
        values = (forged, hashlib.sha256(forged).hexdigest(), second)
        db.execute("UPDATE snapshots SET body = ?, hash = ? WHERE seq = ?", values)
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


def test_tail_that_is_no_text_or_number_any_more_is_not_built_upon(tmp_path: Path) -> None:
    """A text in the place of bytes, as a damaged row header gives; only a table without types lets a test write it."""
    path = tmp_path / "journal.db"
    write(path)
    run_sql(
        path,
        "ALTER TABLE steps RENAME TO typed",
        "CREATE TABLE steps (seq INTEGER PRIMARY KEY, ts_ns, body, prev, hash)",
        "INSERT INTO steps SELECT * FROM typed",
        "UPDATE steps SET body = CAST(body AS TEXT) WHERE seq = (SELECT max(seq) FROM steps)",
    )
    for opening in (SqliteJournal, open_for_reading):
        with pytest.raises(JournalError) as refused:
            opening(path)
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
    """Seeded offsets all over the file, and some in its header: it reads, as it was or not, or says that it cannot."""
    outcomes: set[int | str] = set()
    path, dice = tmp_path / "journal.db", random.Random(7)
    write(path)
    sound = path.read_bytes()
    for offset in (*range(0, 100, 7), *dice.sample(range(len(sound)), 500)):
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
