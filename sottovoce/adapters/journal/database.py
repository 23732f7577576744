"""The file of a journal as a database: its tables, and how it is opened for writing and for reading."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE steps (seq INTEGER PRIMARY KEY, ts_ns INTEGER NOT NULL, body BLOB NOT NULL,"
    " prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE evidence (hash TEXT NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (seq, hash)) STRICT",
    "CREATE TABLE client_ids (parent_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT",
    "CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, body BLOB NOT NULL) STRICT",
)

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file makes of a query; SQLite may quote bytes of it that are no text."""


def reading_uri(path: Path) -> str:
    """How to open a journal without touching it or its folder: a WAL is read only where a crash left one."""
    wal = path.with_name(path.name + "-wal")
    return f"{path.resolve().as_uri()}?mode=ro" + ("" if wal.exists() else "&immutable=1")


def connect(path: Path, read_only: bool) -> sqlite3.Connection:
    """A connection as the journal uses it. Raises sqlite3.Error for a file that is no database."""
    uri = reading_uri(path) if read_only else f"{path.resolve().as_uri()}?mode=rwc"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    if not read_only:
        # A record is three to four kilobytes: two share a page, where SQLite's usual 4 kB would hold one.
        db.execute("PRAGMA page_size=8192")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA wal_autocheckpoint=0")
    return db
