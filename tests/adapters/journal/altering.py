"""Ways to alter a journal behind its back, and to repair its chain afterwards as a forger would."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from sottovoce.adapters.journal.records import Body, EvidenceRef, chain_hash, decode, encode
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.core.events import StageEvent
from tests.adapters.journal.worked import fresh_system, morning

TABLES = {
    "meta": ("key", "value"),
    "steps": ("seq", "ts_ns", "body", "prev", "hash"),
    "evidence": ("hash", "seq", "body"),
    "client_ids": ("parent_id", "seq"),
    "snapshots": ("seq", "hash", "body"),
}
"""Every column of every table of the file."""

KEYS = {table: columns[:2] if table == "evidence" else columns[:1] for table, columns in TABLES.items()}


def write_morning(path: Path) -> None:
    """A journal with rows in every table."""
    journal = SqliteJournal(path, {"market": "sim", "seed": "7"})
    for step in morning():
        journal.append(step)
    journal.snapshot(fresh_system().save())
    journal.append(morning()[-1])
    journal.close()


def run_sql(path: Path, *statements: str) -> int:
    """Run statements on a closed journal; returns the rows changed."""
    db = sqlite3.connect(path)
    try:
        with db:
            changed = sum(db.execute(statement).rowcount for statement in statements)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    return changed


def flip_value(path: Path, table: str, column: str, row: int, at: int) -> str:
    """Change one byte of one value, keeping its type; returns the first column of the row altered."""
    db = sqlite3.connect(path)
    key = ", ".join(KEYS[table])
    query = f"SELECT {column}, {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET ?"
    value, *found = db.execute(query, (row,)).fetchone()
    with db:
        marks = ", ".join("?" * len(found))
        db.execute(f"UPDATE {table} SET {column} = ? WHERE ({key}) = ({marks})", (altered(value, at), *found))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return str(found[0])


def altered(value: int | str | bytes, at: int) -> int | str | bytes:
    """The value with one byte, or one bit of a number, changed."""
    if isinstance(value, int):
        return value ^ (1 << (20 + at % 20))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[at % len(raw)] ^= 1
    return raw.decode() if isinstance(value, str) else bytes(raw)


def contents(path: Path) -> dict[str, Sequence[tuple[object, ...]]]:
    """Every row of every table."""
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return {
            table: db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(columns)}").fetchall()
            for table, columns in TABLES.items()
        }
    finally:
        db.close()


def rewrite_event(path: Path, change: Callable[[StageEvent], StageEvent | None]) -> int:
    """Change the first event for which change gives another, and repair the chain to its end. Returns its step."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT seq, ts_ns, body, prev FROM steps ORDER BY seq").fetchall()
    found = -1
    prev = rows[0][3]
    with db:
        for seq, ts_ns, body, _ in rows:
            content = body
            if found < 0 and (rewritten := _rewritten(body, change)) is not None:
                found, content = seq, rewritten
            hashed = chain_hash(seq, ts_ns, content, prev)
            row = (content, prev, hashed, seq)
            db.execute("UPDATE steps SET body = ?, prev = ?, hash = ? WHERE seq = ?", row)
            prev = hashed
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return found


def _rewritten(body: bytes, change: Callable[[StageEvent], StageEvent | None]) -> bytes | None:
    step = decode(body)
    if not isinstance(step, Body):
        return None
    for index, event in enumerate(step.events):
        other = None if isinstance(event, EvidenceRef) else change(event)
        if other is not None:
            events = (*step.events[:index], other, *step.events[index + 1 :])
            return encode(msgspec.structs.replace(step, events=events))
    return None
