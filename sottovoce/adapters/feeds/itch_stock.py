"""One stock out of an ITCH file: its orders as events, its prints, halts and auction news, and the system's events.

The stock directory says the stock's locate code, which its messages carry; an excerpt without a directory is matched
by the first message that names the stock. A replaced order loses its place, so it is gone and enters anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog, file_fault
from sottovoce.adapters.feeds.itch import read_itch
from sottovoce.adapters.feeds.itch_block import ItchBlock
from sottovoce.adapters.feeds.itch_layouts import LAYOUTS
from sottovoce.adapters.feeds.itch_orders import AuctionNews, StockMessages, StockPrint, TradingState
from sottovoce.adapters.feeds.source import Source, source_name
from sottovoce.models.mbo.events import MboEvents, from_rows

NAMED = tuple(layout.letter for layout in LAYOUTS if any(field.name == "stock" for field in layout.fields))
"""Messages that name their stock."""

SHOWN_MAX = 12


class SystemEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """O start of messages, S start of system hours, Q start of market hours, M and E their ends, C end of messages."""

    ns: int
    event: str


class StockPiece(msgspec.Struct, frozen=True, kw_only=True):
    """What one block of a file said of one stock."""

    events: MboEvents
    prints: tuple[StockPrint, ...]
    broken: tuple[int, ...]
    states: tuple[TradingState, ...]
    auctions: tuple[AuctionNews, ...]
    system: tuple[SystemEvent, ...]


def read_stock(
    source: Source, stock: str, faults: FaultLog | None = None, *, midnight_ns: int = 0, whole: bool = True
) -> Iterator[StockPiece]:
    """One stock of an ITCH file, block by block; prices in 1e-6 dollar, times as midnight_ns plus the file's.

    Args:
        stock: the symbol as Nasdaq writes it. midnight_ns: midnight New York of the file's day, ns UTC.
        faults: what to do with bad messages; without one the first is raised.
        whole: the file holds a whole day, so every order spoken of was entered in it; False for an excerpt.
    Raises: as read_itch; FeedFault feed_order, feed_symbol (the file has no such stock).
    """
    log = faults or FaultLog()
    locate = Locate(source_name(source), stock, log)
    messages = StockMessages(source_name(source), log, midnight_ns, whole=whole)
    for block in read_itch(source, log, whole=whole):
        system = tuple(_system(block, midnight_ns))
        rows = [] if locate.find(block) is None else messages.take(locate.own(block))
        yield StockPiece(events=from_rows(rows), system=system, **messages.handed_over())
    locate.require()


class Locate:
    """Finds the locate code of a stock, and remembers the stocks a file names for who asked for one it has not."""

    def __init__(self, file: str, stock: str, log: FaultLog) -> None:
        self._file = file
        self._stock = stock.encode("latin-1", "replace").ljust(8)
        self._log = log
        self._code: int | None = None
        self._seen: set[bytes] = set()

    def find(self, block: ItchBlock) -> int | None:
        """The stock's code, None while no message has named it."""
        if self._code is None:
            for letter in ("R", *NAMED):
                rows = block.rows(letter)
                self._seen.update(np.unique(rows["stock"]).tolist()[:SHOWN_MAX])
                own = np.flatnonzero(rows["stock"] == self._stock)
                if own.size:
                    self._code = int(rows["locate"][own[0]])
                    break
        return self._code

    def own(self, block: ItchBlock) -> ItchBlock:
        """The messages with the stock's code; one that names another stock is a fault and left out."""
        own = block.where(block.locate == self._code)
        kept = np.ones(len(own), dtype=np.bool_)
        for letter in NAMED:
            places = own.places(letter)
            names = own.records(places, letter)["stock"]
            for row in np.flatnonzero(names != self._stock).tolist():
                kept[places[row]] = False
                self._log.bad_row(self._misnamed(own, int(places[row]), names[row]))
        return own.where(kept) if not kept.all() else own

    def require(self) -> None:
        """Raise feed_symbol when the file never named the stock."""
        if self._code is None:
            seen = ", ".join(sorted(_text(name) for name in self._seen)[:SHOWN_MAX]) or "none"
            why = f"has no stock {_text(self._stock)}; some it has: {seen}"
            raise file_fault(self._file, "feed_symbol", why, "Ask for a stock of this file.")

    def _misnamed(self, block: ItchBlock, place: int, name: bytes) -> BadRow:
        return BadRow(
            file=self._file,
            code="feed_symbol",
            why=f"is not {_text(self._stock)}, whose locate code {self._code} the message carries",
            number=int(block.numbers[place]),
            unit="message",
            offset=int(block.offsets[place]),
            field="stock",
            value=_text(name),
        )


def _system(block: ItchBlock, midnight_ns: int) -> Iterator[SystemEvent]:
    places = block.places("S")
    events = block.records(places, "S")["event"].tolist()
    for ns, event in zip(block.ns[places].tolist(), events, strict=True):
        yield SystemEvent(ns=ns + midnight_ns, event=event.decode("ascii"))


def _text(name: bytes) -> str:
    return name.decode("latin-1").rstrip()
