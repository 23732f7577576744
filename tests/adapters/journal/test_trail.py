"""Whatever is done to a signed journal, offline verification says so in a sentence, and names the first bad record."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from sottovoce.adapters.journal.checkpoints import read_line
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer, load_verifier
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.trail import sign_head, verify_trail
from sottovoce.core.errors import ConfigError, JournalError
from tests.adapters.journal.altering import KEYS, TABLES, contents, flip_value, run_sql
from tests.adapters.journal.signing_trails import EVERY, SignedDay, rehash, signed_day
from tests.adapters.journal.worked import morning

FLIPS = 400


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SignedDay:
    """A signed day nobody has touched."""
    return signed_day(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def day(whole: SignedDay, tmp_path: Path) -> SignedDay:
    """A copy to be altered."""
    return whole.copied_to(tmp_path)


def test_untouched_trail_verifies_and_says_how_far_it_is_signed(whole: SignedDay) -> None:
    found = whole.verify(sealed=True)
    assert (found.faults, found.first_bad) == ([], None)
    assert found.records == len(morning()) + 2
    assert (found.signed_seq, found.unsigned) == (found.records - 1, 0)
    assert found.checkpoints == len(morning()) // EVERY + 1
    assert found.receipt is not None


@pytest.mark.parametrize("place", [0.0, 0.37, 1.0])
@pytest.mark.parametrize(("table", "column"), [(table, one) for table, columns in TABLES.items() for one in columns])
def test_one_bit_of_any_column_is_found(day: SignedDay, table: str, column: str, place: float) -> None:
    row = int(place * (len(contents(day.journal)[table]) - 1))
    flip_value(day.journal, table, column, row, at=int(place * 97))
    assert not day.verify().ok


@pytest.mark.parametrize("seq", [0, 1, 9, 23])
def test_altered_record_is_named_as_the_first_bad_one(day: SignedDay, seq: int) -> None:
    flip_value(day.journal, "steps", "body", seq, at=40)
    found = day.verify()
    assert found.first_bad == seq
    assert f"record {seq}" in found.faults[0]


def test_any_flipped_bit_of_the_file_is_found_or_changes_no_row(day: SignedDay) -> None:
    before, sound = contents(day.journal), day.journal.read_bytes()
    dice, harmless = random.Random(20180209), 0
    for _ in range(FLIPS):
        altered = bytearray(sound)
        altered[dice.randrange(len(altered))] ^= 1 << dice.randrange(8)
        day.journal.write_bytes(altered)
        if day.verify().ok:
            assert contents(day.journal) == before
            harmless += 1
    assert harmless < FLIPS * 3 // 4, "much of the file is content"


def test_any_flipped_bit_of_the_store_is_found(day: SignedDay) -> None:
    sound = day.store.read_bytes()
    dice = random.Random(20180210)
    for _ in range(FLIPS):
        altered = bytearray(sound)
        at = dice.randrange(len(altered))
        altered[at] ^= 1 << dice.randrange(8)
        day.store.write_bytes(altered)
        assert not day.verify().ok, f"byte {at}"


def test_dropped_record_is_named(day: SignedDay) -> None:
    run_sql(day.journal, "DELETE FROM steps WHERE seq = 11")
    found = day.verify()
    assert (found.first_bad, found.faults[0]) == (11, "record 11 is missing: the next one is record 12")


def test_dropped_record_with_the_rest_moved_up_and_hashed_again_is_found(day: SignedDay) -> None:
    moved = "UPDATE steps SET seq = -seq WHERE seq > 11", "UPDATE steps SET seq = -seq - 1 WHERE seq < 0"
    run_sql(day.journal, "DELETE FROM steps WHERE seq = 11", *moved)
    rehash(day.journal, 11)
    found = day.verify()
    assert not found.ok
    assert found.first_bad is not None
    assert found.first_bad <= 11


def test_swapped_records_are_found(day: SignedDay) -> None:
    run_sql(
        day.journal,
        "UPDATE steps SET seq = -1 WHERE seq = 14",
        "UPDATE steps SET seq = 14 WHERE seq = 15",
        "UPDATE steps SET seq = 15 WHERE seq = -1",
    )
    assert day.verify().first_bad == 14


def test_inserted_record_is_found(day: SignedDay) -> None:
    end = day.verify().records
    run_sql(day.journal, f"INSERT INTO steps VALUES ({end}, 0, x'7b7d', x'00', x'00')")
    found = day.verify()
    assert found.first_bad == end


def test_truncated_journal_is_found_and_named(day: SignedDay) -> None:
    run_sql(day.journal, "DELETE FROM steps WHERE seq > 20", "DELETE FROM evidence WHERE seq > 20",
            "DELETE FROM client_ids WHERE seq > 20", "DELETE FROM snapshots")  # fmt: skip
    found = day.verify()
    assert found.first_bad == 21
    assert found.faults[0].startswith("record 21 is missing: the journal ends before it")


def test_tail_hashed_again_without_the_key_is_found(day: SignedDay) -> None:
    db = sqlite3.connect(day.journal)
    body = db.execute("SELECT body FROM steps WHERE seq = 15").fetchone()[0]
    with db:
        db.execute("UPDATE steps SET body = ? WHERE seq = 15", (body.replace(b'"ts_ns":15', b'"ts_ns":16', 1),))
    db.close()
    rehash(day.journal, 15)
    found = day.verify()
    last_good = 15 // EVERY * EVERY
    assert found.first_bad == last_good + 1
    assert found.faults[0] == f"records {last_good + 1} to {last_good + EVERY} are not as they were signed"


def test_older_journal_under_the_present_checkpoints_is_found(day: SignedDay, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    old = signed_day(older, records=2 * EVERY)
    day.journal.write_bytes(old.journal.read_bytes())
    found = day.verify()
    assert found.first_bad == 2 * EVERY + 2, "the first after its own last one, a snapshot"
    assert "was signed" in " ".join(found.faults)


def test_older_journal_with_its_older_checkpoints_is_found_by_the_receipt(day: SignedDay) -> None:
    seen = day.verify().receipt
    lines = day.store.read_bytes().splitlines(keepends=True)
    day.store.write_bytes(b"".join(lines[:2]))
    run_sql(day.journal, f"DELETE FROM steps WHERE seq > {2 * EVERY}", f"DELETE FROM evidence WHERE seq > {2 * EVERY}",
            f"DELETE FROM client_ids WHERE seq > {2 * EVERY}", "DELETE FROM snapshots")  # fmt: skip
    assert day.verify().ok, "in itself the older pair is sound"
    found = verify_trail(day.journal, day.store, [day.signer.public], receipt=seen)
    assert found.first_bad == 2 * EVERY + 1
    assert found.faults[0].endswith("is gone: the trail was rolled back or replaced")


def test_receipt_of_an_earlier_visit_does_not_object_to_growth(day: SignedDay) -> None:
    lines = day.store.read_bytes().splitlines(keepends=True)
    day.store.write_bytes(b"".join(lines[:2]))
    early = day.verify()
    assert (early.ok, early.unsigned > 0) == (True, True)
    day.store.write_bytes(b"".join(lines))
    assert verify_trail(day.journal, day.store, [day.signer.public], receipt=early.receipt).ok


def test_checkpoint_left_out_or_moved_is_found(day: SignedDay) -> None:
    lines = day.store.read_bytes().splitlines(keepends=True)
    for altered in (lines[:1] + lines[2:], [lines[1], lines[0], *lines[2:]], lines[1:], [*lines, lines[1]]):
        day.store.write_bytes(b"".join(altered))
        found = day.verify()
        assert "does not follow the one before it" in " ".join(found.faults)


def test_checkpoints_of_another_key_are_not_relied_on(day: SignedDay, tmp_path: Path) -> None:
    _, public = generate_key(tmp_path / "other")
    found = verify_trail(day.journal, day.store, [load_verifier(public)])
    assert found.first_bad == 0
    assert "another key" in found.faults[0]


def test_forged_checkpoint_over_a_rewritten_journal_is_found(day: SignedDay, tmp_path: Path) -> None:
    private, _ = generate_key(tmp_path / "thief")
    thief = load_signer(private)
    run_sql(day.journal, "UPDATE steps SET ts_ns = ts_ns + 1 WHERE seq = 20")
    rehash(day.journal, 20)
    day.store.unlink()
    forged = read_line(signed_line := _checkpoint_line(day, thief))
    assert forged.signed_by(thief.public)
    day.store.write_bytes(signed_line.replace(thief.key_id.encode(), day.signer.key_id.encode()))
    found = day.verify()
    assert "its signature does not fit" in " ".join(found.faults)


def test_altered_row_can_be_told_from_the_original_by_a_copy(day: SignedDay, whole: SignedDay) -> None:
    """PO-14: what was altered is restored from a copy whose records fit the signed chain."""
    run_sql(day.journal, "UPDATE steps SET body = x'7b7d' WHERE seq = 9")
    assert day.verify().first_bad == 9
    original = contents(whole.journal)["steps"][9][2]
    assert isinstance(original, bytes)
    run_sql(day.journal, f"UPDATE steps SET body = x'{original.hex()}' WHERE seq = 9")
    assert day.verify().ok


def test_torn_last_checkpoint_is_a_fault_until_it_is_made_again(day: SignedDay) -> None:
    day.store.write_bytes(day.store.read_bytes()[:-30])
    assert "cut short" in day.verify().faults[0]
    sign_head(day.journal, day.store, day.signer)
    assert day.verify(sealed=True).ok


def test_sealed_journal_with_records_after_its_last_checkpoint_is_a_fault(day: SignedDay) -> None:
    journal = SqliteJournal(day.journal)
    seq = journal.append(morning()[-1])
    journal.close()
    assert (day.verify().ok, day.verify().unsigned) == (True, 1)
    assert day.verify(sealed=True).first_bad == seq


def test_head_is_signed_only_over_a_sound_trail(day: SignedDay) -> None:
    run_sql(day.journal, "DELETE FROM steps WHERE seq = 11")
    kept = day.store.read_bytes()
    with pytest.raises(JournalError, match="record 11 is missing"):
        sign_head(day.journal, day.store, day.signer)
    assert day.store.read_bytes() == kept


def test_journal_that_is_no_database_is_a_fault_not_a_traceback(day: SignedDay) -> None:
    day.journal.write_bytes(b"not a database at all" * 1000)
    assert day.verify().first_bad == 0


def test_store_that_is_not_there_is_said(day: SignedDay) -> None:
    day.store.unlink()
    with pytest.raises(ConfigError, match="cannot read the checkpoints"):
        day.verify()


def test_every_table_has_a_key_to_flip_by() -> None:
    assert KEYS.keys() == TABLES.keys()


def _checkpoint_line(day: SignedDay, signer: Signer) -> bytes:
    store = day.store.with_name("forged.jsonl")
    sign_head(day.journal, store, signer)
    return store.read_bytes()
