"""What venue sessions, drop copies, their timers and the people who watch them may say: inputs of a step.

A session message is news about a line to a venue, not about an order; a drop copy is a second, independent report of
our own trading. Source of the vocabulary: FIX order mass status (AF), order status (H), drop copy of execution reports.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command
from sottovoce.core.enums import ExecType, OrdStatus, Word


class SessionStatus(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="session_status"):
    """The line to a venue went down, or came up with its sequence numbers settled.

    Up means: whatever was sent before on the old line has either arrived or never will. So an order that the venue
    does not know after it, and never acknowledged, is proven never to have arrived. logon_ns: when it came up, where
    that is told later; 0: when it is told. An answer the venue gave before then proves nothing.
    """

    venue: str
    up: bool
    text: str = ""
    logon_ns: int = 0


class MassStatusEnd(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="mass_status_end"):
    """The venue has reported every open order it was asked about (LastRptRequested 912); reports says how many."""

    venue: str
    instrument_id: str
    request_id: str
    reports: int
    transact_ns: int


class DropCopyReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="drop_copy_report"):
    """What a venue or broker tells the drop-copy session about one of our orders.

    exec_id is that of the execution report it copies; quantities are shares, prices in the instrument's unit.
    """

    venue: str
    cl_ord_id: str
    exec_id: str
    exec_type: ExecType
    ord_status: OrdStatus
    cum_qty: int
    leaves_qty: int
    transact_ns: int
    last_qty: int = 0
    last_px: int = 0
    exec_ref_id: str = ""
    instrument_id: str = ""


class RouteStopped(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="route_stopped"):
    """The guard at the door kept an order in: it never left. qty would have made committed more than most, shares."""

    parent_id: str
    venue: str
    cl_ord_id: str
    scope: str
    qty: int
    committed: int
    most: int


class AckTimeout(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="ack_timeout"):
    """Has every venue answered what this parent asked? Only the timer with the latest number counts."""

    parent_id: str
    number: int


class DropCopySweep(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="drop_copy_sweep"):
    """Have both sides told of every trade of this parent? Only the timer with the latest number counts."""

    parent_id: str
    number: int


class Declared(Word):
    """What a person may declare of an order whose fate is unknown."""

    NEVER_ARRIVED = "never_arrived"
    CANCELED = "canceled"
    EXPIRED = "expired"


class ResolveUnknown(Command, frozen=True, kw_only=True, gc=False, tag="resolve_unknown"):
    """Declare what became of an order nobody can tell of, on evidence. It takes two people who say the same."""

    parent_id: str
    cl_ord_id: str
    declared: Declared
    evidence: str


class CloseBreak(Command, frozen=True, kw_only=True, gc=False, tag="close_break"):
    """Declare a break explained. It takes two people when it holds an instrument."""

    break_id: str
    evidence: str


SessionMessage = SessionStatus | MassStatusEnd | DropCopyReport
"""What a line to a venue, or the drop copy of one, may say."""
SessionCommand = ResolveUnknown | CloseBreak
SessionTimer = AckTimeout | DropCopySweep
