"""Histories people hand in for forecasts: a CSV or Parquet file with a row for each day and name, or each day and bin.

A file becomes tables of days by names (or bins); what is missing is NaN, and what cannot be true is refused with the
row it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sottovoce.core.errors import ConfigError
from sottovoce.core.text import is_iso_date

if TYPE_CHECKING:
    import polars as pl

    from sottovoce.models.arrays import FloatArray

ROWS_MAX = 5_000_000
FIGURE_MAX = 1e15
BIN = "bin"
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


class History(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """days: ISO dates, rising; columns: names or bins in order; tables: figure → shape (days, columns)."""

    days: tuple[str, ...]
    columns: tuple[str, ...]
    tables: dict[str, FloatArray]


def read_history(path: Path, by: str, figures: Sequence[str]) -> History:
    """The file as tables.

    Args:
        by: the column that tells names, or bins (numbers, or times such as 09:30), apart; figures: the columns wanted,
            zero or more each.
    Raises: ConfigError `history_unreadable`, `history_columns`, `history_rows`, `history_figures`.
    """
    import polars as pl

    frame = _frame(path)
    missing = [name for name in ("date", by, *figures) if name not in frame.columns]
    if missing:
        there = ", ".join(frame.columns)
        sentence = f"{path} has no column {', '.join(missing)}; it has {there}."
        raise ConfigError(sentence, code="history_columns")
    frame = _dated(path, frame)
    _check(path, frame, by, figures)
    tables = {}
    for figure in figures:
        figured = frame.with_columns(pl.col(figure).cast(pl.Float64))
        wide = figured.pivot(on=by, index="date", values=figure).sort("date")
        columns = _ordered([name for name in wide.columns if name != "date"])
        tables[figure] = wide.select(columns).to_numpy().astype(np.float64)
    return History(days=tuple(wide["date"].to_list()), columns=tuple(columns), tables=tables)


def _frame(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError(f"cannot read {path}: {reason}", code="history_unreadable") from error
    if not 0 < len(frame) <= ROWS_MAX:
        raise ConfigError(f"{path} has {len(frame):,} rows; give 1 to {ROWS_MAX:,}.", code="history_rows")
    return frame


def _dated(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its dates as text, a time of the day left off."""
    import polars as pl

    written = frame["date"].cast(pl.String)
    for day in written.drop_nulls().unique():
        if not is_iso_date(day[:10]) or day[10:11] not in ("", " ", "T"):
            raise ConfigError(f"{path}: date {day[:40]!r} is no day such as 2018-02-07.", code="history_rows")
    return frame.with_columns(written.str.slice(0, 10))


def _check(path: Path, frame: pl.DataFrame, by: str, figures: Sequence[str]) -> None:
    import polars as pl

    twice = frame.filter(frame.select("date", by).is_duplicated())
    if len(twice):
        day, name = twice.select("date", by).row(0)
        raise ConfigError(f"{path}: {name} stands twice on {day}.", code="history_rows")
    if frame.select(pl.col("date").is_null().any() | pl.col(by).is_null().any()).item():
        raise ConfigError(f"{path}: a row has no date, or no {by}.", code="history_rows")
    if by == BIN:
        _check_bins(path, [str(each) for each in frame[by].unique()])
    for figure in figures:
        column = frame[figure]
        if not column.dtype.is_numeric():
            raise ConfigError(f"{path}: {figure} is not a column of numbers.", code="history_figures")
        bad = frame.filter(~pl.col(figure).cast(pl.Float64).is_between(0.0, FIGURE_MAX))
        if len(bad):
            day, name, value = bad.select("date", by, figure).row(0)
            sentence = f"{path}: {figure} of {name} on {day} is {value}; it must be 0 to {FIGURE_MAX:.0e}."
            raise ConfigError(sentence, code="history_figures")


def _check_bins(path: Path, bins: list[str]) -> None:
    """Bins are in the order of the day by what they are called: all numbers, or all times."""
    if all(map(_is_number, bins)) or all(map(CLOCK.fullmatch, bins)):
        return
    odd = next((each for each in bins if not _is_number(each)), "")
    sentence = f"{path}: bin {odd[:40]!r}: number the bins of a day, or give all as times such as 09:30."
    raise ConfigError(sentence, code="history_rows")


def _ordered(names: list[str]) -> list[str]:
    """Bins by number where all are numbers, else names by the alphabet."""
    return sorted(names, key=float) if all(map(_is_number, names)) else sorted(names)


def _is_number(name: str) -> bool:
    return NUMBER.fullmatch(name) is not None
