"""Messages and cancels a venue gets from us in a day for each trade there, against the venue's limits (AT-08).

Near a limit new orders go to the venue at a slow pace; at it none do until risk lets them. Cancels always leave, so
the part between the two is what they have left. A re-enabled venue stays slow for the rest of its day.

Counting: an order or a cancel is one message, a replace is two; the ratio is messages / trades - 1, with no trade yet
counted as one. Source: Commission Delegated Regulation (EU) 2017/566 (RTS 9), article 3 and annex, by number. The
limits are each venue's own and stand in the configuration, with their source; a venue without a row has the house's.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.orders import Failure
from sottovoce.core.ranges import Count, Nanoseconds, Ppm, SomePpm
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_SECOND

STAGE = "routing"
PPM = 1_000_000
LATCHED, SLOW = "venue_ratio", "venue_ratio_near"


class RatioLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of one venue, "" for every venue without a row of its own.

    messages_per_trade: the largest messages / trades - 1; cancel_ppm: the largest part of orders that is canceled,
    parts per million, 0 where the venue has none. messages_min: not judged below so many messages in the day.
    throttle_ppm: the part of a limit from which orders go slowly; slow_ns: time between two of them.
    """

    venue: str = ""
    messages_per_trade: Count = 100
    cancel_ppm: Ppm = 0
    messages_min: Count = 1_000
    throttle_ppm: SomePpm = 800_000
    slow_ns: Nanoseconds = NS_PER_SECOND
    source: str = "house: the ratio at which surveillance asks about quote stuffing (PO-10)"

    def __post_init__(self) -> None:
        if min(self.messages_per_trade, self.messages_min, self.slow_ns) <= 0 or not 0 <= self.cancel_ppm <= PPM:
            raise ValueError(f"ratio limit of {self.venue or 'every venue'}: figures above 0, cancel_ppm a part")
        if not 0 < self.throttle_ppm <= PPM:
            raise ValueError(f"ratio limit of {self.venue or 'every venue'}: throttle_ppm above 0, at most {PPM}")


HOUSE = RatioLimit()


class VenueDay(msgspec.Struct, kw_only=True, gc=False):
    """What one venue has had from us today. last_ns: when the last order left; told: its people know it is near."""

    messages: int = 0
    orders: int = 0
    cancels: int = 0
    trades: int = 0
    last_ns: int = 0
    told: bool = False
    excused: bool = False


def limit_for(venue: str, rows: tuple[RatioLimit, ...]) -> RatioLimit:
    """The venue's own row, else the one for every venue, else the house's."""
    by_name = {row.venue: row for row in rows}
    return by_name.get(venue) or by_name.get("") or HOUSE


def scope_of(venue: str) -> str:
    """What a latch of a venue is called; risk re-enables it by this name."""
    return f"venue:{venue}"


def judged(day: VenueDay | None, venue: str, limit: RatioLimit) -> Failure | None:
    """The ratio one more order would be at, when that is near its limit or at it; the code says which."""
    if day is None or day.messages + 1 < limit.messages_min:
        return None
    near = None
    for name, part, whole, most in _ratios(day, limit):
        reached = part * PPM >= most * whole
        if reached or part * PPM * PPM >= most * whole * limit.throttle_ppm:
            at = failure(STAGE, LATCHED if reached else SLOW, f"{venue} {name} {part / whole:.2f}",
                         f"{most / PPM:.2f}", f"{most / PPM - part / whole:.2f}")  # fmt: skip
            if reached:
                return at
            near = near or at
    return near


def slowed(day: VenueDay, limit: RatioLimit, ts_ns: int) -> bool:
    """Whether the last order left too short a time ago for another."""
    return ts_ns - day.last_ns < limit.slow_ns


def _ratios(day: VenueDay, limit: RatioLimit) -> list[tuple[str, int, int, int]]:
    """(name, part, whole, most in ppm) of each ratio the venue limits, with one more order."""
    trades = max(day.trades, 1)
    found = [("messages a trade", day.messages + 1 - trades, trades, limit.messages_per_trade * PPM)]
    if limit.cancel_ppm:
        found.append(("cancels an order", day.cancels, day.orders + 1, limit.cancel_ppm))
    return found
