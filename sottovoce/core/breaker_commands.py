"""How calls to a downstream went, and the clocks of a breaker: inputs of a step (controls A5, AT-09).

A downstream is whatever orders depend on: "venue:XNAS" for a venue's session, else a name shared by all orders
("journal", "bus", "reference"). The runtime reports outcomes; what a breaker makes of them is the breakers stage's.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Word

VENUE = "venue:"
"""Prefix of a downstream that is one venue's session."""


class Outcome(Word):
    """What came of one call. REJECT is a business reject: an answer, if not the one wanted, and never an error."""

    OK = "ok"
    REJECT = "reject"
    TIMEOUT = "timeout"
    DISCONNECT = "disconnect"
    SERVER_ERROR = "server_error"
    MALFORMED = "malformed"
    SEQUENCE = "sequence"


ANSWERS = (Outcome.OK, Outcome.REJECT)
"""Outcomes that show the downstream to be there; every other one is an error."""


class DownstreamOutcome(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="downstream_outcome"
):
    """One call to a downstream and what came of it.

    cl_ord_id: the order the call was about, where there is one; probe_id: set when the call was a breaker's probe.
    """

    downstream: str
    outcome: Outcome
    cl_ord_id: str = ""
    probe_id: str = ""
    detail: str = ""


class BreakerRetry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="breaker_retry"):
    """An open breaker has waited its back-off; number is that of the opening, so an older timer counts for nothing."""

    downstream: str
    number: int


class ProbeDeadline(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="probe_deadline"):
    """The probes of an opening have had their time."""

    downstream: str
    number: int


class QueueTick(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="queue_tick"):
    """Look at the queue of a downstream: return what is too old, drain what may go."""

    downstream: str
    number: int


class AvoidanceOver(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="avoidance_over"):
    """A downstream that rejected too much has been avoided long enough."""

    downstream: str
    number: int


BreakerTimer = BreakerRetry | ProbeDeadline | QueueTick | AvoidanceOver
