"""Sixty seconds of outcomes in buckets of a second: how many calls, errors and business rejects."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from sottovoce.core.breaker_commands import ANSWERS, Outcome
from sottovoce.core.units import NS_PER_SECOND


class Sums(NamedTuple):
    """What a window holds. Rejects are calls and no errors."""

    calls: int
    errors: int
    rejects: int

    def with_one(self, outcome: Outcome) -> Sums:
        """The same and one more call."""
        error, reject = outcome not in ANSWERS, outcome is Outcome.REJECT
        return Sums(self.calls + 1, self.errors + error, self.rejects + reject)


class Window(msgspec.Struct, kw_only=True):
    """Counts by second, oldest first; at most one row a second of the window is kept."""

    rows: dict[int, tuple[int, int, int]] = {}

    def add(self, outcome: Outcome, ts_ns: int, window_s: int) -> None:
        """Count one call at ts_ns and forget what is out of the window; the same in whatever order calls are told."""
        second = ts_ns // NS_PER_SECOND
        last = next(reversed(self.rows), second)
        calls, errors, rejects = Sums(*self.rows.get(second, (0, 0, 0))).with_one(outcome)
        self.rows[second] = (calls, errors, rejects)
        if second < last:
            self.rows = dict(sorted(self.rows.items()))
        while next(iter(self.rows)) <= max(second, last) - window_s:
            del self.rows[next(iter(self.rows))]

    def sums(self, ts_ns: int, window_s: int) -> Sums:
        """What the window that ends with the second of ts_ns holds."""
        first = ts_ns // NS_PER_SECOND - window_s
        kept = [row for second, row in self.rows.items() if second > first]
        return Sums(sum(row[0] for row in kept), sum(row[1] for row in kept), sum(row[2] for row in kept))

    def clear(self) -> None:
        """Begin again, as after a downstream came back."""
        self.rows.clear()
