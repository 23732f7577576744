"""Watches the wall clock beside the monotonic one: readings at an interval, and jumps as they happen.

The monotonic clock measures windows and never goes back; the wall clock dates records and may be stepped by anyone. A
step shows as a difference between how far the two have come. Slewing does not: it is slower than SLEW.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sottovoce.adapters.timekeeping.offset import read_clock
from sottovoce.core.clock_commands import ClockReading
from sottovoce.core.recovery_commands import ClockJumped
from sottovoce.core.units import NS_PER_SECOND

READ_EVERY_NS = 5 * NS_PER_SECOND
"""Between two readings: an alert comes within this (F-22: within 5 s)."""

JUMP_NS = 10_000_000
"""A difference the two clocks' own reading cannot explain, 10 ms."""

SLEW = 1_000_000 // 500
"""One part in so many is the fastest the kernel slews (500 ppm): that much a difference may grow by itself."""


class ClockWatch:
    """look() is called by the loop as often as it likes; what it returns are inputs for the desk, in order."""

    def __init__(
        self,
        read: Callable[[], ClockReading] = read_clock,
        wall_ns: Callable[[], int] = time.time_ns,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._read = read
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._last_ns = self._due_ns = monotonic_ns()
        self._wall_last_ns = wall_ns()

    def look(self) -> list[ClockReading | ClockJumped]:
        """A jump since the last look, and a reading when one is due or after a jump."""
        now_ns, wall_ns = self._monotonic_ns(), self._wall_ns()
        passed_ns = now_ns - self._last_ns
        by_ns = wall_ns - self._wall_last_ns - passed_ns
        self._last_ns, self._wall_last_ns = now_ns, wall_ns
        found: list[ClockReading | ClockJumped] = []
        if abs(by_ns) > JUMP_NS + passed_ns // SLEW:
            found.append(ClockJumped(by_ns=by_ns, wall_ns=wall_ns))
            self._due_ns = now_ns
        if now_ns >= self._due_ns:
            found.append(self._read())
            self._due_ns = now_ns + READ_EVERY_NS
        return found
