"""Whether what DBN records say can be: known letters, prices and sizes where there must be one, time never back.

The decoder accepts any bytes of the right length. A record that cannot be is reported with its number and field and
left out. Negative prices can be (calendar spreads); a bar whose low is above its high cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.models.arrays import BoolArray

if TYPE_CHECKING:
    from sottovoce.adapters.feeds.dbn_block import DbnBlock, Rows

EARLIEST_NS = 946_684_800_000_000_000
LATEST_NS = 4_102_444_800_000_000_000
"""2000-01-01 and 2100-01-01."""

PX_UNDEFINED = 2**63 - 1
SIZE_UNDEFINED = 2**32 - 1
ORDER_ID_MAX = 2**63 - 1
"""Ids are kept as signed integers here; no exchange counts so far."""

LETTERS = {"action": b"ACMRTFN", "side": b"ABN"}
PRICED = {"MBOMsg": b"AMTF"} | dict.fromkeys(("TradeMsg", "MBP1Msg", "MBP10Msg", "CMBP1Msg"), b"T")
"""Actions that must come with a price and a size, by kind of record."""


class _Bad(NamedTuple):
    """Rows a mask of shape (n,) picks, the field to blame, and why."""

    mask: BoolArray
    code: str
    field: str
    why: str


class DbnChecks:
    """Checks blocks of one file in order; last_ns is the latest good time so far."""

    __slots__ = ("_faults", "_file", "last_ns")

    def __init__(self, file: str, faults: FaultLog) -> None:
        self._file = file
        self._faults = faults
        self.last_ns = 0

    def passed(self, block: DbnBlock) -> DbnBlock:
        """The block without its bad records, each of which is reported; raises at the first unless skipping."""
        kept = np.ones(len(block.rows), dtype=np.bool_)
        found = [*_values(block), *self._times(block)]
        bad = [(int(place), each) for each in found for place in np.flatnonzero(each.mask)]
        for place, each in sorted(bad, key=lambda pair: pair[0]):
            if kept[place]:
                kept[place] = False
                self._report(block, place, each)
        return block.where(kept) if bad else block

    def _times(self, block: DbnBlock) -> Iterator[_Bad]:
        rows = block.rows
        field = "ts_recv" if "ts_recv" in (rows.dtype.names or ()) else "ts_event"
        ns = rows[field]
        good = (ns >= EARLIEST_NS) & (ns < LATEST_NS)
        yield _Bad(~good, "feed_value", field, "is no time of this century")
        signed = np.where(good, ns, 0).astype(np.int64)
        latest = np.maximum.accumulate(np.maximum(signed, self.last_ns))
        before = np.concatenate([[self.last_ns], latest[:-1]])
        yield _Bad(good & (signed < before), "feed_out_of_order", field, "is earlier than the record before it")
        self.last_ns = int(latest[-1]) if latest.size else self.last_ns

    def _report(self, block: DbnBlock, place: int, bad: _Bad) -> None:
        value = block.rows[bad.field][place]
        shown = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        row = BadRow(
            file=self._file, code=bad.code, why=bad.why, number=int(block.numbers[place]), unit="record",
            field=bad.field, value=shown,
        )  # fmt: skip
        self._faults.bad_row(row)


def _values(block: DbnBlock) -> Iterator[_Bad]:
    rows, names = block.rows, block.rows.dtype.names or ()
    for field, letters in LETTERS.items():
        if field in names and rows.dtype[field].char == "S" and "size" in names:
            listed = np.isin(rows[field], np.frombuffer(letters, dtype="S1"))
            yield _Bad(~listed, "feed_value", field, f"is not one of {', '.join(letters.decode())}")
    if block.kind in PRICED:
        yield from _priced(rows, PRICED[block.kind])
    if "order_id" in names:
        yield _Bad(rows["order_id"] > np.uint64(ORDER_ID_MAX), "feed_value", "order_id", "is beyond any order id")
    if block.kind == "OHLCVMsg":
        low, high = np.minimum(rows["open"], rows["close"]), np.maximum(rows["open"], rows["close"])
        yield _Bad(rows["low"] > low, "feed_value", "low", "is above the bar's open or close")
        yield _Bad(rows["high"] < high, "feed_value", "high", "is below the bar's open or close")


def _priced(rows: Rows, letters: bytes) -> Iterator[_Bad]:
    must = np.isin(rows["action"], np.frombuffer(letters, dtype="S1"))
    yield _Bad(must & (rows["price"] == PX_UNDEFINED), "feed_value", "price", "is no price, where there must be one")
    size = rows["size"]
    nothing = (size == 0) | (size == np.uint32(SIZE_UNDEFINED))
    yield _Bad(must & nothing, "feed_value", "size", "is no size, where there must be one")
