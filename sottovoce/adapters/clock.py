"""Clocks: the only place that asks what time it is.

The virtual clock is wherever the next message is, so a trading day passes in seconds. The real clock waits.
"""

from __future__ import annotations

import time
from typing import Protocol

FOREVER_NS = 1 << 62
PACE_NS = 1_000_000


class Clock(Protocol):
    """What a runner needs of time. is_real: time passes by itself, so nothing may be waited for without need."""

    is_real: bool

    def now_ns(self) -> int:
        """Nanoseconds since 1970 UTC."""
        ...

    def wait_until(self, ts_ns: int) -> int:
        """Return at ts_ns, or at once if it has passed; gives the time it now is."""
        ...

    def limit_ns(self) -> int:
        """How far the market may be run before waiting again."""
        ...


class VirtualClock:
    """Time that jumps to where it is wanted and never goes back."""

    is_real = False

    def __init__(self, start_ns: int) -> None:
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """The time last waited for."""
        return self._now_ns

    def wait_until(self, ts_ns: int) -> int:
        """Jump."""
        self._now_ns = max(self._now_ns, ts_ns)
        return self._now_ns

    def limit_ns(self) -> int:
        """As far as wanted."""
        return FOREVER_NS


class RealClock:
    """Time as it passes, optionally mapped onto another day and speed so a recorded session can run live.

    The wall clock is read once; from then on the monotonic clock counts, so a stepped wall clock moves nothing.
    """

    is_real = True

    def __init__(self, start_ns: int | None = None, speed: float = 1.0) -> None:
        self._origin_ns = time.monotonic_ns()
        self._start_ns = time.time_ns() if start_ns is None else start_ns
        self._speed = speed

    def now_ns(self) -> int:
        """Start plus the time that has passed, times the speed."""
        return self._start_ns + int((time.monotonic_ns() - self._origin_ns) * self._speed)

    def wait_until(self, ts_ns: int) -> int:
        """Sleep until the moment."""
        while (left := ts_ns - self.now_ns()) > 0:
            time.sleep(left / self._speed / 1e9)
        return self.now_ns()

    def limit_ns(self) -> int:
        """A little past now, so that the market keeps the pace of the clock."""
        return self.now_ns() + int(PACE_NS * self._speed)
