"""Verify and replay: the same run twice, the record folded and not read, and every kind of file that is no record."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill
from tests.adapters.journal.altering import flip_value, rewrite_event, run_sql
from tests.apps.commanding import VWAP, Ran, ask


@pytest.fixture
def copy(vwap_run: Ran, tmp_path: Path) -> Path:
    """The journal of the run, to be altered."""
    path = tmp_path / "journal.db"
    path.write_bytes(Path(vwap_run.journal).read_bytes())
    return path


def verified(path: Path) -> tuple[int, list[str]]:
    """(exit code, faults)."""
    answer = ask("journal", "verify", str(path), "--json")
    return answer.code, answer.json()["faults"]


def dearer(event: StageEvent) -> StageEvent | None:
    return msgspec.structs.replace(event, px=event.px + 1) if isinstance(event, Fill) else None


def test_same_run_twice_gives_equal_digests(vwap_run: Ran, tmp_path: Path) -> None:
    again = ask("run", VWAP, "--market", "sim", "--seed", "7", "--approve", "--out", str(tmp_path / "b"), "--json")
    for digest in ("digest", "journal_digest"):
        assert again.json()[digest] == vwap_run.document[digest]
        assert len(vwap_run.document[digest]) == 64


def test_another_seed_gives_other_digests(vwap_run: Ran) -> None:
    other = ask("run", VWAP, "--seed", "8", "--approve", "--json").json()
    assert other["digest"] != vwap_run.document["digest"]
    assert other["journal_digest"] != vwap_run.document["journal_digest"]


def test_run_without_a_folder_has_the_same_digests(vwap_run: Ran) -> None:
    found = ask("run", VWAP, "--approve", "--json").json()
    assert (found["digest"], found["journal_digest"]) == (
        vwap_run.document["digest"],
        vwap_run.document["journal_digest"],
    )
    assert found["files"] == []


def test_replay_folds_to_the_digest_of_the_run(vwap_run: Ran) -> None:
    answer = ask("replay", vwap_run.journal, "--json")
    assert (answer.code, answer.json()) == (0, {"digest": vwap_run.document["digest"]})


def test_replay_does_not_depend_on_the_secret_of_today(vwap_run: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTOVOCE_SECRET", "another secret of sufficient length")
    assert ask("replay", vwap_run.journal, "--json").json()["digest"] == vwap_run.document["digest"]


def test_verify_finds_the_record_of_a_run_sound(vwap_run: Ran) -> None:
    answer = ask("journal", "verify", vwap_run.journal, "--json")
    found = answer.json()
    assert (answer.code, found["ok"], found["faults"]) == (0, True, [])
    assert found["journal_digest"] == vwap_run.document["journal_digest"]
    assert found["records"] == vwap_run.document["stats"]["steps"] + 2  # the first record, and the snapshot
    assert "all intact" in ask("journal", "verify", vwap_run.journal).out


@pytest.mark.parametrize(
    ("table", "column"), [("meta", "value"), ("steps", "body"), ("evidence", "body"), ("client_ids", "seq")]
)
def test_one_byte_altered_is_named_with_exit_1(copy: Path, table: str, column: str) -> None:
    name = flip_value(copy, table, column, row=0, at=11)
    code, faults = verified(copy)
    assert code == 1
    assert any(fault.startswith(table) and name in fault for fault in faults)
    text = ask("journal", "verify", str(copy))
    assert text.code == 1
    assert faults[0] in text.out


def test_altered_event_with_repaired_chain_verifies_but_folds_to_another_digest(vwap_run: Ran, copy: Path) -> None:
    assert rewrite_event(copy, dearer) > 0
    assert verified(copy) == (0, [])
    answer = ask("replay", str(copy), "--json")
    assert answer.code == 0
    assert answer.json()["digest"] != vwap_run.document["digest"]


def test_impossible_history_is_named_by_its_step(copy: Path) -> None:
    def swollen(event: StageEvent) -> StageEvent | None:
        grown = {"qty": event.qty + 10**6, "from_working": event.qty + 10**6} if isinstance(event, Fill) else {}
        return msgspec.structs.replace(event, **grown) if grown else None

    step = rewrite_event(copy, swollen)
    answer = ask("replay", str(copy), "--json")
    assert (answer.code, answer.refused()) == (1, "not_foldable")
    assert f"step {step} " in answer.err


def test_replay_needs_no_evidence(vwap_run: Ran, copy: Path) -> None:
    """Evidence is for people; its loss is verify's to find."""
    assert run_sql(copy, "DELETE FROM evidence") > 0
    assert ask("replay", str(copy), "--json").json()["digest"] == vwap_run.document["digest"]
    assert verified(copy)[0] == 1


@pytest.mark.parametrize("command", [("journal", "verify"), ("replay",)])
@pytest.mark.parametrize("content", [b"", b"{}", b"SQLite format 3\x00" + b"\x00" * 4080])
def test_what_is_no_journal_has_exit_1(command: tuple[str, ...], content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    answer = ask(*command, str(path), "--json")
    assert answer.code == 1
    assert answer.json()


@pytest.mark.parametrize("command", [("journal", "verify"), ("replay",)])
def test_no_file_has_exit_4(command: tuple[str, ...], tmp_path: Path) -> None:
    for missing in (tmp_path / "nothing.db", tmp_path):
        answer = ask(*command, str(missing), "--json")
        assert (answer.code, answer.refused()) == (4, "no_journal")


def test_truncated_journal_is_found_and_not_replayed(copy: Path) -> None:
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) // 2])
    assert verified(copy)[0] == 1
    assert ask("replay", str(copy), "--json").code == 1


def test_verify_leaves_nothing_beside_the_journal(copy: Path) -> None:
    ask("journal", "verify", str(copy))
    ask("replay", str(copy))
    assert [entry.name for entry in copy.parent.iterdir()] == ["journal.db"]
