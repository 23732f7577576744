"""An instrument file in JSON, from bytes to checked rows that still know their lines.

Strict: an unknown field, a wrong type or a missing name is an error that names file, line and field. Numbers
out of range and NaN are no JSON and are refused as such.
"""

from __future__ import annotations

import msgspec

from sottovoce.adapters.reference.document import FORMAT, Document, Market, Row
from sottovoce.adapters.reference.faults import fault, text_of
from sottovoce.adapters.reference.json_lines import line_of, read_document, read_rows
from sottovoce.core.text import is_iso_date


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, line by line, before sources and markets are looked up; rows are (line, row)."""

    file: str
    as_of: str
    note: str
    sources: dict[str, str]
    markets: dict[str, Market]
    rows: list[tuple[int, Row]]


def read_json(data: bytes, file: str) -> Draft:
    """Read an instrument file; the shape is in document.py.

    Raises: MalformedMessage, code reference_json, reference_format, reference_date or reference_field.
    """
    data = text_of(data, file, "reference_json").encode()
    document = read_document(data, Document, file)
    if document.format != FORMAT:
        why = f"this version reads format {FORMAT}, the file is format {document.format}"
        raise fault(file, line_of(data, ["format"]), "format", why, "reference_format")
    if not is_iso_date(document.as_of):
        why = f"{document.as_of[:40]!r} is not a date such as 2018-02-07"
        raise fault(file, line_of(data, ["as_of"]), "as_of", why, "reference_date")
    return Draft(
        file=file,
        as_of=document.as_of,
        note=document.note,
        sources=document.sources,
        markets=document.markets,
        rows=read_rows(data, "instruments", document.instruments, Row, file),
    )
