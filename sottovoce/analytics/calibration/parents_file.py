"""Finished parents from a file: CSV with the fields of FinishedParent as its header, or JSON, a list of such objects.

An empty cell is a figure nobody knows. A column that is none, a cell that is no number and a row without its price are
errors that name the row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from sottovoce.analytics.calibration.parents import FinishedParent
from sottovoce.core.errors import MalformedMessage

ROWS_MAX = 5_000_000


def read_parents(path: Path) -> list[FinishedParent]:
    """Read a file of parents. Raises MalformedMessage `parents_unreadable`."""
    try:
        if path.suffix.lower() == ".json":
            return msgspec.json.decode(path.read_bytes(), type=list[FinishedParent])
        with path.open(encoding="utf-8", newline="") as lines:
            return list(_rows(csv.DictReader(lines), path))
    except (OSError, UnicodeDecodeError, csv.Error, msgspec.DecodeError) as error:
        raise _unreadable(path, str(error)) from error


def write_parents(path: Path, parents: list[FinishedParent]) -> None:
    """Write parents as CSV, every column, unknown figures empty."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(FinishedParent.__struct_fields__)
        rows.writerows([_cell(value) for value in msgspec.structs.astuple(each)] for each in parents)


def _rows(rows: csv.DictReader[str], path: Path) -> Iterator[FinishedParent]:
    unknown = set(rows.fieldnames or ()) - set(FinishedParent.__struct_fields__)
    if unknown:
        fields = ", ".join(FinishedParent.__struct_fields__)
        raise _unreadable(path, f"no column {sorted(unknown)[0]!r} is known; there are {fields}")
    for number, row in enumerate(rows, start=2):
        if number > ROWS_MAX:
            raise _unreadable(path, f"more than {ROWS_MAX:,} rows")
        yield _parent(row, number, path)


def _parent(row: Mapping[str, str | None], number: int, path: Path) -> FinishedParent:
    filled = {name: _read(value) for name, value in row.items() if value not in ("", None)}
    try:
        return msgspec.convert(filled, FinishedParent, strict=False)
    except msgspec.ValidationError as error:
        raise _unreadable(path, f"line {number}: {error}") from error


def _read(value: str | None) -> str:
    return (value or "").strip()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def _unreadable(path: Path, why: str) -> MalformedMessage:
    return MalformedMessage(f"{path} is no file of finished orders: {why}.", code="parents_unreadable")
