"""Rows of a LOBSTER message file, from CSV (plain or gzip) or Parquet, as columns in the file's own units.

Columns: time (seconds since midnight in CSV, integer time_ns in Parquet), type, order_id, size, price (1/10000
dollar), direction. A seventh column of a CSV line, the participant, is passed over. CSV lines are matched whole by
one grammar: a number that Python would let pass (1_000, +5, 1e18, nan) is a fault here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog, file_fault
from sottovoce.adapters.feeds.source import Line, Source, line_chunks, source_name
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.models.arrays import BoolArray, IntArray

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("time_ns", "type", "order_id", "size", "price", "direction")
PARQUET_ROWS = 1 << 16

_WHOLE = rb"(-?[0-9]{1,18})"
_ROW = re.compile(
    rb"^([0-9]{1,5})(?:\.([0-9]{1,9}))?," + rb",".join([_WHOLE] * 5) + rb"(?:,[ -~]{0,40})?\r?$", re.MULTILINE
)
_FIELDS = (
    ("time", re.compile(rb"[0-9]{1,5}(?:\.[0-9]{1,9})?"), "is not seconds since midnight with up to nine decimals"),
    *((name, re.compile(_WHOLE), "is not a whole number") for name in COLUMNS[1:]),
)


class LobsterRows(msgspec.Struct, frozen=True, kw_only=True):
    """Message rows in file order, shape (n,) each: number in the file from 1, and the columns as they stand there.

    ns is since midnight of the exchange; type is 1 to 7; price is in 1/10000 dollar.
    """

    number: IntArray
    ns: IntArray
    type: IntArray
    order_id: IntArray
    size: IntArray
    price: IntArray
    direction: IntArray

    def where(self, kept: BoolArray) -> LobsterRows:
        """The rows a mask of shape (n,) picks."""
        return LobsterRows(**{name: getattr(self, name)[kept] for name in self.__struct_fields__})


def message_rows(source: Source, log: FaultLog) -> Iterator[LobsterRows]:
    """The rows of a file in runs, syntax checked and values not. A path that ends in .parquet is read as Parquet.

    Raises: FeedFault feed_columns, feed_value, feed_encoding, feed_unreadable; ConfigError feed_extra_missing; those
        of line_chunks.
    """
    if isinstance(source, Path) and is_parquet(source):
        yield from _parquet_rows(source, log)
    else:
        for run in line_chunks(source):
            yield _csv_rows(run, source_name(source), log)


def is_parquet(source: Source) -> bool:
    """Whether rows are counted as rows of a table and not as lines."""
    return isinstance(source, Path) and source.suffix == ".parquet"


# CSV ----------------------------------------------------------------------------------------------------------------


def _csv_rows(run: Line, file: str, log: FaultLog) -> LobsterRows:
    found = _ROW.findall(run.data)
    lines = run.data.count(b"\n") + (not run.data.endswith(b"\n"))
    if len(found) == lines:
        return _columns(found, np.arange(run.number, run.number + lines, dtype=np.int64))
    kept: list[tuple[bytes, ...]] = []
    numbers: list[int] = []
    for number, line in enumerate(run.data.removesuffix(b"\n").split(b"\n"), start=run.number):
        match = _ROW.fullmatch(line)
        if match:
            kept.append(match.groups(b""))
            numbers.append(number)
        else:
            log.bad_row(_syntax_fault(file, number, line))
    return _columns(kept, np.array(numbers, dtype=np.int64))


def _columns(found: list[tuple[bytes, ...]], number: IntArray) -> LobsterRows:
    seconds, parts, *rest = zip(*found, strict=True) if found else ((),) * 7
    ns = [int(whole) * 1_000_000_000 + int(part.ljust(9, b"0")) for whole, part in zip(seconds, parts, strict=True)]
    columns = [np.array(ns, dtype=np.int64), *(np.array(list(map(int, column)), dtype=np.int64) for column in rest)]
    return LobsterRows(
        number=number,
        ns=columns[0],
        type=columns[1],
        order_id=columns[2],
        size=columns[3],
        price=columns[4],
        direction=columns[5],
    )


def _syntax_fault(file: str, number: int, line: bytes) -> BadRow:
    """The first thing wrong with a line that is not a row."""
    if not line.isascii():
        why = "holds bytes that are not ASCII text"
        return BadRow(file=file, code="feed_encoding", why=why, number=number, value=_shown(line))
    cells = line.split(b",")
    if len(cells) not in (len(COLUMNS), len(COLUMNS) + 1):
        why = f"has {len(cells)} columns where 6 must be: time, {', '.join(COLUMNS[1:])}"
        return BadRow(file=file, code="feed_columns", why=why, number=number, value=_shown(line))
    for (name, grammar, why), cell in zip(_FIELDS, cells, strict=False):
        if not grammar.fullmatch(cell):
            return BadRow(file=file, code="feed_value", why=why, number=number, field=name, value=_shown(cell))
    return BadRow(file=file, code="feed_value", why="is not a row of a message file", number=number, value=_shown(line))


def _shown(text: bytes) -> str:
    return text.decode("ascii", "backslashreplace")


# Parquet ------------------------------------------------------------------------------------------------------------


def _parquet_rows(path: Path, log: FaultLog) -> Iterator[LobsterRows]:
    first = 0
    while True:
        frame = _slice(path, first)
        columns = {name: _whole_numbers(path, frame, name) for name in COLUMNS}
        if not frame.height:
            break
        number = np.arange(first + 1, first + 1 + frame.height, dtype=np.int64)
        rows = LobsterRows(number=number, ns=columns.pop("time_ns"), **columns)
        yield _without_empty(path, frame, rows, log)
        first += frame.height
    if not first:
        raise file_fault(path, "feed_empty", "holds no rows")


def _slice(path: Path, first: int) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError as error:
        sentence = f"Reading {path} needs polars, which is not installed: pip install sottovoce[tape]."
        raise ConfigError(sentence, code="feed_extra_missing") from error
    if not path.exists():
        raise NotFound(f"There is no file {path}; give the path of a message file.", code="feed_file_missing")
    try:
        return pl.scan_parquet(path, glob=False).slice(first, PARQUET_ROWS).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise file_fault(path, "feed_unreadable", f"cannot be read as parquet ({_first_line(error)})") from error


def _whole_numbers(path: Path, frame: pl.DataFrame, name: str) -> IntArray:
    """A column with 0 where it is empty."""
    if name not in frame.columns:
        why = f"has no column {name}; it has {', '.join(frame.columns)}"
        raise file_fault(path, "feed_columns", why, f"Give a file with the columns {', '.join(COLUMNS)}.")
    column = frame.get_column(name)
    if not column.dtype.is_integer():
        why = f"has type {column.dtype} in column {name} where whole numbers must be"
        raise file_fault(path, "feed_columns", why)
    return column.fill_null(0).to_numpy().astype(np.int64)


def _without_empty(path: Path, frame: pl.DataFrame, rows: LobsterRows, log: FaultLog) -> LobsterRows:
    empty = np.column_stack([frame.get_column(name).is_null().to_numpy() for name in COLUMNS])
    some = np.asarray(empty.any(axis=1), dtype=np.bool_)
    for row in np.flatnonzero(some).tolist():
        field, number = COLUMNS[int(empty[row].argmax())], int(rows.number[row])
        log.bad_row(BadRow(file=str(path), code="feed_value", why="is empty", number=number, unit="row", field=field))
    return rows.where(~some) if some.any() else rows


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
