"""Order-by-order files opened for playing: each format's reader, its units, its clock and its instruments' names.

LOBSTER and ITCH times are of the exchange's day, New York. A LOBSTER file says in its name which stock and day it is
of; where a name says nothing, times count from midnight and no date is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_block import PX_SCALE
from sottovoce.adapters.feeds.dbn_orders import order_runs
from sottovoce.adapters.feeds.dbn_playback import QTY_NAME
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.adapters.feeds.feed_size import unpacked_bytes
from sottovoce.adapters.feeds.itch import read_itch
from sottovoce.adapters.feeds.itch_block import ItchBlock
from sottovoce.adapters.feeds.itch_layouts import LAYOUT
from sottovoce.adapters.feeds.itch_orders import StockMessages
from sottovoce.adapters.feeds.itch_stock import NAMED
from sottovoce.adapters.feeds.lobster import read_lobster
from sottovoce.adapters.feeds.order_playback import OrderSource, PlayedRun
from sottovoce.core.playback import PlayedUnits
from sottovoce.core.units import NS_PER_DAY, NS_PER_SECOND
from sottovoce.models.mbo.events import from_rows

NEW_YORK = "New York"
DOLLAR_SCALE = 1_000_000
UNDATED = 0
"""As midnight: the file does not say its day, and times count from midnight."""

_LOBSTER_NAME = re.compile(r"([A-Z][A-Z.]*)_(\d{4}-\d{2}-\d{2})_")


def lobster_source(path: Path, faults: FaultLog) -> OrderSource:
    """A LOBSTER message file. Reading raises as read_lobster does."""
    named = _LOBSTER_NAME.match(path.name)
    symbol = named[1] if named else path.name.split(".")[0]
    midnight_ns = _midnight_ns(named[2]) if named else UNDATED
    return OrderSource(
        kind="LOBSTER messages",
        blocks=((PlayedRun(symbol, events),) for events in read_lobster(path, faults, midnight_ns=midnight_ns)),
        units=_dollars(midnight_ns),
    )


def itch_source(path: Path, faults: FaultLog) -> OrderSource:
    """Every stock of an ITCH file. Reading raises as read_itch does, and FeedFault feed_order."""
    stocks = _Stocks(path, faults)
    return OrderSource(
        kind="NASDAQ ITCH 5.0", blocks=stocks.blocks(), units=_dollars(UNDATED), details=stocks.details,
        messages=stocks.messages, progress=stocks.progress,
    )  # fmt: skip


def dbn_source(path: Path, faults: FaultLog) -> OrderSource:
    """Every instrument of a DBN file of order messages. Raises as DbnFile; reading as order_runs."""
    file = DbnFile(path, faults)
    names = file.header.names
    units = PlayedUnits(
        px_scale=PX_SCALE, qty_scale=1, qty_name=QTY_NAME, zone="UTC", dated=True,
        origin_ns=file.header.start_ns // NS_PER_DAY * NS_PER_DAY,
    )  # fmt: skip
    runs = ((PlayedRun(names.get(run.instrument_id, str(run.instrument_id)), run.events),) for run in order_runs(file))
    return OrderSource(
        kind="DBN mbo",
        blocks=runs,
        units=units,
        messages=lambda: file.records,
        details=lambda: {"dataset": file.header.dataset},
    )


class _Stocks:
    """The stocks of an ITCH file by locate code, each with the orders it has said of."""

    def __init__(self, path: Path, faults: FaultLog) -> None:
        self._path = path
        self._faults = faults
        self._messages: dict[int, StockMessages] = {}
        self._names: dict[int, str] = {}
        self._counts: Counter[str] = Counter()
        self._read, self._total = 0, unpacked_bytes(path)

    def blocks(self) -> Iterator[Sequence[PlayedRun]]:
        """One run a stock, block by block."""
        for block in read_itch(self._path, self._faults):
            self._read = block.base + len(block.data)
            kinds, counts = np.unique(block.kinds, return_counts=True)
            self._counts.update(dict(zip((chr(kind) for kind in kinds), counts.tolist(), strict=True)))
            self._learn(block)
            yield [self._run(block, code) for code in np.unique(block.locate).tolist() if code]

    def messages(self) -> int:
        """Messages read, of every type."""
        return self._counts.total()

    def details(self) -> Mapping[str, str]:
        """Messages by type."""
        return {f"{LAYOUT[kind].name} ({kind})": f"{count:,}" for kind, count in sorted(self._counts.items())}

    def progress(self) -> tuple[int, int]:
        """Bytes read, of the bytes of the unpacked file."""
        return self._read, self._total

    def _run(self, block: ItchBlock, code: int) -> PlayedRun:
        if code not in self._messages:
            self._messages[code] = StockMessages(str(self._path), self._faults, 0, whole=False)
        messages = self._messages[code]
        rows = messages.take(block.where(block.locate == code))
        messages.handed_over()
        return PlayedRun(self._names.get(code, f"locate {code}"), from_rows(rows))

    def _learn(self, block: ItchBlock) -> None:
        """Which stock a locate code means, from the messages that name both."""
        for letter in NAMED:
            rows = block.rows(letter)
            for code, name in zip(rows["locate"].tolist(), rows["stock"].tolist(), strict=True):
                self._names.setdefault(code, name.decode("latin-1").rstrip())


def _dollars(midnight_ns: int) -> PlayedUnits:
    return PlayedUnits(
        px_scale=DOLLAR_SCALE, qty_scale=1, qty_name="shares", origin_ns=midnight_ns, zone=NEW_YORK,
        dated=midnight_ns != UNDATED,
    )  # fmt: skip


def _midnight_ns(date: str) -> int:
    """New York's midnight of a date, UNDATED for digits that are no date."""
    try:
        midnight = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo("America/New_York"))
    except ValueError:
        return UNDATED
    return int(midnight.timestamp()) * NS_PER_SECOND
