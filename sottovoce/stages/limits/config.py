"""What the limits are judged by: the venues' own collars, what clients have used, and how long a proposal waits."""

from __future__ import annotations

import msgspec

from sottovoce.core.limits import EVERY
from sottovoce.core.ranges import Count, Money, Ppm

SOURCE_LULD = "limit up-limit down bands: 5 % tier 1, 10 % tier 2, 20 % from 0.75 to 3 dollars"


class VenueCollar(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """How far through the market a venue itself lets a price go: ppm, for the names one of our collars is for.

    venue is a MIC, or "*" for all; limit is the name of our collar.
    """

    limit: str
    ppm: Ppm
    venue: str = EVERY
    source: str = ""


class PeakUse(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """The most an account has used of a limit in the last 60 days, in the limit's unit."""

    account: str
    limit: str
    value: Money


class LimitsPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a change is refused as meaningless, and when a proposal lapses.

    peak_times: a client's limit may be so many times its peak use; raise_times: one change may multiply a limit by so
    much and no more; proposal_minutes: how long a change waits for its second person.
    """

    peak_times: Count = 20
    raise_times: Count = 10
    proposal_minutes: Count = 60
    peaks: tuple[PeakUse, ...] = ()
    venue_collars: tuple[VenueCollar, ...] = (
        VenueCollar(limit="collar_liquid_ppm", ppm=50_000, source=SOURCE_LULD),
        VenueCollar(limit="collar_other_ppm", ppm=100_000, source=SOURCE_LULD),
        VenueCollar(limit="collar_low_price_ppm", ppm=200_000, source=SOURCE_LULD),
    )
