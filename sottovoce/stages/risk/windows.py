"""Counting what happened lately, in step time, in constant space and in whatever order the news arrives."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import msgspec

SLOTS = 10
"""A window is this many slots: it forgets a tenth at a time, and never counts less than nine tenths of its length."""


class Window(msgspec.Struct, kw_only=True, gc=False):
    """Events by slot, rising; the newest SLOTS slots are kept. Slots are numbered ts_ns // slot_ns."""

    slots: list[int] = []
    counts: list[int] = []

    def add(self, slot: int, count: int = 1) -> None:
        """Count an event; one too old to matter is not counted."""
        slots = self.slots
        if slots and slot == slots[-1]:
            self.counts[-1] += count
            return
        if slots and slot <= slots[-1] - SLOTS:
            return
        place = bisect_left(slots, slot)
        if place < len(slots) and slots[place] == slot:
            self.counts[place] += count
            return
        slots.insert(place, slot)
        self.counts.insert(place, count)
        old = bisect_right(slots, slots[-1] - SLOTS)
        del slots[:old], self.counts[:old]

    def within(self, slot: int) -> int:
        """How many in the SLOTS slots that end with this one."""
        slots = self.slots
        if not slots or slot >= slots[-1] + SLOTS:
            return 0
        if slots[-1] <= slot < slots[0] + SLOTS:  # nearly always: all that is kept is in it
            return sum(self.counts)
        return sum(self.counts[bisect_right(slots, slot - SLOTS) : bisect_right(slots, slot)])


class Path(msgspec.Struct, kw_only=True, gc=False):
    """The lowest and highest price of each slot, newest SLOTS + 1 slots: a whole window is always covered."""

    slots: list[int] = []
    lows: list[int] = []
    highs: list[int] = []

    def add(self, slot: int, px: int) -> None:
        """A price in a slot, the newest there is or the one before it."""
        if self.slots and slot <= self.slots[-1]:
            self.lows[-1], self.highs[-1] = min(self.lows[-1], px), max(self.highs[-1], px)
            return
        self.slots.append(slot)
        self.lows.append(px)
        self.highs.append(px)
        old = bisect_left(self.slots, slot - SLOTS)
        del self.slots[:old], self.lows[:old], self.highs[:old]

    def start(self, slot: int, sign: int) -> int | None:
        """The price of the window most favourable to a buyer (sign > 0) or seller; None when it has seen none."""
        first = bisect_left(self.slots, slot - SLOTS)
        if first == len(self.slots):
            return None
        return min(self.lows[first:]) if sign > 0 else max(self.highs[first:])
