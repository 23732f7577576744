"""The venue's own record: one line a fact, in the file before it is said. A line cut short was never said."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from sottovoce.adapters.loopback_venue.book import Line

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class VenueRecord:
    """An append-only file, written without a buffer: what was written survives the process."""

    def __init__(self, path: Path) -> None:
        whole = _whole_bytes(path)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.ftruncate(self._file, whole)
        os.lseek(self._file, 0, os.SEEK_END)

    def write(self, line: Line) -> None:
        """Append a line."""
        os.write(self._file, msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Release the file."""
        os.close(self._file)


def read_record(path: Path) -> list[Line]:
    """The whole lines of a record, in order; none for a file that is not there."""
    if not path.exists():
        return []
    return [_decoder.decode(line) for line in path.read_bytes()[: _whole_bytes(path)].splitlines()]


def _whole_bytes(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1 if path.exists() else 0
