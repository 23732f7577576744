"""Signed journals for the tests: a key, a journal of a real morning, and a checkpoint every few records."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.notary import Notary
from sottovoce.adapters.journal.records import chain_hash
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.trail import Trail, verify_trail
from tests.adapters.journal.worked import fresh_system, morning

EVERY = 6
"""Records between two checkpoints of the tests' trails."""


class SignedDay(NamedTuple):
    """A journal with its store of checkpoints and the key that signed them."""

    journal: Path
    store: Path
    signer: Signer

    def verify(self, *, sealed: bool = False) -> Trail:
        """What verification finds."""
        return verify_trail(self.journal, self.store, [self.signer.public], sealed=sealed)

    def copied_to(self, folder: Path) -> SignedDay:
        """The same files elsewhere, to be altered."""
        journal, store = folder / "journal.db", folder / "second" / "checkpoints.jsonl"
        store.parent.mkdir()
        journal.write_bytes(self.journal.read_bytes())
        store.write_bytes(self.store.read_bytes())
        return SignedDay(journal, store, self.signer)


def signed_day(folder: Path, records: int | None = None) -> SignedDay:
    """A day in a folder; records: how many of the morning's steps are recorded, all of them if not given."""
    private, _ = generate_key(folder / "key")
    signer = load_signer(private)
    path, store = folder / "journal.db", folder / "second" / "checkpoints.jsonl"
    journal = SqliteJournal(path, {"market": "sim"})
    notary = Notary(journal.head(), CheckpointStore(store, path), signer)
    for number, step in enumerate(morning()[:records], start=1):
        seq = journal.append(step)
        if number % EVERY == 0:
            journal.flush()
            notary.attest(seq, journal.head())
    seq = journal.snapshot(fresh_system().save())
    notary.attest(seq, journal.head(), last=True)
    notary.close()
    journal.close()
    return SignedDay(path, store, signer)


def rehash(path: Path, first: int) -> None:
    """Make the chain fit again from a record to the end, as anyone can who can write the file."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT seq, ts_ns, body FROM steps ORDER BY seq").fetchall()
    prev = db.execute("SELECT hash FROM steps WHERE seq = ?", (first - 1,)).fetchone()[0] if first else b"\x00" * 32
    with db:
        for seq, ts_ns, body in rows[first:]:
            hashed = chain_hash(seq, ts_ns, body, prev)
            db.execute("UPDATE steps SET prev = ?, hash = ? WHERE seq = ?", (prev, hashed, seq))
            prev = hashed
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
