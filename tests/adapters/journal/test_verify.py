"""Whatever is done to a journal behind its back, verification says which record no longer fits."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from sottovoce.adapters.journal.verify import FAULTS_MAX, verify
from tests.adapters.journal.altering import KEYS, TABLES, contents, flip_value, rewrite_event, run_sql, write_morning
from tests.adapters.journal.worked import morning

SEED = 20180208
FLIPS = 1_000


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a sound journal with rows in every table."""
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    write_morning(path)
    return path.read_bytes()


@pytest.fixture
def path(sound: bytes, tmp_path: Path) -> Path:
    """A copy to be altered."""
    copy = tmp_path / "journal.db"
    copy.write_bytes(sound)
    return copy


def test_sound_journal_verifies(path: Path) -> None:
    found = verify(path)
    assert (found.ok, found.faults) == (True, [])
    assert found.records == len(morning()) + 3
    assert found.head == contents(path)["steps"][-1][4].hex()  # type: ignore[attr-defined]


def test_every_table_of_the_file_is_altered_below(path: Path) -> None:
    db = sqlite3.connect(path)
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    columns = {name: tuple(row[1] for row in db.execute(f"PRAGMA table_info({name})")) for name in tables}
    db.close()
    assert columns == TABLES
    assert all(contents(path).values()), "a table without rows"


@pytest.mark.parametrize("place", [0.0, 0.37, 1.0])
@pytest.mark.parametrize(("table", "column"), [(table, one) for table, columns in TABLES.items() for one in columns])
def test_one_byte_of_any_column_is_found_and_named(path: Path, table: str, column: str, place: float) -> None:
    row = int(place * (len(contents(path)[table]) - 1))
    name = flip_value(path, table, column, row, at=int(place * 97))
    found = verify(path)
    assert not found.ok
    assert any(fault.startswith(table) and name in fault for fault in found.faults), found.faults


@pytest.mark.parametrize("table", TABLES)
def test_removed_row_is_found(path: Path, table: str) -> None:
    key = ", ".join(KEYS[table])
    assert run_sql(path, f"DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} LIMIT 1)") == 1
    assert any(fault.startswith(table) for fault in verify(path).faults)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("meta", "'operator', 'nobody'"),
        ("steps", "99, 0, x'7b7d', x'00', x'00'"),
        ("evidence", "'abc', 3, x'7b7d'"),
        ("client_ids", "'P-NOBODY', 3"),
        ("snapshots", "3, 'abc', x'7b7d'"),
    ],
)
def test_inserted_row_is_found(path: Path, table: str, values: str) -> None:
    assert run_sql(path, f"INSERT INTO {table} VALUES ({values})") == 1
    assert any(fault.startswith(table) for fault in verify(path).faults)


def test_last_record_cut_off_with_its_rows_is_seen_in_the_digest_alone(path: Path) -> None:
    """A shorter sound chain is a sound chain: only the digest that was printed tells, so it is printed."""
    before = verify(path)
    run_sql(path, "DELETE FROM steps WHERE seq = (SELECT max(seq) FROM steps)")
    after = verify(path)
    assert after.records == before.records - 1
    assert after.head != before.head


def test_swapped_records_are_found(path: Path) -> None:
    run_sql(
        path,
        "UPDATE steps SET seq = -1 WHERE seq = 5",
        "UPDATE steps SET seq = 5 WHERE seq = 6",
        "UPDATE steps SET seq = 6 WHERE seq = -1",
    )
    faults = verify(path).faults
    assert any("steps seq 5" in fault for fault in faults)
    assert any("steps seq 6" in fault for fault in faults)


def test_swapped_contents_are_found(path: Path) -> None:
    bodies = {seq: body for seq, _, body, _, _ in contents(path)["steps"]}
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE steps SET body = ? WHERE seq = 5", (bodies[6],))
        db.execute("UPDATE steps SET body = ? WHERE seq = 6", (bodies[5],))
    db.close()
    faults = verify(path).faults
    assert {f"steps seq {seq}: its hash does not match its content" for seq in (5, 6)} <= set(faults)


