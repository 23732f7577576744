"""What a desk tells itself about its own process: a restart, an order that never arrived, a clock jump, a day over.

They are inputs like any other, so the record of a day says when the process died, what was found when it came back,
and what was done about it.
"""

from __future__ import annotations

import msgspec


class DeskRestarted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="desk_restarted"):
    """The desk came up on its journal: from which snapshot (0: none), how many steps after it, and what was cut.

    log_bytes were dropped from the write-ahead log, cut are sequence numbers removed from the end; venues are those
    that will be asked, orders how many of ours they must tell about; clock_back_ns is how far the wall clock stood
    behind the last record.
    """

    snapshot_seq: int
    steps: int
    cut: tuple[int, ...] = ()
    log_bytes: int = 0
    venues: tuple[str, ...] = ()
    orders: int = 0
    clock_back_ns: int = 0


class ArrivalDenied(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="arrival_denied"):
    """A venue, asked on a line that came up after the restart, does not know an order we had decided to send."""

    parent_id: str
    venue: str
    cl_ord_id: str
    decided_ns: int


class ClockJumped(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="clock_jumped"):
    """The wall clock moved by by_ns against the monotonic one; wall_ns is what it says now. Desk time did not move."""

    by_ns: int
    wall_ns: int


class DayRoll(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="day_roll"):
    """A session is over and its auctions have printed; date is the session's, YYYY-MM-DD."""

    date: str


RecoveryTimer = DayRoll
RecoveryMessage = DeskRestarted | ArrivalDenied | ClockJumped
