"""What risk is told about the firm beside its limits: owners, house accounts, client guidelines, outside checks."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.ranges import CountOrNone, Milliseconds, Money, Nanoseconds, NanosecondsOrNone, Ppm
from sottovoce.core.units import NS_PER_SECOND

PEOPLE_MIN = 2
NEVER_SOFT = ("locate", "duplicate", "restricted", "halt", "limit")
"""What law L3 never lets pass with a flag."""


class GuidelineKind(Word):
    """What a client has forbidden, or bounded."""

    NO_SECTOR = "no_sector"
    NO_COUNTRY = "no_country"
    NO_INSTRUMENT = "no_instrument"
    NO_SHORT = "no_short"
    WEIGHT_MAX = "weight_max"


class SelfMatch(Word):
    """What is pulled when two orders of one owner would meet; the newer never leaves while they would (PT-22)."""

    CANCEL_INCOMING = "cancel_incoming"
    CANCEL_RESTING = "cancel_resting"


class Guideline(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One sentence of a client's mandate, dated: in force from from_ns until before until_ns.

    name: the sector, country or instrument id it is about; ppm: for WEIGHT_MAX, the largest part of the account's gross
    limit that one name may be.
    """

    guideline_id: str
    account: str
    kind: GuidelineKind
    name: str = ""
    ppm: Ppm = 0
    version: CountOrNone = 1
    from_ns: int = 0
    until_ns: int | None = None

    def holds(self, ts_ns: int) -> bool:
        """Whether it is in force."""
        return self.from_ns <= ts_ns and (self.until_ns is None or ts_ns < self.until_ns)


class OutsideCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A check somebody else answers, and what happens when nobody does.

    timeout_ms: then the order is rejected. pass_value_max: currency; a soft check lets orders up to this value pass
    with a flag, if two people (pass_by) have said so. 0 is a hard check.
    """

    name: str
    timeout_ms: Milliseconds = 50
    pass_value_max: Money = 0
    pass_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.timeout_ms <= 0:
            raise ValueError(f"outside check {self.name}: timeout_ms must be above 0")
        if self.pass_value_max < 0:
            raise ValueError(f"outside check {self.name}: pass_value_max must not be negative")
        if self.pass_value_max and self.name in NEVER_SOFT:
            raise ValueError(f"outside check {self.name} may never pass unanswered")
        if self.pass_value_max and len(set(self.pass_by)) < PEOPLE_MIN:
            raise ValueError(f"outside check {self.name}: passing unanswered takes two people in pass_by")


class RiskPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts about the firm and its clients.

    owners: account → beneficial owner (an account without one is its own); house: the firm's own accounts;
    positions_required: a sale in an account whose positions nobody has recorded is stopped, since it cannot be marked;
    mark_every_ms: how often every position is valued while orders are open, 0 for only when it is traded;
    client_ahead_ns: how long after a house order a client's in the same name and direction alerts compliance;
    currency: what limits are in. stale_mark_ns: after so long without a price a position counts as stale_mark_ppm worse
    than its last mark (AT-10). short_reprice: a short sale that would hit the bid of a restricted name is priced above
    it instead of rejected (PT-17). self_match: what else happens when an order would meet one of its owner's (PT-22).
    """

    owners: dict[str, str] = {}
    house: tuple[str, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    outside: tuple[OutsideCheck, ...] = ()
    positions_required: bool = True
    mark_every_ms: Milliseconds = 1_000
    client_ahead_ns: NanosecondsOrNone = 60 * NS_PER_SECOND
    stale_mark_ns: Nanoseconds = 60 * NS_PER_SECOND
    stale_mark_ppm: Ppm = 100_000
    short_reprice: bool = False
    self_match: SelfMatch = SelfMatch.CANCEL_INCOMING
    currency: str = "USD"

    def owner(self, account: str) -> str:
        """Who an account's trades belong to."""
        return self.owners.get(account, account)


SIMULATION_POLICY = RiskPolicy(positions_required=False, mark_every_ms=0)
"""The simulation desk has no custodian to ask for positions: it takes the client's word for what is sold long."""
