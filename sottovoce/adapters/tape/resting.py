"""When a resting order would have traded: a search forward over the prints, no further than the moment
asked about.

A lit limit order fills when a real lit print goes through its price, up to the print's size; and at its
price once the size displayed ahead of it when it arrived has printed. Cancels ahead of us are not credited,
except that nobody is ahead when the real quote has fallen back from our price. A price behind the touch
queues behind all the size shown when the touch reaches it. A midpoint order fills at the midpoint against a
share of each off-exchange print at the midpoint or worse for whoever was on the other side, who would have
done no worse with us.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.tape.feed import Feed, Prints
from sottovoce.adapters.tape.orders import NO_TIME, VenueOrder
from sottovoce.models.arrays import BoolArray, IntArray

CHUNK = 512


class Touch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A print that may fill an order: its row, its time, the most that is left there for the order, and the
    price.

    through says whether the print went through the order's price, so that nobody can have been ahead of it.
    """

    row: int
    ns: int
    room: int
    px: int
    through: bool = False


def no_better(values: IntArray, limit: int, sign: int) -> BoolArray:
    """Prices at a limit or better for the other side: at or below a buyer's limit, at or above a seller's."""
    return values <= limit if sign > 0 else values >= limit


def rest_lit(order: VenueOrder, feed: Feed, until_ns: int) -> None:
    """Put what is left of an order in the queue at its price; until_ns bounds the look at quotes."""
    order.rested_qty = order.leaves_qty
    order.cursor = order.first_print = int(feed.lit.ns.searchsorted(order.arrived_ns, side="right"))
    near = feed.quotes.bid if order.sign > 0 else feed.quotes.ask
    size = feed.quotes.bid_size if order.sign > 0 else feed.quotes.ask_size
    row, end = feed.quote_row(order.arrived_ns), feed.quote_row(until_ns) + 1
    limit = order.route.price
    reached = _first(near, max(row, 0), end, limit, order.sign)
    if reached < end:
        order.queued_ns = max(int(feed.quotes.ns[reached]), order.arrived_ns)
        order.queue_qty = int(size[reached]) if near[reached] == limit else 0
    alone = _first(near, max(row, 0), end, limit - order.sign, order.sign)
    if alone < end:
        order.alone_ns = max(int(feed.quotes.ns[alone]), order.arrived_ns)


def next_lit(order: VenueOrder, lit: Prints, used: dict[int, int], until_ns: int) -> Touch | None:
    """The next lit print up to until_ns with something for the order; its queue moves past those before."""
    stop = int(lit.ns.searchsorted(until_ns, side="right"))
    limit = order.route.price
    while order.cursor < stop:
        row = _first(lit.px, order.cursor, stop, limit, order.sign)
        order.cursor = row
        if row == stop:
            return None
        ns, qty, px = int(lit.ns[row]), int(lit.room[row]), int(lit.px[row])
        ahead = _ahead(order, ns) if px == limit else 0
        room = qty - ahead - used.get(row, 0)
        if room > 0:
            return Touch(row=row, ns=ns, room=room, px=limit, through=px != limit)
        pass_print(order, ns, qty, through=px != limit)
    return None


def pass_print(order: VenueOrder, ns: int, qty: int, *, through: bool) -> None:
    """Leave the print at the cursor behind: what was ahead of us at our price has shrunk by it."""
    order.cursor += 1
    if not through and order.queued_ns < ns <= order.alone_ns:
        order.queue_qty = max(order.queue_qty - qty, 0)


def next_dark(order: VenueOrder, dark: Prints, used: dict[int, int], until_ns: int) -> Touch | None:
    """The next off-exchange print up to until_ns that a midpoint order meets with its minimum quantity."""
    stop = int(dark.ns.searchsorted(until_ns, side="right"))
    need = max(1, min(order.route.min_qty, order.leaves_qty))
    for row in np.flatnonzero(_dark_hits(order, dark, slice(order.cursor, stop), need)) + order.cursor:
        room = int(dark.room[row]) - used.get(int(row), 0)
        if room >= need:
            order.cursor = int(row)
            return Touch(row=int(row), ns=int(dark.ns[row]), room=room, px=int(dark.mid[row]))
    order.cursor = max(order.cursor, stop)
    return None


def _ahead(order: VenueOrder, ns: int) -> int:
    """Shares before us at our price when a print came; endless while our price is behind the touch."""
    if ns > order.alone_ns:
        return 0
    return order.queue_qty if ns > order.queued_ns else NO_TIME


def _dark_hits(order: VenueOrder, dark: Prints, where: slice, need: int) -> BoolArray:
    mid, px = dark.mid[where], dark.px[where]
    willing = px <= mid if order.sign > 0 else px >= mid
    hits = willing & (dark.room[where] >= need)
    return hits & no_better(mid, order.route.price, order.sign) if order.route.price else hits


def _first(values: IntArray, start: int, stop: int, limit: int, sign: int) -> int:
    """First row in [start, stop) at the limit or better for the other side, or stop."""
    width = CHUNK
    while start < stop:
        end = min(start + width, stop)
        hits = no_better(values[start:end], limit, sign)
        first = int(hits.argmax())
        if hits[first]:
            return start + first
        start, width = end, width * 4
    return stop
