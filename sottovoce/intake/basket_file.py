"""Basket files: a CSV with a header and one order a row, read strictly; every bad cell gets its own sentence.

Nothing is guessed: no separators in numbers, no currency signs, no empty rows in the middle, no column that is not
known. A file with one bad cell gives no orders at all, and says all that is wrong with it at once.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sottovoce.core.basket_commands import BasketLeg
from sottovoce.core.enums import OrdType
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.text import shown
from sottovoce.intake.basket_cells import COLUMNS, REQUIRED, SIZES, BadCell

FILE_BYTES_MAX = 8 * 1024 * 1024
ROWS_MAX = 2_000
FAULTS_MAX = 1_000


class CellFault(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is wrong with one cell, row or column. line counts from 1; column is "" for a whole row or the file."""

    line: int
    column: str
    code: str
    sentence: str


class BasketFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says: its orders, or its faults (never both), and the lines that say the same order as another."""

    name: str
    legs: tuple[BasketLeg, ...] = ()
    faults: tuple[CellFault, ...] = ()
    twins: tuple[int, ...] = ()


def read_basket_file(path: Path) -> BasketFile:
    """Read a CSV file of orders. Raises MalformedMessage, code basket_unreadable, for a file that cannot be opened."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        sentence = f"{path.name} cannot be read ({error.strerror}); check the path."
        raise MalformedMessage(sentence, code="basket_unreadable") from error
    return read_basket(raw, path.name)


def read_basket(raw: bytes, name: str) -> BasketFile:
    """Read the bytes of a basket file; name is what its sentences call it."""
    if len(raw) > FILE_BYTES_MAX:
        return _refused(name, CellFault(line=0, column="", code="file_too_large", sentence=_too_large(name)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sentence = f"{name}, line {line}: bytes that are not UTF-8; save the file as UTF-8."
        return _refused(name, CellFault(line=line, column="", code="file_not_text", sentence=sentence))
    return _Sheet(name, text).read()


def _too_large(name: str) -> str:
    return f"{name} has more than {FILE_BYTES_MAX} bytes; split it."


def _refused(name: str, *faults: CellFault) -> BasketFile:
    return BasketFile(name=name, faults=faults)


class _Sheet:
    """One file being read; faults collect until there are too many."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._faults: list[CellFault] = []

    def read(self) -> BasketFile:
        legs: list[BasketLeg] = []
        try:
            rows = self._rows()
            header = next(rows, (1, []))
            if self._header(header[1]):
                for line, cells in rows:
                    self._row(header[1], line, cells, legs)
                    if len(legs) > ROWS_MAX or len(self._faults) >= FAULTS_MAX:
                        break
        except csv.Error as error:
            self._fault(1, "", "file_not_csv", f"is not a CSV file ({error}); save it again with commas and quotes")
        if not legs and not self._faults:
            self._fault(1, "", "file_empty", "has no orders; give one a line below the header")
        if len(legs) > ROWS_MAX:
            self._fault(ROWS_MAX + 2, "", "file_too_long", f"has more than {ROWS_MAX} orders; split it")
        if self._faults:
            return BasketFile(name=self._name, faults=tuple(self._faults[:FAULTS_MAX]))
        return BasketFile(name=self._name, legs=tuple(legs), twins=_twins(legs))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line each begins on; empty lines at the end are left out."""
        reader = csv.reader(io.StringIO(self._text.rstrip("\r\n"), newline=""), strict=True)
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1

    def _header(self, names: Sequence[str]) -> bool:
        for name, count in Counter(names).items():
            if name not in COLUMNS:
                known = ", ".join(COLUMNS)
                self._fault(1, shown(name), "column_unknown", f"is not a column; the columns are {known}")
            elif count > 1:
                self._fault(1, name, "column_twice", "stands twice in the header; keep one")
        for name in REQUIRED:
            if name not in names:
                self._fault(1, name, "column_missing", "is missing from the header; add it")
        if not any(name in names for name in SIZES):
            self._fault(1, " or ".join(SIZES), "column_missing", "is missing from the header; add one of the two")
        return not self._faults

    def _row(self, header: Sequence[str], line: int, cells: Sequence[str], legs: list[BasketLeg]) -> None:
        if len(cells) != len(header):
            what = f"has {len(cells)} cells and the header {len(header)}; give one for each column"
            self._fault(line, "", "row_cells", what)
            return
        fields: dict[str, object] = {}
        before = len(self._faults)
        for column, text in zip(header, cells, strict=True):
            if text == "":
                continue
            field, read = COLUMNS[column]
            try:
                fields[field] = read(text)
            except BadCell as bad:
                self._fault(line, column, bad.code, str(bad))
        self._complete(line, header, cells)
        if len(self._faults) == before:
            ord_type = OrdType.MARKET if "price" not in fields else OrdType.LIMIT
            legs.append(msgspec.convert({"row": line, "ord_type": ord_type, **fields}, BasketLeg))

    def _complete(self, line: int, header: Sequence[str], cells: Sequence[str]) -> None:
        given = {column for column, text in zip(header, cells, strict=True) if text}
        for column in REQUIRED:
            if column not in given:
                self._fault(line, column, "cell_empty", "is empty; fill it in")
        if not given.intersection(SIZES):
            self._fault(line, " or ".join(SIZES), "cell_empty", "is empty; say how much")

    def _fault(self, line: int, column: str, code: str, what: str) -> None:
        where = f"{self._name}, line {line}" + (f", column {column}" if column else "")
        self._faults.append(CellFault(line=line, column=column, code=code, sentence=f"{where}: {what}."))


def _twins(legs: Sequence[BasketLeg]) -> tuple[int, ...]:
    """Lines that say the same order as another line."""
    same = [(leg.symbol, leg.side.value, leg.order_qty, leg.notional, leg.price) for leg in legs]
    counted = Counter(same)
    return tuple(leg.row for leg, key in zip(legs, same, strict=True) if counted[key] > 1)
