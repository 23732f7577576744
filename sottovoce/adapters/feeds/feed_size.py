"""How large a feed file is once unpacked, for a progress bar and nothing else."""

from __future__ import annotations

from pathlib import Path

from sottovoce.adapters.feeds.source import GZIP_MAGIC

_TAIL_BYTES = 4


def unpacked_bytes(path: Path) -> int:
    """Bytes of a plain file, or what a gzip file says of its last member (modulo 4 GiB); 0 where it cannot be told."""
    try:
        with path.open("rb") as file:
            if file.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
                return path.stat().st_size
            file.seek(-_TAIL_BYTES, 2)
            return int.from_bytes(file.read(_TAIL_BYTES), "little")
    except OSError:
        return 0
