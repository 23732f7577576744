"""Bytes of a feed file, a piece at a time: plain or gzip by content, whatever the name says.

A day of a real feed does not fit in memory, so nothing here reads a file whole. A file that ends inside its
compression is a fault at the byte where it ends; what came before has been handed on.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from sottovoce.adapters.feeds.faults import BadRow, FeedFault, file_fault
from sottovoce.core.errors import NotFound

CHUNK_BYTES = 1 << 20
LINE_BYTES_MAX = 1 << 24
GZIP_MAGIC = b"\x1f\x8b"

Source = Path | bytes
"""A file, or its content already in memory."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A run of whole lines: the number of the first, from 1, its byte offset, and the bytes, last break included."""

    number: int
    offset: int
    data: bytes


def source_name(source: Source) -> str:
    """What messages call a source."""
    return str(source) if isinstance(source, Path) else "bytes in memory"


def byte_chunks(source: Source, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The unpacked bytes of a source in pieces of at most size.

    Raises: NotFound, feed_file_missing; FeedFault, feed_unreadable, feed_empty, feed_truncated, feed_compression.
    """
    if isinstance(source, bytes):
        yield from _memory_chunks(source, size)
        return
    with _opened(source) as file:
        yield from _file_chunks(file, source, size)


def line_chunks(source: Source, size: int = CHUNK_BYTES) -> Iterator[Line]:
    """Runs of whole lines; a last line without a break is whole.

    Raises: as byte_chunks; FeedFault feed_line_length for a line beyond LINE_BYTES_MAX, which is no text file.
    """
    number, offset, rest = 1, 0, b""
    for chunk in byte_chunks(source, size):
        data = rest + chunk
        whole = data.rfind(b"\n") + 1
        if whole:
            yield Line(number, offset, data[:whole])
            number += data.count(b"\n", 0, whole)
            offset += whole
        rest = data[whole:]
        if len(rest) > LINE_BYTES_MAX:
            why = f"is longer than {LINE_BYTES_MAX:,} bytes"
            raise FeedFault(BadRow(file=source_name(source), code="feed_line_length", why=why, number=number))
    if rest:
        yield Line(number, offset, rest)


def _memory_chunks(data: bytes, size: int) -> Iterator[bytes]:
    if not data:
        raise file_fault(source_name(data), "feed_empty", "holds nothing")
    yield from (data[start : start + size] for start in range(0, len(data), size))


def _opened(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        sentence = f"There is no file {path}; give the path of a market data file."
        raise NotFound(sentence, code="feed_file_missing") from error
    except OSError as error:
        why = f"cannot be opened ({error.strerror})"
        raise file_fault(path, "feed_unreadable", why, "Give a file that can be read.") from error
    return file


def _file_chunks(file: BinaryIO, path: Path, size: int) -> Iterator[bytes]:
    magic = file.read(len(GZIP_MAGIC))
    if not magic:
        raise file_fault(path, "feed_empty", "holds nothing")
    file.seek(0)
    packed = magic == GZIP_MAGIC
    stream: BinaryIO = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
    done = 0
    while chunk := _read(stream, path, size, done):
        done += len(chunk)
        yield chunk
    if not done:
        raise file_fault(path, "feed_empty", "holds nothing once unpacked")


def _read(stream: BinaryIO, path: Path, size: int, done: int) -> bytes:
    try:
        return stream.read(size)
    except EOFError as error:
        raise _broken(path, "feed_truncated", "the file ends inside its gzip compression", done) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _broken(path, "feed_compression", f"the gzip compression is damaged ({error})", done) from error
    except OSError as error:
        raise _broken(path, "feed_unreadable", f"cannot be read on ({error.strerror})", done) from error


def _broken(path: Path, code: str, why: str, done: int) -> FeedFault:
    return FeedFault(BadRow(file=str(path), code=code, why=why, offset=done, action="Fetch the file again."))
