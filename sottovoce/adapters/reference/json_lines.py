"""Where in a JSON file something is wrong: the line and the field, for the person who has to mend it."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from sottovoce.adapters.reference.faults import fault
from sottovoce.core.errors import MalformedMessage

_AT_BYTE = re.compile(r"\(byte (\d+)\)")
_AT_PATH = re.compile(r" - at `\$\.?(.*)`$")
_NAMED_FIELD = re.compile(r"field `([^`]+)`")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Row = TypeVar("Row", bound=msgspec.Struct)
Whole = TypeVar("Whole", bound=msgspec.Struct)


def read_document(data: bytes, kind: type[Whole], file: str) -> Whole:
    """The whole file as its type. Raises: MalformedMessage, code reference_json or reference_field."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        field, why = field_and_why(str(error))
        raise fault(file, line_of(data, _KEY.findall(field)), field, why, "reference_field") from error
    except msgspec.DecodeError as error:
        raise _syntax_fault(data, file, str(error)) from error


def read_rows(data: bytes, key: str, raws: list[msgspec.Raw], kind: type[Row], file: str) -> list[tuple[int, Row]]:
    """The rows under a key of a file, each with its line. Raises: MalformedMessage, code reference_field."""
    rows: list[tuple[int, Row]] = []
    decoder = msgspec.json.Decoder(kind)
    offset = max(data.find(f'"{key}"'.encode()), 0)
    line = data.count(b"\n", 0, offset) + 1
    for raw in raws:
        text = bytes(raw)
        found = data.index(text, offset)
        line += data.count(b"\n", offset, found)
        try:
            rows.append((line, decoder.decode(text)))
        except msgspec.DecodeError as error:
            field, why = field_and_why(str(error))
            raise fault(file, line, field, why, "reference_field") from error
        line += text.count(b"\n")
        offset = found + len(text)
    return rows


def field_and_why(message: str) -> tuple[str, str]:
    """The field an error is about, and the rest of its sentence."""
    path = _AT_PATH.search(message)
    named = _NAMED_FIELD.search(message)
    parts = [path[1] if path else "", named[1] if named else ""]
    return ".".join(part for part in parts if part), _AT_PATH.sub("", message).replace("`", "")


def line_of(data: bytes, keys: list[str]) -> int:
    """The line on which the last of some nested keys stands, as far as the keys can be followed."""
    offset = 0
    for key in keys:
        found = data.find(b'"' + key.encode() + b'"', offset)
        offset = found if found >= 0 else offset
    return data.count(b"\n", 0, offset) + 1


def _syntax_fault(data: bytes, file: str, message: str) -> MalformedMessage:
    at = _AT_BYTE.search(message)
    line = data.count(b"\n", 0, int(at[1])) + 1 if at else 1
    why = f"not valid JSON ({_AT_BYTE.sub('', message).removeprefix('JSON is malformed:').strip()})"
    return fault(file, line, "", why, "reference_json")
