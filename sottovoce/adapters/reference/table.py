"""An instrument file in CSV: the plain way for a desk to bring figures of its own.

    symbol,name,sector,mic,as_of,source,close,adv,sigma_daily,sigma_daily_long,shares_outstanding,…

symbol and name are required; an empty cell is unknown. One date and one source hold for every figure of the
line and are required where there is one. The market must be known already: its ticks and lots hold.
"""

from __future__ import annotations

import csv
import io
import math
import re

from sottovoce.adapters.reference.document import FIGURES, Figure, Listing, Row
from sottovoce.adapters.reference.faults import fault, text_of
from sottovoce.adapters.reference.reading import Draft
from sottovoce.adapters.reference.symbols import DEFAULT_MARKET, is_canonical

REQUIRED = ("symbol", "name")
COLUMNS = (*REQUIRED, "sector", "mic", "as_of", "source", *FIGURES)

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def read_csv(data: bytes, file: str) -> Draft:
    """Read a table of instruments.

    Raises: MalformedMessage, code reference_csv, reference_field or reference_figure.
    """
    text = text_of(data, file, "reference_csv")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Row]] = []
    try:
        header = _checked_header(next(reader, []), file)
        for cells in reader:
            if cells:
                rows.append((reader.line_num, _read_row(header, cells, file, reader.line_num)))
    except csv.Error as error:
        raise fault(file, reader.line_num, "", f"not valid CSV ({error})", "reference_csv") from error
    given = [figure for _, row in rows for figure in _figures(row)]
    names = [figure.source for figure in given] + [row.listing.source for _, row in rows if row.listing]
    return Draft(
        file=file,
        as_of=max((figure.as_of for figure in given), default=""),
        note=f"from {file}",
        sources={name: name for name in names},
        markets={},
        rows=rows,
    )


def _checked_header(header: list[str], file: str) -> list[str]:
    names = [name.strip() for name in header]
    for name in names:
        if name not in COLUMNS:
            why = f"no such column; known are {', '.join(COLUMNS)}"
            raise fault(file, 1, name or "empty column", why, "reference_field")
        if names.count(name) > 1:
            raise fault(file, 1, name, "the column is there twice", "reference_field")
    for name in REQUIRED:
        if name not in names:
            raise fault(file, 1, name, "the column is required and missing", "reference_field")
    return names


def _read_row(header: list[str], cells: list[str], file: str, line: int) -> Row:
    if len(cells) != len(header):
        why = f"{len(cells)} cells where the header has {len(header)}"
        raise fault(file, line, "", why, "reference_csv")
    values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in REQUIRED:
        if not values[name]:
            raise fault(file, line, name, "required and empty", "reference_field")
    as_of, source = values.get("as_of", ""), values.get("source", "")
    given = [name for name in (*FIGURES, "mic") if values.get(name)]
    for name, value in (("as_of", as_of), ("source", source)):
        if given and not value:
            why = f"a figure needs it, and {given[0]} is given"
            raise fault(file, line, name, why, "reference_field")
    figures = {
        name: Figure(_number(values[name], name, file, line), as_of, source) for name in FIGURES if values.get(name)
    }
    listing = Listing(values["mic"], as_of, source) if values.get("mic") else None
    return Row(
        symbol=_with_market(values["symbol"]),
        name=values["name"],
        sector=values.get("sector") or None,
        listing=listing,
        notes=(),
        **figures,
    )


def _with_market(text: str) -> str:
    symbol = " ".join(text.upper().replace("/", ".").split())
    return symbol if is_canonical(symbol) else f"{symbol} {DEFAULT_MARKET}"


def _number(cell: str, name: str, file: str, line: int) -> float:
    if _NUMBER.fullmatch(cell) and math.isfinite(float(cell)):
        return float(cell)
    raise fault(file, line, name, f"{cell[:40]!r} is not a plain, finite number", "reference_figure")


def _figures(row: Row) -> list[Figure]:
    found = (getattr(row, name) for name in FIGURES)
    return [figure for figure in found if isinstance(figure, Figure)]
