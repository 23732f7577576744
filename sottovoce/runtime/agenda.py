"""What is to happen, in one order that every run repeats: by time, then class, then name.

Ties in time are broken by what the message is (venue news, then the market's condition, then timers, then people) and
then by its own id, so the order never depends on who was asked first.
"""

from __future__ import annotations

import heapq

from sottovoce.core.breaker_commands import BreakerTimer, DownstreamOutcome
from sottovoce.core.commands import AlgoWake, ApprovalExpiry, CancelReject, ExecutionReport, Input
from sottovoce.core.condition_commands import MarketCondition
from sottovoce.core.kill_sweep import KillSweep
from sottovoce.core.session_commands import (
    AckTimeout,
    DropCopyReport,
    DropCopySweep,
    MassStatusEnd,
    RouteStopped,
    SessionStatus,
)

VENUE, MARKET, TIMER, COMMAND = 0, 1, 2, 3


def rank(message: Input) -> tuple[int, str]:
    """(class, name) of a message for ties in time."""
    if isinstance(message, ExecutionReport | CancelReject):
        # Of one order the market's own order of news stands: a cancel must not overtake the fills before it.
        return VENUE, f"{message.venue}:{message.cl_ord_id}"
    if isinstance(message, SessionStatus | MassStatusEnd | DropCopyReport | RouteStopped):
        return VENUE, message.venue
    if isinstance(message, MarketCondition):
        return MARKET, message.instrument_id
    if isinstance(message, AlgoWake | AckTimeout | DropCopySweep):
        return TIMER, f"{message.parent_id}:{message.number}"
    if isinstance(message, ApprovalExpiry):
        return TIMER, f"{message.parent_id}:{message.rule}"
    if isinstance(message, KillSweep):  # before venue news: what is to be canceled must not wait for what happened
        return VENUE, ""
    if isinstance(message, DownstreamOutcome | BreakerTimer):
        return TIMER, message.downstream
    return COMMAND, getattr(message, "cl_ord_id", "") or getattr(message, "parent_id", "")


class Agenda:
    """Inputs waiting for their time."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, str, int, Input]] = []
        self._added = 0

    def add(self, at_ns: int, message: Input) -> None:
        """Put a message on the agenda."""
        kind, name = rank(message)
        self._added += 1
        heapq.heappush(self._heap, (at_ns, kind, name, self._added, message))

    def next_ns(self) -> int | None:
        """Time of the next message, or None."""
        return self._heap[0][0] if self._heap else None

    def pop(self) -> tuple[int, Input]:
        """The next message and its time."""
        at_ns, _, _, _, message = heapq.heappop(self._heap)
        return at_ns, message

    def __len__(self) -> int:
        return len(self._heap)
