"""How much of what rested would have filled under a kinder and a stricter rule than our exact place in the queue.

The feed tells who was before us, so the queue figure is exact as long as nobody would have acted otherwise with us
there. "Touched is filled" is the most that could have been, "only when traded through" the least; a result that
changes between the two is a result about that assumption. Bounds are over each order's life, arrival to end.
"""

from __future__ import annotations

import msgspec

from sottovoce.adapters.replay.waiting import Waiting


class FillBounds(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Orders that rested; how many of them, and of their shares, fill under each rule."""

    orders: int = 0
    rested_qty: int = 0
    touch_orders: int = 0
    touch_qty: int = 0
    queue_orders: int = 0
    queue_qty: int = 0
    through_orders: int = 0
    through_qty: int = 0

    def plus(self, waiting: Waiting) -> FillBounds:
        """These counts with one more order, as it stands or ended."""
        touch = min(waiting.rested_qty, waiting.touched_qty)
        through = min(waiting.rested_qty, waiting.through_qty)
        queue = waiting.filled_qty
        return FillBounds(
            orders=self.orders + 1,
            rested_qty=self.rested_qty + waiting.rested_qty,
            touch_orders=self.touch_orders + (touch > 0),
            touch_qty=self.touch_qty + touch,
            queue_orders=self.queue_orders + (queue > 0),
            queue_qty=self.queue_qty + queue,
            through_orders=self.through_orders + (through > 0),
            through_qty=self.through_qty + through,
        )
