"""The evidence for one order: its records as they stand in the journal, and the links that prove they stand there.

A record's hash covers the hash of its content, so between an order's records and the next signed checkpoint only
hashes need to be shown: what other orders did stays unsaid. What a pack cannot show by itself is that nothing about
the order was left out of it; that is what verification of the whole journal is for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.adapters.journal.checkpoints import Signed, read_line
from sottovoce.adapters.journal.database import UNREADABLE, reading_uri
from sottovoce.core.errors import ConfigError, JournalError

PACK_FORMAT = "1"


class PackedEvidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of evidence as it is kept, with its hash, hex."""

    hash: str
    body: str


class PackedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it stands: body is its exact text; prev and hash are SHA-256, hex."""

    seq: int
    ts_ns: int
    body: str
    prev: str
    hash: str
    evidence: tuple[PackedEvidence, ...] = ()


class Link(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A record of somebody else, by the hash of its content alone."""

    seq: int
    ts_ns: int
    body_hash: str


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Records of one order, with the links from each to the next checkpoint, or to the head where none follows."""

    format: str
    records: tuple[PackedRecord, ...]
    links: tuple[Link, ...]
    checkpoints: tuple[Signed, ...]
    head_seq: int
    head: str


def records_about(journal: Path, words: Sequence[str]) -> list[int]:
    """Sequence numbers of the records whose text has one of the words in it, in order."""
    sought = [word.encode() for word in words]
    rows = _rows(journal, "SELECT seq, body FROM steps ORDER BY seq")
    return [seq for seq, body in rows if any(word in body for word in sought)]


def build_proof(journal: Path, seqs: Sequence[int], store: Path | None = None) -> Proof:
    """The proof of some records and of the first one; store: the second store, None where nothing is signed."""
    wanted = sorted({0, *seqs})
    ((head_seq, head),) = _rows(journal, "SELECT seq, hash FROM steps ORDER BY seq DESC LIMIT 1")
    signed = {} if store is None else {each.checkpoint.seq: each for each in _readable(store)}
    ends = sorted({*signed, head_seq})
    runs: dict[int, int] = {}
    for seq in wanted[1:]:
        end = next(each for each in ends if each >= seq)
        runs.setdefault(end, seq)
    links = [link for end, start in runs.items() for link in _links(journal, start, end, set(wanted))]
    used = tuple(signed[end] for end in sorted(runs) if end in signed)
    return Proof(
        format=PACK_FORMAT,
        records=tuple(_record(journal, seq) for seq in wanted),
        links=tuple(links),
        checkpoints=used,
        head_seq=head_seq,
        head=head.hex(),
    )


def _links(journal: Path, start: int, end: int, wanted: set[int]) -> list[Link]:
    query = "SELECT seq, ts_ns, body FROM steps WHERE seq BETWEEN ? AND ? ORDER BY seq"
    rows = _rows(journal, query, [start, end])
    return [Link(seq, ts_ns, sha256(body).hexdigest()) for seq, ts_ns, body in rows if seq not in wanted]


def _record(journal: Path, seq: int) -> PackedRecord:
    ((ts_ns, body, prev, hashed),) = _rows(journal, "SELECT ts_ns, body, prev, hash FROM steps WHERE seq = ?", [seq])
    kept = _rows(journal, "SELECT hash, body FROM evidence WHERE seq = ? ORDER BY hash", [seq])
    return PackedRecord(
        seq=seq,
        ts_ns=ts_ns,
        body=body.decode(),
        prev=prev.hex(),
        hash=hashed.hex(),
        evidence=tuple(PackedEvidence(hash=digest, body=content.decode()) for digest, content in kept),
    )


def _rows(journal: Path, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, one at a time: a journal need not fit into memory."""
    try:
        db = sqlite3.connect(reading_uri(journal), uri=True)
        try:
            yield from db.execute(query, values)
        finally:
            db.close()
    except UNREADABLE as error:
        raise JournalError(f"{journal} cannot be read: {error}", code="journal_unusable") from error


def _readable(store: Path) -> list[Signed]:
    """The checkpoints that can be read; whether they hold is for whoever verifies the pack."""
    try:
        lines = store.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"cannot read the checkpoints {store}: {error.strerror}", code="store_unreadable") from error
    found = []
    for line in lines:
        try:
            found.append(read_line(line))
        except JournalError:
            continue
    return found
