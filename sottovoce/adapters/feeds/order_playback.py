"""Order-by-order files as a playback: LOBSTER, ITCH 5.0 and DBN's order messages, each instrument with its book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from sottovoce.adapters.feeds.played_instrument import PlayedInstrument
from sottovoce.core.playback import PlayedBook, PlayedFigures, PlayedUnits
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.mbo.events import ADD, CANCEL, CLEAR, CROSS, DELETE, EXECUTE, STATE, TRADE, MboEvents

KIND_NAMES = {
    ADD: "orders added",
    CANCEL: "orders canceled in part",
    DELETE: "orders deleted",
    EXECUTE: "executions",
    TRADE: "trades not displayed",
    CROSS: "crosses",
    STATE: "halts and resumptions",
    CLEAR: "books cleared",
}


class PlayedRun(NamedTuple):
    """Events of one instrument that follow each other."""

    instrument: str
    events: MboEvents


class OrderSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file as a playback needs it: its kind in words, what is read of it, and what it says of itself.

    blocks: pieces of the file in order of time; within one, each instrument's run by itself. messages counts what
    the file itself has said so far, where one of its messages is not one event (None: it is). details is asked when
    figures are; progress gives bytes read and of how many, (0, 0) where that is not known.
    """

    kind: str
    blocks: Iterator[Sequence[PlayedRun]]
    units: PlayedUnits
    messages: Callable[[], int] | None = None
    details: Callable[[], Mapping[str, str]] = dict
    progress: Callable[[], tuple[int, int]] = lambda: (0, 0)


class OrderPlayback:
    """Plays a source. Raises as its runs do."""

    def __init__(self, source: OrderSource) -> None:
        self._source = source
        self._counts: Counter[str] = Counter()
        self._names: dict[str, PlayedInstrument] = {}
        self._first_ns = self._last_ns = -1
        self.units = source.units
        self.passed = False

    @property
    def instruments(self) -> tuple[str, ...]:
        """Names in the order met."""
        return tuple(self._names)

    def play(self, until_ns: int | None = None) -> Iterator[int]:
        """Event by event, an instrument after the other within a block of the file; see Playback."""
        for block in self._source.blocks:
            for run in block:
                yield from self._play_run(run, until_ns)
            if self.passed:
                return

    def _play_run(self, run: PlayedRun, until_ns: int | None) -> Iterator[int]:
        played = self._names.setdefault(run.instrument, PlayedInstrument())
        for row in run.events.rows():
            if until_ns is not None and row[0] > until_ns:
                self.passed = True
                return
            played.take(row)
            self._count(row[0], row[1])
            yield self._last_ns

    def progress(self) -> tuple[int, int]:
        """As the source says."""
        return self._source.progress()

    def figures(self) -> PlayedFigures:
        """Running figures over all instruments."""
        played = self._names.values()
        details = dict(self._source.details())
        details["orders standing"] = f"{sum(len(each.book) for each in played):,}"
        if earlier := sum(each.earlier for each in played):
            details["events about orders from before"] = f"{earlier:,}"
        if crossed := sum(each.meter.crossed_ns for each in played):
            details["time crossed"] = f"{crossed / NS_PER_SECOND:,.6f} s"
        return PlayedFigures(
            kind=self._source.kind,
            instruments=self.instruments,
            first_ns=self._first_ns,
            last_ns=self._last_ns,
            messages=self._counts.total() if self._source.messages is None else self._source.messages(),
            counts=dict(self._counts),
            trades=sum(each.trades for each in played),
            volume=sum(each.volume for each in played),
            value=sum(each.value for each in played),
            spread_sum=sum(each.meter.spread_sum for each in played),
            spread_ns=sum(each.meter.spread_ns for each in played),
            details=details,
        )

    def book(self, instrument: str, depth: int | None = None) -> PlayedBook:
        """What stands at each price."""
        found = self._names.get(instrument)
        return PlayedBook(bids=(), asks=()) if found is None else found.shown(depth)

    def _count(self, ns: int, kind: int) -> None:
        self._counts[KIND_NAMES[kind]] += 1
        self._first_ns = ns if self._first_ns < 0 else min(self._first_ns, ns)
        self._last_ns = max(self._last_ns, ns)
