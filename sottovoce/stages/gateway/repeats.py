"""Orders and lists that look like ones that came before (PT-08, F-47): remembered for a window, then forgotten.

What is new goes to the end, what is too old is dropped from the front, so each costs the same however many orders a day
brings. Orders may be heard of out of their order in time; what is remembered is the same in whatever order they came.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

import msgspec

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.gateway.checking import BUSINESS, NOTHING
from sottovoce.stages.gateway.config import DuplicateConfig


def fingerprint(order: ParentOrder) -> str:
    """What makes two orders look like the same one: account, instrument, side, size as asked for, price, closing."""
    size = order.order_qty if order.notional is None else order.notional
    closing = order.strategy is Strategy.CLOSE
    return f"{order.account}|{order.instrument_id}|{order.side.value}|{size}|{order.limit_px}|{closing}"


class Repeats(msgspec.Struct, kw_only=True):
    """seen: fingerprint → the times of its orders within the longer window, ns, oldest first; line: all, by time."""

    seen: dict[str, tuple[int, ...]] = {}
    line: list[tuple[int, str]] = []

    def add(self, order: ParentOrder, ts_ns: int, config: DuplicateConfig) -> None:
        """Remember an order that was accepted; forget what no window reaches any more."""
        print_ = fingerprint(order)
        self.seen[print_] = tuple(sorted((*self.seen.get(print_, ()), ts_ns)))
        insort(self.line, (ts_ns, print_))
        last_ns = self.line[-1][0]
        while last_ns - self.line[0][0] > config.repeat_ns:
            _, gone = self.line.pop(0)
            self.seen[gone] = self.seen[gone][1:]
            if not self.seen[gone]:
                del self.seen[gone]

    def judge(self, order: ParentOrder, ts_ns: int, config: DuplicateConfig) -> Sequence[Failure]:
        """Why an order waits for a person: a twin within the window, or too many of them within the longer one."""
        times = self.seen.get(fingerprint(order))
        if not times:
            return NOTHING
        found = []
        age_ns = ts_ns - times[-1]
        if age_ns <= config.window_ns:
            found.append(failure(BUSINESS, "duplicate_order", _seconds(age_ns), f"more than {config.window_s:g} s"))
        recent = 1 + sum(1 for each in times if ts_ns - each <= config.repeat_ns)
        if recent >= config.repeats:
            limit = f"fewer than {config.repeats} in {config.repeat_s:g} s"
            found.append(failure(BUSINESS, "repeated_order", f"{recent} alike", limit))
        return found


class Contents(msgspec.Struct, kw_only=True):
    """Digest of a list's content → (the basket that had it, when), in order of time."""

    seen: dict[str, tuple[str, int]] = {}

    def add(self, digest: str, basket: str, ts_ns: int, window_ns: int) -> None:
        """Remember a list; forget those older than the window."""
        self.seen.pop(digest, None)
        self.seen[digest] = (basket, ts_ns)
        while ts_ns - self.seen[oldest := next(iter(self.seen))][1] > window_ns:
            del self.seen[oldest]

    def twin(self, digest: str, basket: str, ts_ns: int, window_ns: int) -> tuple[str, int] | None:
        """Another basket of the same content within the window, and its age in ns."""
        known = self.seen.get(digest)
        if known is None or known[0] == basket or ts_ns - known[1] > window_ns:
            return None
        return known[0], ts_ns - known[1]


def _seconds(age_ns: int) -> str:
    return f"{age_ns / NS_PER_SECOND:.3f} s after its twin"
