"""`sottovoce recover` and `sottovoce snapshot`: what was cut and restored, in sentences, and nothing sent."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.apps.commanding import Ran, ask


@pytest.fixture
def copy(vwap_run: Ran, tmp_path: Path) -> Path:
    """The journal of the run, to be damaged."""
    path = tmp_path / "journal.db"
    path.write_bytes(Path(vwap_run.journal).read_bytes())
    return path


def last_seq(path: Path) -> int:
    db = sqlite3.connect(path)
    seq: int = db.execute("SELECT max(seq) FROM steps").fetchone()[0]
    db.close()
    return seq


def test_sound_journal_is_read_back_and_nothing_is_cut(copy: Path) -> None:
    answer = ask("recover", str(copy))
    assert answer.code == 0
    assert "nothing was cut" in answer.out
    assert "the same state" in answer.out


def test_damaged_end_is_cut_and_said(copy: Path) -> None:
    last = last_seq(copy)
    db = sqlite3.connect(copy)
    with db:
        db.execute("UPDATE steps SET body = x'00' WHERE seq = ?", (last,))
    db.close()
    found = ask("recover", str(copy), "--json").json()
    assert (found["cut"], found["last_seq"], found["equal"]) == ([last], last - 1, True)
    assert Path(found["kept_in"]).exists()
    assert f"record {last}" in found["faults"][0]
    assert ask("recover", str(copy), "--json").json()["cut"] == []


def test_snapshot_is_taken_and_recovery_starts_from_it(copy: Path) -> None:
    taken = ask("snapshot", str(copy), "--json").json()
    found = ask("recover", str(copy), "--json").json()
    assert (found["snapshot_seq"], found["steps"], found["equal"]) == (taken["seq"], 0, True)
    assert found["steps_from_empty"] == taken["steps"]


def test_damage_that_is_no_torn_end_is_refused(copy: Path) -> None:
    db = sqlite3.connect(copy)
    with db:
        db.execute("UPDATE steps SET body = x'00' WHERE seq = 3")
    db.close()
    answer = ask("recover", str(copy), "--json")
    assert answer.code == 1
    assert answer.json()["error"]["code"] == "journal_damaged"


@pytest.mark.parametrize("command", ["recover", "snapshot"])
def test_no_journal_is_not_found(tmp_path: Path, command: str) -> None:
    assert ask(command, str(tmp_path / "none.db")).code == 4
