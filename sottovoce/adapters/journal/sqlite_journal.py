"""The journal on disk: SQLite in WAL with synchronous=FULL, one transaction a group of steps.

A step is encoded and chained when it is appended, and durable when flush returns. Readers of the file see whole
groups only; a power cut leaves the last whole group (SQLite cuts a torn WAL frame at the next opening). The WAL is
folded into the file at close, off the order path. After a failed commit nothing more is taken: a disk that failed
once may report success the next time for what it has lost, and the chain would go on over the gap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sottovoce.adapters.journal.database import SCHEMA, UNREADABLE, connect
from sottovoce.adapters.journal.records import (
    FORMAT,
    GENESIS,
    Body,
    EvidenceRef,
    Genesis,
    Record,
    chain_hash,
    decode,
    decode_evidence,
    encode,
    is_as_recorded,
    record_of,
    snapshot_record,
    snapshot_states,
)
from sottovoce.adapters.journal.reserve import NoReserve, Room, is_full
from sottovoce.core.errors import JournalError
from sottovoce.core.events import StageEvent
from sottovoce.core.ports import Step

GROUP_MAX = 1_000
"""Steps that may wait in memory; one more makes the journal flush by itself."""

TIMED = 1_000
"""Records looked back over for a time: a snapshot has none of its own."""

DAMAGED = "journal_damaged"

_INSERT_STEP = "INSERT INTO steps (seq, ts_ns, body, prev, hash) VALUES (?, ?, ?, ?, ?)"
_INSERT_EVIDENCE = "INSERT OR IGNORE INTO evidence (hash, seq, body) VALUES (?, ?, ?)"
_INSERT_CLIENT = "INSERT INTO client_ids (parent_id, seq) VALUES (?, ?)"
_INSERT_SNAPSHOT = "INSERT INTO snapshots (seq, hash, body) VALUES (?, ?, ?)"


class SqliteJournal:
    """One file. One writer."""

    def __init__(
        self,
        path: Path,
        meta: Mapping[str, str] | None = None,
        *,
        read_only: bool = False,
        reserve: Room | None = None,
    ) -> None:
        self._path = path
        self._reserve = NoReserve() if reserve is None else reserve
        self._unreserved = reserve is None
        self._pending: list[Record] = []
        self._read_only = read_only
        self._failure: JournalError | None = None
        try:
            self._db = connect(path, read_only)
            if not read_only and self._is_new():
                self._create(meta or {})
            self._seq, self._head = self._tail()
            self._durable = self._seq
        except UNREADABLE as error:
            raise JournalError(f"{path} cannot be used as a journal: {error}", code="journal_unusable") from error

    # writing ---------------------------------------------------------------------------------------------

    def append(self, step: Step) -> int:
        """Encode and chain a step; durable after the next flush. Raises JournalError once a commit has failed."""
        self._refuse_after_failure()
        record = self.chain(step)
        self._pending.append(record)
        if len(self._pending) >= GROUP_MAX:
            self.flush()
        return record.seq

    def chain(self, step: Step) -> Record:
        """The next record of the chain, in memory only: whoever asks for it must commit it, in order."""
        record = record_of(self._seq + 1, step, self._head)
        self._seq, self._head = record.seq, record.hash
        return record

    def flush(self) -> None:
        """Commit every step appended so far, in one transaction. Raises JournalError: stop taking orders."""
        if not self._pending:
            return
        self.commit(self._pending)
        self._pending = []

    def durable(self) -> int:
        """Sequence number of the last record on disk."""
        return self._durable

    def commit(self, records: list[Record]) -> None:
        """Write records in one transaction, whole or not at all. Raises JournalError, also for every later call.

        A full disk is the one failure that is tried again, once, in the room the reserve gives up.
        """
        self._refuse_after_failure()
        try:
            self._write(records)
        except sqlite3.Error as error:
            if not (is_full(error) and self._reserve.release()):
                raise self._failed(error) from error
            try:
                self._write(records)
            except sqlite3.Error as again:
                raise self._failed(again) from again
        self._durable = records[-1].seq

    def _write(self, records: list[Record]) -> None:
        rows = [(one.seq, one.ts_ns, one.body, one.prev, one.hash) for one in records]
        evidence = [(digest, one.seq, content) for one in records for digest, content in one.evidence]
        clients = [(parent, one.seq) for one in records for parent in one.client_ids]
        snapshots = [(one.seq, *one.snapshot) for one in records if one.snapshot is not None]
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany(_INSERT_STEP, rows)
            if evidence:
                self._db.executemany(_INSERT_EVIDENCE, evidence)
            if clients:
                self._db.executemany(_INSERT_CLIENT, clients)
            if snapshots:
                self._db.executemany(_INSERT_SNAPSHOT, snapshots)

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """Keep the state of every stage as of the last step, and chain its hash. Durable on return."""
        self._refuse_after_failure()
        self.flush()
        record = self.chain_snapshot(states)
        self.commit([record])
        return record.seq

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int:
        """As snapshot: a journal without a committing thread has nobody to leave it to."""
        return self.snapshot(states)

    def chain_snapshot(self, states: Mapping[str, bytes]) -> Record:
        """The next record of the chain, holding a snapshot; in memory only, as that of chain."""
        record = snapshot_record(self._seq + 1, states, self._head)
        self._seq, self._head = record.seq, record.hash
        return record

    def strain(self) -> str:
        """Why nothing that raises exposure should be recorded now; "" when all is well. Tries to regain the reserve."""
        return "" if self._reserve.regain() or self._unreserved else "journal_full"

    def close(self) -> None:
        """Flush, fold the WAL into the file and release it, also when the flush fails."""
        try:
            if not self._read_only:
                self.flush()
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._db.close()

    def _failed(self, error: sqlite3.Error) -> JournalError:
        """What went wrong, remembered: the journal takes nothing more."""
        sentence, code = f"{self._path}: the record cannot be written: {error}", "journal_write"
        if isinstance(error, sqlite3.IntegrityError):
            code = "client_id_twice" if "client_ids" in str(error) else "journal_two_writers"
            sentence = f"{self._path}: a record exists already: {error}"
        self._failure = JournalError(sentence, code=code)
        return self._failure

    def _refuse_after_failure(self) -> None:
        if self._failure is not None:
            sentence = f"nothing more is recorded after a failed commit; restart from the journal ({self._failure})"
            raise JournalError(sentence, code="journal_failed") from self._failure

    # reading ---------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def head(self) -> str:
        """Hash of the last record appended, hex."""
        return self._head.hex()

    def meta(self) -> dict[str, str]:
        """What the run was given."""
        return dict(self._rows("SELECT key, value FROM meta ORDER BY key"))

    def steps(self, after_seq: int = 0, *, with_evidence: bool = True) -> Iterator[tuple[int, Step]]:
        """The recorded steps after a sequence number, in order; without evidence, references are left out."""
        self.flush()
        for seq, content in self._rows("SELECT seq, body FROM steps WHERE seq > ? ORDER BY seq", (after_seq,)):
            body = decode(content)
            if isinstance(body, Body):
                events = tuple(self._restored(seq, body, with_evidence))
                yield seq, Step(ts_ns=body.ts_ns, feed_seq=body.feed_seq, input=body.input, events=events)

    def chained_steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """As steps, without evidence, each record against the chain. Raises JournalError, journal_damaged."""
        prev = None
        query = "SELECT seq, ts_ns, body, prev, hash FROM steps WHERE seq >= ? ORDER BY seq"
        for seq, ts_ns, content, before, hashed in self._rows(query, (after_seq,)):
            if (prev is not None and before != prev) or chain_hash(seq, ts_ns, content, before) != hashed:
                raise JournalError(f"{self._path}: record {seq} is not the one that was written.", code=DAMAGED)
            prev = hashed
            body = decode(content)
            if seq > after_seq and isinstance(body, Body):
                events = tuple(self._restored(seq, body, with_evidence=False))
                yield seq, Step(ts_ns=body.ts_ns, feed_seq=body.feed_seq, input=body.input, events=events)

    def time_of(self, seq: int) -> int:
        """Time of the last step up to a sequence number, 0 when there is none."""
        return next(self._rows("SELECT max(ts_ns) FROM steps WHERE seq BETWEEN ? AND ?", (seq - TIMED, seq)))[0] or 0

    def hash_of(self, seq: int) -> str:
        """Hash of a record, hex. Raises JournalError, no_record."""
        for (found,) in self._rows("SELECT hash FROM steps WHERE seq = ?", (seq,)):
            return bytes(found).hex()
        raise JournalError(f"{self._path} has no record {seq}", code="no_record")

    def snapshots(self) -> Iterator[tuple[int, dict[str, bytes] | None]]:
        """(sequence number, state by stage) of each snapshot, latest first; None for one not as its record says."""
        query = "SELECT seq, steps.body, snapshots.body FROM snapshots JOIN steps USING (seq) ORDER BY seq DESC"
        for seq, record, content in self._rows(query):
            yield seq, snapshot_states(content) if is_as_recorded(record, content) else None

    def latest_snapshot(self) -> tuple[int, dict[str, bytes]] | None:
        """(sequence number, state by stage) of the last snapshot that is as its record says, or None."""
        return next(((seq, states) for seq, states in self.snapshots() if states is not None), None)

    def _rows(self, query: str, values: tuple[int | str, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query. Raises JournalError, code journal_unreadable, when the file is damaged."""
        try:
            yield from self._db.execute(query, values)
        except UNREADABLE as error:
            raise JournalError(f"{self._path} cannot be read: {error}", code="journal_unreadable") from error

    def _restored(self, seq: int, body: Body, with_evidence: bool) -> Iterator[StageEvent]:
        for event in body.events:
            if not isinstance(event, EvidenceRef):
                yield event
            elif with_evidence:
                key = (event.hash, seq)
                found = next(self._rows("SELECT body FROM evidence WHERE hash = ? AND seq = ?", key), None)
                if found is None:
                    raise JournalError(f"evidence {event.hash} of step {seq} is missing", code="evidence_missing")
                yield decode_evidence(found[0])

    # opening ---------------------------------------------------------------------------------------------

    def _is_new(self) -> bool:
        return not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _create(self, meta: Mapping[str, str]) -> None:
        whole = dict(meta) | {"format": FORMAT}
        body = encode(Genesis(meta=whole))
        with self._db:
            self._db.execute("BEGIN")
            for statement in SCHEMA:
                self._db.execute(statement)
            self._db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(whole.items()))
            self._db.execute(_INSERT_STEP, (0, 0, body, GENESIS, chain_hash(0, 0, body, GENESIS)))

    def _tail(self) -> tuple[int, bytes]:
        """Sequence and hash of the last record; refuses a newer format or a tail that does not fit its content."""
        found = self._db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        if found is None or found[0] != FORMAT:
            version = None if found is None else found[0]
            sentence = f"{self._path} has journal format {version}; this version reads {FORMAT}."
            raise JournalError(sentence, code="journal_format")
        last = self._db.execute("SELECT seq, ts_ns, body, prev, hash FROM steps ORDER BY seq DESC LIMIT 1").fetchone()
        sound = last is not None and tuple(map(type, last)) == (int, int, bytes, bytes, bytes)
        if not sound or chain_hash(*last[:4]) != last[4]:
            raise JournalError(f"{self._path}: the last record does not fit its hash.", code="journal_tail")
        return last[0], last[4]


def open_for_reading(path: Path) -> SqliteJournal:
    """The journal of a finished run, for replay and reports; nothing in it can be changed."""
    return SqliteJournal(path, read_only=True)
