"""The messages and trades of a day, counted by venue, and which venues are slow or shut because of them (AT-08)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, RouteCancelRequested
from sottovoce.core.ratio_events import VenueRatioNear
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.risk_events import ScopeLatched, ScopeReenabled
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.stages.routing.ratios import LATCHED, SLOW, RatioLimit, VenueDay, judged, limit_for, scope_of, slowed


class VenueDays(msgspec.Struct, kw_only=True):
    """days: what each venue has had from us today; latched: venues at a limit, until risk re-enables them."""

    days: dict[str, VenueDay] = {}
    latched: dict[str, None] = {}


def standing(
    kept: VenueDays, venues: Sequence[str], rows: tuple[RatioLimit, ...], parent_id: str, ts_ns: int
) -> tuple[dict[str, str], list[StageEvent]]:
    """(venue → why it gets nothing now; what must be said of venues that have come near a limit, or to one)."""
    shut: dict[str, str] = dict.fromkeys(kept.latched, LATCHED)
    said: list[StageEvent] = []
    for venue in venues:
        day = kept.days.get(venue)
        limit = limit_for(venue, rows)
        found = None if day is None or venue in shut else judged(day, venue, limit)
        if day is None or found is None:
            continue
        if found.code == LATCHED and not day.excused:
            shut[venue] = LATCHED
            said.append(ScopeLatched(parent_id=parent_id, ts_ns=ts_ns, scope=scope_of(venue), failure=found))
            continue
        if not day.told:
            said.append(VenueRatioNear(parent_id=parent_id, ts_ns=ts_ns, venue=venue, failure=found))
        if slowed(day, limit, ts_ns):
            shut[venue] = SLOW
    return shut, said


def _day(kept: VenueDays, venue: str) -> VenueDay:
    day = kept.days.get(venue)
    if day is None:
        day = kept.days[venue] = VenueDay()
    return day


def routed(kept: VenueDays, event: ChildRouted) -> None:
    """A new order: one message."""
    day = _day(kept, event.route.venue)
    day.messages += 1
    day.orders += 1
    day.last_ns = max(day.last_ns, event.ts_ns)


def replaced(kept: VenueDays, event: RouteReplaceRequested) -> None:
    """A change is a cancel and an order: two messages."""
    _day(kept, event.route.venue).messages += 2


def canceled(kept: VenueDays, event: RouteCancelRequested) -> None:
    """A cancel: one message, always allowed."""
    day = _day(kept, event.route.venue)
    day.messages += 1
    day.cancels += 1


def traded(kept: VenueDays, event: Fill) -> None:
    """A trade at the venue."""
    _day(kept, event.venue).trades += 1


def told(kept: VenueDays, event: VenueRatioNear) -> None:
    """Said for today."""
    _day(kept, event.venue).told = True


def latched(kept: VenueDays, event: ScopeLatched) -> None:
    """Nothing new goes to the venue."""
    kind, _, venue = event.scope.partition(":")
    if kind == "venue":
        kept.latched[venue] = None


def reenabled(kept: VenueDays, event: ScopeReenabled) -> None:
    """Risk lets the venue have orders again, slowly for what is left of the day."""
    kind, _, venue = event.scope.partition(":")
    if kind == "venue" and venue in kept.latched:
        del kept.latched[venue]
        _day(kept, venue).excused = True


def rolled(kept: VenueDays, event: DayRolled) -> None:
    """A new day has sent nothing yet; a latch stands until a person ends it."""
    kept.days = {}


FOLDS: Mapping[type, Callable[[VenueDays, Any], None]] = {
    ChildRouted: routed,
    RouteReplaceRequested: replaced,
    RouteCancelRequested: canceled,
    Fill: traded,
    VenueRatioNear: told,
    ScopeLatched: latched,
    ScopeReenabled: reenabled,
    DayRolled: rolled,
}
