"""Counting and timing every stage from outside: the stages know nothing of it.

Durations are telemetry: they are never journalled and never part of a digest. A histogram has one bucket per
power of two of nanoseconds and eighths between, so a quantile is at most an eighth too high.
"""

from __future__ import annotations

from bisect import bisect_left
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

    def add_all(self, durations: list[int]) -> None:
        """Record durations. Sorted first: a bucket takes all of its own at once, so a note costs almost nothing."""
        durations.sort()
        first = 0
        while first < len(durations):
            index = _bucket(durations[first])
            last = bisect_left(durations, _bucket_end(index), first)
            self.counts[index] += last - first
            first = last
        self.total += len(durations)
        self.largest = max(self.largest, durations[-1]) if durations else self.largest

    def quantile(self, q: float) -> int:
        """The duration below which a part q of the recorded ones lie, ns; 0 when there are none."""
        wanted = q * self.total
        seen = 0
        for index, count in enumerate(self.counts):
            seen += count
            if count and seen >= wanted:
                return min(_bucket_end(index), self.largest)
        return 0


def _bucket(ns: int) -> int:
    """The bucket of a duration: one a power of two, with eighths; below 16 ns one a nanosecond."""
    top = max(ns.bit_length() - 4, 0)
    return min(top * SUB + (ns >> top), BUCKETS - 1)


def _bucket_end(index: int) -> int:
    """The first duration, ns, past a bucket."""
    if index < 2 * SUB:
        return index + 1
    if index == BUCKETS - 1:
        return 1 << 64
    top = index // SUB - 1
    return (index - top * SUB + 1) << top


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
        histogram.add_all([ns for ns, _ in noted])
        self._events[stage] = self._events.get(stage, 0) + sum([events for _, events in noted])
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
