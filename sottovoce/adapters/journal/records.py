"""What a record is, as bytes: its body, its place in the chain, and the evidence kept beside it.

A body is JSON a person can read. Bulky evidence stands in it as a reference by hash. The hash of a record covers
its sequence number, its time, its body and the hash before it, so no record can be altered, moved, added or removed
without every later hash changing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from sottovoce.core.commands import Input
from sottovoce.core.errors import JournalError
from sottovoce.core.events import OrderAccepted, OrderRefused, RouteDecided, StageEvent
from sottovoce.core.ports import Step

FORMAT = "1"
"""Version of this layout; a file of a newer one is refused."""

GENESIS = b"\x00" * 32
EVIDENCE = (RouteDecided,)
"""Events no stage folds: kept whole in their own table, under their hash."""


class EvidenceRef(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="evidence"):
    """Stands in a body for an event kept as evidence; hash is the SHA-256 of its JSON, hex."""

    hash: str


class Body(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="step"):
    """A step as it is recorded."""

    ts_ns: int
    feed_seq: int
    input: Input | None
    events: tuple[StageEvent | EvidenceRef, ...]


class Genesis(msgspec.Struct, frozen=True, kw_only=True, tag="genesis"):
    """The first record: what the run was given."""

    meta: dict[str, str]


class SnapshotTaken(msgspec.Struct, frozen=True, kw_only=True, tag="snapshot"):
    """A snapshot was kept under this sequence number, with this hash."""

    hash: str


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of the steps table, with what goes into the others beside it."""

    seq: int
    ts_ns: int
    body: bytes
    prev: bytes
    hash: bytes
    evidence: tuple[tuple[str, bytes], ...] = ()
    client_ids: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[Body | Genesis | SnapshotTaken] = msgspec.json.Decoder(Body | Genesis | SnapshotTaken)
_evidence_decoder: msgspec.json.Decoder[StageEvent] = msgspec.json.Decoder(StageEvent)


def chain_hash(seq: int, ts_ns: int, body: bytes, prev: bytes) -> bytes:
    """SHA-256 of a record's place, time, content and predecessor."""
    return hashlib.sha256(b"%d:%d:%s" % (seq, ts_ns, prev) + body).digest()


def content_hash(content: bytes) -> str:
    """SHA-256 of a piece of evidence or a snapshot, hex."""
    return hashlib.sha256(content).hexdigest()


def encode(document: msgspec.Struct) -> bytes:
    """A body as bytes."""
    return _encode(document)


def snapshot_content(states: Mapping[str, bytes]) -> bytes:
    """The states of all stages as one piece of content."""
    return _encode({name: state.decode() for name, state in states.items()})


def record_of(seq: int, step: Step, prev: bytes) -> Record:
    """The record of a step that follows the record with hash prev."""
    events: list[StageEvent | EvidenceRef] = []
    evidence: list[tuple[str, bytes]] = []
    client_ids: list[str] = []
    for event in step.events:
        kind = type(event)
        if kind in EVIDENCE:
            content = _encode(event)
            digest = content_hash(content)
            evidence.append((digest, content))
            events.append(EvidenceRef(hash=digest))
            continue
        if kind is OrderAccepted or kind is OrderRefused:
            client_ids.append(event.parent_id)
        events.append(event)
    body = _encode(Body(ts_ns=step.ts_ns, feed_seq=step.feed_seq, input=step.input, events=tuple(events)))
    return Record(
        seq=seq,
        ts_ns=step.ts_ns,
        body=body,
        prev=prev,
        hash=chain_hash(seq, step.ts_ns, body, prev),
        evidence=tuple(evidence),
        client_ids=tuple(client_ids),
    )


def decode(body: bytes) -> Body | Genesis | SnapshotTaken:
    """A body back from its bytes. Raises JournalError, code bad_record."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"a record cannot be read: {error}", code="bad_record") from error


def decode_evidence(content: bytes) -> StageEvent:
    """An event back from its evidence. Raises JournalError, code bad_record."""
    try:
        return _evidence_decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"evidence cannot be read: {error}", code="bad_record") from error
