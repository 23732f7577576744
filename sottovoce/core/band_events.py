"""What the desk says of the price bands a feed gives it (PT-19)."""

from __future__ import annotations

from sottovoce.core.event import Event


class BandsDoubted(Event, frozen=True, kw_only=True, gc=False, tag="bands_doubted"):
    """A pair of bands, price units, cannot be true and is not judged by. Said once a pair."""

    instrument_id: str
    lower_px: int
    upper_px: int
    reason: str


BandEvent = BandsDoubted
