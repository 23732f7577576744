"""The simulated lit exchanges as dated facts and rules: two that pay makers, a flat one, and one that pays takers.

No such markets exist: the codes are marked SIM and are not ISO 10383 MICs. Fees are in price units (1e-6 dollar) a
share, positive when we pay, of the size United States exchanges charge: a remover pays at most 0.0030 dollar a share
(Regulation NMS Rule 610(c) as in force until its amendment is), a provider is paid less than that. Ticks are those of
Rule 612: a cent from one dollar on, a hundredth of one below. Hours are the regular session of the listing exchanges.
Latencies, order types and rules are assumptions, within what such exchanges offer and different on purpose.
"""

from __future__ import annotations

from sottovoce.core.enums import OrdType, Peg, TimeInForce, VenueKind
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.core.units import NS_PER_MICROSECOND
from sottovoce.models.dated_rules import in_force
from sottovoce.models.matching.lit_rules import LitRules, SelfMatch

SINCE = "2000-01-01"

RULE_612_TICKS = ((0, 100), (1_000_000, 10_000))
"""(from this price, tick) in units of 1e-6 dollar."""

_SOURCE = "simulated: sottovoce.models.matching.lit_facts"

_AT_ONCE = (TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)

EVERYTHING = OrderTerms(
    ord_types=(OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED),
    times_in_force=(TimeInForce.DAY, *_AT_ONCE),
    pegs=(Peg.PRIMARY, Peg.MID, Peg.MARKET),
    post_only=True,
    hidden=True,
    reserve=True,
    min_qty=True,
)

WITHOUT_PEGS = OrderTerms(
    times_in_force=(TimeInForce.DAY, *_AT_ONCE), post_only=True, hidden=True, reserve=True, min_qty=True
)

SHOWN_AND_MID = OrderTerms(
    ord_types=(OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED),
    times_in_force=(TimeInForce.DAY, *_AT_ONCE),
    pegs=(Peg.PRIMARY, Peg.MID),
    post_only=True,
    hidden=True,
    min_qty=True,
)


def _lit(venue: str, name: str, *, make: int, take: int, micros: int, takes: OrderTerms) -> VenueFacts:
    return VenueFacts(
        venue=venue,
        name=name,
        kind=VenueKind.LIT,
        make_fee=make,
        take_fee=take,
        auction_fee=0,
        latency_ns=micros * NS_PER_MICROSECOND,
        min_qty=1,
        effective_from=SINCE,
        source=_SOURCE,
        takes=takes,
        ticks=RULE_612_TICKS,
        hours="09:30-16:00 America/New_York",
    )


LIT_FACTS: tuple[VenueFacts, ...] = (
    _lit("SIMA", "Simulated maker-taker exchange", make=-2_000, take=3_000, micros=150, takes=EVERYTHING),
    _lit("SIMB", "Simulated flat-fee exchange", make=200, take=900, micros=600, takes=WITHOUT_PEGS),
    _lit("SIMC", "Simulated inverted exchange", make=1_400, take=-600, micros=250, takes=SHOWN_AND_MID),
    _lit("SIME", "Simulated large maker-taker exchange", make=-2_500, take=3_000, micros=200, takes=EVERYTHING),
)
"""In MIC order."""

LIT_RULES: tuple[LitRules, ...] = (
    LitRules(venue="SIMA", effective_from=SINCE, source=_SOURCE, self_match=SelfMatch.CANCEL_NEWEST),
    LitRules(venue="SIMB", effective_from=SINCE, source=_SOURCE, self_match=SelfMatch.CANCEL_OLDEST, halt_queues=False),
    LitRules(venue="SIMC", effective_from=SINCE, source=_SOURCE, self_match=SelfMatch.DECREMENT_BOTH),
    LitRules(venue="SIME", effective_from=SINCE, source=_SOURCE, self_match=SelfMatch.CANCEL_NEWEST),
)


def lit_facts_on(date: str, facts: tuple[VenueFacts, ...] = LIT_FACTS) -> tuple[VenueFacts, ...]:
    """The facts in force on a day, one for each venue, in MIC order.

    Raises: ModelError (no_venue_facts) when a venue has none yet.
    """
    venues = sorted({each.venue for each in facts})
    return tuple(
        in_force((each for each in facts if each.venue == venue), date, f"facts of {venue}", "no_venue_facts")
        for venue in venues
    )


def lit_rules_on(venue: str, date: str, rules: tuple[LitRules, ...] = LIT_RULES) -> LitRules:
    """The rules of a venue in force on a day.

    Raises: ModelError (no_venue_rules) when it has none yet.
    """
    return in_force((each for each in rules if each.venue == venue), date, f"rules of {venue}", "no_venue_rules")
