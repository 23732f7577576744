"""A whole session of made-up orders with something always going on, for tests that need a market and not a story."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sottovoce.adapters.replay.instrument_replay import ReplayFeed
from sottovoce.adapters.replay.market import OrderReplayMarket
from sottovoce.core.instrument import Instrument
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.events import MboEvents, Row, from_rows
from tests.adapters.replay.feed_maker import CENT, INSTRUMENT, OPEN_NS, SECOND, SESSION

CLOSE_S = 23_400
MID_CENTS = 10_000
STEP_S = 2
RUN_ROWS = 1_000


class BusyFeed:
    """Draws a valid feed: orders within five cents of a mid that wanders, cancels, marketable orders, hidden trades."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._books: dict[int, dict[int, list[int]]] = {1: {}, -1: {}}
        self._last_id = 0

    def rows(self) -> Iterator[Row]:
        """The events of the session, from two minutes before the open to the close."""
        mid = MID_CENTS
        for second in range(-120, CLOSE_S, STEP_S):
            mid += self._dice.choice((-1, 0, 0, 0, 1))
            at_ns = OPEN_NS + second * SECOND
            for offset, row in enumerate(self._moment(at_ns, mid)):
                yield (row[0] + offset * 1_000, *row[1:])

    def _moment(self, at_ns: int, mid: int) -> Iterator[Row]:
        """Clear the way for the mid, refill both sides, cancel something, and every third time let somebody trade."""
        yield from self._withdraw(at_ns, mid)
        for side in (1, -1):
            while len(self._books[side]) < 12 or self._best(side) != mid - side:
                near = self._best(side) == mid - side
                yield self._enter(at_ns, side, mid - side * (self._dice.randrange(1, 6) if near else 1))
        if self._dice.random() < 0.4:
            yield self._delete(at_ns, self._dice.choice((1, -1)))
        if self._dice.random() < 0.35:
            yield from self._take(at_ns, self._dice.choice((1, -1)), self._dice.randrange(100, 900, 100))
        if self._dice.random() < 0.1:
            yield (at_ns, mbo.TRADE, 0, self._dice.choice((1, -1)), mid * CENT, 100)

    def _withdraw(self, at_ns: int, mid: int) -> Iterator[Row]:
        for side in (1, -1):
            for order_id in [each for each, (cents, _) in self._books[side].items() if side * (cents - mid) >= 0]:
                yield self._drop(at_ns, side, order_id)

    def _enter(self, at_ns: int, side: int, cents: int) -> Row:
        self._last_id += 1
        qty = self._dice.randrange(100, 600, 100)
        self._books[side][self._last_id] = [cents, qty]
        return (at_ns, mbo.ADD, self._last_id, side, cents * CENT, qty)

    def _delete(self, at_ns: int, side: int) -> Row:
        order_id = self._dice.choice(list(self._books[side]))
        return self._drop(at_ns, side, order_id)

    def _drop(self, at_ns: int, side: int, order_id: int) -> Row:
        cents, qty = self._books[side].pop(order_id)
        return (at_ns, mbo.DELETE, order_id, side, cents * CENT, qty)

    def _take(self, at_ns: int, side: int, qty: int) -> Iterator[Row]:
        """A marketable order trades with the best of a side, first in first out."""
        book = self._books[side]
        while qty > 0 and book:
            best = self._best(side)
            order_id = next(each for each, (cents, _) in book.items() if cents == best)
            done = min(qty, book[order_id][1])
            qty -= done
            book[order_id][1] -= done
            if not book[order_id][1]:
                del book[order_id]
            yield (at_ns, mbo.EXECUTE, order_id, side, best * CENT, done)

    def _best(self, side: int) -> int:
        return side * max((side * cents for cents, _ in self._books[side].values()), default=0)


def busy_events(seed: int = 7) -> list[MboEvents]:
    """The session in runs, as a loader hands them on."""
    rows = list(BusyFeed(seed).rows())
    return [from_rows(rows[first : first + RUN_ROWS]) for first in range(0, len(rows), RUN_ROWS)]


_EVENTS = {seed: busy_events(seed) for seed in (7,)}


def busy_market(seed: int = 7, instrument: Instrument = INSTRUMENT) -> OrderReplayMarket:
    """One instrument, one session."""
    return OrderReplayMarket(
        [ReplayFeed(instrument=instrument, events=_EVENTS.get(seed) or busy_events(seed))], [SESSION]
    )
