"""The rule books of the two simulated pools, each after a real one: which rule follows which item of its filing.

SIMD follows a block pool of conditional orders (BIDS ATS), SIMF a broker's pool that grades its participants (UBS
ATS). Figures and mechanisms are those of the operators' Form ATS-N, Part III, as filed with the SEC in 2025; the
pools themselves do not exist, and what a filing leaves to the participant or does not publish is said in the notes.
"""

from __future__ import annotations

from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.midpoint import SpreadGuard
from sottovoce.models.matching.pool_rules import (
    ConditionalRules,
    PoolRules,
    Priority,
    RuleSource,
    Segment,
    SmallRest,
)

EFFECTIVE_FROM = "2025-01-01"
"""The filings carry no day in their public text; the year is that of the amendment."""


def _bids(rule: str, item: str, note: str = "") -> RuleSource:
    return RuleSource(rule=rule, operator="BIDS Trading L.P.", filing="Form ATS-N/UA 2025 (BIDS)", item=item, note=note)


def _ubs(rule: str, item: str, note: str = "") -> RuleSource:
    return RuleSource(
        rule=rule, operator="UBS Securities LLC", filing="Form ATS-N/UA 2025 (UBSA)", item=item, note=note
    )


BLOCK_POOL = PoolRules(
    venue="SIMD",
    effective_from=EFFECTIVE_FROM,
    priority=Priority.SIZE,
    small_rest=SmallRest.ALL_OR_NONE,
    round_lots=True,
    early_entry_ns=195 * NS_PER_MINUTE,
    halt_cancels=True,
    conditionals=ConditionalRules(
        answer_ns=NS_PER_SECOND, commits=True, firm_invites=True, firm_up_life_ns=0, priority=Priority.SIZE
    ),
    segments=(
        Segment(name="sponsored", rank=0, meets=("sponsored", "agency")),
        Segment(name="agency", rank=1, meets=("sponsored", "agency", "principal")),
        Segment(name="principal", rank=1, meets=("agency", "principal")),
    ),
    default_segment="agency",
    sources=(
        _bids(
            "price", "11", "the price nearest the mid within both limits; only orders pegged to the mid are taken here"
        ),
        _bids("priority", "11", "best price, then size, then time; firms that trade through a sponsor come first"),
        _bids("small_rest", "7, 11", "a rest below the minimum becomes all-or-none; canceling it is the other choice"),
        _bids("round_lots", "7, 8, 11", "no match below a round lot, a subscriber's odd rest is canceled back"),
        _bids("early_entry_ns", "10", "orders from 06:15, matches from the open"),
        _bids("halt_cancels", "10, 20", "a halt cancels what is in the book; nothing is taken until it ends"),
        _bids("conditionals.answer_ns", "9", "one second for automated traders; 3 s and 30 s for others are not used"),
        _bids("conditionals.priority", "11", "as for firm orders: price, size, time"),
        _bids("conditionals.firm_up_life_ns", "9, 11", "a firm-up may stay and meet others; no life of its own"),
        _bids("conditionals.commits", "9, 11", "the overlapping quantity is bound while the invitation is open"),
        _bids(
            "conditionals.firm_invites", "7, 11", "the default; both sides are invited at once, not the slower first"
        ),
        _bids(
            "segments", "7, 13, 14", "sponsored firms meet agency capacity only by default; capacity stands for class"
        ),
        _bids("default_segment", "7, 13", "a subscriber's agency order; the filing requires capacity to be marked"),
        _bids("self_match", "11, 14", "a firm does not meet itself; capacity exceptions for brokers are not modelled"),
        _bids("locked", "11", "no trade in a locked market is a participant's choice there, and made for all here"),
        _bids("spread_guard", "11", "exists; its width is not published, so none is set"),
        _bids("bands", "11", "no trade outside the price bands in force"),
    ),
)

GRADED_POOL = PoolRules(
    venue="SIMF",
    effective_from=EFFECTIVE_FROM,
    priority=Priority.TIME,
    small_rest=SmallRest.FREE,
    round_lots=False,
    early_entry_ns=0,
    halt_cancels=False,
    conditionals=ConditionalRules(
        answer_ns=100 * NS_PER_MILLISECOND,
        commits=False,
        firm_invites=False,
        firm_up_life_ns=500 * NS_PER_MILLISECOND,
        priority=Priority.SIZE,
    ),
    segments=(
        Segment(name="1", meets=("1", "2", "3")),
        Segment(name="2", meets=("1", "2", "3")),
        Segment(name="3", meets=("1", "2", "3", "4")),
        Segment(name="4", meets=("3", "4", "5")),
        Segment(name="5", meets=("4", "5")),
    ),
    default_segment="5",
    spread_guard=SpreadGuard(units=10_000, ppm_of_ask=100_000),
    sources=(
        _ubs("price", "7, 11", "the earlier order's effective price; the mid, as only mid pegs are taken here"),
        _ubs("priority", "7, 11", "effective price, then time of receipt"),
        _ubs("small_rest", "11, 14", "the minimum falls away by default; keeping or canceling the rest are options"),
        _ubs("round_lots", "8", "no least size; odd lots trade like others"),
        _ubs("early_entry_ns", "10", "orders outside regular hours are rejected"),
        _ubs("halt_cancels", "10", "no matches in a halt; orders stay"),
        _ubs("conditionals.answer_ns", "9", "100 ms; a later answer is a new order and counts as none"),
        _ubs("conditionals.commits", "9", "the invited indication is over either way; others may trade meanwhile"),
        _ubs("conditionals.firm_invites", "9, 14", "orders invite only when told to: not by default"),
        _ubs("conditionals.firm_up_life_ns", "9", "a firm-up order ends after 500 ms and invites nobody"),
        _ubs("conditionals.priority", "7", "price, then size, then time"),
        _ubs(
            "segments",
            "13, 14",
            "five source categories; classes 1 and 2 refuse 4 and 5, class 3 refuses 5, each "
            "the widest refusal a client may choose",
        ),
        _ubs("default_segment", "13", "new flow starts in category 5"),
        _ubs("self_match", "14", "no self cross, here always on"),
        _ubs("locked", "10, 11", "nothing trades in a locked or crossed market"),
        _ubs("spread_guard", "10", "more than $0.01 and more than a tenth of the offer"),
        _ubs("bands", "10, 11", "no trade outside the price bands; that none trades before they are known is left out"),
    ),
)

RULE_BOOKS: tuple[PoolRules, ...] = (BLOCK_POOL, GRADED_POOL)
