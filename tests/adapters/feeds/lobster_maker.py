"""A small LOBSTER message file by hand, as text, gzip or Parquet, and the book rows that go with it."""

from __future__ import annotations

import gzip
from pathlib import Path

MESSAGES = (
    "34200.000000001,1,11,300,999900,1",
    "34200.000000002,1,12,200,1000100,-1",
    "34200.1,1,13,100,999900,1",
    "34200.2,1,14,400,999800,1",
    "34200.25,1,15,150,1000200,-1",
    "34200.3,4,11,100,999900,1",
    "34200.31,2,11,150,999900,1",
    "34200.4,5,0,70,1000000,-1",
    "34200.5,4,11,50,999900,1",
    "34200.6,3,13,100,999900,1",
    "34201,7,0,0,-1,-1",
    "34202,7,0,0,1,-1",
    "34203.123456789,6,0,900,1000000,1",
    "34204,1,16,500,1000100,-1",
    "34205,3,12,200,1000100,-1",
)
"""Orders of every fate, a hidden execution, a halt with its end, a cross."""


def csv(lines: tuple[str, ...] | list[str] = MESSAGES) -> bytes:
    """The file as LOBSTER writes it."""
    return "".join(f"{line}\n" for line in lines).encode()


def columns(lines: tuple[str, ...] | list[str] = MESSAGES) -> dict[str, list[int]]:
    """The same rows as columns, time in ns."""
    cells = [line.split(",") for line in lines]
    seconds = [cell[0].partition(".") for cell in cells]
    found = {"time_ns": [int(whole) * 10**9 + int(part.ljust(9, "0")) for whole, _, part in seconds]}
    for place, name in enumerate(("type", "order_id", "size", "price", "direction"), start=1):
        found[name] = [int(cell[place]) for cell in cells]
    return found


def write_parquet(path: Path, values: dict[str, list[int]] | None = None) -> Path:
    """The rows as a Parquet file."""
    import polars as pl

    pl.DataFrame(values or columns()).write_parquet(path)
    return path


def write_gzip(path: Path, data: bytes | None = None) -> Path:
    """The rows as a gzip file."""
    path.write_bytes(gzip.compress(data or csv()))
    return path
