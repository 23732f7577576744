"""The arrays one name's market lives in, as one value that plain Python and numba both take."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import NamedTuple

Ints = MutableSequence[int]
Reals = MutableSequence[float]


class Board(NamedTuple):
    """State, constants and records of one name; lists in a plain run, int64 and float64 arrays in a compiled one.

    ints, reals: the state; vol: shares of the background by venue, side and price; tot: the same over all venues;
    own: our resting orders, oldest first; counts, rates, table: the session's constants; trades, fills, quotes: what
    happened. The layout of each is in `places`.
    """

    ints: Ints
    reals: Reals
    vol: Ints
    tot: Ints
    own: Ints
    counts: Ints
    rates: Reals
    table: Ints
    trades: Ints
    fills: Ints
    quotes: Ints


class Draws(NamedTuple):
    """One session's background, drawn before it begins: see `flow`, `providers` and `weather`.

    Times end with NEVER_NS. flow_qty is signed, positive buys; fair and width have one value a bucket of time.
    """

    book_ns: Ints
    book_word: Ints
    flow_ns: Ints
    flow_qty: Ints
    flow_word: Ints
    fair: Reals
    width: Ints
