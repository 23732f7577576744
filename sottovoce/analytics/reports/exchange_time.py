"""Times as people at the desk read them: on the exchange's own clock, with the zone named."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONES = {"XNYS": "America/New_York", "XNAS": "America/New_York"}


def zone_of(calendar: str) -> tzinfo:
    """The exchange's time zone; UTC where the calendar's zone, or the machine's zone table, is not known."""
    try:
        return ZoneInfo(ZONES.get(calendar, "UTC"))
    except ZoneInfoNotFoundError:
        return UTC


def minute(ns: int, zone: tzinfo) -> str:
    """A moment as "2018-02-12 09:30 EST"."""
    return datetime.fromtimestamp(ns // 1_000_000_000, zone).strftime("%Y-%m-%d %H:%M %Z")


def clock(ns: int, zone: tzinfo) -> str:
    """The time of day as "09:30"."""
    return datetime.fromtimestamp(ns // 1_000_000_000, zone).strftime("%H:%M")


def iso(ns: int, zone: tzinfo) -> str:
    """A moment as ISO 8601 with its offset."""
    return datetime.fromtimestamp(ns // 1_000_000_000, zone).isoformat()
