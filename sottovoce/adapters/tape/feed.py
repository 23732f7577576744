"""Several days of tape laid end to end, with what the fill model asks of it computed once.

Everything is an array with its own time column, so that a moment is one binary search and a stretch is a
slice.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.adapters.tape.conditions import (
    CLOSING_PRINT,
    OFF_EXCHANGE,
    is_auction,
    is_price_forming,
    is_trade,
)
from sottovoce.adapters.tape.day import DayTape, Quotes, Trades, quote_before
from sottovoce.adapters.tape.figures import auction
from sottovoce.adapters.tape.policy import ReplayPolicy
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.ports import Session
from sottovoce.models.arrays import BoolArray, IntArray

KIND_LIT, KIND_DARK, KIND_AUCTION = 0, 1, 2
PPM = 1_000_000


class Prints(msgspec.Struct, frozen=True, kw_only=True):
    """Prints an order may have met, shape (n,) each. room is the most we may have; mid 0 for lit prints."""

    ns: IntArray
    px: IntArray
    room: IntArray
    mid: IntArray


class Close(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A session's closing auction: when its orders end, its price (0: none printed), our share of it."""

    session: Session
    ns: int
    px: int
    room: int


class Feed:
    """One instrument's tape over its sessions; a row is the last at or before a time, -1 before all."""

    def __init__(self, days: Sequence[DayTape], policy: ReplayPolicy) -> None:
        if not days:
            raise MalformedMessage("A replay needs at least one day of tape.", code="tape_empty")
        ordered = sorted(days, key=lambda day: day.session.open_ns)
        self.sessions = tuple(day.session for day in ordered)
        self.quotes = _joined_quotes([day.quotes for day in ordered])
        rows = _joined_trades([day.trades for day in ordered])
        self.trades = rows.where(is_trade(rows.cond))
        self.kind = _kinds(self.trades)
        self.volume = np.cumsum(self.trades.qty)
        sale = is_price_forming(self.trades.cond) | (self.kind == KIND_AUCTION)
        self._price_rows = np.maximum.accumulate(np.where(sale, np.arange(self.trades.ns.size), -1))
        continuous = is_price_forming(self.trades.cond) & self._in_sessions(self.trades.ns)
        self.lit = _lit_prints(self.trades.where(continuous & (self.kind == KIND_LIT)))
        self.dark = _dark_prints(self.trades.where(continuous & (self.kind == KIND_DARK)), self.quotes, policy)
        self.closes = tuple(_close(day, policy) for day in ordered)

    def quote_row(self, ns: int) -> int:
        """Row of the quote in force at a time."""
        return int(self.quotes.ns.searchsorted(ns, side="right")) - 1

    def trade_row(self, ns: int) -> int:
        """Row of the last trade at or before a time."""
        return int(self.trades.ns.searchsorted(ns, side="right")) - 1

    def last_px(self, trade_row: int) -> int:
        """Price of the last ordinary sale or auction print up to a row, 0 before the first."""
        row = int(self._price_rows[trade_row]) if trade_row >= 0 else -1
        return int(self.trades.px[row]) if row >= 0 else 0

    def close_at(self, ns: int) -> Close | None:
        """The close that the continuous trading open at a time runs into, None outside sessions."""
        for close in self.closes:
            if close.session.open_ns <= ns < close.session.close_ns:
                return close
        return None

    def _in_sessions(self, ns: IntArray) -> BoolArray:
        open_ns = np.array([session.open_ns for session in self.sessions], dtype=np.int64)
        close_ns = np.array([session.close_ns for session in self.sessions], dtype=np.int64)
        started = open_ns.searchsorted(ns, side="right") - 1
        return (started >= 0) & (ns < close_ns[np.maximum(started, 0)])


def _joined_trades(days: Sequence[Trades]) -> Trades:
    return Trades(
        ns=np.concatenate([day.ns for day in days]),
        px=np.concatenate([day.px for day in days]),
        qty=np.concatenate([day.qty for day in days]),
        exchange=np.concatenate([day.exchange for day in days]),
        cond=np.concatenate([day.cond for day in days]),
    )


def _joined_quotes(days: Sequence[Quotes]) -> Quotes:
    return Quotes(
        ns=np.concatenate([day.ns for day in days]),
        bid=np.concatenate([day.bid for day in days]),
        bid_size=np.concatenate([day.bid_size for day in days]),
        ask=np.concatenate([day.ask for day in days]),
        ask_size=np.concatenate([day.ask_size for day in days]),
    )


def _kinds(trades: Trades) -> IntArray:
    kind = np.where(trades.exchange == OFF_EXCHANGE, KIND_DARK, KIND_LIT)
    return np.where(is_auction(trades.cond), KIND_AUCTION, kind).astype(np.int64)


def _lit_prints(trades: Trades) -> Prints:
    return Prints(ns=trades.ns, px=trades.px, room=trades.qty, mid=np.zeros_like(trades.px))


def _dark_prints(trades: Trades, quotes: Quotes, policy: ReplayPolicy) -> Prints:
    """Off-exchange prints inside a quote that stood before them and was neither locked nor crossed."""
    before = quote_before(quotes, trades.ns)
    trades, before = trades.where(before >= 0), before[before >= 0]
    bid, ask = quotes.bid[before], quotes.ask[before]
    usable = (bid > 0) & (bid < ask) & (trades.px >= bid) & (trades.px <= ask)
    kept = trades.where(usable)
    room = kept.qty * policy.dark_share_ppm // PPM
    return Prints(ns=kept.ns, px=kept.px, room=room, mid=((bid + ask) // 2)[usable])


def _close(day: DayTape, policy: ReplayPolicy) -> Close:
    session = day.session
    end_ns = session.close_ns + policy.close_wait_ns
    near = (day.trades.ns >= session.close_ns - policy.close_entry_ns) & (day.trades.ns <= end_ns)
    figures = auction(day.trades.where(near), CLOSING_PRINT, 1)
    if figures is None:
        return Close(session=session, ns=end_ns, px=0, room=0)
    at_ns = max(figures.ns, session.close_ns)
    return Close(session=session, ns=at_ns, px=round(figures.px), room=figures.qty * policy.auction_share_ppm // PPM)
