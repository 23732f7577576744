"""The recorded tapes as an illustration: how far one day's shape is from the day before's. A handful of days proves
nothing, so n is printed with every figure.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from sottovoce.models.arrays import FloatArray

OPEN_MS, CLOSE_MS, BINS = 34_200_000, 57_600_000, 13
OFFICIAL = 0x1000000 | 0x4000000
"""Official open and close values: rows that are no trades."""


class TapeDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day against the day before it: mean absolute error of a half hour's share, and of the day's total.

    shares, shares_before: each half hour's part of either day.
    """

    symbol: str
    day: str
    share_error: float
    total_error: float
    shares: list[float]
    shares_before: list[float]


def tape_days(folder: Path) -> list[TapeDay]:
    """Every recorded day that has one before it."""
    days: dict[str, dict[str, FloatArray]] = {}
    for path in sorted(folder.glob("*_trades.parquet")):
        symbol, day, _ = path.stem.split("_")
        days.setdefault(symbol, {})[day] = _bins(path)
    return [
        _against(symbol, day, volumes[day], volumes[before])
        for symbol, volumes in days.items()
        for before, day in pairwise(sorted(volumes))
    ]


def _bins(path: Path) -> FloatArray:
    rows = pl.read_parquet(path).filter(
        (pl.col("time_ms") >= OPEN_MS) & (pl.col("time_ms") < CLOSE_MS) & (pl.col("cond") & OFFICIAL == 0)
    )
    width = (CLOSE_MS - OPEN_MS) // BINS
    number = ((rows["time_ms"] - OPEN_MS) // width).to_numpy()
    return np.bincount(number, weights=rows["size"].to_numpy(), minlength=BINS).astype(np.float64)


def _against(symbol: str, day: str, seen: FloatArray, before: FloatArray) -> TapeDay:
    shares, shares_before = seen / seen.sum(), before / before.sum()
    return TapeDay(
        symbol=symbol,
        day=day,
        share_error=float(np.abs(shares - shares_before).mean()),
        total_error=abs(float(before.sum() / seen.sum()) - 1.0),
        shares=shares.tolist(),
        shares_before=shares_before.tolist(),
    )
