"""The market around an order: quotes and prints of one instrument, as columns that answer by time.

A quote counts when it is two-sided and not crossed: the mid of a crossed book is not a price. Sessions come from
the calendar; without one, quotes more than SESSION_GAP_NS apart belong to different sessions. No price is carried
from one session into the next, and of what lies outside all of them only auction prints are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
import numpy as np

from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_HOUR
from sottovoce.models.arrays import BoolArray, IntArray

SESSION_GAP_NS = 3 * NS_PER_HOUR
UNKNOWN = -1
"""In a column of mids or half-spreads: nobody knows."""
AUCTION_PRINT = 2


class MarketTape(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Usable quotes (time, mid rounded down, half-spread) and prints; int64, shapes (q,) and (t,).

    session: number of the session each quote belongs to, from 0; sessions: first and last moment of each.
    """

    quote_ns: IntArray
    mid: IntArray
    half_spread: IntArray
    session: IntArray
    trade_ns: IntArray
    trade_px: IntArray
    trade_qty: IntArray
    trade_own: IntArray
    trade_kind: IntArray
    sessions: tuple[tuple[int, int], ...]


def read_tape(tape: Tape, sessions: Sequence[tuple[int, int]] = ()) -> MarketTape:
    """The columns of a tape, unusable quotes and, where sessions are known, extended hours left out.

    Args:
        sessions: (open, close) of the regular sessions, nanoseconds, in order; none to find them by their gaps.
    """
    ns, bid, ask = (_column(each) for each in (tape.quote_ns, tape.bid, tape.ask))
    usable = (bid > 0) & (ask >= bid) & (_number(ns, sessions) >= 0)
    ns, bid, ask = ns[usable], bid[usable], ask[usable]
    trade_ns, kind = _column(tape.trade_ns), _column(tape.trade_kind)
    kept = (_number(trade_ns, sessions) >= 0) | (kind == AUCTION_PRINT)
    session = _number(ns, sessions) if sessions else _by_gaps(ns)
    return MarketTape(
        quote_ns=ns,
        mid=(bid + ask) // 2,
        half_spread=(ask - bid) // 2,
        session=session,
        trade_ns=trade_ns[kept],
        trade_px=_column(tape.trade_px)[kept],
        trade_qty=_column(tape.trade_qty)[kept],
        trade_own=_column(tape.trade_own)[kept],
        trade_kind=kind[kept],
        sessions=tuple(sessions) or _spans(ns, session),
    )


def before(tape: MarketTape, at_ns: IntArray) -> tuple[IntArray, IntArray]:
    """Mid and half-spread of the last quote strictly before each time, UNKNOWN where there is none.

    The quote a trade met: one that carries the trade's own time may already show what the trade did.
    """
    index = np.searchsorted(tape.quote_ns, at_ns, side="left") - 1
    return _as_of(tape, tape.mid, at_ns, index), _as_of(tape, tape.half_spread, at_ns, index)


def mids_after(tape: MarketTape, at_ns: IntArray, delay_ns: int) -> IntArray:
    """Mid in force delay_ns after each time, UNKNOWN once the session or the tape is over."""
    at_ns = at_ns + delay_ns
    return _as_of(tape, tape.mid, at_ns, np.searchsorted(tape.quote_ns, at_ns, side="right") - 1)


def mid_at(tape: MarketTape, at_ns: int) -> int | None:
    """The mid in force at a time; after the end of a session, the session's last; None before the first."""
    index = int(np.searchsorted(tape.quote_ns, at_ns, side="right")) - 1
    return None if index < 0 else int(tape.mid[index])


def prints(tape: MarketTape, start_ns: int, end_ns: int, auctions: bool) -> BoolArray:
    """Which prints lie in [start_ns, end_ns]; auctions only where asked for."""
    inside = (tape.trade_ns >= start_ns) & (tape.trade_ns <= end_ns)
    return inside if auctions else inside & (tape.trade_kind != AUCTION_PRINT)


def _as_of(tape: MarketTape, column: IntArray, at_ns: IntArray, index: IntArray) -> IntArray:
    """The column at each index, known up to the last quote of that index's session."""
    if tape.quote_ns.size == 0:
        return np.full(at_ns.shape, UNKNOWN, dtype=np.int64)
    last = int(tape.session[-1])
    if int(tape.session[0]) == last:
        known = (index >= 0) & (at_ns <= tape.quote_ns[-1])
    else:
        ends = np.searchsorted(tape.session, np.arange(last + 1), side="right") - 1
        known = (index >= 0) & (at_ns <= tape.quote_ns[ends[tape.session[index]]])
    found = column[index]
    return found if bool(known.all()) else np.where(known, found, UNKNOWN)


def _number(ns: IntArray, sessions: Sequence[tuple[int, int]]) -> IntArray:
    """Which session each time lies in, its close included; -1 outside all, and 0 where none are known."""
    if not sessions:
        return np.zeros(ns.shape, dtype=np.int64)
    opens, closes = (np.array(side, dtype=np.int64) for side in zip(*sessions, strict=True))
    index = np.searchsorted(opens, ns, side="right") - 1
    return np.where((index >= 0) & (ns <= closes[np.maximum(index, 0)]), index, -1)


def _by_gaps(ns: IntArray) -> IntArray:
    session = np.zeros(ns.size, dtype=np.int64)
    session[1:] = np.cumsum(np.diff(ns) > SESSION_GAP_NS)
    return session


def _spans(ns: IntArray, session: IntArray) -> tuple[tuple[int, int], ...]:
    """First and last quote time of each session."""
    if ns.size == 0:
        return ()
    starts = np.flatnonzero(np.diff(session, prepend=-1))
    ends = np.append(starts[1:], ns.size) - 1
    return tuple(zip(ns[starts].tolist(), ns[ends].tolist(), strict=True))


def _column(values: object) -> IntArray:
    return np.asarray(cast(IntArray, values), dtype=np.int64)
