"""Whether a zstd file is whole: its frames walked by their headers, nothing unpacked.

The DBN decoder hands on what a cut file still holds and says nothing of the cut. Frames and blocks name their own
sizes, so a few bytes of each are enough to know where the file should end.
Source: RFC 8878, Zstandard Compression and the application/zstd Media Type, section 3.1.
"""

from __future__ import annotations

from typing import NamedTuple

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = range(0x184D2A50, 0x184D2A60)

_CHECKSUM_BYTES = 4
_BLOCK_HEADER_BYTES = 3
_RLE, _RESERVED = 1, 3


class Trouble(NamedTuple):
    """What is wrong with the frames, and at which byte of the packed file."""

    offset: int
    why: str


def is_zstd(head: bytes) -> bool:
    """Whether a file that begins so is zstd."""
    return head.startswith(ZSTD_MAGIC) or _skippable(head)


class FrameWalk:
    """Follows the frames of a packed stream handed over a piece at a time; trouble is what it found, None if nothing.

    Only headers are kept back between pieces: everything else is skipped by its length.
    """

    __slots__ = ("_held", "_in_frame", "_skip", "_tail", "offset", "trouble")

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self.offset = 0
        self._held = b""
        self._skip = 0
        self._in_frame = False
        self._tail = 0

    def take(self, piece: bytes) -> None:
        """The next bytes of the packed file."""
        data = self._held + piece
        pos = 0
        while self.trouble is None:
            passed = min(self._skip, len(data) - pos)
            pos += passed
            self.offset += passed
            self._skip -= passed
            size = self._next(data[pos : pos + 18]) if not self._skip else 0
            if not size:
                break
            pos += size
            self.offset += size
        self._held = data[pos:]

    def finish(self) -> Trouble | None:
        """The trouble, or that the file ends inside a frame."""
        if self.trouble is None and (self._in_frame or self._skip or self._held):
            return Trouble(self.offset + len(self._held), "the file ends inside its zstd compression")
        return self.trouble

    def _next(self, data: bytes) -> int:
        """Read the header that begins data: its size, 0 where more bytes are needed. Sets what follows it."""
        return self._block(data) if self._in_frame else self._frame(data)

    def _frame(self, data: bytes) -> int:
        if len(data) < 5:
            return 0
        if _skippable(data):
            if len(data) < 8:
                return 0
            self._skip = int.from_bytes(data[4:8], "little")
            return 8
        if not data.startswith(ZSTD_MAGIC):
            self.trouble = Trouble(self.offset, "what follows is not a zstd frame")
            return 0
        flags = data[4]
        single = flags >> 5 & 1
        size = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3] + ((single, 2, 4, 8)[flags >> 6])
        if len(data) < size:
            return 0
        self._in_frame = True
        self._tail = _CHECKSUM_BYTES if flags >> 2 & 1 else 0
        return size

    def _block(self, data: bytes) -> int:
        if len(data) < _BLOCK_HEADER_BYTES:
            return 0
        header = int.from_bytes(data[:_BLOCK_HEADER_BYTES], "little")
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        if kind == _RESERVED:
            self.trouble = Trouble(self.offset, "a zstd block is of no known kind")
            return 0
        self._skip = 1 if kind == _RLE else size
        if last:
            self._skip += self._tail
            self._in_frame = False
        return _BLOCK_HEADER_BYTES


def _skippable(head: bytes) -> bool:
    return int.from_bytes(head[:4], "little") in SKIPPABLE if len(head) >= 4 else False
