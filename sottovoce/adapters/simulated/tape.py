"""What the simulated market printed: quote changes of the consolidated touch with their sizes, and every trade."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from sottovoce.core.ports import Tape

QUOTE_INTERVAL_NS = 100_000_000
"""A change of the touch's prices is kept when the last kept one is this old; around a trade of ours always."""

LIT, DARK, AUCTION = 0, 1, 2

_Quotes = tuple[list[int], list[int], list[int], list[int], list[int]]
_Trades = tuple[list[int], list[int], list[int], list[int], list[int], list[int]]


class TapeRecorder:
    """Appends while the market runs; arrays are made when somebody asks. Prices in units, not ticks.

    With every_quote each change of a price or a size at the touch is kept, as order-flow studies need; the tape is
    then about eight times as long. sessions_kept finished sessions stay on it beside the one that runs; None keeps all.
    """

    def __init__(self, instrument_id: str, *, every_quote: bool = False, sessions_kept: int | None = None) -> None:
        self.instrument_id = instrument_id
        self._kept = sessions_kept
        self._opens: list[int] = []
        self.every_quote = every_quote
        self.next_quote_ns = 0
        self.bid = self.ask = self.bid_size = self.ask_size = 0
        self.volume = 0
        self.last_px = 0
        self._quotes: _Quotes = ([], [], [], [], [])
        self._trades: _Trades = ([], [], [], [], [], [])

    def quote(self, at_ns: int, bid: int, ask: int, bid_size: int, ask_size: int) -> None:
        """Keep a touch; the caller decides when (see QUOTE_INTERVAL_NS)."""
        times, bids, asks, bid_sizes, ask_sizes = self._quotes
        times.append(at_ns)
        bids.append(bid)
        asks.append(ask)
        bid_sizes.append(bid_size)
        ask_sizes.append(ask_size)
        self.bid, self.ask, self.bid_size, self.ask_size = bid, ask, bid_size, ask_size
        self.next_quote_ns = at_ns if self.every_quote else at_ns + QUOTE_INTERVAL_NS

    def change(self, at_ns: int, bid: int, ask: int, bid_size: int, ask_size: int) -> None:
        """Keep a touch if anything in it is new."""
        if bid_size != self.bid_size or ask_size != self.ask_size or bid != self.bid or ask != self.ask:
            self.quote(at_ns, bid, ask, bid_size, ask_size)

    def keep_next(self) -> None:
        """Keep the next change of the touch, however soon it comes."""
        self.next_quote_ns = 0

    def print(self, at_ns: int, px: int, qty: int, own: int, kind: int, side: int) -> None:
        """Keep a trade; side is 1 where the aggressor bought, -1 where it sold, 0 where there was none."""
        times, prices, sizes, owns, kinds, sides = self._trades
        times.append(at_ns)
        prices.append(px)
        sizes.append(qty)
        owns.append(own)
        kinds.append(kind)
        sides.append(side)
        self.volume += qty
        self.last_px = px

    @property
    def prints(self) -> int:
        """How many trades there are so far."""
        return len(self._trades[0])

    def prints_since(self, number: int) -> Iterator[tuple[int, int]]:
        """(price, time) of the trades after the first `number`."""
        return zip(self._trades[1][number:], self._trades[0][number:], strict=True)

    def begin(self, open_ns: int) -> None:
        """A session opens: let go of those that are not kept, so that a long run does not grow."""
        self._opens.append(open_ns)
        if self._kept is None or len(self._opens) <= self._kept + 1:
            return
        self._opens = self._opens[-self._kept - 1 :]
        for columns in (self._quotes, self._trades):
            gone = bisect_left(columns[0], self._opens[0])
            for column in columns:
                del column[:gone]

    def snapshot(self) -> Tape:
        """Everything so far, as int64 arrays."""
        quotes = [np.array(column, dtype=np.int64) for column in self._quotes]
        trades = [np.array(column, dtype=np.int64) for column in self._trades]
        return Tape(
            instrument_id=self.instrument_id,
            quote_ns=quotes[0],
            bid=quotes[1],
            ask=quotes[2],
            trade_ns=trades[0],
            trade_px=trades[1],
            trade_qty=trades[2],
            trade_own=trades[3],
            trade_kind=trades[4],
            bid_size=quotes[3],
            ask_size=quotes[4],
            trade_side=trades[5],
        )

    def digest(self) -> str:
        """SHA-256 of the arrays, little-endian int64, quotes before trades, column after column."""
        seal = hashlib.sha256(self.instrument_id.encode())
        for column in (*self._quotes, *self._trades):
            seal.update(len(column).to_bytes(8, "little"))
            seal.update(np.array(column, dtype="<i8").tobytes())
        return seal.hexdigest()
