"""Random events about a small book: every kind, queues that form and empty, prices below zero, and every fault.

Ids come again after their order is gone, prices wander, and now and then nothing is left of the book: what a feed
does in a year, in a second.
"""

from __future__ import annotations

import random

from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.events import MboEvents, Row, from_rows

KINDS = (mbo.ADD, mbo.DELETE, mbo.EXECUTE, mbo.CANCEL, mbo.TRADE, mbo.CROSS, mbo.STATE)
ODDS = (46, 24, 16, 10, 2, 1, 1)
STRANGE = 0.02
"""Share of events that are wrong in some way."""


class RandomFeed:
    """Events in turn, repeatable by seed; ids: how many different ones, spread: how many prices on a side."""

    def __init__(self, seed: int, *, ids: int = 60, spread: int = 12, id_step: int = 1) -> None:
        self._dice = random.Random(seed)
        self._ids = [1 + id_step * number for number in range(ids)]
        self._spread = spread
        self._mid = 20
        self._clear = 1 / (50 * ids)
        self._known: dict[int, tuple[int, int]] = {}

    def events(self, size: int) -> MboEvents:
        """The next so many events."""
        return from_rows([self._row(number) for number in range(size)])

    def _row(self, number: int) -> Row:
        dice = self._dice
        self._mid += dice.choice((-1, 0, 0, 0, 0, 1))
        if dice.random() < self._clear:
            self._known.clear()
            return (number, mbo.CLEAR, 0, 0, 0, 0)
        if dice.random() < STRANGE:
            return self._strange(number)
        kind = dice.choices(KINDS, ODDS)[0]
        if kind == mbo.ADD:
            return self._add(number)
        if kind in (mbo.TRADE, mbo.CROSS, mbo.STATE) or not self._known:
            return (number, mbo.TRADE, 0, dice.choice((-1, 0, 1)), self._mid, dice.randint(1, 9))
        order_id = dice.choice(list(self._known))
        return self._less(number, kind, order_id)

    def _add(self, number: int) -> Row:
        dice = self._dice
        free = [order_id for order_id in dice.sample(self._ids, min(8, len(self._ids))) if order_id not in self._known]
        if not free:
            return self._less(number, mbo.DELETE, dice.choice(list(self._known)))
        side, qty = dice.choice((1, -1)), dice.randint(1, 9)
        px = self._mid - side * dice.randint(-1, self._spread)
        self._known[free[0]] = (px, qty)
        return (number, mbo.ADD, free[0], side, px, qty)

    def _less(self, number: int, kind: int, order_id: int) -> Row:
        px, left = self._known[order_id]
        qty = left if kind == mbo.DELETE else self._dice.randint(1, left)
        if qty == left:
            del self._known[order_id]
        else:
            self._known[order_id] = (px, left - qty)
        return (number, kind, order_id, 0, px, qty)

    def _strange(self, number: int) -> Row:
        """An event with any values at all; what it does to the book, the generator forgets."""
        dice = self._dice
        kind = dice.choice((*KINDS, mbo.ADD, 0, 9, -1))
        order_id = dice.choice((*self._ids[:20], 0, -5, 2**62))
        self._known.pop(order_id, None)
        return (number, kind, order_id, dice.choice((-1, 0, 1, 2)), self._mid - 30, dice.choice((-4, 0, 1, 5, 10**12)))
