"""Verification of one order's evidence on its own: does every record stand where it says, under a signature?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sottovoce.adapters.journal.checkpoints import Signed
from sottovoce.adapters.journal.pack import Link, PackedRecord, Proof
from sottovoce.adapters.journal.records import (
    GENESIS,
    Body,
    EvidenceRef,
    chain_hash,
    content_hash,
    decode,
    decode_evidence,
    link_hash,
)
from sottovoce.adapters.journal.signing import Verifier
from sottovoce.core.errors import JournalError
from sottovoce.core.events import StageEvent
from sottovoce.core.ports import Step

_REFERENCE = re.compile(r'\{"type":"evidence","hash":"([0-9a-f]{64})"\}')


class ProofCheck(msgspec.Struct, kw_only=True):
    """What was found: faults in words, how many records are under a signature, and how many only under the head."""

    faults: list[str] = []
    signed: int = 0
    chained: int = 0

    @property
    def ok(self) -> bool:
        return not self.faults


def check_proof(proof: Proof, keys: Sequence[Verifier]) -> ProofCheck:
    """Check a proof with nothing but public keys. Faults are sentences, each naming its record."""
    found = ProofCheck()
    known = {key.key_id: key for key in keys}
    for record in proof.records:
        found.faults.extend(_alone(record))
    ends = {each.checkpoint.seq: each for each in proof.checkpoints}
    _genesis(proof, found)
    for run in _runs(proof, {*ends, proof.head_seq}):
        _run(run, ends, proof, known, found)
    if len({seq for seq, _ in _entries(proof)}) != len(proof.records) + len(proof.links):
        found.faults.append("a record is in the pack twice")
    return found


def steps_of(proof: Proof) -> list[tuple[int, Step]]:
    """The steps the proof's records tell, in order, with their evidence. Raises JournalError: one cannot be read."""
    found = []
    for record in proof.records:
        body = decode(record.body.encode())
        if isinstance(body, Body):
            events = tuple(_whole(body, record))
            found.append((record.seq, Step(ts_ns=body.ts_ns, feed_seq=body.feed_seq, input=body.input, events=events)))
    return found


def _whole(body: Body, record: PackedRecord) -> Iterator[StageEvent]:
    kept = {each.hash: each.body for each in record.evidence}
    for event in body.events:
        if not isinstance(event, EvidenceRef):
            yield event
        elif event.hash in kept:
            yield decode_evidence(kept[event.hash].encode())
        else:
            raise JournalError(f"evidence {event.hash} of record {record.seq} is missing", code="evidence_missing")


def _alone(record: PackedRecord) -> Iterator[str]:
    """What is wrong with a record by itself."""
    prev = _bytes(record.prev)
    if prev is None or chain_hash(record.seq, record.ts_ns, record.body.encode(), prev).hex() != record.hash:
        yield f"record {record.seq} is altered: its content does not fit its hash"
    if {each.hash for each in record.evidence} != set(_REFERENCE.findall(record.body)):
        yield f"the evidence of record {record.seq} is not what the record refers to"
    for each in record.evidence:
        if content_hash(each.body.encode()) != each.hash:
            yield f"the evidence of record {record.seq} is altered: its content does not fit its hash"


def _genesis(proof: Proof, found: ProofCheck) -> None:
    """The first record names the journal every checkpoint is of."""
    first = proof.records[0] if proof.records else None
    if first is None or first.seq != 0 or first.prev != GENESIS.hex():
        found.faults.append("record 0, which says what the run was given, is not in the pack")
        return
    for each in proof.checkpoints:
        if each.checkpoint.journal != first.hash:
            found.faults.append(f"the checkpoint of record {each.checkpoint.seq} is of another journal")


def _entries(proof: Proof) -> list[tuple[int, PackedRecord | Link]]:
    entries: list[tuple[int, PackedRecord | Link]] = [(each.seq, each) for each in proof.records]
    entries += [(each.seq, each) for each in proof.links]
    return sorted(entries, key=lambda entry: entry[0])


def _runs(proof: Proof, ends: set[int]) -> Iterator[list[PackedRecord | Link]]:
    """Records and links from an order's record to the next end, without the first record of the journal."""
    run: list[PackedRecord | Link] = []
    for seq, entry in _entries(proof):
        if seq == 0 and seq not in ends:
            continue
        run.append(entry)
        if seq in ends:
            yield run
            run = []
    if run:
        yield run


def _run(
    run: Sequence[PackedRecord | Link],
    ends: Mapping[int, Signed],
    proof: Proof,
    keys: Mapping[str, Verifier],
    found: ProofCheck,
) -> None:
    """One run: it starts at a record, has no gap, and ends under a signature or at the journal's head."""
    records = sum(isinstance(each, PackedRecord) for each in run)
    first, last = run[0], run[-1]
    prev = _bytes(first.prev) if isinstance(first, PackedRecord) else None
    if prev is None:
        found.faults.append(f"the links to record {last.seq} do not begin at a record of the order")
        return
    for at, each in enumerate(run):
        if each.seq != first.seq + at:
            found.faults.append(f"record {first.seq + at} is missing from the links")
            return
        if isinstance(each, PackedRecord):
            if each.prev != prev.hex():
                found.faults.append(f"record {each.seq} does not follow the record before it")
                return
            prev = chain_hash(each.seq, each.ts_ns, each.body.encode(), prev)
        else:
            prev = link_hash(each.seq, each.ts_ns, _bytes(each.body_hash) or b"", prev)
    _end(last.seq, prev.hex(), ends.get(last.seq), proof, keys, found, records)


def _end(
    seq: int,
    head: str,
    signed: Signed | None,
    proof: Proof,
    keys: Mapping[str, Verifier],
    found: ProofCheck,
    records: int,
) -> None:
    if signed is None:
        if (seq, head) != (proof.head_seq, proof.head):
            found.faults.append(f"the links end at record {seq}, and not at the journal's head")
        found.chained += records
        return
    key = keys.get(signed.checkpoint.key_id)
    if key is None:
        found.faults.append(f"the checkpoint of record {seq} is signed with another key than those given")
    elif not signed.signed_by(key):
        found.faults.append(f"the checkpoint of record {seq} is altered: its signature does not fit")
    elif signed.checkpoint.head != head:
        found.faults.append(f"the records up to {seq} are not those that were signed")
    else:
        found.signed += records


def _bytes(text: str) -> bytes | None:
    """32 bytes from hex as it is written, or None."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == len(GENESIS) and raw.hex() == text else None
