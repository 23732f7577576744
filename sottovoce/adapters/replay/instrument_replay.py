"""One instrument's feed, event by event: the real book as it was, our orders waiting in it, and the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from sottovoce.adapters.replay.real_book import RealBook, RealOrder
from sottovoce.adapters.replay.record import CROSS, Record
from sottovoce.adapters.replay.waiting import Fill, WaitingOrders
from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.instrument import Instrument, tick_at
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import VenueFacts
from sottovoce.core.units import NEVER_NS
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.events import MboEvents, Row
from sottovoce.models.venue_orders import VenueOrder


class ReplayFeed(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument and its events, in runs and in order of time: a list, or a loader that streams them."""

    instrument: Instrument
    events: Iterable[MboEvents]


class InstrumentReplay:
    """The state of one instrument. now_ns is the time of its last event, next_ns of the next, NEVER_NS after all.

    trades are booked by the market, which owns the orders; earlier counts events about orders from before the feed.
    """

    def __init__(self, feed: ReplayFeed, facts: VenueFacts) -> None:
        self.book = RealBook()
        self.waiting = WaitingOrders(self.book)
        self.record = Record()
        self.halted = False
        self.now_ns = 0
        self.earlier = 0
        self._instrument = feed.instrument
        self._facts = facts
        self._number = 0
        self._events = _one_by_one(feed.events, feed.instrument.symbol)
        self._next: Row | None = next(self._events, None)
        self._state: tuple[object, MarketState] | None = None
        self._kinds: dict[int, Callable[[Row], list[Fill]]] = {
            mbo.ADD: self._add,
            mbo.CANCEL: self._cancel,
            mbo.DELETE: self._delete,
            mbo.EXECUTE: self._execute,
            mbo.TRADE: self._trade,
            mbo.CROSS: self._cross,
            mbo.STATE: self._change_state,
            mbo.CLEAR: self._clear,
        }

    @property
    def next_ns(self) -> int:
        """When the next event is, NEVER_NS when there is none."""
        return NEVER_NS if self._next is None else self._next[0]

    @property
    def busy(self) -> bool:
        """Whether an order of ours waits here."""
        return self.waiting.any()

    def run(self, until_ns: int) -> list[Fill]:
        """Take events up to until_ns, or to the first that trades with us; returns what it trades."""
        fills: list[Fill] = []
        while self._next is not None and self._next[0] <= until_ns and not fills:
            row = self._next
            self._number += 1
            self.now_ns = row[0]
            fills = self._kinds[row[1]](row)
            self._next = next(self._events, None)
            self.record.show(self.now_ns, self.book.touch())
        return fills

    # our orders -----------------------------------------------------------------------------------------------------

    def tick(self, px: int, date: str) -> int:
        """The tick in force on a date, or one unit, so no check, where the instrument has no rule for it."""
        try:
            return tick_at(self._instrument, px, date)
        except NotFound:
            return 1

    def limit_short_of_ours(self, side: int, limit_px: int) -> tuple[int, bool]:
        """A limit that stops before our own best order on the other side, and whether it had to be drawn in."""
        ours = self.waiting.best_px(-side)
        if not ours or (limit_px and side * limit_px < side * ours):
            return limit_px, False
        return ours - side, True

    def offers(self, side: int, limit_px: int, qty: int) -> list[tuple[RealOrder, int]]:
        """Real orders an order of ours trades with on arrival, best first, and the shares of each; limit_px 0: any."""
        found: list[tuple[RealOrder, int]] = []
        for real, left in self.book.offered(-side, limit_px):
            if qty <= 0:
                break
            found.append((real, min(left, qty)))
            qty -= left
        return found

    def take(self, real: RealOrder, qty: int, at_ns: int) -> None:
        """Remember that an order of ours traded with a real one at a time."""
        self.book.take(real, qty)
        self.record.show(at_ns, self.book.touch())

    def rest(self, order: VenueOrder) -> None:
        """Let what is left of an order wait at its price, from the last event on."""
        self.waiting.rest(order, self._number)

    # words ----------------------------------------------------------------------------------------------------------

    def state(self, *, closed: bool) -> MarketState:
        """The feed's last word; the same object while nothing has changed."""
        phase = "closed" if closed else "halted" if self.halted else "open"
        key = (self._number, self.record.volume, self.record.touch, phase)
        if self._state is None or self._state[0] != key:
            self._state = (key, self._said(phase))
        return self._state[1]

    def _said(self, phase: str) -> MarketState:
        bid, bid_size, ask, ask_size = self.record.touch
        quote = VenueQuote(
            venue=self._facts.venue, kind=self._facts.kind, bid=bid, bid_size=bid_size, ask=ask, ask_size=ask_size
        )
        return MarketState(
            instrument_id=self._instrument.instrument_id,
            seq=self._number,
            quoted_ns=self.now_ns,
            bid=bid,
            bid_size=bid_size,
            ask=ask,
            ask_size=ask_size,
            last_px=self.record.last_px,
            volume=self.record.volume,
            phase=phase,
            venues=(quote,),
        )

    # events ---------------------------------------------------------------------------------------------------------

    def _add(self, row: Row) -> list[Fill]:
        _, _, order_id, side, px, qty = row
        return self.waiting.came_in(self.book.add(order_id, side, px, qty, self._number))

    def _cancel(self, row: Row) -> list[Fill]:
        return self._gone(row[2], row[5])

    def _delete(self, row: Row) -> list[Fill]:
        return self._gone(row[2], None)

    def _gone(self, order_id: int, qty: int | None) -> list[Fill]:
        """Shares of an order are gone without a trade, all that is left of it where qty is None."""
        real = self.book.find(order_id)
        if real is None:
            self.earlier += 1
        else:
            self.waiting.left(real, self.book.reduce(real, real.left if qty is None else qty))
        return []

    def _execute(self, row: Row) -> list[Fill]:
        ns, _, order_id, side, px, qty = row
        real = self.book.find(order_id)
        if real is None:
            self.earlier += 1
            fills = self.waiting.executed(side, px, qty, None) if side else []
        else:
            side, px = real.side, px or real.px
            fills = self.waiting.executed(side, real.px, qty, real)
            self.book.reduce(real, qty)
        if px:
            self.record.print(ns, px, qty, side=-side)
        return fills

    def _trade(self, row: Row) -> list[Fill]:
        ns, _, _, side, px, qty = row
        self.record.print(ns, px, qty, side=-side)
        return self.waiting.executed_hidden(side, px, qty)

    def _cross(self, row: Row) -> list[Fill]:
        self.record.print(row[0], row[4], row[5], kind=CROSS)
        return []

    def _change_state(self, row: Row) -> list[Fill]:
        self.halted = row[5] == mbo.HALTED
        return []

    def _clear(self, row: Row) -> list[Fill]:
        """The real orders before ours are gone with the rest."""
        self.book.clear()
        self.waiting.clear_ahead()
        return []


def _one_by_one(runs: Iterable[MboEvents], symbol: str) -> Iterator[Row]:
    last_ns, number = -1, 0
    for run in runs:
        for row in run.rows():
            number += 1
            if row[0] < last_ns:
                sentence = f"Event {number} of {symbol} is earlier than the one before it; sort the feed by time."
                raise MalformedMessage(sentence, code="replay_out_of_order")
            last_ns = row[0]
            yield row
