"""The door of a recorded feed: any file of market data, played from its beginning and asked what it says.

A loader reads one format; a playback offers every format alike to who describes, replays or looks into a file: time
passes message by message, figures run, and the book can be asked for at any moment. Integers throughout, in units
the playback states; a time is ns UTC, or ns since the exchange's midnight where a file does not say the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from sottovoce.core.units import NS_PER_DAY

PlayedLevel = tuple[int, int]
"""Price and quantity."""


class PlayedUnits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a playback's integers mean: units in one currency unit and in one traded unit, and what is counted.

    origin_ns is the midnight its times of day count from, in zone; dated says whether that day is known.
    """

    px_scale: int
    qty_scale: int
    qty_name: str
    origin_ns: int
    zone: str
    dated: bool

    def time_of_day_ns(self, ns: int) -> int:
        """ns since the last midnight of the zone."""
        return (ns - self.origin_ns) % NS_PER_DAY


class PlayedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a file has said so far. first_ns and last_ns are -1 while it has said nothing.

    messages: those of the file, read so far. counts: what they said, by kind; one message may say two things or
    nothing. volume and value are exact sums of quantity and of price times quantity over the trades. spread_sum is
    the sum of spread times the ns it stood, over spread_ns. gaps are sentences; details are figures of this kind of
    file alone, by name.
    """

    kind: str
    instruments: tuple[str, ...]
    first_ns: int
    last_ns: int
    messages: int
    counts: Mapping[str, int]
    trades: int
    volume: int
    value: int
    spread_sum: int
    spread_ns: int
    gaps: tuple[str, ...] = ()
    details: Mapping[str, str] = {}


class PlayedBook(msgspec.Struct, frozen=True, kw_only=True):
    """A book as a playback has it now, best levels first. why says in words why it cannot be used, "" where it can."""

    bids: tuple[PlayedLevel, ...]
    asks: tuple[PlayedLevel, ...]
    why: str = ""


class Playback(Protocol):
    """One file. `play` may be called once; the rest may be asked at any time and says how it stands then."""

    @property
    def units(self) -> PlayedUnits: ...

    @property
    def instruments(self) -> tuple[str, ...]:
        """Names met so far, in the order met."""
        ...

    def play(self, until_ns: int | None = None) -> Iterator[int]:
        """Read on, message by message or in short runs, yielding the time reached.

        With until_ns, everything up to and at that time is applied, and the iterator ends before the first message
        after it; `passed` then says that there was one.
        Raises: MalformedMessage at a bad row, unless the file was opened to skip them.
        """
        ...

    @property
    def passed(self) -> bool:
        """Whether `play` stopped at a message after until_ns, and not because the file ended."""
        ...

    def progress(self) -> tuple[int, int]:
        """How much of the file has been read, of how much; (0, 0) where that is not known."""
        ...

    def figures(self) -> PlayedFigures: ...

    def book(self, instrument: str, depth: int | None = None) -> PlayedBook:
        """The book of an instrument now, at most depth levels a side; empty for one never heard of."""
        ...
