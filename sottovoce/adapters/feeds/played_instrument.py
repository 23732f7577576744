"""One instrument of an order-by-order file being played: its book, what traded, and the spread over time."""

from __future__ import annotations

from sottovoce.core.playback import PlayedBook
from sottovoce.models.mbo import faults
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import ADD, CANCEL, CLEAR, CROSS, DELETE, EXECUTE, TRADE, Row
from sottovoce.models.touch_meter import TouchMeter

PRINTED = frozenset({EXECUTE, TRADE, CROSS})


class PlayedInstrument:
    """Takes events one by one; executions, trades not displayed and crosses are trades, value their sum of px x qty."""

    __slots__ = ("book", "meter", "trades", "value", "volume")

    def __init__(self) -> None:
        self.book = MboBook()
        self.meter = TouchMeter()
        self.trades = self.volume = self.value = 0

    def take(self, row: Row) -> None:
        """The next event of the feed."""
        ns, kind, order_id, side, px, qty = row
        if kind == ADD:
            self.book.add(order_id, side, px, qty)
        elif kind in (CANCEL, EXECUTE):
            self.book.reduce(order_id, qty)
        elif kind == DELETE:
            self.book.delete(order_id)
        elif kind == CLEAR:
            self.book.clear()
        if kind in PRINTED:
            self.trades += 1
            self.volume += qty
            self.value += px * qty
        bid, ask = self.book.bids.best(), self.book.asks.best()
        self.meter.take(ns, None if bid is None else bid.px, None if ask is None else ask.px)

    @property
    def earlier(self) -> int:
        """Events about orders that were never entered here: they are from before the file began."""
        return self.book.counts[faults.UNKNOWN]

    def shown(self, depth: int | None) -> PlayedBook:
        """Quantity by price, at most depth levels a side."""
        sides = (tuple((px, qty) for px, qty, _ in self.book.levels(side, depth)) for side in (1, -1))
        bids, asks = sides
        return PlayedBook(bids=bids, asks=asks)
