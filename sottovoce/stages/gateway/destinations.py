"""Where orders can go at all: what the venues that may be used take between them, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import DarkUse, OrdType, TimeInForce, VenueKind
from sottovoce.core.orders import Failure
from sottovoce.core.ports import VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.stages.gateway.checking import BUSINESS, NOTHING


class Destinations:
    """The venues of the desk without the excluded ones. With no venue known at all, routing finds none either."""

    __slots__ = ("_closes", "_dark", "_excluded", "_takes", "_unknown")

    def __init__(self, venues: Sequence[VenueFacts], excluded: Sequence[str] = ()) -> None:
        usable = [facts for facts in venues if facts.venue not in excluded]
        self._unknown = not venues
        self._excluded = ",".join(excluded) if venues and not usable else ""
        self._dark = any(facts.kind is VenueKind.DARK for facts in usable)
        self._closes = any(_closes(facts) for facts in usable)
        self._takes = {kind: any(_takes(facts, kind) for facts in usable) for kind in OrdType}

    def judge(self, order: NewOrder) -> Sequence[Failure]:
        """Why no venue could take an order; nothing when one could."""
        if self._unknown:
            return NOTHING
        if self._excluded:
            return [failure(BUSINESS, "no_destination", "every venue is excluded", self._excluded)]
        if order.dark is DarkUse.ONLY and not self._dark:
            return [failure(BUSINESS, "no_destination", "dark venues only", "a dark venue")]
        closing = order.time_in_force is TimeInForce.AT_THE_CLOSE
        if self._closes if closing else self._takes[order.ord_type]:
            return NOTHING
        what = order.time_in_force.value if closing else order.ord_type.value
        return [failure(BUSINESS, "no_destination", what, "a venue that takes it")]


def _closes(facts: VenueFacts) -> bool:
    terms = facts.takes
    return facts.kind is VenueKind.AUCTION or (terms is not None and TimeInForce.AT_THE_CLOSE in terms.times_in_force)


def _takes(facts: VenueFacts, ord_type: OrdType) -> bool:
    """A parent of any type is worked by limit children: a venue must take those, where its terms are known."""
    return facts.takes is None or OrdType.LIMIT in facts.takes.ord_types or ord_type in facts.takes.ord_types
