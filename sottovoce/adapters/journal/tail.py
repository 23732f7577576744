"""What a crash left at the end of a journal: what SQLite dropped of its log, and records that do not fit their hash.

A power cut in the middle of a commit leaves frames of the write-ahead log behind its last whole commit. SQLite never
reads them, and nothing in them was ever said to anyone; they are counted here so that they are seen. A record in the
table whose content does not fit its hash is something the log cannot explain. At the very end it is cut, with what
follows it, up to the last whole step, and kept in a file beside the journal; with a sound record behind it the damage
is not a torn tail, and the journal is refused: cutting there would lose what was acknowledged.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.adapters.journal.database import UNREADABLE, connect
from sottovoce.adapters.journal.records import chain_hash, decode
from sottovoce.core.errors import JournalError

CUT_MAX = 10_000
"""Records a torn tail may have: no more wait for one commit."""

WAL_HEADER, FRAME_HEADER = 32, 24
_COLUMNS = (int, int, bytes, bytes, bytes)
_LATER = ("steps", "evidence", "client_ids", "snapshots")


class Tail(msgspec.Struct, frozen=True, kw_only=True):
    """What was found at the end. log_bytes were dropped from the write-ahead log; cut are sequence numbers removed.

    faults say what was wrong with each; kept_in is the file that has the removed rows, "" when nothing was removed.
    """

    last_seq: int
    log_bytes: int = 0
    cut: tuple[int, ...] = ()
    faults: tuple[str, ...] = ()
    kept_in: str = ""


def cut_tail(path: Path) -> Tail:
    """Bring a journal to its last whole step, once and for all; a sound one is left as it is.

    Raises: JournalError, journal_damaged when the damage is not at the end, journal_unusable for a file that is none.
    """
    left = _log_bytes(path)
    try:
        db = connect(path, read_only=False)
        try:
            if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return Tail(last_seq=-1, log_bytes=left)
            dropped = max(left - _whole_log_bytes(db), 0)
            return _cut(db, path, dropped)
        finally:
            db.close()
    except UNREADABLE as error:
        raise JournalError(f"{path} cannot be used as a journal: {error}", code="journal_unusable") from error


def _log_bytes(path: Path) -> int:
    """Bytes of frames the last writer of the log left: frames of an earlier round, with other salts, do not count."""
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size <= WAL_HEADER:
        return 0
    with log.open("rb") as file:
        header = file.read(WAL_HEADER)
        frame = FRAME_HEADER + int.from_bytes(header[8:12], "big")
        salts, size, written = header[16:24], log.stat().st_size, 0
        while WAL_HEADER + written < size:
            file.seek(WAL_HEADER + written)
            found = file.read(FRAME_HEADER)
            if len(found) == FRAME_HEADER and found[8:16] != salts and any(found):
                break
            written += frame
    return min(written, size - WAL_HEADER)


def _whole_log_bytes(db: sqlite3.Connection) -> int:
    """Bytes of the frames SQLite takes for committed; a passive checkpoint tells how many there are."""
    page: int = db.execute("PRAGMA page_size").fetchone()[0]
    frames: int = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
    return max(frames, 0) * (page + FRAME_HEADER)


def _cut(db: sqlite3.Connection, path: Path, dropped: int) -> Tail:
    """Walk back from the end to the last record that fits its hash; remove what is after it."""
    damaged: list[tuple[Any, ...]] = []
    faults: list[str] = []
    last = -1
    for row in db.execute("SELECT seq, ts_ns, body, prev, hash FROM steps ORDER BY seq DESC"):
        fault = _fault(row)
        if not fault:
            last = row[0]
            break
        damaged.append(row)
        faults.append(f"record {row[0]}: {fault}")
        if len(damaged) > CUT_MAX:
            raise _beyond(path, f"more than {CUT_MAX} records at the end do not fit their hash")
    if last < 0:
        raise _beyond(path, "no record fits its hash")
    if not damaged:
        return Tail(last_seq=last, log_bytes=dropped)
    if damaged[-1][0] != last + 1:
        raise _beyond(path, f"record {last + 1} is missing")
    kept = _keep(db, path, last, damaged)
    with db:
        db.execute("BEGIN")
        for table in _LATER:
            db.execute(f"DELETE FROM {table} WHERE seq > ?", (last,))
    cut = tuple(row[0] for row in reversed(damaged))
    return Tail(last_seq=last, log_bytes=dropped, cut=cut, faults=tuple(reversed(faults)), kept_in=str(kept))


def _fault(row: tuple[Any, ...]) -> str:
    if tuple(map(type, row)) != _COLUMNS:
        return "a value of the wrong type"
    if chain_hash(*row[:4]) != row[4]:
        return "its hash does not match its content"
    try:
        decode(row[2])
    except JournalError as error:
        return str(error)
    return ""


def _keep(db: sqlite3.Connection, path: Path, last: int, damaged: list[tuple[Any, ...]]) -> Path:
    """What is about to be removed, on disk beside the journal before anything is: one JSON line a row."""
    kept = path.with_name(f"{path.name}.cut-after-{last}.jsonl")
    rows: list[tuple[str, tuple[Any, ...]]] = [("steps", row) for row in reversed(damaged)]
    for table in _LATER[1:]:
        found = db.execute(f"SELECT * FROM {table} WHERE seq > ?", (last,))
        rows += [(table, row) for row in found]
    with kept.open("wb") as file:
        for table, row in rows:
            values = [value.hex() if isinstance(value, bytes) else value for value in row]
            file.write(msgspec.json.encode({"table": table, "row": values}) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return kept


def _beyond(path: Path, why: str) -> JournalError:
    sentence = (
        f"{path}: {why}; this is not what a crash leaves at the end. Keep the file, and recover from a copy that "
        f"`sottovoce journal verify` finds intact."
    )
    return JournalError(sentence, code="journal_damaged")
