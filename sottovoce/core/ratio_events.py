"""What the desk says of the messages it sends a venue for each trade there (AT-08)."""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure


class VenueRatioNear(Event, frozen=True, kw_only=True, gc=False, tag="venue_ratio_near"):
    """A ratio of a venue's day is near the venue's limit: new orders go there slowly from now on. Said once a day."""

    venue: str
    failure: Failure


RatioEvent = VenueRatioNear
