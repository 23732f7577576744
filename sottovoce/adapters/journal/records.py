"""What a record is, as bytes: its body, its place in the chain, and the evidence kept beside it.

A body is JSON a person can read. Bulky evidence stands in it as a reference by hash, and what an earlier event of
the same step says is not said again (repeats.py). The hash of a record covers
its sequence number, its time, its body and the hash before it, so no record can be altered, moved, added or removed
without every later hash changing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.adapters.journal.repeats import LENGTHEN, SHORTEN, Said, Short
from sottovoce.core.commands import Input
from sottovoce.core.errors import JournalError
from sottovoce.core.events import StageEvent
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.core.ports import Step
from sottovoce.core.route_events import RouteDecided

FORMAT = "1"
"""Version of this layout; a file of a newer one is refused."""

GENESIS = b"\x00" * 32
EVIDENCE = (RouteDecided,)
"""Events no stage folds: kept whole in their own table, under their hash."""

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError)
"""What decoding damaged bytes, or a value that is not bytes any more, may raise."""


class EvidenceRef(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="evidence"):
    """Stands in a body for an event kept as evidence; hash is the SHA-256 of its JSON, hex."""

    hash: str


class Body(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="step"):
    """A step as it is recorded."""

    ts_ns: int
    feed_seq: int
    input: Input | None
    events: tuple[StageEvent | EvidenceRef, ...]


class WrittenBody(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="step"):
    """A body as it is written: events without what the step has said before."""

    ts_ns: int
    feed_seq: int
    input: Input | None
    events: Sequence[StageEvent | EvidenceRef | Short]


class Genesis(msgspec.Struct, frozen=True, kw_only=True, tag="genesis"):
    """The first record: what the run was given."""

    meta: dict[str, str]


class SnapshotTaken(msgspec.Struct, frozen=True, kw_only=True, tag="snapshot"):
    """A snapshot was kept under this sequence number, with this hash."""

    hash: str


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of the steps table, with what goes into the others beside it; snapshot is (hash, content)."""

    seq: int
    ts_ns: int
    body: bytes
    prev: bytes
    hash: bytes
    evidence: tuple[tuple[str, bytes], ...] = ()
    client_ids: tuple[str, ...] = ()
    snapshot: tuple[str, bytes] | None = None


_encode = msgspec.json.Encoder().encode
_Written = WrittenBody | Genesis | SnapshotTaken
_decoder: msgspec.json.Decoder[_Written] = msgspec.json.Decoder(_Written)
_evidence_decoder: msgspec.json.Decoder[StageEvent] = msgspec.json.Decoder(StageEvent)


def chain_hash(seq: int, ts_ns: int, body: bytes, prev: bytes) -> bytes:
    """SHA-256 of a record's place, time, content and predecessor."""
    return link_hash(seq, ts_ns, hashlib.sha256(body).digest(), prev)


def link_hash(seq: int, ts_ns: int, body_hash: bytes, prev: bytes) -> bytes:
    """The same from the content's own hash: so a record's place can be proved without telling what others say."""
    return hashlib.sha256(b"%d:%d:%s:%s" % (seq, ts_ns, prev, body_hash)).digest()


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
    events: list[StageEvent | EvidenceRef | Short] = []
    evidence: list[tuple[str, bytes]] = []
    client_ids: list[str] = []
    said = Said()
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
        shorten = SHORTEN.get(kind)
        events.append(event if shorten is None else shorten(said, event))
    body = _encode(WrittenBody(ts_ns=step.ts_ns, feed_seq=step.feed_seq, input=step.input, events=events))
    return Record(
        seq=seq,
        ts_ns=step.ts_ns,
        body=body,
        prev=prev,
        hash=chain_hash(seq, step.ts_ns, body, prev),
        evidence=tuple(evidence),
        client_ids=tuple(client_ids),
    )


def snapshot_record(seq: int, states: Mapping[str, bytes], prev: bytes) -> Record:
    """The record of a snapshot that follows the record with hash prev."""
    content = snapshot_content(states)
    digest = content_hash(content)
    body = encode(SnapshotTaken(hash=digest))
    hashed = chain_hash(seq, 0, body, prev)
    return Record(seq=seq, ts_ns=0, body=body, prev=prev, hash=hashed, snapshot=(digest, content))


def decode(body: bytes) -> Body | Genesis | SnapshotTaken:
    """A body back from its bytes. Raises JournalError, code bad_record."""
    try:
        document = _decoder.decode(body)
    except UNDECODABLE as error:
        raise JournalError(f"a record cannot be read: {error}", code="bad_record") from error
    return _whole(document) if isinstance(document, WrittenBody) else document


def _whole(written: WrittenBody) -> Body:
    """A body with what its events leave out put back."""
    said = Said()
    events: list[StageEvent | EvidenceRef] = []
    for event in written.events:
        events.append(LENGTHEN.get(type(event), _as_it_is)(said, event))
    return Body(ts_ns=written.ts_ns, feed_seq=written.feed_seq, input=written.input, events=tuple(events))


def _as_it_is(said: Said, event: StageEvent | EvidenceRef) -> StageEvent | EvidenceRef:
    return event


def decode_evidence(content: bytes) -> StageEvent:
    """An event back from its evidence. Raises JournalError, code bad_record."""
    try:
        return _evidence_decoder.decode(content)
    except UNDECODABLE as error:
        raise JournalError(f"evidence cannot be read: {error}", code="bad_record") from error


def is_as_recorded(record: object, content: object) -> bool:
    """Whether a snapshot is the one its record names; a half-written one, or a damaged record, is none."""
    if not (isinstance(record, bytes) and isinstance(content, bytes)):
        return False
    try:
        taken = decode(record)
    except JournalError:
        return False
    return isinstance(taken, SnapshotTaken) and taken.hash == content_hash(content)


def snapshot_states(content: bytes) -> dict[str, bytes]:
    """What snapshot_content was given."""
    return {name: state.encode() for name, state in msgspec.json.decode(content, type=dict[str, str]).items()}
