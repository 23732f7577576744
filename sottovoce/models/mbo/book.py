"""A market-by-order book of one instrument: every order with its place in the queue, event by event.

An event costs a few dictionary operations however deep the book is. Prices and quantities are integers in any one
unit. Nothing here is for one feed: loaders turn messages into the kinds of `events`. With `side` this module compiles
with mypyc as it is (`make compile`), so neither asks numpy or msgspec.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.errors import MalformedMessage
from sottovoce.models.mbo import events, faults
from sottovoce.models.mbo.side import MboLevel, MboSide

Touch = tuple[int, int, int, int]
"""Best bid, shares there, best ask, shares there; 0 and 0 for a side that is empty."""

NO_TOUCH: Touch = (-1, -1, -1, -1)
"""What no touch equals."""

LevelRow = tuple[int, int, int]
"""Price, shares, orders."""


class MboBook:
    """Both sides, and every order by its id.

    Each change answers with a number of `faults`, OK when it was made; counts[number] is how often each was answered.
    strict: raise MalformedMessage with the fault's code instead.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.bids = MboSide(1)
        self.asks = MboSide(-1)
        self.counts = [0] * len(faults.FAULT_CODES)
        self._strict = strict
        self._orders: dict[int, MboLevel] = {}

    def __len__(self) -> int:
        return len(self._orders)

    # changes --------------------------------------------------------------------------------------------------------

    def add(self, order_id: int, side: int, px: int, qty: int) -> int:
        """An order of side 1 (buy) or -1 (sell) joins the end of the queue at px. Faults: TWICE, ABSURD."""
        if order_id in self._orders:
            return self._fault(faults.TWICE, order_id)
        if qty <= 0 or side not in (1, -1):
            return self._fault(faults.ABSURD, order_id)
        level = self.bids.at(px) if side == 1 else self.asks.at(px)
        level.queue[order_id] = qty
        level.shares += qty
        self._orders[order_id] = level
        return 0

    def reduce(self, order_id: int, qty: int) -> int:
        """qty shares of an order are canceled or traded; the rest keeps its place, and nothing left is gone.

        Faults: UNKNOWN, ABSURD; BEYOND, and the order is gone, when less than qty was left.
        """
        level = self._orders.get(order_id)
        if level is None:
            return self._fault(faults.UNKNOWN, order_id)
        if qty <= 0:
            return self._fault(faults.ABSURD, order_id)
        left = level.queue[order_id]
        if qty < left:
            level.queue[order_id] = left - qty
            level.shares -= qty
            return 0
        del level.queue[order_id], self._orders[order_id]
        level.shares -= left
        return self._fault(faults.BEYOND, order_id) if qty > left else 0

    def delete(self, order_id: int) -> int:
        """An order is gone. Faults: UNKNOWN."""
        level = self._orders.pop(order_id, None)
        if level is None:
            return self._fault(faults.UNKNOWN, order_id)
        level.shares -= level.queue.pop(order_id)
        return 0

    def modify(self, order_id: int, px: int, qty: int) -> int:
        """An order stands at px with qty shares, at the end of the queue if the price changed or the quantity grew.

        Faults: UNKNOWN, ABSURD. Source: CME Globex order priority on modification.
        """
        level = self._orders.get(order_id)
        if level is None:
            return self._fault(faults.UNKNOWN, order_id)
        if qty <= 0:
            return self._fault(faults.ABSURD, order_id)
        left = level.queue[order_id]
        if px == level.px and qty <= left:
            level.queue[order_id] = qty
            level.shares -= left - qty
            return 0
        self.delete(order_id)
        return self.add(order_id, level.sign, px, qty)

    def replace(self, old_id: int, new_id: int, px: int, qty: int) -> int:
        """An order gives way to a new one of its side, at the end of the queue at px (ITCH 5.0, message U).

        Faults, without a change: UNKNOWN for the old id, TWICE for the new one, ABSURD.
        """
        level = self._orders.get(old_id)
        if level is None:
            return self._fault(faults.UNKNOWN, old_id)
        if new_id != old_id and new_id in self._orders:
            return self._fault(faults.TWICE, new_id)
        if qty <= 0:
            return self._fault(faults.ABSURD, new_id)
        self.delete(old_id)
        return self.add(new_id, level.sign, px, qty)

    def clear(self) -> None:
        """Every order is gone; the counts of faults stay."""
        self.bids, self.asks = MboSide(1), MboSide(-1)
        self._orders = {}

    def apply_all(
        self,
        kinds: Sequence[int],
        order_ids: Sequence[int],
        sides: Sequence[int],
        pxs: Sequence[int],
        qtys: Sequence[int],
        moves: list[int] | None = None,
    ) -> None:
        """Events one after another, the columns of MboEvents as lists; kinds that change no book are passed over.

        moves: where to append five numbers for the first event and each that moves the best prices or their shares:
            the event's place in the columns, and the Touch after it.
        Faults: those of the changes, and KIND. Raises: ValueError when lengths differ.
        """
        place, was = 0, NO_TOUCH
        is_add, is_delete, is_cancel, is_execute = events.ADD, events.DELETE, events.CANCEL, events.EXECUTE
        for kind, order_id, side, px, qty in zip(kinds, order_ids, sides, pxs, qtys, strict=True):
            if kind == is_add:
                self.add(order_id, side, px, qty)
            elif kind == is_delete:
                self.delete(order_id)
            elif kind in (is_execute, is_cancel):
                self.reduce(order_id, qty)
            elif kind == events.CLEAR:
                self.clear()
            elif kind not in events.KINDS:
                self._fault(faults.KIND, order_id)
            if moves is not None:
                now = self.touch()
                if now != was:
                    moves.append(place)
                    moves.extend(now)
                    was = now
                place += 1

    def _fault(self, fault: int, order_id: int) -> int:
        self.counts[fault] += 1
        if self._strict:
            sentence = f"An event about order {order_id} {faults.FAULT_WORDS[fault]}; mend the feed."
            raise MalformedMessage(sentence, code=faults.FAULT_CODES[fault])
        return fault

    # questions ------------------------------------------------------------------------------------------------------

    def touch(self) -> Touch:
        """Best bid, its shares, best ask, its shares."""
        bid, ask = self.bids.best(), self.asks.best()
        if bid is not None and ask is not None:
            return bid.px, bid.shares, ask.px, ask.shares
        return (
            0 if bid is None else bid.px,
            0 if bid is None else bid.shares,
            0 if ask is None else ask.px,
            0 if ask is None else ask.shares,
        )

    def levels(self, side: int, depth: int | None = None) -> list[LevelRow]:
        """Price, shares and number of orders of the best levels of side 1 or -1, at most depth of them."""
        found = (self.bids if side == 1 else self.asks).levels()
        return [(level.px, level.shares, len(level.queue)) for level in found[:depth]]

    def depth_at(self, side: int, px: int) -> int:
        """Shares at a price, 0 where nothing stands."""
        level = (self.bids if side == 1 else self.asks).level(px)
        return 0 if level is None else level.shares

    def queue(self, side: int, px: int) -> list[tuple[int, int]]:
        """Id and shares left of the orders at a price, first in the queue first."""
        level = (self.bids if side == 1 else self.asks).level(px)
        return [] if level is None else list(level.queue.items())

    def order(self, order_id: int) -> tuple[int, int, int] | None:
        """Side, price and shares left of an order, None when it does not stand."""
        level = self._orders.get(order_id)
        return None if level is None else (level.sign, level.px, level.queue[order_id])

    def ahead(self, order_id: int) -> int | None:
        """Shares before an order in its queue, None when it does not stand."""
        level = self._orders.get(order_id)
        if level is None:
            return None
        total = 0
        for other, qty in level.queue.items():
            if other == order_id:
                break
            total += qty
        return total

    @property
    def crossed(self) -> bool:
        """Whether the best bid is above the best ask; locked (equal) is not crossed."""
        bid, ask = self.bids.best(), self.asks.best()
        return bid is not None and ask is not None and bid.px > ask.px
