"""Folding the WAL into the file while the day runs, on a thread and a connection of its own.

A passive checkpoint never blocks the writer, so the order path does not feel it. Without one the WAL only grows
until close; with one it is reused from its beginning whenever a commit finds it folded whole.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

CHECKPOINT_BYTES = 32 << 20
"""Committed since the last checkpoint before another is worth its reads and writes."""


class Checkpointer:
    """Watches how much was committed and checkpoints in the background. Not a writer of records."""

    def __init__(self, path: Path, every_bytes: int = CHECKPOINT_BYTES) -> None:
        self._path = path
        self._every_bytes = every_bytes
        self._since = 0
        self._wake = threading.Event()
        self._closing = False
        self.done = 0
        self._thread = threading.Thread(target=self._run, name="journal-checkpoint", daemon=True)
        self._thread.start()

    def committed(self, size_bytes: int) -> None:
        """So much has been committed; called by the committing thread only."""
        self._since += size_bytes
        if self._since >= self._every_bytes:
            self._since = 0
            self._wake.set()

    def close(self) -> None:
        """Finish the checkpoint under way and end the thread."""
        self._closing = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        db = sqlite3.connect(self._path, isolation_level=None)
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                if self._closing:
                    return
                self._fold(db)
        finally:
            db.close()

    def _fold(self, db: sqlite3.Connection) -> None:
        """One passive checkpoint. A failure harms nothing: the WAL keeps every record, and close folds it."""
        try:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:
            return
        self.done += 1
