"""Our resting orders among the real ones, and which of the feed's events trade with them.

Rules, stated once. An event that sells q shares at price p (a visible execution, a hidden one, or an order that comes
in at p) meets our buy order, and the other way round,
* through: p is worse for the other side than our price, so nobody could have been before us;
* at our price, by its place: an execution of a real order that stands behind us, a hidden execution when nobody
  displayed is before us (what is displayed goes first), an order that comes in, which found nobody before us;
* not at all: an execution of a real order before us. It only brings our turn nearer, as its cancel would.
Each share of an event is used once, whichever of our orders it goes to, better price first, then earlier arrival.
"""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.adapters.replay.real_book import RealBook, RealOrder
from sottovoce.models.venue_orders import VenueOrder


class Waiting:
    """One resting order of ours. ahead is the shares of real orders before it at its price.

    joined is the number of the last event before it came: real orders that joined later are behind. rested_qty is
    what it came to rest with; touched_qty and through_qty what events at its price or through it, and through it
    alone, had for it.
    """

    __slots__ = ("ahead", "joined", "order", "px", "rested_qty", "side", "through_qty", "touched_qty")

    def __init__(self, order: VenueOrder, ahead: int, joined: int) -> None:
        self.order = order
        self.side = order.route.side.sign
        self.px = order.route.price
        self.ahead = ahead
        self.joined = joined
        self.rested_qty = order.leaves_qty
        self.touched_qty = 0
        self.through_qty = 0

    @property
    def filled_qty(self) -> int:
        """Shares it traded while it rested."""
        order = self.order
        return order.cum_qty - order.carried - (order.route.qty - self.rested_qty)


Fill = tuple[Waiting, int]
"""One of our orders, and the shares it traded at its own price."""


class WaitingOrders:
    """Our resting orders of one instrument, each side in order of priority."""

    def __init__(self, book: RealBook) -> None:
        self._book = book
        self._sides: dict[int, list[Waiting]] = {1: [], -1: []}

    def __iter__(self) -> Iterator[Waiting]:
        return iter([*self._sides[1], *self._sides[-1]])

    def any(self) -> bool:
        """Whether an order of ours rests."""
        return bool(self._sides[1] or self._sides[-1])

    def best_px(self, side: int) -> int:
        """Our best price on a side, 0 without one."""
        queue = self._sides[side]
        return queue[0].px if queue else 0

    def clear_ahead(self) -> None:
        """The feed starts over: nobody real is before us any more."""
        for waiting in self:
            waiting.ahead = 0

    def rest(self, order: VenueOrder, joined: int) -> Waiting:
        """Queue what is left of an order at its price, behind every real order there."""
        side = order.route.side.sign
        ahead = sum(real.left for real in self._book.queue(side, order.route.price))
        waiting = Waiting(order, ahead, joined)
        queue = self._sides[side]
        queue.append(waiting)
        queue.sort(key=lambda each: -side * each.px)
        return waiting

    def find(self, cl_ord_id: str) -> Waiting | None:
        """One of our resting orders."""
        return next((each for each in self if each.order.route.cl_ord_id == cl_ord_id), None)

    def remove(self, waiting: Waiting) -> None:
        """Take an order out."""
        self._sides[waiting.side].remove(waiting)

    def before(self, waiting: Waiting) -> list[RealOrder]:
        """The real orders before one of ours at its price, first in the queue first."""
        queue = self._book.queue(waiting.side, waiting.px)
        return [real for real in queue if real.joined <= waiting.joined]

    def left(self, real: RealOrder, qty: int) -> None:
        """A real order gave up qty of its shares (canceled, replaced): who waits behind it moves up."""
        for waiting in self._sides[real.side]:
            if waiting.px == real.px and real.joined <= waiting.joined:
                waiting.ahead -= qty

    def executed(self, side: int, px: int, qty: int, real: RealOrder | None) -> list[Fill]:
        """A real order of one side at px traded qty; real is None when it is from before the feed began."""
        fills: list[Fill] = []
        room = qty
        for waiting in self._meeting(side, px):
            waiting.touched_qty += qty
            if waiting.px == px and (real is None or real.joined <= waiting.joined):
                waiting.ahead -= qty if real is not None else 0
            else:
                room -= _met(fills, waiting, room, through=waiting.px != px)
        return fills

    def executed_hidden(self, side: int, px: int, qty: int) -> list[Fill]:
        """A hidden order traded qty at px; side is its own, 0 where not said: then only trading through us counts."""
        fills: list[Fill] = []
        room = qty
        for each in (side,) if side else (1, -1):
            for waiting in self._meeting(each, px):
                waiting.touched_qty += qty
                through = waiting.px != px
                if through or (side and not waiting.ahead):
                    room -= _met(fills, waiting, room, through=through)
        return fills

    def came_in(self, real: RealOrder) -> list[Fill]:
        """A real order came to rest at a price where ours on the other side would have traded with it."""
        fills: list[Fill] = []
        room = real.left
        for waiting in self._meeting(-real.side, real.px):
            waiting.touched_qty += real.left
            room -= _met(fills, waiting, room, through=waiting.px != real.px)
        if fills:
            self._book.take(real, real.left - room)
        return fills

    def _meeting(self, side: int, px: int) -> list[Waiting]:
        """Our orders of one side at px or better, by priority."""
        return [waiting for waiting in self._sides[side] if side * waiting.px >= side * px]


def _met(fills: list[Fill], waiting: Waiting, room: int, *, through: bool) -> int:
    """Give an order what an event still has for it; returns the shares it takes."""
    if through:
        waiting.through_qty += room
    qty = min(waiting.order.leaves_qty, room)
    if qty > 0:
        fills.append((waiting, qty))
    return qty
