"""Counting and timing every stage from outside: the stages know nothing of it.

Durations are telemetry: they are never journalled and never part of a digest. A histogram has one bucket per
power of two of nanoseconds and eighths between, so p50 and p99 are within 9 % and recording costs one addition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

SUB = 8
BUCKETS = 64 * SUB
FOLD_EVERY = 256

Recorder = Callable[[tuple[int, int]], None]
"""Takes (duration ns, events given) of one decision."""


class Metrics(Protocol):
    """What a runner tells about each decision and each thing worth counting."""

    def recorder(self, stage: str) -> Recorder: ...

    def stepped(self) -> None: ...

    def counted(self, name: str, number: int = 1) -> None: ...

    def summary(self) -> Mapping[str, object]: ...


class Histogram:
    """Durations in nanoseconds, in logarithmic buckets."""

    __slots__ = ("counts", "largest", "total")

    def __init__(self) -> None:
        self.counts = [0] * BUCKETS
        self.total = 0
        self.largest = 0

    def add(self, ns: int) -> None:
        """Record one duration."""
        top = ns.bit_length()
        part = (ns >> (top - 4)) & (SUB - 1) if top > 3 else 0
        self.counts[min(top * SUB + part, BUCKETS - 1)] += 1
        self.total += 1
        self.largest = max(self.largest, ns)

    def quantile(self, q: float) -> int:
        """The duration below which a part q of the recorded ones lie, ns; 0 when there are none."""
        wanted = q * self.total
        seen = 0
        for index, count in enumerate(self.counts):
            seen += count
            if count and seen >= wanted:
                top, part = divmod(index, SUB)
                return min((SUB + part + 1) << max(top - 4, 0), self.largest)
        return 0


class StageMetrics:
    """Decisions, events, durations per stage; counters by name."""

    def __init__(self) -> None:
        self._times: dict[str, Histogram] = {}
        self._noted: dict[str, list[tuple[int, int]]] = {}
        self._events: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._steps = 0

    def recorder(self, stage: str) -> Recorder:
        """Takes (duration ns, events) of each decision of a stage: a note, so that the order path pays no more."""
        return self._noted.setdefault(stage, []).append

    def stepped(self) -> None:
        """A step is over; every so often the notes are folded."""
        self._steps += 1
        if self._steps % FOLD_EVERY == 0:
            for stage in self._noted:
                self._fold(stage)

    def _fold(self, stage: str) -> None:
        """Move what was noted into the histogram."""
        noted = self._noted[stage]
        histogram = self._times.setdefault(stage, Histogram())
        for ns, events in noted:
            histogram.add(ns)
            self._events[stage] = self._events.get(stage, 0) + events
        noted.clear()

    def counted(self, name: str, number: int = 1) -> None:
        """Add to a counter."""
        self._counters[name] = self._counters.get(name, 0) + number

    def summary(self) -> Mapping[str, object]:
        """Figures for `run --json` and `sottovoce stats`: microseconds, counts."""
        for stage in self._noted:
            self._fold(stage)
        stages = {
            name: {
                "decisions": histogram.total,
                "events": self._events.get(name, 0),
                "p50_us": histogram.quantile(0.5) / 1000,
                "p99_us": histogram.quantile(0.99) / 1000,
                "max_us": histogram.largest / 1000,
            }
            for name, histogram in self._times.items()
        }
        return {"stages": stages, "counters": dict(sorted(self._counters.items()))}


class NoMetrics:
    """Counts nothing, for measuring the path itself."""

    def recorder(self, stage: str) -> Recorder:
        """Something that forgets."""
        return _forget

    def stepped(self) -> None:
        """Nothing to fold."""

    def counted(self, name: str, number: int = 1) -> None:
        """Forget it."""

    def summary(self) -> Mapping[str, object]:
        """Nothing."""
        return {}


def _forget(note: tuple[int, int]) -> None:
    """Record nothing."""
