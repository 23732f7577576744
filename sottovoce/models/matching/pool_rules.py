"""What a midpoint pool may decide for itself: who goes first, who may meet whom, how conditional orders are asked.

A rule book is data, dated, and names the filing each of its rules follows (sottovoce.models.matching.dark_rules).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec

from sottovoce.models.dated_rules import in_force
from sottovoce.models.matching.midpoint import NO_GUARD, SpreadGuard


class Priority(Enum):
    """Who is met first at the mid."""

    SIZE = "size"
    TIME = "time"


class SmallRest(Enum):
    """What becomes of a minimum quantity when less than it is left of the order."""

    ALL_OR_NONE = "all_or_none"
    FREE = "free"


class RuleSource(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where one rule comes from: operator, document, Part III item, and what of it is followed or left out."""

    rule: str
    operator: str
    filing: str
    item: str
    note: str = ""


class Segment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A class of participants: rank (lower is met first) and the classes its orders are willing to meet."""

    name: str
    meets: tuple[str, ...]
    rank: int = 0


class ConditionalRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How conditional orders are asked.

    answer_ns: time to firm up. commits: an invitation binds the overlapping quantity of both sides to each other;
    without it the firm-up meets whoever is there. firm_invites: firm orders seek conditional ones too.
    firm_up_life_ns: how long a firm-up order rests, 0 as long as any. priority: whom an invitation goes to first.
    """

    answer_ns: int
    commits: bool
    firm_invites: bool
    firm_up_life_ns: int
    priority: Priority


class PoolRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The rule book of one pool from a date on.

    round_lots: a match is at least one round lot, and an odd rest is canceled back. early_entry_ns: how long before
    the session orders are taken. halt_cancels: a halt empties the pool and shuts it; else orders wait it out.
    default_segment is that of an order which names none.
    """

    venue: str
    effective_from: str
    priority: Priority
    small_rest: SmallRest
    round_lots: bool
    early_entry_ns: int
    halt_cancels: bool
    conditionals: ConditionalRules
    segments: tuple[Segment, ...]
    default_segment: str
    spread_guard: SpreadGuard = NO_GUARD
    sources: tuple[RuleSource, ...] = ()

    def segment(self, name: str) -> Segment | None:
        """The class of a name ("" for the default one), None if the pool knows no such class."""
        wanted = name or self.default_segment
        return next((each for each in self.segments if each.name == wanted), None)


def may_meet(one: Segment, other: Segment) -> bool:
    """Whether both classes are willing."""
    return other.name in one.meets and one.name in other.meets


def least_match(min_qty: int, leaves_qty: int, rule: SmallRest, lot: int) -> int:
    """The smallest quantity an order accepts in one match: its minimum, or what its rest calls for, and a lot."""
    if leaves_qty >= min_qty:
        return max(min_qty, lot)
    return max(leaves_qty if rule is SmallRest.ALL_OR_NONE else 1, lot)


def rules_on(books: Iterable[PoolRules], venue: str, date: str) -> PoolRules:
    """The pool's rule book in force on an ISO date. Raises ModelError `no_pool_rules`."""
    return in_force((book for book in books if book.venue == venue), date, f"rule book of {venue}", "no_pool_rules")
