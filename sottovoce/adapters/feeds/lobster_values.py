"""Whether the values of LOBSTER rows can be: time within the day and never back, types 1 to 7, sizes, prices, sides.

The limits on size and price are those of the exchange's own four-byte fields, from which LOBSTER's files are made.
Source: LOBSTER's description of its output, "Message file".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.lobster_rows import LobsterRows
from sottovoce.core.units import NS_PER_DAY
from sottovoce.models.arrays import BoolArray, IntArray

NEW, CANCELED, DELETED, EXECUTED, HIDDEN, CROSS, HALT = range(1, 8)
"""The message types of a LOBSTER file: CANCELED is in part, DELETED whole."""

FOUR_BYTES_MAX = (1 << 32) - 1
HALT_PRICES = (-1, 0, 1)
"""What the price of a type 7 row says: trading is halted, quoting resumes, trading resumes."""

Rule = tuple[str, str, str, IntArray, BoolArray]
"""Code, field, why, the values, and which of them break the rule."""


class LobsterValues:
    """Checks runs of rows of one file in order; last_ns is the latest good time so far."""

    __slots__ = ("_file", "_log", "_unit", "last_ns")

    def __init__(self, file: str, unit: str, log: FaultLog) -> None:
        self._file = file
        self._unit = unit
        self._log = log
        self.last_ns = 0

    def passed(self, rows: LobsterRows) -> LobsterRows:
        """The rows without the bad ones, each of which is reported; raises at the first unless skipping."""
        kept = np.ones(rows.ns.size, dtype=np.bool_)
        found = [
            (place, code, field, why, int(values[place]))
            for code, field, why, values, bad in self._broken(rows)
            for place in np.flatnonzero(bad).tolist()
        ]
        for place, code, field, why, value in sorted(found, key=lambda fault: fault[0]):
            if kept[place]:
                kept[place] = False
                self._log.bad_row(self._row(int(rows.number[place]), code, field, why, value))
        return rows.where(kept) if found else rows

    def _broken(self, rows: LobsterRows) -> Iterator[Rule]:
        halt, unshown = rows.type == HALT, rows.type >= HIDDEN
        in_day = (rows.ns >= 0) & (rows.ns < NS_PER_DAY)
        yield "feed_value", "time", "is not a time of day in ns", rows.ns, ~in_day
        yield "feed_out_of_order", "time", "is earlier than a row before it", rows.ns, self._back(rows.ns, in_day)
        yield "feed_value", "type", "is not 1 to 7", rows.type, (rows.type < NEW) | (rows.type > HALT)
        yield "feed_value", "size", "is not above zero", rows.size, (rows.size <= 0) & ~halt
        yield "feed_value", "size", "is no size", rows.size, rows.size > FOUR_BYTES_MAX
        yield "feed_value", "price", "is not above zero", rows.price, (rows.price <= 0) & ~halt
        yield "feed_value", "price", "is no price", rows.price, rows.price > FOUR_BYTES_MAX
        yield "feed_value", "price", "is not -1, 0 or 1 in a halt", rows.price, ~np.isin(rows.price, HALT_PRICES) & halt
        yield "feed_value", "direction", "is not 1 or -1", rows.direction, np.abs(rows.direction) != 1
        yield "feed_value", "order_id", "is not above zero", rows.order_id, (rows.order_id <= 0) & ~unshown

    def _back(self, ns: IntArray, in_day: BoolArray) -> BoolArray:
        if not ns.size:
            return in_day
        latest = np.maximum.accumulate(np.where(in_day, np.maximum(ns, self.last_ns), self.last_ns))
        before = np.concatenate([[self.last_ns], latest[:-1]])
        self.last_ns = int(latest[-1])
        return np.asarray(in_day & (ns < before), dtype=np.bool_)

    def _row(self, number: int, code: str, field: str, why: str, value: int) -> BadRow:
        return BadRow(
            file=self._file, code=code, why=why, number=number, unit=self._unit, field=field, value=str(value)
        )
