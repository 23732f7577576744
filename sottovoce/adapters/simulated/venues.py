"""The simulated venues, as dated facts. No such markets exist: the codes are marked SIM and are not ISO 10383
MICs.

Fees are in price units (1e-6 dollar) a share, positive when we pay, and are of the size United States venues
charge: a remover pays at most 0.0030 dollar a share (Regulation NMS Rule 610(c)), a provider is paid less
than that.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.enums import VenueKind
from sottovoce.core.ports import VenueFacts
from sottovoce.models.matching.dark_facts import (
    AUCTION_FACTS,
    BLOCK_POOL_FACTS,
    CROSSING_FACTS,
    GRADED_POOL_FACTS,
)

MICROSECOND_NS = 1_000

AUCTION_CUTOFF_NS = AUCTION_FACTS.cutoff_ns
"""At-the-close orders and their cancels are taken until this long before the close."""

SHARES = {"SIMA": 0.35, "SIMB": 0.15, "SIMC": 0.15, "SIME": 0.35, "SIMD": 0.4, "SIMF": 0.5, "SIMN": 0.1}
"""Parts of lit trading and depth, and of orders in the dark: large and small groups, as in the United States."""

_SOURCE = "simulated: sottovoce.adapters.simulated.venues"

SIM_VENUES: tuple[VenueFacts, ...] = (
    VenueFacts(
        venue="SIMA",
        name="Simulated maker-taker exchange",
        kind=VenueKind.LIT,
        make_fee=-2_000,
        take_fee=3_000,
        auction_fee=0,
        latency_ns=150 * MICROSECOND_NS,
        min_qty=1,
        effective_from="2000-01-01",
        source=_SOURCE,
    ),
    VenueFacts(
        venue="SIMB",
        name="Simulated flat-fee exchange",
        kind=VenueKind.LIT,
        make_fee=200,
        take_fee=900,
        auction_fee=0,
        latency_ns=600 * MICROSECOND_NS,
        min_qty=1,
        effective_from="2000-01-01",
        source=_SOURCE,
    ),
    VenueFacts(
        venue="SIMC",
        name="Simulated inverted exchange",
        kind=VenueKind.LIT,
        make_fee=1_400,
        take_fee=-600,
        auction_fee=0,
        latency_ns=250 * MICROSECOND_NS,
        min_qty=1,
        effective_from="2000-01-01",
        source=_SOURCE,
    ),
    BLOCK_POOL_FACTS,
    VenueFacts(
        venue="SIME",
        name="Simulated large maker-taker exchange",
        kind=VenueKind.LIT,
        make_fee=-2_500,
        take_fee=3_000,
        auction_fee=0,
        latency_ns=200 * MICROSECOND_NS,
        min_qty=1,
        effective_from="2000-01-01",
        source=_SOURCE,
    ),
    GRADED_POOL_FACTS,
    CROSSING_FACTS,
    AUCTION_FACTS,
)


def venue_shares(venues: Sequence[str]) -> tuple[float, ...]:
    """Share of trading by venue of one kind, sum 1; a venue without a figure gets the mean of the others."""
    known = [SHARES[venue] for venue in venues if venue in SHARES]
    mean = sum(known) / len(known) if known else 1.0
    weights = [SHARES.get(venue, mean) for venue in venues]
    return tuple(weight / sum(weights) for weight in weights)
