"""What may become an input at all: only what can be written down and read again.

Text with a lone surrogate cannot be encoded, so it could be neither digested nor recorded. A request with one is
sent back before its step begins, as an unreadable one is. A venue's report is never sent back: what cannot be read
in its text is shown as U+FFFD, and the trade in it counts.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from sottovoce.core.command import Command
from sottovoce.core.errors import MalformedMessage

UNREADABLE = "\ufffd"
_Message = TypeVar("_Message")
_encode = msgspec.json.Encoder().encode


def admitted(message: _Message) -> _Message:
    """The message, fit to be recorded. Raises MalformedMessage, code text_not_unicode, for a person's or program's."""
    try:
        _encode(message)
    except UnicodeEncodeError:
        return _without_surrogates(message)
    return message


def _without_surrogates(message: _Message) -> _Message:
    if isinstance(message, Command):
        sentence = f"A {type(message).__name__} has a lone surrogate in its text; send Unicode text."
        raise MalformedMessage(sentence, code="text_not_unicode")
    assert isinstance(message, msgspec.Struct)
    texts = {name: getattr(message, name) for name in message.__struct_fields__}
    repaired = {name: _repaired(text) for name, text in texts.items() if isinstance(text, str)}
    return msgspec.structs.replace(message, **repaired)


def _repaired(text: str) -> str:
    return "".join(UNREADABLE if "\ud800" <= letter <= "\udfff" else letter for letter in text)
