"""Room kept on the disk for the worst minute: a file of zeros beside the journal, given up when the disk is full.

What the room is for: cancels, venue reports and what follows from them, so that what is out can be brought in and is
recorded. New orders are refused from that moment on, until the disk has room for the reserve again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

RESERVE_BYTES = 64 << 20


class Room(Protocol):
    """Space that can be given up once and won back."""

    @property
    def held(self) -> bool: ...

    def release(self) -> bool: ...

    def regain(self) -> bool: ...


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder for whoever asks, bytes."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


class Reserve:
    """The reserve of one journal. Blocks are allocated, not only named: a file with holes would keep nothing.

    Once given up it is taken again only where as much stays free beside it: else the room that was just freed for
    cancels would be taken back at once, and the journal would seem well until the last of it is gone.
    """

    def __init__(
        self, journal: Path, size_bytes: int = RESERVE_BYTES, free: Callable[[Path], int] = free_bytes
    ) -> None:
        self._path = journal.with_name(journal.name + ".reserve")
        self._size_bytes = size_bytes
        self._free = free
        self._held = self._is_there() or self._take()

    @property
    def held(self) -> bool:
        """Whether there is room to give up."""
        return self._held

    def release(self) -> bool:
        """Give the room up; whether there was any."""
        if not self._held:
            return False
        self._path.unlink(missing_ok=True)
        self._held = False
        return True

    def regain(self) -> bool:
        """Take the room again, if there is plenty; whether it is held."""
        if not self._held and self._path.parent.is_dir() and self._free(self._path.parent) >= 2 * self._size_bytes:
            self._held = self._take()
        return self._held

    def _is_there(self) -> bool:
        """Whether an earlier life left it."""
        return self._path.exists() and self._path.stat().st_size == self._size_bytes

    def _take(self) -> bool:
        try:
            with self._path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size_bytes)
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True


class NoReserve:
    """A journal without a reserve: a full disk ends the recording at once."""

    held = False

    def release(self) -> bool:
        return False

    def regain(self) -> bool:
        return False


def is_full(error: sqlite3.Error) -> bool:
    """Whether the disk had no room: nothing was written, and nothing that was there is lost."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
