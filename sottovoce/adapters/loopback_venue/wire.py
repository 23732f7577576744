"""One message a line, as JSON with its type: the core's own messages, and the two words of a logon."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from sottovoce.core.commands import VenueMessage
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.ports import Outbound

LINE_MAX = 1 << 16
"""Bytes of one line; more without an end is not one of ours."""

T = TypeVar("T")


class Logon(msgspec.Struct, frozen=True, kw_only=True, tag="logon"):
    """Who is on the line, and from the venue: the old lines of the same name have been read to their end."""

    name: str


ToVenue = Outbound | Logon
FromVenue = VenueMessage | Logon
_encode = msgspec.json.Encoder().encode


def line_of(message: ToVenue | FromVenue) -> bytes:
    """A message as a line."""
    return _encode(message) + b"\n"


class Lines:
    """Bytes as they arrive, cut into messages of one kind."""

    def __init__(self, decoder: msgspec.json.Decoder[T]) -> None:
        self._decode = decoder.decode
        self._rest = b""

    def feed(self, data: bytes) -> list[object]:
        """The whole messages there are now. Raises MalformedMessage."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE_MAX:
            raise MalformedMessage(f"a line of more than {LINE_MAX} bytes", code="line_too_long")
        try:
            return [self._decode(line) for line in whole]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedMessage(f"a line that is no message: {error}", code="bad_line") from error


def from_venue() -> Lines:
    """For what a venue says."""
    return Lines(msgspec.json.Decoder(FromVenue))


def to_venue() -> Lines:
    """For what a desk says."""
    return Lines(msgspec.json.Decoder(ToVenue))
