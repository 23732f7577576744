"""The venues of this market: the simulated exchanges, one midpoint pool and the closing auction, with what they take.

Fees, latencies and hours are the facts every simulation shares; which orders are taken is this market's own: its books
know limit and market orders shown in full, its pool pegs to the mid, its auction is the closing one.
"""

from __future__ import annotations

from msgspec.structs import replace

from sottovoce.core.enums import OrdType, Peg, TimeInForce
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.dark_facts import AUCTION_FACTS, BLOCK_POOL_FACTS
from sottovoce.models.matching.lit_facts import LIT_FACTS

AUCTION_CUTOFF_NS = AUCTION_FACTS.cutoff_ns
"""At-the-close orders and their cancels are taken until this long before the close."""

LIT_TERMS = OrderTerms(
    times_in_force=(TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL), post_only=True
)
POOL_TERMS = OrderTerms(
    ord_types=(OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED), pegs=(Peg.MID,), hidden=True, reserve=True, min_qty=True
)
CLOSE_TERMS = OrderTerms(times_in_force=(TimeInForce.AT_THE_CLOSE,), hidden=True, reserve=True)

QUEUE_VENUES: tuple[VenueFacts, ...] = tuple(
    sorted(
        (
            *(replace(facts, takes=LIT_TERMS) for facts in LIT_FACTS),
            replace(BLOCK_POOL_FACTS, takes=POOL_TERMS),
            replace(AUCTION_FACTS, takes=CLOSE_TERMS),
        ),
        key=lambda facts: facts.venue,
    )
)

DEPTH_SHARE = (0.36, 0.14, 0.15, 0.35)
"""Parts of displayed interest at the four lit venues, in MIC order: queues are long where resting is paid."""

TAKER_SHARE = (0.26, 0.16, 0.34, 0.24)
"""Where market orders go first: takers like to be paid, so the inverted queue is short and moves fast."""
