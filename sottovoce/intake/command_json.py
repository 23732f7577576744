"""The door for requests as JSON: one object, read strictly into a command, or a sentence with a code.

What the standard would let pass is refused here: a field given twice, NaN and Infinity, numbers with a point or an
exponent (decimals travel as text), a byte-order mark, lone surrogates, and anything nested deeper than a request is.
Unknown fields are errors: nobody sets what is not theirs to set. The gateway judges the values.
"""

from __future__ import annotations

import json
from typing import NoReturn

import msgspec

from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.commands import ClientCommand
from sottovoce.core.errors import MalformedMessage

BODY_BYTES_MAX = 1024 * 1024
BASKET_BYTES_MAX = 8 * 1024 * 1024
DEPTH_MAX = 16
DIGITS_MAX = 19
"""A whole number of more digits does not fit 64 bits."""


def read_command(raw: bytes) -> ClientCommand:
    """One request of a person or a program.

    Raises: MalformedMessage, code body_too_large, text_not_unicode, json_syntax, json_repeated_field, json_number,
        json_too_deep or command_fields.
    """
    if len(raw) > BASKET_BYTES_MAX:
        raise MalformedMessage(f"A request has at most {BASKET_BYTES_MAX} bytes.", code="body_too_large")
    tree = _parsed(raw)
    _check_text(tree)
    command = _converted(tree)
    if len(raw) > BODY_BYTES_MAX and not isinstance(command, NewBasket):
        raise MalformedMessage(f"A request has at most {BODY_BYTES_MAX} bytes.", code="body_too_large")
    return command


def _converted(tree: object) -> ClientCommand:
    try:
        command: ClientCommand = msgspec.convert(tree, ClientCommand)
    except msgspec.ValidationError as error:
        raise MalformedMessage(f"The request cannot be used: {error}.", code="command_fields") from error
    return command


def _parsed(raw: bytes) -> object:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = f"The request is not UTF-8 at byte {error.start}."
        raise MalformedMessage(sentence, code="text_not_unicode") from error
    try:
        return json.loads(
            text, object_pairs_hook=_fields, parse_float=_refuse_number, parse_constant=_refuse_number, parse_int=_whole
        )
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        sentence = f"The request is not JSON: {str(error).splitlines()[0]}."
        raise MalformedMessage(sentence, code="json_syntax") from error


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise MalformedMessage(f"The field {twice[:40]!a} is given twice; keep one.", code="json_repeated_field")
    return fields


def _refuse_number(text: str) -> NoReturn:
    sentence = f'{text[:40]} is not a whole number; decimals are written as text, such as "187.51".'
    raise MalformedMessage(sentence, code="json_number")


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > DIGITS_MAX or text == "-0":
        raise MalformedMessage(f"{text[:40]} is not a number a request may carry.", code="json_number")
    return int(text)


def _too_deep() -> MalformedMessage:
    return MalformedMessage(f"A request is nested at most {DEPTH_MAX} deep.", code="json_too_deep")


def _check_text(tree: object) -> None:
    """Refuse what no text encoding can carry, and what is nested too deep; without recursion of our own."""
    pending: list[tuple[object, int]] = [(tree, 1)]
    while pending:
        value, depth = pending.pop()
        if depth > DEPTH_MAX:
            raise _too_deep()
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise MalformedMessage("A text has a lone surrogate; send Unicode text.", code="text_not_unicode")
        elif isinstance(value, dict):
            pending += [(each, depth + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list):
            pending += [(each, depth + 1) for each in value]
