"""The evidence for some records verifies on its own, and nothing in it can be altered, left out or put elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.adapters.journal.pack import Link, Proof, build_proof, records_about
from sottovoce.adapters.journal.pack_check import ProofCheck, check_proof, steps_of
from sottovoce.adapters.journal.signing import generate_key, load_verifier
from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from tests.adapters.journal.signing_trails import EVERY, SignedDay, signed_day
from tests.adapters.journal.worked import morning

SEQS = (3, 4, EVERY + 5, 4 * EVERY)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> SignedDay:
    return signed_day(tmp_path_factory.mktemp("day"))


@pytest.fixture(scope="module")
def proof(day: SignedDay) -> Proof:
    return build_proof(day.journal, SEQS, day.store)


def _check(proof: Proof, day: SignedDay) -> ProofCheck:
    return check_proof(proof, [day.signer.public])


def test_records_with_their_links_stand_under_a_signature(proof: Proof, day: SignedDay) -> None:
    found = _check(proof, day)
    assert (found.faults, found.signed, found.chained) == ([], len(SEQS), 0)
    assert [each.seq for each in proof.records] == [0, *SEQS]
    assert [each.checkpoint.seq for each in proof.checkpoints] == [EVERY, 2 * EVERY, 4 * EVERY]
    assert sorted(link.seq for link in proof.links) == [5, 6, 2 * EVERY]


def test_steps_of_a_proof_are_those_of_the_journal(proof: Proof, day: SignedDay) -> None:
    journal = open_for_reading(day.journal)
    expected = [(seq, step) for seq, step in journal.steps() if seq in SEQS]
    journal.close()
    assert steps_of(proof) == expected


def test_what_others_did_is_not_in_it(proof: Proof, day: SignedDay) -> None:
    others = {order for at, step in enumerate(morning(), 1) if at not in SEQS for order in _orders(step)}
    named = {order for at, step in enumerate(morning(), 1) if at in SEQS for order in _orders(step)}
    text = "".join(each.body for each in proof.records)
    assert others - named
    assert not [order for order in others - named if order in text]


def _orders(step: object) -> set[str]:
    return {event.parent_id for event in getattr(step, "events", ()) if event.parent_id}


def test_journal_without_checkpoints_is_chained_to_its_head(day: SignedDay) -> None:
    proof = build_proof(day.journal, SEQS)
    found = check_proof(proof, [])
    assert (found.faults, found.signed, found.chained) == ([], 0, len(SEQS))
    assert proof.head_seq == len(morning()) + 1


ALTERED: dict[str, Callable[[Proof], Proof]] = {
    "a record's text": lambda p: _record(p, 1, body=p.records[1].body.replace("ts_ns", "ts_nz", 1)),
    "a record's time": lambda p: _record(p, 1, ts_ns=p.records[1].ts_ns + 1),
    "a record's number": lambda p: _record(p, 1, seq=2),
    "a record's predecessor": lambda p: _record(p, 2, prev="00" * 32),
    "a predecessor spelled otherwise": lambda p: _record(p, 1, prev=p.records[1].prev.upper()),
    "a link spelled otherwise": lambda p: _link(p, 0, body_hash=p.links[0].body_hash.upper()),
    "a signature spelled otherwise": lambda p: _signature(p, p.checkpoints[0].signature.upper()),
    "a hash that is none": lambda p: _record(p, 2, prev="not hex"),
    "the first record": lambda p: _record(p, 0, body=p.records[0].body.replace("sim", "sin", 1)),
    "no first record": lambda p: replace(p, records=p.records[1:]),
    "a record left out": lambda p: replace(p, records=(*p.records[:2], *p.records[3:])),
    "a record twice": lambda p: replace(p, records=(*p.records, p.records[-1])),
    "a link's content": lambda p: _link(p, 0, body_hash="11" * 32),
    "a link's time": lambda p: _link(p, 0, ts_ns=1),
    "a link left out": lambda p: replace(p, links=p.links[1:]),
    "a link too many": lambda p: replace(p, links=(*p.links, Link(400, 1, "11" * 32))),
    "no checkpoint": lambda p: replace(p, checkpoints=()),
    "a checkpoint less": lambda p: replace(p, checkpoints=p.checkpoints[1:]),
    "a checkpoint's signature": lambda p: _signature(p, "00" * 64),
    "a signature that is none": lambda p: _signature(p, "zz"),
    "evidence left out": lambda p: _record(p, _with_evidence(p), evidence=()),
    "evidence altered": lambda p: _evidence(p, body="{}"),
    "evidence of another hash": lambda p: _evidence(p, hash="22" * 32),
}


@pytest.mark.parametrize("what", ALTERED)
def test_altered_evidence_does_not_hold(proof: Proof, day: SignedDay, what: str) -> None:
    altered = ALTERED[what](proof)
    assert altered != proof
    assert not _check(altered, day).ok


@given(st.sets(st.integers(1, len(morning())), min_size=1))
def test_any_records_can_be_proved(day: SignedDay, seqs: set[int]) -> None:
    found = _check(build_proof(day.journal, sorted(seqs), day.store), day)
    assert (found.faults, found.signed, found.chained) == ([], len(seqs), 0)


@given(st.data())
def test_no_bit_of_a_proof_can_be_flipped(proof: Proof, day: SignedDay, data: st.DataObject) -> None:
    content = bytearray(msgspec.json.encode(proof))
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        altered = msgspec.json.decode(content, type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    vouched = replace(altered, format=proof.format, head_seq=proof.head_seq, head=proof.head)
    assert vouched == proof or not _check(altered, day).ok


def test_key_of_somebody_else_vouches_for_nothing(proof: Proof, tmp_path: Path) -> None:
    _, public = generate_key(tmp_path)
    found = check_proof(proof, [load_verifier(public)])
    assert not found.ok
    assert found.signed == 0
    assert "another key" in found.faults[0]


def test_records_are_found_by_what_is_in_their_text(day: SignedDay) -> None:
    order = next(iter(_orders(morning()[2])))
    expected = [at for at, step in enumerate(morning(), 1) if order in _orders(step)]
    assert set(expected) <= set(records_about(day.journal, [f'"{order}"']))


def _record(proof: Proof, at: int, **changes: object) -> Proof:
    records = list(proof.records)
    records[at] = replace(records[at], **changes)
    return replace(proof, records=tuple(records))


def _link(proof: Proof, at: int, **changes: object) -> Proof:
    links = list(proof.links)
    links[at] = replace(links[at], **changes)
    return replace(proof, links=tuple(links))


def _signature(proof: Proof, signature: str) -> Proof:
    first, *others = proof.checkpoints
    return replace(proof, checkpoints=(replace(first, signature=signature), *others))


def _with_evidence(proof: Proof) -> int:
    return next(at for at, record in enumerate(proof.records) if record.evidence)


def _evidence(proof: Proof, **changes: object) -> Proof:
    at = _with_evidence(proof)
    first, *others = proof.records[at].evidence
    return _record(proof, at, evidence=(replace(first, **changes), *others))
