"""How late a feed is: the skew between its clock and ours, delays above the quickest message, and silences.

Receive less exchange time is clock skew plus delay, and no message tells the two apart: the smallest of a feed is
taken as the skew (its delay is then counted as none) and everything above it is delay. A negative skew is an
exchange clock ahead of ours; an alarm on bare age would be off by it. Differences are counted in bins of a
millisecond, the exchange's own resolution, so memory does not grow with the feed.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_SECOND

STALE_AFTER_NS = NS_PER_SECOND
"""A feed that says nothing for longer is counted as stale, once for each silence."""

BINS_MAX = 1_000_000
"""Milliseconds of spread the bins may take: a feed that is off by more is counted in the outermost bin."""


class ClockFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Milliseconds, receive less exchange time; delays are above skew_ms. None where no message had both times."""

    skew_ms: int | None
    median_ms: int | None
    delay_p50_ms: int | None
    delay_p99_ms: int | None
    delay_max_ms: int | None
    longest_silence_ms: float
    silences: int


class FeedClock:
    """Counts receive and exchange times as they pass."""

    __slots__ = ("_bins", "first_ns", "last_ns", "longest_ns", "silences", "stale_after_ns")

    def __init__(self, stale_after_ns: int = STALE_AFTER_NS) -> None:
        self.stale_after_ns = stale_after_ns
        self.first_ns = self.last_ns = -1
        self.longest_ns = self.silences = 0
        self._bins: Counter[int] = Counter()

    def take(self, receive_ns: int, exchange_ns: int | None) -> None:
        """A message received at receive_ns that says it was sent at exchange_ns (None: it does not say)."""
        if self.first_ns < 0:
            self.first_ns = self.last_ns = receive_ns
        silence_ns = receive_ns - self.last_ns
        self.last_ns = receive_ns
        self.longest_ns = max(self.longest_ns, silence_ns)
        self.silences += silence_ns > self.stale_after_ns
        if exchange_ns is not None:
            late_ms = (receive_ns - exchange_ns) // NS_PER_MILLISECOND
            self._bins[max(-BINS_MAX, min(BINS_MAX, late_ms))] += 1

    def figures(self) -> ClockFigures:
        """What the feed's times say so far."""
        skew = min(self._bins, default=None)
        median, tail, last = (self._at(part) for part in (0.5, 0.99, 1.0))
        return ClockFigures(
            skew_ms=skew, median_ms=median,
            delay_p50_ms=_above(median, skew), delay_p99_ms=_above(tail, skew), delay_max_ms=_above(last, skew),
            longest_silence_ms=self.longest_ns / NS_PER_MILLISECOND, silences=self.silences,
        )  # fmt: skip

    def _at(self, part: float) -> int | None:
        """The smallest bin that this part of the messages does not exceed."""
        due, passed = part * self._bins.total(), 0
        for late_ms in sorted(self._bins):
            passed += self._bins[late_ms]
            if passed >= due:
                return late_ms
        return None


def _above(late_ms: int | None, skew_ms: int | None) -> int | None:
    return None if late_ms is None or skew_ms is None else late_ms - skew_ms
