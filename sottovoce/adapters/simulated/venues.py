"""The venues of this market: the simulated exchanges, two pools, a crossing network, the auctions, and what they take.

Fees, latencies and hours are the facts every simulation shares; which orders the lit books take is this market's own:
limit and market orders shown in full.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from sottovoce.core.enums import TimeInForce
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.dark_facts import (
    AUCTION_FACTS,
    BLOCK_POOL_FACTS,
    CROSSING_FACTS,
    GRADED_POOL_FACTS,
)
from sottovoce.models.matching.lit_facts import LIT_FACTS

AUCTION_CUTOFF_NS = AUCTION_FACTS.cutoff_ns
"""At-the-close orders and their cancels are taken until this long before the close."""

SHARES = {"SIMA": 0.35, "SIMB": 0.15, "SIMC": 0.15, "SIME": 0.35, "SIMD": 0.4, "SIMF": 0.5, "SIMN": 0.1}
"""Parts of lit trading and depth, and of orders in the dark: large and small groups, as in the United States."""

LIT_TERMS = OrderTerms(
    times_in_force=(TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL), post_only=True
)

SIM_VENUES: tuple[VenueFacts, ...] = tuple(
    sorted(
        (
            *(replace(facts, takes=LIT_TERMS) for facts in LIT_FACTS),
            BLOCK_POOL_FACTS,
            GRADED_POOL_FACTS,
            CROSSING_FACTS,
            AUCTION_FACTS,
        ),
        key=lambda facts: facts.venue,
    )
)


def venue_shares(venues: Sequence[str]) -> tuple[float, ...]:
    """Share of trading by venue of one kind, sum 1; a venue without a figure gets the mean of the others."""
    known = [SHARES[venue] for venue in venues if venue in SHARES]
    mean = sum(known) / len(known) if known else 1.0
    weights = [SHARES.get(venue, mean) for venue in venues]
    return tuple(weight / sum(weights) for weight in weights)
