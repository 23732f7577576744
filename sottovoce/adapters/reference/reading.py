"""An instrument file in JSON, from bytes to checked rows that still know their lines.

Strict: an unknown field, a wrong type or a missing name is an error that names file, line and field. Numbers
out of range and NaN are no JSON and are refused as such.
"""

from __future__ import annotations

import re

import msgspec

from sottovoce.adapters.reference.dates import is_iso_date
from sottovoce.adapters.reference.document import FORMAT, Document, Market, Row
from sottovoce.adapters.reference.faults import fault, text_of
from sottovoce.core.errors import MalformedMessage

_AT_BYTE = re.compile(r"\(byte (\d+)\)")
_AT_PATH = re.compile(r" - at `\$\.?(.*)`$")
_NAMED_FIELD = re.compile(r"field `([^`]+)`")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
    try:
        document = msgspec.json.decode(data, type=Document)
    except msgspec.ValidationError as error:
        raise _header_fault(data, file, str(error)) from error
    except msgspec.DecodeError as error:
        raise _syntax_fault(data, file, str(error)) from error
    if document.format != FORMAT:
        why = f"this version reads format {FORMAT}, the file is format {document.format}"
        raise fault(file, _line_of(data, ["format"]), "format", why, "reference_format")
    if not is_iso_date(document.as_of):
        why = f"{document.as_of[:40]!r} is not a date such as 2018-02-07"
        raise fault(file, _line_of(data, ["as_of"]), "as_of", why, "reference_date")
    return Draft(
        file=file,
        as_of=document.as_of,
        note=document.note,
        sources=document.sources,
        markets=document.markets,
        rows=_read_rows(data, document.instruments, file),
    )


def _read_rows(data: bytes, raws: list[msgspec.Raw], file: str) -> list[tuple[int, Row]]:
    rows: list[tuple[int, Row]] = []
    decoder = msgspec.json.Decoder(Row)
    offset = max(data.find(b'"instruments"'), 0)
    line = data.count(b"\n", 0, offset) + 1
    for raw in raws:
        text = bytes(raw)
        found = data.index(text, offset)
        line += data.count(b"\n", offset, found)
        try:
            rows.append((line, decoder.decode(text)))
        except msgspec.DecodeError as error:
            field, why = _field_and_why(str(error))
            raise fault(file, line, field, why, "reference_field") from error
        line += text.count(b"\n")
        offset = found + len(text)
    return rows


def _header_fault(data: bytes, file: str, message: str) -> MalformedMessage:
    field, why = _field_and_why(message)
    return fault(file, _line_of(data, _KEY.findall(field)), field, why, "reference_field")


def _syntax_fault(data: bytes, file: str, message: str) -> MalformedMessage:
    at = _AT_BYTE.search(message)
    line = data.count(b"\n", 0, int(at[1])) + 1 if at else 1
    why = f"not valid JSON ({_AT_BYTE.sub('', message).removeprefix('JSON is malformed:').strip()})"
    return fault(file, line, "", why, "reference_json")


def _field_and_why(message: str) -> tuple[str, str]:
    """The field an error is about, and the rest of its sentence."""
    path = _AT_PATH.search(message)
    named = _NAMED_FIELD.search(message)
    parts = [path[1] if path else "", named[1] if named else ""]
    return ".".join(part for part in parts if part), _AT_PATH.sub("", message).replace("`", "")


def _line_of(data: bytes, keys: list[str]) -> int:
    """The line on which the last of some nested keys stands, as far as the keys can be followed."""
    offset = 0
    for key in keys:
        found = data.find(b'"' + key.encode() + b'"', offset)
        offset = found if found >= 0 else offset
    return data.count(b"\n", 0, offset) + 1
