"""What the risk stage decides beside clearing and stopping: latches, marks, locates, outside checks, conduct."""

from __future__ import annotations

import msgspec

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure, ParentOrder


class ScopeLatched(Event, frozen=True, kw_only=True, gc=False, tag="scope_latched"):
    """Nothing that raises exposure leaves within a scope until risk re-enables it (PT-09, PT-10, AT-10)."""

    scope: str
    failure: Failure


class ScopeReenabled(Event, frozen=True, kw_only=True, gc=False, tag="scope_reenabled"):
    """A person of the risk role has ended a latch."""

    principal: str
    scope: str
    reason: str


class PositionRecorded(Event, frozen=True, kw_only=True, gc=False, tag="position_recorded"):
    """An account's position in a name, taken over at px (price units) so that it has earned nothing yet."""

    principal: str
    account: str
    instrument_id: str
    qty: int
    px: int
    sector: str
    country: str
    source: str


class LocateRecorded(Event, frozen=True, kw_only=True, gc=False, tag="locate_recorded"):
    """qty shares may be sold short under this locate until expires_ns."""

    principal: str
    locate_id: str
    account: str
    instrument_id: str
    qty: int
    expires_ns: int
    source: str


class ShortSaleTestSet(Event, frozen=True, kw_only=True, gc=False, tag="short_sale_test_set"):
    """Short sales of a name are restricted until until_ns; source is "own" or who passed the market's flag on.

    disagrees: how the market's flag and our own look at the last sale differ, "" where they do not (PT-17).
    """

    instrument_id: str
    until_ns: int
    source: str
    disagrees: str = ""


class MarkedPosition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One name at the market, price units."""

    instrument_id: str
    px: int


class PositionsMarked(Event, frozen=True, kw_only=True, gc=False, tag="positions_marked"):
    """Every position with a usable price, at that price; number is that of the timer that comes next."""

    marks: tuple[MarkedPosition, ...]
    number: int
    unpriced: tuple[str, ...] = ()


class ScopeResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One level's result since the day began, price units times shares."""

    scope: str
    profit: int


class DayResultPeaked(Event, frozen=True, kw_only=True, gc=False, tag="day_result_peaked"):
    """Levels whose result of the day is better than any of its markings before (AT-10)."""

    results: tuple[ScopeResult, ...]


class LossWarned(Event, frozen=True, kw_only=True, gc=False, tag="loss_warned"):
    """A level has given back a large part of what it may (AT-10). Said once."""

    scope: str
    failure: Failure


class MarkStale(Event, frozen=True, kw_only=True, gc=False, tag="mark_stale"):
    """A held name has had no usable price since since_ns: it counts as moved against us by assumed_ppm (AT-10)."""

    instrument_id: str
    since_ns: int
    assumed_ppm: int


class OutsideAsked(Event, frozen=True, kw_only=True, gc=False, tag="outside_asked"):
    """The order waits for outside answers, one a check, each until its own time; nothing is reserved yet."""

    order: ParentOrder
    checks: tuple[str, ...]
    holds: tuple[Failure, ...] = ()


class OutsideAnswered(Event, frozen=True, kw_only=True, gc=False, tag="outside_answered"):
    """One answer is in. flagged: none came in time, and a soft check lets this value pass (L3)."""

    check: str
    passed: bool
    detail: str
    flagged: bool = False


class ConductAlert(Event, frozen=True, kw_only=True, gc=False, tag="conduct_alert"):
    """Compliance should look: what the order did not stop for. Never shown to the desk."""

    code: str
    account: str
    instrument_id: str
    detail: str


RiskEvent = (
    ScopeLatched
    | ScopeReenabled
    | PositionRecorded
    | LocateRecorded
    | ShortSaleTestSet
    | PositionsMarked
    | DayResultPeaked
    | LossWarned
    | MarkStale
    | OutsideAsked
    | OutsideAnswered
    | ConductAlert
)
