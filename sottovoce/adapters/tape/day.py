"""One instrument's tape of one session, in numpy arrays: what the loader makes and everything else here
reads.

Times are nanoseconds UTC and never go back; prices are integers in the instrument's unit; sizes are shares.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import MalformedMessage
from sottovoce.core.ports import Session
from sottovoce.models.arrays import BoolArray, IntArray


class Trades(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the trade tape, shape (n,) each. exchange is ord() of the venue's letter; cond the bit mask."""

    ns: IntArray
    px: IntArray
    qty: IntArray
    exchange: IntArray
    cond: IntArray

    def __post_init__(self) -> None:
        check_rows("trades", self.ns, self.px, self.qty, self.exchange, self.cond)

    def where(self, mask: BoolArray) -> Trades:
        """The rows a mask of shape (n,) picks."""
        return Trades(
            ns=self.ns[mask],
            px=self.px[mask],
            qty=self.qty[mask],
            exchange=self.exchange[mask],
            cond=self.cond[mask],
        )


class Quotes(msgspec.Struct, frozen=True, kw_only=True):
    """The national best after every quote row, shape (n,) each; 0 while a side has not been quoted."""

    ns: IntArray
    bid: IntArray
    bid_size: IntArray
    ask: IntArray
    ask_size: IntArray

    def __post_init__(self) -> None:
        check_rows("quotes", self.ns, self.bid, self.bid_size, self.ask, self.ask_size)


class DayTape(msgspec.Struct, frozen=True, kw_only=True):
    """A session with everything printed and quoted around it, extended hours included."""

    symbol: str
    session: Session
    trades: Trades
    quotes: Quotes


def check_rows(kind: str, ns: IntArray, *columns: IntArray) -> None:
    """Refuse columns of unequal length (tape_columns_unequal) or time going back (tape_out_of_order)."""
    if any(column.shape != ns.shape for column in columns):
        shapes = ", ".join(str(column.shape) for column in (ns, *columns))
        raise MalformedMessage(
            f"The tape's {kind} have columns of unequal length: {shapes}.", code="tape_columns_unequal"
        )
    back = np.flatnonzero(np.diff(ns) < 0)
    if back.size:
        sentence = f"The tape's {kind} go back in time at row {int(back[0]) + 1}; sort the file by time."
        raise MalformedMessage(sentence, code="tape_out_of_order")


def quote_before(quotes: Quotes, ns: IntArray) -> IntArray:
    """Row of the quote in force strictly before each time, -1 where there is none; shape as ns."""
    return np.searchsorted(quotes.ns, ns, side="left").astype(np.int64) - 1
