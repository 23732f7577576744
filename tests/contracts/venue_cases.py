"""The venues that are held to the contract of the Venue port. A new one is added to CASES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import msgspec

from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.ports import VenueFacts
from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.auction import AuctionVenue
from sottovoce.models.matching.crossing import CrossingNetwork
from sottovoce.models.matching.dark_facts import AUCTION_FACTS, CROSS_RULES, CROSSING_FACTS
from sottovoce.models.matching.lit_facts import LIT_FACTS, lit_rules_on
from sottovoce.models.matching.lit_venue import LitVenue
from sottovoce.models.matching.port import Entry, Touch, Venue
from tests.contracts.venue_ledger import MinimumOf
from tests.models.matching.dark_desk import block_pool, graded_pool
from tests.models.matching.lit_play import CENT, CLOSE_NS, HOURS, LIVES, OPEN_NS, PX, drawn_lit
from tests.models.matching.random_play import Taste, drawn_entry

START_NS = OPEN_NS + NS_PER_SECOND
TOUCH = Touch(PX, 500, PX + CENT, 700)

Draw = Callable[[Random, str], Entry]


@dataclass(frozen=True)
class VenueCase:
    """One venue under the contract, and what of it the contract may ask.

    make: the venue at START_NS, open, with TOUCH observed. draw: any order, for random days. life: of an order that
    waits. meets_ns: when two orders that can trade have traded; None is at once. waits_ns: between the calls of a
    random day. prices: what a change may ask. hides: the display_qty of an order with a minimum. ranks_prices: better
    limits first. ranks_times: then who came first.
    """

    name: str
    make: Callable[[], Venue]
    draw: Draw
    life: TimeInForce = TimeInForce.DAY
    meets_ns: int | None = None
    waits_ns: tuple[int, ...] = (0, NS_PER_MILLISECOND, NS_PER_SECOND, NS_PER_MINUTE)
    prices: tuple[int, ...] = (PX - CENT, PX, PX + CENT)
    minimum_of: MinimumOf = MinimumOf.MATCH
    takes_minimum: bool = True
    hides: int | None = None
    prevents_self_match: bool = True
    ranks_prices: bool = False
    ranks_times: bool = False
    shows: bool = False
    halts: bool = False

    def order(self, order_id: str, side: Side, qty: int = 300, price: int = 0, **more: object) -> Entry:
        """A limit order that waits, willing at the mid of TOUCH and around it unless a price says otherwise."""
        far = PX + 4 * CENT if side is Side.BUY else PX - 4 * CENT
        plain = Entry(
            order_id=order_id,
            owner=f"owner of {order_id}",
            side=side,
            qty=qty,
            ord_type=OrdType.LIMIT,
            price=price or far,
            time_in_force=self.life,
        )
        return msgspec.structs.replace(plain, **more)


def _lit(facts: VenueFacts) -> VenueCase:
    def make() -> Venue:
        venue = LitVenue(facts, lit_rules_on(facts.venue, HOURS.date), HOURS)
        venue.observe(TOUCH, START_NS)
        return venue

    return VenueCase(
        name=f"lit_{facts.venue}",
        make=make,
        draw=drawn_lit,
        waits_ns=(0, 1, NS_PER_MILLISECOND, NS_PER_SECOND),
        hides=0,
        ranks_prices=True,
        ranks_times=True,
        shows=True,
        halts=True,
    )


def _hidden(name: str, make: Callable[[], Venue], taste: Taste, **more: object) -> VenueCase:
    plain = VenueCase(
        name=name,
        make=make,
        draw=lambda dice, order_id: drawn_entry(dice, order_id, taste),
        prices=taste.prices,
        waits_ns=tuple(wait * NS_PER_MILLISECOND for wait in taste.wait_ms),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def _network() -> Venue:
    network = CrossingNetwork(CROSSING_FACTS, CROSS_RULES, HOURS)
    network.observe(TOUCH, START_NS)
    return network


def _auctions() -> Venue:
    auctions = AuctionVenue(AUCTION_FACTS, HOURS, CENT, PX, "nasdaq")
    auctions.advance(START_NS)
    return auctions


LIT_CASES = tuple(_lit(facts) for facts in LIT_FACTS)

BLOCK_POOL = _hidden(
    "block_pool",
    block_pool,
    Taste(segments=("", "sponsored", "principal"), lives=LIVES, conditional_share=0.3),
    halts=True,
)
GRADED_POOL = _hidden(
    "graded_pool",
    graded_pool,
    Taste(segments=("", "1", "3", "4"), lives=LIVES, conditional_share=0.3, wait_ms=(0, 1, 5, 40)),
    minimum_of=MinimumOf.MATCH_FREE_REST,
    ranks_times=True,
    halts=True,
)
NETWORK = _hidden(
    "crossing_network",
    _network,
    Taste(wait_ms=(0, 1_000, 60_000, 400_000)),
    meets_ns=OPEN_NS + CROSS_RULES.after_open_ns[0],
    minimum_of=MinimumOf.MOMENT,
    halts=True,
)
AUCTIONS = _hidden(
    "auctions",
    _auctions,
    Taste(
        lives=(TimeInForce.AT_THE_CLOSE,),
        minimums=False,
        wait_ms=(0, 1_000, 60_000, 400_000),
        unpriced=OrdType.MARKET,
        prices=(0, PX - CENT, PX, PX + CENT),
    ),
    life=TimeInForce.AT_THE_CLOSE,
    meets_ns=CLOSE_NS,
    takes_minimum=False,
    prevents_self_match=False,
    ranks_prices=True,
    ranks_times=True,
)

CASES: tuple[VenueCase, ...] = (*LIT_CASES, BLOCK_POOL, GRADED_POOL, NETWORK, AUCTIONS)
