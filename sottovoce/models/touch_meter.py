"""The spread of a market as time saw it: each touch weighted by how long it stood."""

from __future__ import annotations


class TouchMeter:
    """Takes the touch after every change; sums are exact integers, so no order of adding matters.

    spread_sum is over spread_ns, the time both sides stood and did not cross; crossed_ns and one_sided_ns are the rest.
    """

    __slots__ = ("_ask", "_bid", "_ns", "crossed_ns", "one_sided_ns", "spread_ns", "spread_sum")

    def __init__(self) -> None:
        self.spread_sum = self.spread_ns = self.crossed_ns = self.one_sided_ns = 0
        self._ns: int | None = None
        self._bid: int | None = None
        self._ask: int | None = None

    def take(self, ns: int, bid: int | None, ask: int | None) -> None:
        """The touch from ns on; None for a side where nothing stands. A time before the last one weighs nothing."""
        if self._ns is not None and ns > self._ns:
            self._weigh(ns - self._ns)
        self._ns = ns if self._ns is None else max(ns, self._ns)
        self._bid, self._ask = bid, ask

    def _weigh(self, stood_ns: int) -> None:
        if self._bid is None or self._ask is None:
            self.one_sided_ns += stood_ns
        elif self._ask < self._bid:
            self.crossed_ns += stood_ns
        else:
            self.spread_sum += (self._ask - self._bid) * stood_ns
            self.spread_ns += stood_ns
