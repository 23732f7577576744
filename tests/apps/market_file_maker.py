"""Small files of market data of each kind, for the commands to read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.adapters.feeds.capture_maker import Capture, small

TAPE_OPEN_MS = 34_200_000


def capture(folder: Path, *, gap: bool = False, bad_line: bool = False) -> Path:
    """Six lines from 23:54:14 UTC; with a gap, two more whose predecessor is missing."""
    made = small()
    if gap:
        made.diff(20, 25, [("100.00", "7")], [])
    if bad_line:
        made.raw("{not json")
    return written(folder / "capture.jsonl", made)


def unsynced(folder: Path) -> Path:
    """A capture in which no snapshot ever comes."""
    return written(folder / "unsynced.jsonl", Capture().diff(1, 2).diff(3, 4))


def written(path: Path, made: Capture) -> Path:
    path.write_bytes(made.source)
    return path


def tape(folder: Path, *, quotes: bool = True) -> Path:
    """IBM of 2013-10-08: a minute of quotes and trades after the open; returns the trade file."""
    trades = {
        "time_ms": [TAPE_OPEN_MS + 1_000, TAPE_OPEN_MS + 2_000, TAPE_OPEN_MS + 61_000],
        "price": [1_818_100, 1_818_150, 1_818_100],
        "size": [100, 300, 200],
        "exchange": ["N", "D", "N"],
        "cond": [0x40, 1, 0x20],
        "suspicious": [0, 0, 0],
    }
    sides = {
        "time_ms": [TAPE_OPEN_MS, TAPE_OPEN_MS, TAPE_OPEN_MS + 60_000],
        "bid": [1_818_000, 0, 1_818_100],
        "bid_size": [300, 0, 400],
        "ask": [0, 1_818_200, 0],
        "ask_size": [0, 200, 0],
        "exchange": ["P", "P", "N"],
        "cond": [1, 1, 1],
        "suspicious": [0, 0, 0],
    }
    path = folder / "IBM_20131008_trades.parquet"
    pl.DataFrame(trades).write_parquet(path)
    if quotes:
        pl.DataFrame(sides).write_parquet(folder / "IBM_20131008_quotes.parquet")
    return path
