"""What kind of market data a file holds, from how it begins; its name is not asked.

Compression is undone first. Text is told apart by its first line that says, so that a damaged one above it is named
later by who reads the file; binary files by their first bytes, Parquet by its columns.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

from sottovoce.adapters.feeds.dbn import DBN_MAGIC
from sottovoce.adapters.feeds.faults import file_fault
from sottovoce.adapters.feeds.itch_layouts import SIZES
from sottovoce.adapters.feeds.source import byte_chunks
from sottovoce.adapters.feeds.zstd_frames import is_zstd
from sottovoce.core.errors import ConfigError

HEAD_BYTES = 1 << 16
HEAD_LINES = 20
PARQUET_MAGIC = b"PAR1"
ITCH_LENGTHS = (b"\x00\x00", b"\x00\x0c")
"""What stands before a first message S: a length, or zeros."""

_CAPTURE = re.compile(rb"\d{19} \{")
_LOBSTER_MESSAGE = re.compile(rb"\d+(\.\d+)?,[1-7],\d+,\d+,-?\d+,-?[01](,[ -~]*)?\r?$")
_LOBSTER_BOOK = re.compile(rb"(-?\d+,){3,}-?\d+\r?$")


class FeedKind(Enum):
    """Kinds that can be read here, with the words for a person."""

    LOBSTER = "LOBSTER messages"
    LOBSTER_BOOK = "LOBSTER order book"
    ITCH = "NASDAQ ITCH 5.0"
    DBN = "Databento DBN"
    BINANCE = "Binance websocket capture"
    TAPE_TRADES = "consolidated trades"
    TAPE_QUOTES = "consolidated quotes"


COLUMNS = {
    FeedKind.LOBSTER: {"time_ns", "type", "order_id", "size", "price", "direction"},
    FeedKind.TAPE_QUOTES: {"time_ms", "bid", "bid_size", "ask", "ask_size"},
    FeedKind.TAPE_TRADES: {"time_ms", "price", "size", "exchange", "cond"},
}


def kind_of(path: Path) -> FeedKind:
    """What a file is. Raises: NotFound feed_file_missing; FeedFault feed_kind, and those of source.byte_chunks."""
    if path.is_dir():
        raise file_fault(path, "feed_kind", "is a folder", "Give one file of market data.")
    head = next(byte_chunks(path, HEAD_BYTES))
    found = _parquet_kind(path) if head.startswith(PARQUET_MAGIC) else _bytes_kind(head)
    if found is None:
        read = ", ".join(kind.value for kind in FeedKind if kind is not FeedKind.LOBSTER_BOOK)
        raise file_fault(path, "feed_kind", "is no kind of market data known here", f"What can be read: {read}.")
    return found


def _bytes_kind(head: bytes) -> FeedKind | None:
    if head.startswith(DBN_MAGIC) or is_zstd(head):
        return FeedKind.DBN
    if head[:2] in ITCH_LENGTHS and head[2:3] == b"S" and len(head) > SIZES[ord("S")]:
        return FeedKind.ITCH
    return next(filter(None, map(_line_kind, head.split(b"\n", HEAD_LINES)[:HEAD_LINES])), None)


def _line_kind(line: bytes) -> FeedKind | None:
    if _CAPTURE.match(line):
        return FeedKind.BINANCE
    if _LOBSTER_MESSAGE.match(line):
        return FeedKind.LOBSTER
    cells = line.count(b",") + 1
    return FeedKind.LOBSTER_BOOK if cells % 4 == 0 and _LOBSTER_BOOK.match(line) else None


def _parquet_kind(path: Path) -> FeedKind | None:
    try:
        import polars as pl
    except ImportError as error:
        sentence = f"Reading {path} needs polars, which is not installed: pip install sottovoce[tape]."
        raise ConfigError(sentence, code="feed_extra_missing") from error
    try:
        names = set(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise file_fault(path, "feed_unreadable", f"cannot be read as parquet ({error})") from error
    return next((kind for kind, needed in COLUMNS.items() if needed <= names), None)
