"""`sottovoce desk`: the views name what an answer must name, from the record alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.apps.commanding import Ran, ask

LARGE = "Buy 300k MSFT VWAP"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record whose only order waits for a person."""
    folder = tmp_path_factory.mktemp("held") / "out"
    answer = ask("run", LARGE, "--out", str(folder), "--json")
    assert answer.code == 3
    return folder


def test_queue_names_the_digest_the_rules_and_whose_they_are(held: Path) -> None:
    (row,) = ask("desk", "queue", str(held), "--json").json()["held"]
    assert (row["order_qty"], row["principal"], row["side"]) == (300_000, "trader-1", "buy")
    assert len(row["digest"]) == 64
    assert row["rules"]
    assert {each["released_by"] for each in row["rules"]} == {""}
    assert {each["role"] for each in row["rules"]} <= {"risk", "trader", "compliance"}
    text = ask("desk", "queue", str(held / "journal.db")).out
    assert f"digest {row['digest']}" in text
    assert row["parent_id"] in text


def test_desk_with_nothing_open_says_so(vwap_run: Ran) -> None:
    assert ask("desk", "queue", vwap_run.journal, "--json").json() == {"held": []}
    assert ask("desk", "kills", vwap_run.journal).out == "Nothing is stopped.\n"
    assert ask("desk", "breaks", vwap_run.journal, "--json").json() == {"breaks": [], "unknown": []}


@pytest.mark.parametrize("view", ["queue", "kills", "breaks"])
def test_no_journal_is_not_found(view: str, tmp_path: Path) -> None:
    answer = ask("desk", view, str(tmp_path / "none.db"), "--json")
    assert (answer.code, answer.refused()) == (4, "no_journal")


def lines(folder: Path, *commands: dict[str, object]) -> str:
    """A file of requests at 11:00 New York and each ten minutes after."""
    path = folder / "commands.jsonl"
    said = [{"at": f"2018-02-08T16:{10 * number:02}:00Z", "command": each} for number, each in enumerate(commands)]
    path.write_bytes(b"\n".join(msgspec.json.encode(each) for each in said))
    return str(path)


def test_commands_release_with_four_eyes_and_amend_what_works(tmp_path: Path) -> None:
    """The digest is read from the queue of the same run without them; the requester's own release is refused."""
    before = tmp_path / "before"
    assert ask("run", LARGE, "--date", "2018-02-08", "--config", patient(tmp_path), "--out", str(before)).code == 3
    (row,) = ask("desk", "queue", str(before), "--json").json()["held"]
    release = {
        "type": "release_hold", "parent_id": row["parent_id"], "plan_digest": row["digest"], "reason": "seen",
    }  # fmt: skip
    amend = {"type": "amend_order", "principal": "trader-1", "parent_id": row["parent_id"]}
    file = lines(
        tmp_path,
        release | {"principal": "trader-1"},
        release | {"principal": "simulated-risk"},
        amend | {"urgency": "high"},
        amend | {"avoid_venues": ["SIMA"]},
        amend | {"end_ns": 1518122700000000000, "order_qty": 250_000},
    )
    args = ["--date", "2018-02-08", "--config", patient(tmp_path), "--commands", file, "--out", str(tmp_path / "after")]
    found = ask("run", LARGE, *args, "--json").json()
    assert [(each["command"], bool(each["refused"])) for each in found["commands"]] == [
        ("release_hold", True), ("release_hold", False),
        ("amend_order", False), ("amend_order", False), ("amend_order", False),
    ]  # fmt: skip
    assert found["orders"][0]["order_qty"] == 250_000
    assert found["orders"][0]["filled"] > 0


def test_refusal_with_its_reason_ends_a_held_order(tmp_path: Path, held: Path) -> None:
    (row,) = ask("desk", "queue", str(held), "--json").json()["held"]
    refuse = {"type": "refuse_hold", "parent_id": row["parent_id"], "principal": "simulated-risk", "reason": "too big"}
    path = tmp_path / "commands.jsonl"
    path.write_bytes(msgspec.json.encode({"at": "2018-02-08T14:35:00Z", "command": refuse}))
    answer = ask("run", LARGE, "--date", "2018-02-08", "--commands", str(path), "--json")
    assert answer.code == 3
    assert [each["refused"] for each in answer.json()["commands"]] == [[]]
    assert "too big" in answer.out


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}", "command_line"),
        (b'{"at": "noon", "command": {"type": "halt_trading", "principal": "x"}}', "value_not_time"),
        (b'{"at": "2018-02-08T16:00:00Z", "command": {"type": "no_such"}}', "command_fields"),
        (
            b'{"at": "2018-02-07T16:00:00Z", "command": {"type": "pause_order", "principal": "x", "parent_id": "P"}}',
            "command_time",
        ),
        (b"\xff", "command_line"),
    ],
)
def test_bad_line_is_named(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "commands.jsonl"
    path.write_bytes(content)
    answer = ask("run", "Buy 100 MSFT", "--date", "2018-02-08", "--commands", str(path), "--json")
    assert (answer.code, answer.refused()) == (2, code)
    if code != "command_time":
        assert "Line 1" in answer.err


def patient(folder: Path) -> str:
    """A desk whose holds wait for three hours."""
    path = folder / "desk.toml"
    path.write_text("[approval]\nminutes = 180\n", "utf-8")
    return str(path)
