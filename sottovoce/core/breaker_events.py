"""What the breakers stage decides: when to stop calling a downstream, what waits for it, and when it may go (A5).

ChildBlocked comes from routing, which found no venue it may send to; every other event here is the breakers stage's.
"""

from __future__ import annotations

from sottovoce.core.breaker_commands import Outcome
from sottovoce.core.enums import Word
from sottovoce.core.event import Event
from sottovoce.core.orders import Child


class OpenReason(Word):
    """Why a breaker opened."""

    ERROR_RATIO = "error_ratio"
    CONSECUTIVE = "consecutive"
    PROBE_FAILED = "probe_failed"
    PROBE_UNANSWERED = "probe_unanswered"


class OutcomeCounted(Event, frozen=True, kw_only=True, gc=False, tag="outcome_counted"):
    """One call's outcome is in the window."""

    downstream: str
    outcome: Outcome
    cl_ord_id: str = ""
    probe_id: str = ""


class BreakerOpened(Event, frozen=True, kw_only=True, gc=False, tag="breaker_opened"):
    """No new order goes to this downstream: it waits. Cancels still leave.

    calls and errors are those of the window; retry_ns is when the first probes go out.
    """

    downstream: str
    reason: OpenReason
    calls: int
    errors: int
    consecutive: int
    backoff_ns: int
    retry_ns: int
    number: int


class BreakerHalfOpened(Event, frozen=True, kw_only=True, gc=False, tag="breaker_half_opened"):
    """The downstream is asked whether it is there; orders still wait."""

    downstream: str
    number: int


class ProbeRequested(Event, frozen=True, kw_only=True, gc=False, tag="probe_requested"):
    """A status query, never an order. A venue's leaves as the MassStatusRequested of the same request id."""

    downstream: str
    probe_id: str


class BreakerClosed(Event, frozen=True, kw_only=True, gc=False, tag="breaker_closed"):
    """The downstream answers again: what waits is drained, oldest first, each order checked again."""

    downstream: str
    waiting: int


class RejectsHigh(Event, frozen=True, kw_only=True, gc=False, tag="rejects_high"):
    """A downstream answers, but with too many business rejects: routing goes round it where it can, for a while."""

    downstream: str
    calls: int
    rejects: int
    until_ns: int
    number: int


class AvoidanceEnded(Event, frozen=True, kw_only=True, gc=False, tag="avoidance_ended"):
    """A downstream that rejected too much is tried again."""

    downstream: str


class ChildBlocked(Event, frozen=True, kw_only=True, gc=False, tag="child_blocked"):
    """Routing may send this child nowhere while this downstream is open."""

    child: Child
    downstream: str


class ChildQueued(Event, frozen=True, kw_only=True, gc=False, tag="child_queued"):
    """The child waits for its downstream; position counts from 1. Its reservation stays drawn."""

    child: Child
    downstream: str
    reason: OpenReason
    position: int
    expires_ns: int


class ChildDequeued(Event, frozen=True, kw_only=True, gc=False, tag="child_dequeued"):
    """The child's turn has come: what it drew is given back, and risk judges it as if it were new."""

    child: Child
    downstream: str
    waited_ns: int


class QueueTicked(Event, frozen=True, kw_only=True, gc=False, tag="queue_ticked"):
    """A look at a queue: what still waits, and the number of the next look; 0 when there is none."""

    downstream: str
    waiting: int
    next_number: int


BreakerEvent = (
    OutcomeCounted
    | BreakerOpened
    | BreakerHalfOpened
    | ProbeRequested
    | BreakerClosed
    | RejectsHigh
    | AvoidanceEnded
    | ChildBlocked
    | ChildQueued
    | ChildDequeued
    | QueueTicked
)
