"""Lists to schedule: a CSV with a header, or a JSON array of objects, one order each, read strictly.

Each order carries the figures its schedule needs, so that a list can be scheduled for names the desk's own reference
data do not know. Nothing is guessed: an unknown column, an empty cell that is needed or a word where a number belongs
is an error that names the file, the line and the column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.text import shown

FILE_BYTES_MAX = 8 * 1024 * 1024
ROWS_MAX = 5_000


class ListRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order with its market.

    quantity: shares; price: currency; adv: shares a day; sigma_daily: a fraction; spread_bps: quoted; beta: to the
    market. participation_max: most of its volume, as a fraction. first_bucket, last_bucket: where it may trade, from 1.
    """

    symbol: str
    side: Literal["buy", "sell"]
    quantity: int
    price: float
    adv: float
    sigma_daily: float
    spread_bps: float
    beta: float = 1.0
    sector: str = ""
    participation_max: float | None = None
    first_bucket: int | None = None
    last_bucket: int | None = None
    lot: int = 1


def read_schedule_list(path: Path) -> tuple[ListRow, ...]:
    """The orders of a file.

    Raises: NotFound `no_file`; MalformedMessage `list_unreadable`, `list_row`, `list_too_long`.
    """
    if not path.is_file():
        raise NotFound(f"There is no list {path}; give the path of a CSV or JSON file.", code="no_file")
    with path.open("rb") as file:
        raw = file.read(FILE_BYTES_MAX + 1)
    if len(raw) > FILE_BYTES_MAX:
        raise MalformedMessage(f"{path.name} is longer than {FILE_BYTES_MAX} bytes; split it.", code="list_too_long")
    rows = []
    for where, fields in _json(raw, path.name) if path.suffix.lower() == ".json" else _csv(raw, path.name):
        rows.append(_row(path.name, where, fields))
        if len(rows) > ROWS_MAX:
            raise MalformedMessage(f"{path.name} has more than {ROWS_MAX} orders; split it.", code="list_too_long")
    return tuple(rows)


def _row(name: str, where: str, fields: object) -> ListRow:
    try:
        row = msgspec.convert(fields, ListRow, strict=False)
    except msgspec.ValidationError as error:
        raise MalformedMessage(f"{name}, {where}: {error}.", code="list_row") from error
    if row.quantity <= 0:
        raise MalformedMessage(f"{name}, {where}: the quantity of {row.symbol} is not above zero.", code="list_row")
    return row


def _csv(raw: bytes, name: str) -> Iterator[tuple[str, object]]:
    """Lines of a CSV by column; empty cells are left out."""
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        header: list[str] = next(reader, [])
        if len(set(header)) < len(header):
            raise MalformedMessage(f"{name}, line 1: a column stands twice in the header.", code="list_row")
        for cells in reader:
            if len(cells) != len(header):
                told = f"{name}, line {reader.line_num}: {len(cells)} cells where the header has {len(header)}"
                raise MalformedMessage(f"{told}; give one for each column.", code="list_row")
            given = {column: cell for column, cell in zip(header, cells, strict=True) if cell != ""}
            yield f"line {reader.line_num}", given
    except (UnicodeDecodeError, csv.Error) as error:
        sentence = f"{name} is not a CSV file ({shown(str(error))}); save it again as UTF-8 with commas."
        raise MalformedMessage(sentence, code="list_unreadable") from error


def _json(raw: bytes, name: str) -> Iterator[tuple[str, object]]:
    try:
        rows = msgspec.json.decode(raw, type=list[object])
    except msgspec.DecodeError as error:
        raise MalformedMessage(f"{name} is not a JSON array of orders: {error}.", code="list_unreadable") from error
    for number, each in enumerate(rows, start=1):
        yield f"order {number}", each
