"""What is wrong with an instrument file, said so that the line can be found and mended."""

from __future__ import annotations

from sottovoce.core.errors import MalformedMessage


def fault(file: str, line: int, field: str, why: str, code: str) -> MalformedMessage:
    """The error for one field of one line; an empty field means the line as a whole."""
    place = f"{file}, line {line}, {field}" if field else f"{file}, line {line}"
    return MalformedMessage(f"{place}: {why}. Nothing was loaded.", code=code)
