"""Snapshots taken by another process: it reads what is durable, folds it from where it was last, and keeps the result.

The desk only starts it when enough steps have passed, and does not wait. A day of any length is then recovered from
about as many steps as lie between two snapshots; what the other process costs, it costs another core.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sottovoce.adapters.journal.side_snapshot import Place, write_side
from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.recovery import Recovered, rebuild


def take_side_snapshot(path: Path, memory: Memory) -> Recovered:
    """Fold a journal up to its last durable record and keep the state beside it. Raises JournalError, as rebuild."""
    journal = open_for_reading(path)
    try:
        recovered = rebuild(memory, journal)
        seq = recovered.last_seq
        write_side(path, Place(seq, journal.hash_of(seq), recovered.last_ns), memory.save())
        return recovered
    finally:
        journal.close()


class SnapshotProcess:
    """Starts the command that takes a side snapshot; one at a time."""

    def __init__(self, journal: Path, config: Path | None = None) -> None:
        given = () if config is None else ("--config", str(config))
        self._command: Sequence[str] = (sys.executable, "-m", "sottovoce", "snapshot", str(journal), *given)
        self._running: subprocess.Popen[bytes] | None = None

    def __call__(self) -> bool:
        """Start it; False while the last one still runs."""
        if self._running is not None and self._running.poll() is None:
            return False
        self._running = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return True
