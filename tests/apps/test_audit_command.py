"""`sottovoce audit` from the key to the page, and `sottovoce clock`, with their exit codes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sottovoce.adapters.journal.signing import KEY_FILE_VARIABLE, KEY_VARIABLE
from tests.apps.commanding import Ran, ask
from tools.audit_sample.script import CLIENT_ID, Sample, make_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return make_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def altered(sample: Sample, tmp_path: Path) -> str:
    """The sample's journal with a size changed in the order itself."""
    path = tmp_path / "altered.db"
    path.write_bytes(sample.journal.read_bytes())
    db = sqlite3.connect(path)
    body = db.execute("SELECT body FROM steps WHERE seq = 2").fetchone()[0]
    with db:
        db.execute("UPDATE steps SET body = ? WHERE seq = 2", (body.replace(b":300000", b":200000"),))
    db.close()
    return str(path)


def _signed(sample: Sample) -> list[str]:
    return ["--checkpoints", str(sample.checkpoints), "--key", str(sample.public_key)]


def test_key_signs_a_run_and_verification_says_so(vwap_run: Ran, tmp_path: Path) -> None:
    keys = ask("audit", "keygen", str(tmp_path / "key"), "--json").json()
    store = ["--checkpoints", str(tmp_path / "second" / "c.jsonl")]
    signed = ask("audit", "sign", vwap_run.journal, *store, "--key", keys["private"], "--last", "--json")
    assert signed.json()["checkpoint"]["key_id"] == keys["key_id"]
    found = ask("audit", "verify", vwap_run.journal, *store, "--key", keys["public"], "--sealed", "--json")
    assert found.code == 0
    assert (found.json()["ok"], found.json()["first_bad"], found.json()["unsigned"]) == (True, None, 0)


def test_signing_without_a_key_is_refused(vwap_run: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    answer = ask("audit", "sign", vwap_run.journal, "--checkpoints", str(tmp_path / "second" / "c"), "--json")
    assert (answer.code, answer.refused()) == (2, "key_missing")


def test_altered_journal_exits_1_and_names_the_record(sample: Sample, altered: str) -> None:
    found = ask("audit", "verify", altered, *_signed(sample), "--json")
    assert found.code == 1
    assert found.json()["first_bad"] == 2
    said = ask("audit", "verify", altered, *_signed(sample))
    assert "the first bad record is 2" in said.out
    assert "record 2 is altered" in said.out


def test_receipt_remembers_and_finds_a_trail_set_back(sample: Sample, tmp_path: Path) -> None:
    receipt = str(tmp_path / "receipt.json")
    verify = ["audit", "verify", str(sample.journal), *_signed(sample), "--receipt", receipt, "--json"]
    assert (ask(*verify).code, ask(*verify).code) == (0, 0)
    older = tmp_path / "older.jsonl"
    older.write_bytes(b"".join(sample.checkpoints.read_bytes().splitlines(keepends=True)[:3]))
    back = ["--checkpoints", str(older), "--key", str(sample.public_key)]
    found = ask("audit", "verify", str(sample.journal), *back, "--receipt", receipt, "--json")
    assert found.code == 1
    assert "rolled back" in found.json()["faults"][0]


def test_receipt_that_is_none_is_refused(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text("{}")
    answer = ask(
        "audit", "verify", str(sample.journal), *_signed(sample), "--receipt", str(tmp_path / "receipt.json"), "--json"
    )
    assert (answer.code, answer.refused()) == (2, "bad_receipt")


def test_story_is_told_by_our_id_and_by_the_clients(sample: Sample, tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    where = ["--journal", str(sample.journal), *_signed(sample)]
    ours, theirs = (ask("audit", "show", name, *where, "--html", str(page)) for name in (sample.order_id, CLIENT_ID))
    assert (ours.code, theirs.code) == (0, 0)
    assert ours.out == theirs.out
    assert "8. Is the record intact?" in ours.out
    assert "record intact" in page.read_text("utf-8")
    document = ask("audit", "show", CLIENT_ID, *where, "--json").json()
    assert document["order_id"] == sample.order_id
    assert len(document["answers"]) == 8


def test_story_of_an_altered_record_says_so_and_exits_1(sample: Sample, altered: str) -> None:
    answer = ask("audit", "show", sample.order_id, "--journal", altered, *_signed(sample), "--json")
    assert answer.code == 1
    assert answer.json()["intact"] is False
    assert answer.json()["answers"][-1]["sentences"][0].startswith("No: the first bad record is 2")


def test_story_without_checkpoints_says_that_nothing_is_signed(sample: Sample) -> None:
    answer = ask("audit", "show", CLIENT_ID, "--journal", str(sample.journal))
    assert answer.code == 0
    assert "Nothing here is signed" in " ".join(answer.out.split())


def test_checkpoints_without_a_key_are_refused(sample: Sample) -> None:
    store = ["--checkpoints", str(sample.checkpoints)]
    answer = ask("audit", "show", CLIENT_ID, "--journal", str(sample.journal), *store, "--json")
    assert (answer.code, answer.refused()) == (2, "key_missing")


def test_order_nobody_entered_is_not_found(sample: Sample) -> None:
    answer = ask("audit", "show", "NOBODY", "--journal", str(sample.journal), "--json")
    assert (answer.code, answer.refused()) == (4, "no_order")


def test_journal_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    answer = ask("audit", "show", "X", "--journal", str(tmp_path / "none.db"), "--json")
    assert (answer.code, answer.refused()) == (4, "no_journal")


def test_evidence_is_exported_and_holds_on_its_own(sample: Sample, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    answer = ask(
        "audit", "export", CLIENT_ID, "--journal", str(sample.journal), "--out", str(out), *_signed(sample), "--json"
    )
    assert answer.code == 0
    assert answer.json()["checkpoints"] > 1
    pack = out / f"{sample.order_id}.json"
    assert answer.json()["files"] == [str(pack), str(pack.with_suffix(".html"))]
    found = ask("audit", "check", str(pack), "--key", str(sample.public_key), "--json")
    assert (found.code, found.json()["chained"]) == (0, 0)
    assert found.json()["signed"] == answer.json()["records"] - 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("26,884,500 USD", "24,884,500 USD", "does not fit its hash"),
        ("trader-1 asked at", "trader-9 asked at", "is not what its records say"),
    ],
)
def test_altered_evidence_does_not_hold(sample: Sample, tmp_path: Path, old: str, new: str, says: str) -> None:
    ask("audit", "export", CLIENT_ID, "--journal", str(sample.journal), "--out", str(tmp_path), *_signed(sample))
    pack = tmp_path / f"{sample.order_id}.json"
    text = pack.read_text("utf-8")
    assert old in text
    pack.write_text(text.replace(old, new), "utf-8")
    found = ask("audit", "check", str(pack), "--key", str(sample.public_key), "--json")
    assert found.code == 1
    assert any(says in fault for fault in found.json()["faults"])


def test_what_is_no_evidence_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    answer = ask("audit", "check", str(tmp_path / "x.json"), "--json")
    assert (answer.code, answer.refused()) == (2, "bad_pack")


def test_clock_tells_its_standing_and_exits_1_where_it_is_not_compliant() -> None:
    answer = ask("clock", "--json")
    found = answer.json()
    assert found["compliant"] is (found["standing"] in ("compliant", "drifting"))
    assert answer.code == (0 if found["compliant"] else 1)
    assert (found["alert_ns"], found["compliant_ns"]) == (500_000, 1_000_000)
    assert ask("clock").out.startswith(f"clock {found['standing']}: ")
