"""Times of a file of market data, as a person writes and reads them."""

from __future__ import annotations

import re

from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.playback import PlayedUnits
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE, NS_PER_SECOND, format_ns, parse_rfc3339

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?")


def read_time(text: str, units: PlayedUnits) -> int:
    """A time of day in the file's zone ("10:30", "09:30:00.25"), or a time with its date and offset, as the file's ns.

    Raises: MalformedMessage, bad_time; NotFound, time_outside for a dated time where the file says no day.
    """
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        part = int((clock[4] or "0").ljust(9, "0"))
        return units.origin_ns + hour * NS_PER_HOUR + minute * NS_PER_MINUTE + second * NS_PER_SECOND + part
    try:
        ns = parse_rfc3339(text)
    except MalformedMessage as error:
        sentence = f"{text[:40]!r} is not a time; write 10:30:00.25, or 2013-10-08T10:30:00-04:00."
        raise MalformedMessage(sentence, code="bad_time") from error
    if not units.dated:
        sentence = f"The file does not say which day it is of; write the time of day alone, such as {text[11:19]}."
        raise NotFound(sentence, code="time_outside")
    return ns


def shown_time(ns: int, units: PlayedUnits) -> str:
    """A time of the file for a person: the zone's clock, with the date before it in UTC files."""
    if units.zone == "UTC":
        return format_ns(ns, 6)
    day_ns = units.time_of_day_ns(ns)
    clock = format_ns(day_ns, 6)[11:-1]
    if not units.dated:
        return f"{clock} {units.zone} time"
    day = (ns - units.origin_ns) // NS_PER_DAY
    return f"{format_ns(units.origin_ns + day * NS_PER_DAY)[:10]} {clock} {units.zone}"