def test_evidence_of_another_step_is_found(path: Path) -> None:
    (one, seq, _), (other, _, _) = contents(path)["evidence"][0], contents(path)["evidence"][1]
    run_sql(path, f"UPDATE evidence SET body = (SELECT body FROM evidence WHERE hash = '{other}') WHERE hash = '{one}'")
    assert any(f"evidence {one} of step {seq}" in fault for fault in verify(path).faults)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE meta ADD COLUMN note TEXT",
        "CREATE TABLE notes (text TEXT)",
        "CREATE INDEX by_time ON steps (ts_ns)",
        "CREATE VIEW last AS SELECT max(seq) FROM steps",
        "CREATE TRIGGER quiet AFTER INSERT ON steps BEGIN DELETE FROM evidence; END",
        "ALTER TABLE snapshots RENAME TO pictures",
        "DROP TABLE client_ids",
    ],
)
def test_altered_schema_is_found(path: Path, statement: str) -> None:
    run_sql(path, statement)
    assert any(fault.startswith("schema") for fault in verify(path).faults)


@pytest.mark.parametrize("part", [0.01, 0.2, 0.5, 0.9, 0.999])
def test_truncated_file_is_found(path: Path, part: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert not verify(path).ok


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00", b"{}" * 5_000])
def test_what_is_no_database_is_found(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    found = verify(path)
    assert not found.ok
    assert found.records == 0


def test_database_of_something_else_is_found(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    run_sql(other, "CREATE TABLE trades (id INTEGER)")
    faults = verify(other).faults
    assert any(fault.startswith("schema") for fault in faults)
    assert any(fault.startswith("steps") for fault in faults)


def test_faults_are_listed_up_to_a_maximum(path: Path) -> None:
    run_sql(path, "UPDATE steps SET ts_ns = ts_ns + 1")
    assert len(verify(path).faults) == FAULTS_MAX


def test_text_that_is_no_text_any_more_is_named(path: Path) -> None:
    """A byte that no UTF-8 has, written into the file itself."""
    content = path.read_bytes()
    assert content.count(b"seedP-") + content.count(b"seed7") >= 1
    path.write_bytes(content.replace(b"seed7", b"see\xff7"))
    assert any(fault.startswith("meta see\\xff") for fault in verify(path).faults)


def test_repaired_chain_verifies_because_no_hash_is_secret(path: Path) -> None:
    """What a chain cannot show, the folded digest does: tests/runtime/test_replay.py."""
    before = verify(path).head
    step = rewrite_event(path, lambda event: replace(event, ts_ns=event.ts_ns + 1))
    after = verify(path)
    assert step > 0
    assert after.ok
    assert after.head != before


def test_flipped_byte_of_the_file_is_found_or_holds_no_content(path: Path, sound: bytes) -> None:
    """Seeded offsets all over the file, one bit each. Not found means every row still reads as it was."""
    dice, before, missed = random.Random(SEED), contents(path), []
    for offset in sorted(dice.sample(range(len(sound)), FLIPS)):
        damaged = bytearray(sound)
        damaged[offset] ^= 1 << dice.randrange(8)
        path.write_bytes(damaged)
        if verify(path).ok:
            missed.append(offset)
            assert contents(path) == before, f"offset {offset}, seed {SEED}"
    assert FLIPS - len(missed) >= 200, "free space in pages holds no content; a third of the file is not free"


def test_flipped_byte_of_every_record_is_named(path: Path, sound: bytes) -> None:
    """One bit inside each body, in the file itself, where the body stands once."""
    dice, named = random.Random(SEED), 0
    for seq, _, body, _, _ in contents(path)["steps"]:
        assert isinstance(body, bytes)
        if sound.count(start := body[:300]) != 1:
            continue
        damaged = bytearray(sound)
        damaged[sound.find(start) + dice.randrange(len(start))] ^= 1 << dice.randrange(8)
        path.write_bytes(damaged)
        named += any(f"steps seq {seq}:" in fault for fault in verify(path).faults)
    assert named >= len(morning()) - 1
