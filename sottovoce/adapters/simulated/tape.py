"""What the simulated market printed: quote changes of the consolidated touch, and every trade."""

from __future__ import annotations

import hashlib

import numpy as np

from sottovoce.core.ports import Tape

QUOTE_INTERVAL_NS = 100_000_000
"""A change of the touch is kept when the last kept one is this old; around a trade of ours always."""

LIT, DARK, AUCTION = 0, 1, 2


class TapeRecorder:
    """Appends while the market runs; arrays are made when somebody asks. Prices in units, not ticks."""

    def __init__(self, instrument_id: str) -> None:
        self.instrument_id = instrument_id
        self.next_quote_ns = 0
        self.bid = self.ask = 0
        self.volume = 0
        self.last_px = 0
        self._quotes: tuple[list[int], list[int], list[int]] = ([], [], [])
        self._trades: tuple[list[int], list[int], list[int], list[int], list[int]] = ([], [], [], [], [])

    def quote(self, at_ns: int, bid: int, ask: int) -> None:
        """Keep a touch; the caller decides when (see QUOTE_INTERVAL_NS)."""
        times, bids, asks = self._quotes
        times.append(at_ns)
        bids.append(bid)
        asks.append(ask)
        self.bid, self.ask = bid, ask
        self.next_quote_ns = at_ns + QUOTE_INTERVAL_NS

    def quote_before(self, at_ns: int, bid: int, ask: int) -> None:
        """Keep the touch a trade of ours met, if thinning had dropped it; what follows the trade is kept
        too."""
        if bid != self.bid or ask != self.ask:
            self.quote(at_ns, bid, ask)
        self.next_quote_ns = 0

    def print(self, at_ns: int, px: int, qty: int, own: int, kind: int) -> None:
        """Keep a trade."""
        times, prices, sizes, owns, kinds = self._trades
        times.append(at_ns)
        prices.append(px)
        sizes.append(qty)
        owns.append(own)
        kinds.append(kind)
        self.volume += qty
        self.last_px = px

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
        )

    def digest(self) -> str:
        """SHA-256 of the arrays, little-endian int64, quotes before trades, column after column."""
        seal = hashlib.sha256(self.instrument_id.encode())
        for column in (*self._quotes, *self._trades):
            seal.update(len(column).to_bytes(8, "little"))
            seal.update(np.array(column, dtype="<i8").tobytes())
        return seal.hexdigest()
