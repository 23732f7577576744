"""Binance's stream messages as they are on the wire, typed: one struct a kind, named in words, refused with a place.

Only the kinds a book is rebuilt from are here; any other is known by its name alone.
Source: Binance's public API documentation, web socket streams of spot, USD-M and COIN-M futures.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

EARLIEST_MS, LATEST_MS = 946_684_800_000, 4_102_444_800_000
"""2000-01-01 and 2100-01-01: an exchange time outside them is in another unit, or no time."""

EventMs = Annotated[int, msgspec.Meta(ge=EARLIEST_MS, lt=LATEST_MS)]
UpdateId = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Pairs = tuple[tuple[str, str], ...]
"""Price and quantity as decimal text."""


class Depth(msgspec.Struct, rename={
    "event_ms": "E", "symbol": "s", "first": "U", "last": "u", "previous": "pu", "pair": "ps", "bids": "b", "asks": "a",
}):  # fmt: skip
    """Levels that changed in updates first to last; futures name the update before, COIN-M the pair."""

    event_ms: EventMs
    symbol: str
    first: UpdateId
    last: UpdateId
    bids: Pairs
    asks: Pairs
    previous: UpdateId | None = None
    pair: str = ""


class Snapshot(msgspec.Struct, rename={"event_ms": "E", "last": "lastUpdateId"}):
    """The answer of the REST depth request."""

    last: UpdateId
    bids: Pairs
    asks: Pairs
    event_ms: EventMs | None = None
    symbol: str = ""


class Quote(msgspec.Struct, rename={
    "event_ms": "E", "symbol": "s", "update": "u", "bid": "b", "bid_qty": "B", "ask": "a", "ask_qty": "A",
}):  # fmt: skip
    """bookTicker: the best bid and ask after one update; spot does not say when."""

    symbol: str
    update: UpdateId
    bid: str
    bid_qty: str
    ask: str
    ask_qty: str
    event_ms: EventMs | None = None


class Trade(msgspec.Struct, rename={
    "event_ms": "E", "symbol": "s", "number": "t", "px": "p", "qty": "q", "buyer_made": "m",
}):  # fmt: skip
    """One trade; buyer_made: the buyer's order was resting, so a seller took it."""

    event_ms: EventMs
    symbol: str
    number: UpdateId
    px: str
    qty: str
    buyer_made: bool


Typed = Depth | Snapshot | Quote | Trade


class _Kind(msgspec.Struct, rename={"update": "lastUpdateId", "event": "e"}):
    """What a line is, before what it says."""

    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()
    event: str = ""
    update: msgspec.Raw = msgspec.Raw()


_KIND = msgspec.json.Decoder(_Kind)
_SNAPSHOT = msgspec.json.Decoder(Snapshot)
_BY_NAME: dict[str, msgspec.json.Decoder[Depth] | msgspec.json.Decoder[Quote] | msgspec.json.Decoder[Trade]] = {
    "depth": msgspec.json.Decoder(Depth),
    "depthUpdate": msgspec.json.Decoder(Depth),
    "bookTicker": msgspec.json.Decoder(Quote),
    "trade": msgspec.json.Decoder(Trade),
}
_PLACE = re.compile(r" - at `\$\.?(.*)`$")


class Unreadable(ValueError):
    """A message that is not the JSON it must be: why, and the field where one is to blame ("" otherwise)."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.field = field


def decoded(payload: bytes) -> Typed | str:
    """The typed message, or the name of a kind that is not used here. Raises Unreadable."""
    try:
        kind = _KIND.decode(payload)
        if bytes(kind.update):
            return _SNAPSHOT.decode(payload)
        name = kind.stream.split("@")[1] if "@" in kind.stream else kind.event
        decoder = _BY_NAME.get(name)
        if decoder is None:
            return name or "unknown"
        return decoder.decode(kind.data if kind.stream else payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = str(error)
        place = _PLACE.search(said)
        why = said[: place.start()] if place else said
        raise Unreadable(f"cannot be read: {why[:1].lower()}{why[1:]}", place.group(1) if place else "") from error
