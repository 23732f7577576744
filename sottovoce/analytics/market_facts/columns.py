"""One session of a tape as arrays: the form in which every stylised fact is measured.

Quotes count when they are two-sided and not crossed. Prices are ints in the instrument's unit, times ns UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
import numpy as np

from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import FloatArray, IntArray

LIT, OFF_EXCHANGE, AUCTION = 0, 1, 2
AUCTION_LATE_NS = 900 * NS_PER_SECOND
"""How long after the close its auction may still print."""


class SessionColumns(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One session: the consolidated touch, shape (q,), and the prints, shape (t,), all int64, in order of time.

    bid_size and ask_size are None where the source has no sizes; trade_side is 1, -1, or 0 where nobody knows.
    tick is the price increment in units.
    """

    open_ns: int
    close_ns: int
    tick: int
    quote_ns: IntArray
    bid: IntArray
    ask: IntArray
    bid_size: IntArray | None
    ask_size: IntArray | None
    trade_ns: IntArray
    trade_px: IntArray
    trade_qty: IntArray
    trade_kind: IntArray
    trade_side: IntArray

    @property
    def seconds(self) -> float:
        """Length of the session."""
        return (self.close_ns - self.open_ns) / NS_PER_SECOND


def cut_sessions(tape: Tape, sessions: Sequence[tuple[int, int]], tick: int) -> list[SessionColumns]:
    """The tape's sessions, in the order of `sessions` (open and close, ns).

    Prints of an auction belong to the session they open or close; those outside all sessions are dropped.
    """
    return [_session(tape, open_ns, close_ns, tick) for open_ns, close_ns in sessions]


def _session(tape: Tape, open_ns: int, close_ns: int, tick: int) -> SessionColumns:
    quote_ns, bid, ask = (_column(values) for values in (tape.quote_ns, tape.bid, tape.ask))
    quoted = (quote_ns >= open_ns) & (quote_ns <= close_ns) & (bid > 0) & (ask >= bid)
    trade_ns, kind = _column(tape.trade_ns), _column(tape.trade_kind)
    late = AUCTION_LATE_NS * (kind == AUCTION)
    traded = (trade_ns >= open_ns) & (trade_ns <= close_ns + late)
    side = np.zeros(trade_ns.size, np.int64) if tape.trade_side is None else _column(tape.trade_side)
    return SessionColumns(
        open_ns=open_ns,
        close_ns=close_ns,
        tick=tick,
        quote_ns=quote_ns[quoted],
        bid=bid[quoted],
        ask=ask[quoted],
        bid_size=None if tape.bid_size is None else _column(tape.bid_size)[quoted],
        ask_size=None if tape.ask_size is None else _column(tape.ask_size)[quoted],
        trade_ns=trade_ns[traded],
        trade_px=_column(tape.trade_px)[traded],
        trade_qty=_column(tape.trade_qty)[traded],
        trade_kind=kind[traded],
        trade_side=side[traded],
    )


def _column(values: object) -> IntArray:
    return np.asarray(cast(IntArray, values), dtype=np.int64)


def grid_ns(session: SessionColumns, step_ns: int) -> IntArray:
    """Times from the open to the close in steps, both ends included where the step divides the session."""
    return np.arange(session.open_ns, session.close_ns + 1, step_ns, dtype=np.int64)


def mids_at(session: SessionColumns, times_ns: IntArray) -> FloatArray:
    """Mid in units in force at each time, NaN before the session's first quote."""
    return as_of(session.quote_ns, (session.bid + session.ask) / 2, times_ns)


def as_of(known_ns: IntArray, values: FloatArray, times_ns: IntArray) -> FloatArray:
    """The last value known at each time, NaN before the first; known_ns ascending, shapes (n,), (n,), (m,)."""
    index = np.searchsorted(known_ns, times_ns, side="right") - 1
    if not known_ns.size:
        return np.full(times_ns.shape, np.nan)
    return np.where(index >= 0, np.asarray(values, np.float64)[np.maximum(index, 0)], np.nan)


def log_mids(session: SessionColumns, step_s: float) -> FloatArray:
    """Log mid on a grid of step_s seconds, from the first quote on."""
    mids = mids_at(session, grid_ns(session, round(step_s * NS_PER_SECOND)))
    return np.log(mids[np.isfinite(mids)])


def continuous_prints(session: SessionColumns) -> tuple[IntArray, IntArray]:
    """Times and prices of the prints on lit books, auctions and off-exchange reports left out."""
    lit = session.trade_kind == LIT
    return session.trade_ns[lit], session.trade_px[lit]


def log_trade_prices(session: SessionColumns, step_s: float) -> FloatArray:
    """Log of the last lit price on a grid of step_s seconds, from the first print on."""
    trade_ns, trade_px = continuous_prints(session)
    prices = as_of(trade_ns, trade_px.astype(np.float64), grid_ns(session, round(step_s * NS_PER_SECOND)))
    return np.log(prices[np.isfinite(prices)])


def held_seconds(session: SessionColumns) -> FloatArray:
    """How long each quote stood, in seconds, the last one until the close; shape (q,)."""
    until = np.append(session.quote_ns[1:], session.close_ns) if session.quote_ns.size else session.quote_ns
    return (until - session.quote_ns) / NS_PER_SECOND


def time_averages(session: SessionColumns, values: FloatArray, edges_ns: IntArray) -> FloatArray:
    """Time-weighted mean of what the quotes say between successive edges, shape (edges - 1,).

    values has one number a quote. Before the first quote there is nothing to weigh: NaN where that is a whole
    interval.
    """
    if not session.quote_ns.size:
        return np.full(edges_ns.size - 1, np.nan)
    held = held_seconds(session)
    since = (np.append(session.quote_ns, session.close_ns) - session.open_ns) / NS_PER_SECOND
    edges = (edges_ns - session.open_ns) / NS_PER_SECOND
    weighed = np.diff(np.interp(edges, since, np.concatenate([[0.0], np.cumsum(values * held)])))
    seconds = np.diff(np.clip(edges, since[0], since[-1]))
    return np.where(seconds > 0, weighed / np.where(seconds > 0, seconds, 1.0), np.nan)
