"""The daily panel: 286 names over five years, the vendor's errors taken out, and the days of results."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from sottovoce.models.arrays import FloatArray
from sottovoce.models.special_days import BoolArray


class Panel(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """days; names; tables of days by names, NaN where unknown; odd: rows that cannot be true, left out.

    results: where a name's results fell, as known after the fact.
    """

    days: tuple[date, ...]
    names: tuple[str, ...]
    volume: FloatArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    results: dict[str, BoolArray]
    odd: int


def load(folder: Path) -> Panel:
    """Read the shared panel."""
    rows = pl.read_parquet(folder / "sp500_daily_2013_2018.parquet").with_columns(pl.col("date").cast(pl.String))
    sound = (
        (pl.col("low") <= pl.min_horizontal("open", "close"))
        & (pl.col("high") >= pl.max_horizontal("open", "close"))
        & (pl.col("volume") > 0)
    )
    kept = rows.filter(sound.fill_null(False))
    tables = {name: _wide(kept, name) for name in ("volume", "open", "high", "low", "close")}
    wide = kept.pivot(on="Name", index="date", values="volume").sort("date")
    names = tuple(sorted(name for name in wide.columns if name != "date"))
    days = tuple(date.fromisoformat(day[:10]) for day in wide["date"].to_list())
    results = _results(days, names, folder / "earnings_dates.csv.gz")
    return Panel(days=days, names=names, results=results, odd=len(rows) - len(kept), **tables)


def _wide(rows: pl.DataFrame, figure: str) -> FloatArray:
    wide = rows.pivot(on="Name", index="date", values=figure).sort("date")
    names = sorted(name for name in wide.columns if name != "date")
    return np.asarray(wide.select(names).to_numpy(), dtype=np.float64)


def _results(days: tuple[date, ...], names: tuple[str, ...], earnings: Path) -> dict[str, BoolArray]:
    """Days of a name's filing and the days after. The dates are those of the filings themselves: known afterwards."""
    results = np.zeros((len(days), len(names)), dtype=bool)
    place, column = {day: n for n, day in enumerate(days)}, {name: n for n, name in enumerate(names)}
    with gzip.open(earnings, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["Earnings_Date"][:10])
            if row["Ticker"] in column and day in place:
                results[place[day], column[row["Ticker"]]] = True
    after = np.vstack([np.zeros((1, len(names)), dtype=bool), results[:-1]])
    return {"results": results, "day after results": after & ~results}
