"""One pass over a journal: the chain record by record, the evidence beside it, the checkpoints where they fall.

Nothing is held but the index of orders, and a body is hashed but not decoded, unless another table must agree with
what it says: ten million records are read in one sitting.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sottovoce.adapters.journal.checkpoints import Signed
from sottovoce.adapters.journal.database import UNREADABLE, reading_uri
from sottovoce.adapters.journal.records import GENESIS, Body, Genesis, SnapshotTaken, chain_hash, content_hash, decode
from sottovoce.adapters.journal.signatures import Findings
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted, OrderRefused

# Inside a JSON text these cannot stand within a string: its quotes would be escaped.
_REFERS, _ABOUT_AN_ORDER = b'"type":"evidence"', b'"type":"order_'
_A_STEP = b'{"type":"step"'
_REFERENCE = re.compile(rb'\{"type":"evidence","hash":"([0-9a-f]{64})"\}')
_ROWS = "SELECT seq, ts_ns, body, prev, hash FROM steps ORDER BY seq"
_DAMAGED = (*UNREADABLE, TypeError, ValueError, JournalError)


class Walk:
    """The pass. records counts from record 0; head and journal are the hashes of the last and the first one, hex."""

    def __init__(self, found: Findings, signed: Sequence[Signed]) -> None:
        self._found = found
        self._heads: Mapping[int, Signed] = {each.checkpoint.seq: each for each in signed}
        self._named: str | None = signed[0].checkpoint.journal if signed else None
        self._good = -1
        self._orders: dict[str, int] = {}
        self._snapshots = 0
        self.records = 0
        self.head = self.journal = ""

    def run(self, journal: Path) -> None:
        """Read it all. A file that cannot be read to its end is a fault at the record where it stops."""
        try:
            db = sqlite3.connect(reading_uri(journal), uri=True)
            try:
                self._steps(db)
                self._tables(db)
            finally:
                db.close()
        except _DAMAGED as error:
            self._found.add(self.records, f"record {self.records} or what belongs to it cannot be read ({error})")

    def _steps(self, db: sqlite3.Connection) -> None:
        heads, beside = self._heads, Evidence(db)
        prev, awaited = GENESIS, 0
        for seq, ts_ns, body, before, hashed in db.execute(_ROWS):
            linked = sha256(b"%d:%d:%s:%s" % (seq, ts_ns, before, sha256(body).digest())).digest()
            if linked != hashed or before != prev or seq != awaited:
                self._broken(seq, awaited, before == prev)
            if beside.seq <= seq or _REFERS in body:
                self._evidence(seq, body, beside)
            if _ABOUT_AN_ORDER in body or not body.startswith(_A_STEP):
                self._say(db, seq, ts_ns, body)
            if seq in heads:
                self._signed(seq, hashed)
            prev = hashed
            self.records = awaited = seq + 1
        self.head = prev.hex()
        if beside.seq < Evidence.END:
            self._found.add(beside.seq, f"record {beside.seq} has evidence, and is not there")

    def _broken(self, seq: int, awaited: int, follows: bool) -> None:
        if seq != awaited:
            self._found.add(awaited, f"record {awaited} is missing: the next one is record {seq}")
        elif not follows:
            self._found.add(seq, f"record {seq} does not follow the record before it")
        else:
            self._found.add(seq, f"record {seq} is altered: its content does not fit its hash")

    def _signed(self, seq: int, hashed: bytes) -> None:
        first = self._good + 1
        if self._heads[seq].checkpoint.head == hashed.hex():
            self._good = seq
        else:
            self._found.add(first, f"records {first} to {seq} are not as they were signed")

    def _evidence(self, seq: int, body: bytes, beside: Evidence) -> None:
        if beside.seq < seq:
            self._found.add(beside.seq, f"record {beside.seq} has evidence, and is not there")
        there = {digest.encode(): content_hash(content) == digest for digest, content in beside.take(seq)}
        if there.keys() != set(_REFERENCE.findall(body)):
            self._found.add(seq, f"the evidence of record {seq} is not what the record refers to")
        elif not all(there.values()):
            self._found.add(seq, f"the evidence of record {seq} is altered: its content does not fit its hash")

    # what the other tables must agree with ---------------------------------------------------------------

    def _say(self, db: sqlite3.Connection, seq: int, ts_ns: int, body: bytes) -> None:
        said = decode(body)
        if isinstance(said, Genesis):
            self.journal = chain_hash(seq, ts_ns, body, GENESIS).hex()
            self._given(db, said)
        elif isinstance(said, SnapshotTaken):
            self._snapshots += 1
            row = db.execute("SELECT hash, body FROM snapshots WHERE seq = ?", (seq,)).fetchone()
            if row is None or row[0] != said.hash or content_hash(row[1]) != said.hash:
                self._found.add(seq, f"the snapshot of record {seq} is not the one that was taken")
        elif isinstance(said, Body):
            orders = (each.parent_id for each in said.events if isinstance(each, OrderAccepted | OrderRefused))
            self._orders.update(dict.fromkeys(orders, seq))

    def _given(self, db: sqlite3.Connection, said: Genesis) -> None:
        if self._named not in (None, self.journal):
            self._found.add(0, "this is another journal than the one that was signed")
        if dict(db.execute("SELECT key, value FROM meta")) != said.meta:
            self._found.add(0, "what the run was given is not what record 0 says")

    def _tables(self, db: sqlite3.Connection) -> None:
        rows = dict(db.execute("SELECT parent_id, seq FROM client_ids"))
        if rows != self._orders:
            odd = sorted(str(each) for each in dict(rows.items() ^ self._orders.items()))
            at = min((self._orders[each] for each in odd if each in self._orders), default=0)
            self._found.add(at, f"the index of orders disagrees with the records about {odd[0]}")
        if db.execute("SELECT count(*) FROM snapshots").fetchone()[0] != self._snapshots:
            self._found.add(0, "a snapshot is kept that no record tells of")


class Evidence:
    """The evidence table, read in step with the records. seq is the record the next piece belongs to.

    Rows are read from the table itself, in the order they were written: an index has a copy of its own of their keys.
    """

    END = 1 << 63

    def __init__(self, db: sqlite3.Connection) -> None:
        self._rows: Iterator[tuple[Any, ...]] = db.execute(
            "SELECT seq, hash, body FROM evidence NOT INDEXED ORDER BY rowid"
        )
        self._next()

    def take(self, seq: int) -> Iterator[tuple[str, bytes]]:
        """(hash, content) of what belongs to the records up to this one."""
        while self._row is not None and self.seq <= seq:
            yield self._row[1], self._row[2]
            self._next()

    def _next(self) -> None:
        self._row = next(self._rows, None)
        self.seq: int = self.END if self._row is None else self._row[0]
