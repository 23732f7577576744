"""Opening a journal to be signed while it is written: the notary goes on only from what it signed last."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.database import UNREADABLE, reading_uri
from sottovoce.adapters.journal.notary import Notary
from sottovoce.adapters.journal.signing import Signer
from sottovoce.core.errors import JournalError


def open_notary(
    journal: Path,
    store: Path,
    signer: Signer,
    wall_ns: Callable[[], int] = time.time_ns,
    *,
    protect: bool = False,
) -> Notary:
    """A notary for a journal that exists, with its second store, both as an earlier life of the desk left them.

    One record is looked at: that of the last checkpoint must still be there as it was signed. The whole is for
    verification. Raises: JournalError, trail_fault, where it is not; ConfigError as CheckpointStore.
    """
    second = CheckpointStore(store, journal, protect=protect)
    try:
        name = _hash_of(journal, 0)
        last = None if second.last is None else second.last.checkpoint
        if name is None or (last is not None and (last.journal, last.head) != (name, _hash_of(journal, last.seq))):
            signed = "record 0" if last is None else f"record {last.seq}"
            sentence = f"{journal}: {signed} is not there as it was signed; verify the journal before it is written to."
            raise JournalError(sentence, code="trail_fault")
    except BaseException:
        second.close()
        raise
    return Notary(name, second, signer, wall_ns)


def _hash_of(journal: Path, seq: int) -> str | None:
    try:
        db = sqlite3.connect(reading_uri(journal), uri=True)
        try:
            row = db.execute("SELECT hash FROM steps WHERE seq = ?", (seq,)).fetchone()
        finally:
            db.close()
    except UNREADABLE as error:
        raise JournalError(f"{journal} cannot be read: {error}", code="journal_unusable") from error
    return None if row is None or not isinstance(row[0], bytes) else row[0].hex()
