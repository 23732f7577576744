"""What the continuity stage decides about the life of the process itself."""

from __future__ import annotations

from sottovoce.core.event import Event


class DeskRecovered(Event, frozen=True, kw_only=True, gc=False, tag="desk_recovered"):
    """The desk was rebuilt from its record; number counts its starts, the first too. Fields as of DeskRestarted."""

    number: int
    snapshot_seq: int
    steps: int
    cut: tuple[int, ...]
    log_bytes: int
    venues: tuple[str, ...]
    orders: int
    clock_back_ns: int


class RouteResent(Event, frozen=True, kw_only=True, gc=False, tag="route_resent"):
    """An order the venue never had leaves under its own ClOrdID: the same order, not a second one."""

    cl_ord_id: str
    venue: str
    decided_ns: int


class RouteNotResent(Event, frozen=True, kw_only=True, gc=False, tag="route_not_resent"):
    """An order the venue never had is too old to be sent as it was decided; age_ns since then."""

    cl_ord_id: str
    venue: str
    age_ns: int


class ClockJumpSeen(Event, frozen=True, kw_only=True, gc=False, tag="clock_jump_seen"):
    """The wall clock jumped: records before and after it are not comparable by wall time. number counts jumps."""

    number: int
    by_ns: int
    wall_ns: int


class DayRolled(Event, frozen=True, kw_only=True, gc=False, tag="day_rolled"):
    """A day is over, once. Orders for the day that a venue has not spoken of are asked about; the rest goes on."""

    date: str


RecoveryEvent = DeskRecovered | RouteResent | RouteNotResent | ClockJumpSeen | DayRolled
