"""The reference price of limit up-limit down: the mean trade of five minutes, which moves only when it has to.

The mean of the eligible trades of the last five minutes becomes the new reference when it is at least 1 % away from
the old one, and no sooner than 30 seconds after the last change. Without a trade in five minutes the reference stays.
Source: NMS Plan as in the markets reference §2, the two thresholds from general knowledge and unverified.
"""

from __future__ import annotations

from collections import deque

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND

PPM = 1_000_000


class ReferenceRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The three figures: length of the mean, least change in parts per million, least time between changes."""

    window_ns: int = 5 * NS_PER_MINUTE
    change_ppm: int = 10_000
    keep_ns: int = 30 * NS_PER_SECOND


class LuldReference:
    """The reference price of one stock through a session. Calls come in order of time; prices are in units."""

    def __init__(self, px: int, at_ns: int, rules: ReferenceRules | None = None) -> None:
        self._rules = rules or ReferenceRules()
        self._trades: deque[tuple[int, int]] = deque()
        self._sum = 0
        self.reset(px, at_ns)

    def reset(self, px: int, at_ns: int) -> None:
        """Start anew from a price: the opening, or the reopening after a pause. Raises ModelError `not_positive`."""
        if px <= 0:
            raise ModelError(f"A reference price must be above zero, not {px}.", code="not_positive")
        self._trades.clear()
        self._sum = 0
        self._px, self._since_ns = px, at_ns

    def trade(self, px: int, at_ns: int) -> None:
        """An eligible trade printed."""
        self._trades.append((at_ns, px))
        self._sum += px

    def at(self, at_ns: int) -> int:
        """The reference in force at a moment; moves it if it is due."""
        while self._trades and self._trades[0][0] <= at_ns - self._rules.window_ns:
            self._sum -= self._trades.popleft()[1]
        if self._trades and at_ns >= self._since_ns + self._rules.keep_ns:
            self._renew(at_ns)
        return self._px

    def _renew(self, at_ns: int) -> None:
        """Take the mean as reference if it is far enough, compared exactly: |mean - old| >= 1 % of old."""
        count = len(self._trades)
        if abs(self._sum - self._px * count) * PPM >= self._px * count * self._rules.change_ppm:
            self._px, self._since_ns = (2 * self._sum + count) // (2 * count), at_ns
