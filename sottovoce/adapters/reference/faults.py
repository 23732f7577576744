"""What is wrong with an instrument file, said so that the line can be found and mended."""

from __future__ import annotations

from sottovoce.core.errors import MalformedMessage


def text_of(data: bytes, file: str, code: str) -> str:
    """The text of a file in UTF-8, a byte order mark left out; MalformedMessage names the line that is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fault(file, line, "", "the text is not UTF-8", code) from error


def fault(file: str, line: int, field: str, why: str, code: str) -> MalformedMessage:
    """The error for one field of one line; an empty field means the line as a whole."""
    place = f"{file}, line {line}, {field}" if field else f"{file}, line {line}"
    return MalformedMessage(f"{place}: {why}. Nothing was loaded.", code=code)
