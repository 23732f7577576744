"""DBN order messages (schema mbo) as MboEvents, an instrument at a time.

DBN says a trade three times: T for the aggressor, F for each resting order it met, and C or M for what is then left
of that order; only the last changes the book. Here a fill and the reduction that carries it out become one EXECUTE;
what traded without a reduction is a TRADE. A modification that keeps price and adds nothing keeps its place and is a
CANCEL of the difference; any other leaves the queue and joins another: DELETE, then ADD.

Source: Databento, "MBO" schema and its order-book construction notes; flags 128 last of an event, 32 snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_block import LAST_OF_EVENT, SNAPSHOT, DbnBlock
from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.known_orders import KnownOrders
from sottovoce.models.arrays import IntArray
from sottovoce.models.mbo.events import ADD, CANCEL, CLEAR, DELETE, EXECUTE, TRADE, MboEvents, Row, from_rows

SIDES = {b"B": 1, b"A": -1, b"N": 0}
COLUMNS = ("action", "side", "order_id", "price", "size", "flags", "ts_recv")


class OrderRun(NamedTuple):
    """Events of one instrument that follow each other, times those of receipt, prices in 1e-9.

    ends: after how many of these events an event of the exchange ended, snapshots left out, shape (m,).
    """

    instrument_id: int
    events: MboEvents
    ends: IntArray


def order_runs(file: DbnFile) -> Iterator[OrderRun]:
    """The order messages of a file, block by block and instrument by instrument.

    Raises: FeedFault feed_order at a record that contradicts those before it, unless the log skips; as
    DbnFile.blocks does.
    """
    known: dict[int, InstrumentOrders] = {}
    for block in file.blocks():
        if block.kind == "MBOMsg":
            for instrument_id in np.unique(block.rows["instrument_id"]).tolist():
                orders = known.setdefault(instrument_id, InstrumentOrders(file.name, file.faults))
                part = block.where(block.rows["instrument_id"] == instrument_id)
                events, ends = orders.take(part)
                yield OrderRun(instrument_id, events, ends)


class InstrumentOrders:
    """Translates the records of one instrument in order; what is open of an event is kept between blocks."""

    def __init__(self, file: str, faults: FaultLog) -> None:
        self._file = file
        self._faults = faults
        self._known = KnownOrders()
        self._out: list[Row] = []
        self._ends: list[int] = []
        self._fills: dict[int, tuple[int, int, int]] = {}
        self._traded = self._filled = 0
        self._print = (0, 0)

    def take(self, block: DbnBlock) -> tuple[MboEvents, IntArray]:
        """The events of these records, and where among them the exchange's events ended."""
        self._out, self._ends = [], []
        columns = (block.rows[name].tolist() for name in COLUMNS)
        for number, row in zip(block.numbers.tolist(), zip(*columns, strict=True), strict=True):
            self._record(number, *row)
        return from_rows(self._out), np.array(self._ends, dtype=np.int64)

    def _record(
        self, number: int, action: bytes, letter: bytes, order_id: int, px: int, qty: int, flags: int, ns: int
    ) -> None:
        side, why = SIDES[letter], ""
        if action == b"A":
            why = self._add(ns, order_id, side, px, qty)
        elif action == b"C":
            why = self._reduce(ns, order_id, side, px, qty)
        elif action == b"M":
            why = self._modify(ns, order_id, side, px, qty)
        elif action == b"F":
            self._fills[order_id] = (side, px, self._fills.get(order_id, (0, 0, 0))[2] + qty)
            self._filled += qty
        elif action == b"T":
            self._traded += qty
            self._print = (-side, px)
        elif action == b"R":
            self._known = KnownOrders(whole=True)
            self._out.append((ns, CLEAR, 0, 0, 0, 0))
        if why:
            self._report(number, order_id, why)
        if flags & LAST_OF_EVENT:
            self._end(ns, live=not flags & SNAPSHOT)

    def _add(self, ns: int, order_id: int, side: int, px: int, qty: int) -> str:
        why = self._known.enter(order_id, side, px, qty)
        if not why:
            self._out.append((ns, ADD, order_id, side, px, qty))
        return why

    def _reduce(self, ns: int, order_id: int, side: int, px: int, qty: int) -> str:
        why = self._known.reduce(order_id, qty)
        if why:
            return why
        filled = min(qty, self._fills.pop(order_id, (0, 0, 0))[2])
        if filled:
            self._out.append((ns, EXECUTE, order_id, side, px, filled))
        if qty > filled:
            self._out.append((ns, CANCEL, order_id, side, px, qty - filled))
        return ""

    def _modify(self, ns: int, order_id: int, side: int, px: int, qty: int) -> str:
        found = self._known.find(order_id)
        if found is None:
            return self._known.remove(order_id) or self._add(ns, order_id, side, px, qty)
        was_side, was_px, left = found
        if (side, px) == (was_side, was_px) and qty <= left:
            return self._reduce(ns, order_id, side, px, left - qty) if qty < left else ""
        self._known.remove(order_id)
        self._out.append((ns, DELETE, order_id, was_side, was_px, left))
        return self._add(ns, order_id, side, px, qty)

    def _end(self, ns: int, *, live: bool) -> None:
        """An event of the exchange is over: what traded and no order was reduced by is said as it is."""
        for order_id, (side, px, qty) in self._fills.items():
            self._out.append((ns, TRADE, order_id, side, px, qty))
        if self._traded > self._filled:
            side, px = self._print
            self._out.append((ns, TRADE, 0, side, px, self._traded - self._filled))
        self._fills.clear()
        self._traded = self._filled = 0
        if live:
            self._ends.append(len(self._out))

    def _report(self, number: int, order_id: int, why: str) -> None:
        bad = BadRow(
            file=self._file, code="feed_order", why=why, number=number, unit="record", field="order_id",
            value=str(order_id),
        )  # fmt: skip
        self._faults.bad_row(bad)
