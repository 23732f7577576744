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


def iso(ns: int, zone: tzinfo) -> str:
    """A moment as ISO 8601 with its offset."""
    return datetime.fromtimestamp(ns // 1_000_000_000, zone).isoformat()


def ns_of_day(ns: int, zone: tzinfo) -> int:
    """Nanoseconds since midnight on the exchange's clock."""
    at = datetime.fromtimestamp(ns // 1_000_000_000, zone)
    return (at.hour * 3600 + at.minute * 60 + at.second) * 1_000_000_000 + ns % 1_000_000_000
