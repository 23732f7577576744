"""The simulated venues that display nothing, as dated facts: two pools, a crossing network, auctions, bond requests.

No such markets exist: the codes are marked SIM and are not ISO 10383 MICs. Fees are in price units (1e-6 dollar) a
share and lie within what the filings followed state (sottovoce.models.matching.dark_rules): item 19 of BIDS ATS gives
0.0003 to 0.005 dollar, of UBS ATS 0.0010 for agency brokers on both sides. Latencies are assumptions.
A crossing network and a request platform show nothing beforehand and are of kind DARK.
"""

from __future__ import annotations

from sottovoce.core.enums import OrdType, Peg, TimeInForce, VenueKind
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.core.units import NS_PER_MICROSECOND, NS_PER_MILLISECOND, NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.allotment import Allotment
from sottovoce.models.matching.crossing import CrossRules

_HOURS = "09:30-16:00 America/New_York"
_KINDS = (OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED)

POOL_TERMS = OrderTerms(
    ord_types=_KINDS,
    times_in_force=(TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL),
    pegs=(Peg.MID,),
    hidden=True,
    min_qty=True,
)
"""A pool: everything follows the mid, with or without a limit."""

CROSS_TERMS = OrderTerms(
    ord_types=_KINDS, times_in_force=(TimeInForce.DAY,), pegs=(Peg.MID,), hidden=True, min_qty=True
)

AUCTION_TERMS = OrderTerms(
    times_in_force=(TimeInForce.DAY, TimeInForce.AT_THE_OPENING, TimeInForce.AT_THE_CLOSE),
    post_only=True,
    hidden=True,
)
"""Day orders are for a reopening; post_only is an imbalance-only order."""

REQUEST_TERMS = OrderTerms(times_in_force=(TimeInForce.IMMEDIATE_OR_CANCEL,), lot=1_000)

_SOURCE = "simulated: sottovoce.models.matching.dark_facts"


def _dark(
    venue: str,
    name: str,
    takes: OrderTerms,
    *,
    fee: int,
    latency_ns: int,
    min_qty: int,
    since: str,
    source: str,
    cutoff_ns: int = 0,
) -> VenueFacts:
    return VenueFacts(
        venue=venue,
        name=name,
        kind=VenueKind.DARK,
        make_fee=fee,
        take_fee=fee,
        auction_fee=0,
        latency_ns=latency_ns,
        min_qty=min_qty,
        effective_from=since,
        source=f"{_SOURCE}; {source}",
        cutoff_ns=cutoff_ns,
        takes=takes,
        hours=_HOURS,
    )


BLOCK_POOL_FACTS = _dark(
    "SIMD",
    "Simulated midpoint dark pool",
    POOL_TERMS,
    fee=1_000,
    latency_ns=1_000 * NS_PER_MICROSECOND,
    min_qty=100,
    since="2000-01-01",
    source="conditional orders, size priority, after BIDS ATS",
)

GRADED_POOL_FACTS = _dark(
    "SIMF",
    "Simulated broker dark pool, graded participants",
    POOL_TERMS,
    fee=1_000,
    latency_ns=400 * NS_PER_MICROSECOND,
    min_qty=1,
    since="2000-01-01",
    source="time priority, source categories, after UBS ATS",
)

CROSSING_FACTS = _dark(
    "SIMN",
    "Simulated crossing network",
    CROSS_TERMS,
    fee=500,
    latency_ns=2 * NS_PER_MILLISECOND,
    min_qty=100,
    since="2000-01-01",
    source="scheduled crosses at the mid",
    cutoff_ns=5 * NS_PER_SECOND,
)

AUCTION_FACTS = VenueFacts(
    venue="SIMX",
    name="Simulated listing auctions",
    kind=VenueKind.AUCTION,
    make_fee=0,
    take_fee=0,
    auction_fee=800,
    latency_ns=500 * NS_PER_MICROSECOND,
    min_qty=1,
    effective_from="2000-01-01",
    source=f"{_SOURCE}; cut-offs by order type in sottovoce.models.matching.auction_rules",
    cutoff_ns=10 * NS_PER_MINUTE,
    takes=AUCTION_TERMS,
    hours=_HOURS,
)

REQUEST_FACTS = _dark(
    "SIMR",
    "Simulated bond request platform",
    REQUEST_TERMS,
    fee=0,
    latency_ns=50 * NS_PER_MILLISECOND,
    min_qty=1_000,
    since="2000-01-01",
    source="requests for quote to several dealers; round lots of 1,000 par, markets reference §5",
)

CROSS_RULES = CrossRules(
    venue="SIMN",
    effective_from="2000-01-01",
    after_open_ns=tuple(minute * NS_PER_MINUTE for minute in range(30, 390, 60)),
    allotment=Allotment.PRO_RATA,
    source="simulated: six crosses a day, on the hour; sharing in proportion to size",
)

DARK_VENUES: tuple[VenueFacts, ...] = (
    BLOCK_POOL_FACTS,
    GRADED_POOL_FACTS,
    CROSSING_FACTS,
    REQUEST_FACTS,
    AUCTION_FACTS,
)
"""In MIC order."""
