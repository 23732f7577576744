"""A DBN file of any schema but order messages as a playback: quotes, levels, trades and bars as they stand in it.

Each record with a bid and an ask carries the book of its instrument, one level or ten; each with action T is a trade.
Bars, definitions, statistics, status and imbalance messages are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_block import PX_SCALE, DbnBlock, Rows
from sottovoce.adapters.feeds.dbn_checks import PX_UNDEFINED
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.core.playback import PlayedBook, PlayedFigures, PlayedLevel, PlayedUnits
from sottovoce.core.units import NS_PER_DAY
from sottovoce.models.touch_meter import TouchMeter

LEVELS = 10
QTY_NAME = "lots"
TRADED = ("TradeMsg", "MBP1Msg", "MBP10Msg", "CMBP1Msg")
"""Kinds whose action T is a trade."""


class DbnPlayback:
    """One file. Times are those of receipt where the schema has them, else of the event. Raises as DbnFile does."""

    def __init__(self, path: Path, faults: FaultLog) -> None:
        self._file = DbnFile(path, faults)
        self._counts: Counter[str] = Counter()
        self._names: dict[int, str] = {}
        self._books: dict[int, tuple[tuple[PlayedLevel, ...], tuple[PlayedLevel, ...]]] = {}
        self._meters: dict[int, TouchMeter] = {}
        self._trades = self._volume = self._value = self._bar_volume = 0
        self._first_ns = self._last_ns = -1
        self.passed = False
        midnight_ns = self._file.header.start_ns // NS_PER_DAY * NS_PER_DAY
        self.units = PlayedUnits(
            px_scale=PX_SCALE, qty_scale=1, qty_name=QTY_NAME, origin_ns=midnight_ns, zone="UTC", dated=True
        )

    @property
    def instruments(self) -> tuple[str, ...]:
        """Symbols of the instruments met, or their ids where the file does not name them."""
        return tuple(dict.fromkeys(self._names.values()))

    def play(self, until_ns: int | None = None) -> Iterator[int]:
        """Record by record; see Playback."""
        for block in self._file.blocks():
            field = "ts_recv" if "ts_recv" in (block.rows.dtype.names or ()) else "ts_event"
            depth = sum(f"bid_px_{level:02d}" in (block.rows.dtype.names or ()) for level in range(LEVELS))
            for place, ns in enumerate(block.rows[field].tolist()):
                if until_ns is not None and ns > until_ns:
                    self.passed = True
                    return
                self._take(block, place, ns, depth)
                yield ns

    def progress(self) -> tuple[int, int]:
        """Not known: a DBN file does not say how many records it has."""
        return 0, 0

    def figures(self) -> PlayedFigures:
        """Running figures; spreads are summed over the instruments."""
        header = self._file.header
        details = {"dataset": header.dataset, "schema": header.schema or "mixed", "DBN version": str(header.version)}
        if self._counts["OHLCVMsg"]:
            details["volume of the bars"] = f"{self._bar_volume:,} {QTY_NAME}"
        meters = self._meters.values()
        return PlayedFigures(
            kind=f"DBN {header.schema or 'records'}",
            instruments=self.instruments,
            first_ns=self._first_ns,
            last_ns=self._last_ns,
            messages=self._counts.total(),
            counts=dict(self._counts),
            trades=self._trades,
            volume=self._volume,
            value=self._value,
            spread_sum=sum(meter.spread_sum for meter in meters),
            spread_ns=sum(meter.spread_ns for meter in meters),
            details=details,
        )

    def book(self, instrument: str, depth: int | None = None) -> PlayedBook:
        """The levels the last record of the instrument carried."""
        found = next((key for key, name in self._names.items() if name == instrument), None)
        bids, asks = self._books.get(found, ((), ())) if found is not None else ((), ())
        return PlayedBook(bids=bids[:depth], asks=asks[:depth])

    def _take(self, block: DbnBlock, place: int, ns: int, depth: int) -> None:
        rows = block.rows
        instrument = int(rows["instrument_id"][place])
        if instrument not in self._names:
            self._names[instrument] = self._file.header.names.get(instrument, str(instrument))
        self._counts[block.kind] += 1
        self._first_ns = ns if self._first_ns < 0 else self._first_ns
        self._last_ns = ns
        if block.kind in TRADED and rows["action"][place] == b"T":
            px, qty = int(rows["price"][place]), int(rows["size"][place])
            self._trades += 1
            self._volume += qty
            self._value += px * qty
        elif block.kind == "OHLCVMsg":
            self._bar_volume += int(rows["volume"][place])
        if depth:
            bids, asks = _levels(rows, place, "bid", depth), _levels(rows, place, "ask", depth)
            self._books[instrument] = bids, asks
            meter = self._meters.setdefault(instrument, TouchMeter())
            meter.take(ns, bids[0][0] if bids else None, asks[0][0] if asks else None)


def _levels(rows: Rows, place: int, side: str, depth: int) -> tuple[PlayedLevel, ...]:
    """Levels of one side that are quoted, best first."""
    found = (
        (int(rows[f"{side}_px_{level:02d}"][place]), int(rows[f"{side}_sz_{level:02d}"][place]))
        for level in range(depth)
    )
    return tuple((px, qty) for px, qty in found if px != PX_UNDEFINED and qty)
