"""How much of what rested would have filled under a kinder and a stricter rule than the queue model's.

A replay cannot know our place in a queue. "Touched is filled" is the most that could have happened and
"only when traded through" the least; a result that changes between the two is a result about the fill
model. Bounds are over each order's real life in the replay, from its arrival to its end.
"""

from __future__ import annotations

import msgspec

from sottovoce.adapters.tape.feed import Prints
from sottovoce.adapters.tape.orders import VenueOrder
from sottovoce.adapters.tape.resting import no_better


class FillBounds(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Orders that rested at the lit venue; how many of them, and of their shares, fill under each rule."""

    orders: int = 0
    rested_qty: int = 0
    touch_orders: int = 0
    touch_qty: int = 0
    queue_orders: int = 0
    queue_qty: int = 0
    through_orders: int = 0
    through_qty: int = 0

    def plus(self, order: VenueOrder, lit: Prints, end_ns: int) -> FillBounds:
        """These counts with one more order, which lived (or lives) until end_ns."""
        touch = min(order.rested_qty, touched_qty(order, lit, end_ns))
        queue = order.cum_qty - (order.route.qty - order.rested_qty)
        return FillBounds(
            orders=self.orders + 1,
            rested_qty=self.rested_qty + order.rested_qty,
            touch_orders=self.touch_orders + (touch > 0),
            touch_qty=self.touch_qty + touch,
            queue_orders=self.queue_orders + (queue > 0),
            queue_qty=self.queue_qty + queue,
            through_orders=self.through_orders + (order.through_qty > 0),
            through_qty=self.through_qty + order.through_qty,
        )


def touched_qty(order: VenueOrder, lit: Prints, end_ns: int) -> int:
    """Shares printed at the order's price or through it from its arrival to end_ns."""
    life = slice(order.first_print, int(lit.ns.searchsorted(end_ns, side="right")))
    return int(lit.room[life][no_better(lit.px[life], order.route.price, order.sign)].sum())
