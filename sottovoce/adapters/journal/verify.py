"""Verification of a journal file: every row of every table against the chain, each fault named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.adapters.journal.database import SCHEMA, UNREADABLE, reading_uri
from sottovoce.adapters.journal.records import (
    GENESIS,
    Body,
    EvidenceRef,
    Genesis,
    SnapshotTaken,
    chain_hash,
    content_hash,
    decode,
)
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted, OrderRefused

FAULTS_MAX = 50
"""Faults listed; a file with more is beyond reading one by one."""


class Verification(msgspec.Struct, kw_only=True):
    """What was found: records read, the head of the chain, and every fault in words."""

    records: int = 0
    head: str = ""
    faults: list[str] = []

    @property
    def ok(self) -> bool:
        return not self.faults


class _Expected(msgspec.Struct, kw_only=True):
    """What the other tables must hold, by what the records say."""

    meta: dict[str, str] = {}
    evidence: set[tuple[str, int]] = set()
    client_ids: dict[str, int] = {}
    snapshots: dict[int, str] = {}


_Check = Callable[[sqlite3.Connection, Verification, _Expected], None]


def verify(path: Path) -> Verification:
    """Check a journal file. Never raises for what is wrong with the file: it is a fault like the others."""
    found = Verification()
    try:
        db = sqlite3.connect(reading_uri(path), uri=True)
        # a damaged text is still compared, as what it is now, so that its row can be named
        db.text_factory = lambda raw: raw.decode(errors="backslashreplace")
        try:
            _check(db, found)
        finally:
            db.close()
    except UNREADABLE as error:
        found.faults.append(f"file: not a sound database ({error})")
    del found.faults[FAULTS_MAX:]
    return found


def _check(db: sqlite3.Connection, found: Verification) -> None:
    for (problem,) in db.execute("PRAGMA integrity_check(10)"):
        if problem != "ok":
            found.faults.append(f"file: {problem}")
    schema = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    if schema != set(SCHEMA):
        found.faults.append("schema: the tables are not those of a journal")
    expected = _Expected()
    for table, check in _CHECKS.items():
        try:
            check(db, found, expected)
        except UNREADABLE as error:
            found.faults.append(f"{table}: cannot be read to its end ({error})")


def _check_steps(db: sqlite3.Connection, found: Verification, expected: _Expected) -> None:
    prev, awaited = GENESIS, 0
    query = "SELECT seq, ts_ns, body, prev, hash FROM steps ORDER BY seq"
    for row in _sound(db, query, (int, int, bytes, bytes, bytes), found, "steps seq"):
        seq, ts_ns, body, before, hashed = row
        if seq != awaited:
            found.faults.append(f"steps seq {awaited}: missing, the next record is {seq}")
        if before != prev:
            found.faults.append(f"steps seq {seq}: does not follow the record before it")
        if chain_hash(seq, ts_ns, body, before) != hashed:
            found.faults.append(f"steps seq {seq}: its hash does not match its content")
        try:
            _expect(seq, ts_ns, decode(body), found, expected)
        except JournalError as error:
            found.faults.append(f"steps seq {seq}: {error}")
        prev, awaited = hashed, seq + 1
        found.records += 1
        found.head = prev.hex()
    if not found.records:
        found.faults.append("steps: no record at all")


def _expect(
    seq: int, ts_ns: int, body: Body | Genesis | SnapshotTaken, found: Verification, expected: _Expected
) -> None:
    if isinstance(body, Genesis):
        expected.meta = body.meta
    elif isinstance(body, SnapshotTaken):
        expected.snapshots[seq] = body.hash
    else:
        if body.ts_ns != ts_ns:
            found.faults.append(f"steps seq {seq}: its time is not the one in its content")
        for event in body.events:
            if isinstance(event, EvidenceRef):
                expected.evidence.add((event.hash, seq))
            elif isinstance(event, OrderAccepted | OrderRefused):
                expected.client_ids[event.parent_id] = seq


def _check_meta(db: sqlite3.Connection, found: Verification, expected: _Expected) -> None:
    rows = dict(_sound(db, "SELECT key, value FROM meta", (str, str), found, "meta"))
    for key in sorted(rows.keys() | expected.meta.keys()):
        if rows.get(key) != expected.meta.get(key):
            found.faults.append(f"meta {key}: not what the first record says")


def _check_evidence(db: sqlite3.Connection, found: Verification, expected: _Expected) -> None:
    missing = set(expected.evidence)
    query = "SELECT hash, seq, body FROM evidence ORDER BY seq, hash"
    for digest, seq, body in _sound(db, query, (str, int, bytes), found, "evidence"):
        if (digest, seq) not in expected.evidence:
            found.faults.append(f"evidence {digest} of step {seq}: no record refers to it")
        elif content_hash(body) != digest:
            found.faults.append(f"evidence {digest} of step {seq}: its hash does not match its content")
        missing.discard((digest, seq))
    found.faults.extend(f"evidence {digest} of step {seq}: missing" for digest, seq in sorted(missing))


def _check_client_ids(db: sqlite3.Connection, found: Verification, expected: _Expected) -> None:
    rows = dict(_sound(db, "SELECT parent_id, seq FROM client_ids", (str, int), found, "client_ids"))
    for parent in sorted(rows.keys() | expected.client_ids.keys()):
        if rows.get(parent) != expected.client_ids.get(parent):
            found.faults.append(f"client_ids {parent}: not what the records say")


def _check_snapshots(db: sqlite3.Connection, found: Verification, expected: _Expected) -> None:
    missing = dict(expected.snapshots)
    query = "SELECT seq, hash, body FROM snapshots ORDER BY seq"
    for seq, digest, body in _sound(db, query, (int, str, bytes), found, "snapshots seq"):
        if missing.pop(seq, None) != digest or content_hash(body) != digest:
            found.faults.append(f"snapshots seq {seq}: not what the records say")
    found.faults.extend(f"snapshots seq {seq}: missing" for seq in sorted(missing))


_CHECKS: dict[str, _Check] = {
    "steps": _check_steps,
    "meta": _check_meta,
    "evidence": _check_evidence,
    "client_ids": _check_client_ids,
    "snapshots": _check_snapshots,
}


def _sound(
    db: sqlite3.Connection, query: str, types: tuple[type, ...], found: Verification, what: str
) -> Iterator[tuple[Any, ...]]:
    """The rows whose values are of the column's types; the others are faults, named by their first column."""
    for row in db.execute(query):
        if tuple(map(type, row)) == types:
            yield row
        else:
            found.faults.append(f"{what} {row[0]!r:.80}: a value of the wrong type")
