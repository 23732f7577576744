"""The venues that show nothing: midpoint pools and the crossing network, with the background's orders and ours.

They see the consolidated touch when something arrives for them, and when time passes; between two arrivals nothing
in them can match that could not before. Background orders stay for a drawn time; ours until they are over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from sottovoce.adapters.simulated.streams import HiddenOrder
from sottovoce.core.enums import ExecType, OrdType, Peg, Side
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.units import NEVER_NS
from sottovoce.models.matching.crossing import CrossingNetwork, CrossRules
from sottovoce.models.matching.midpoint import NOTHING_SHOWN
from sottovoce.models.matching.midpoint_pool import MidpointPool
from sottovoce.models.matching.pool_rules import PoolRules, rules_on
from sottovoce.models.matching.port import Entry, Outcome, Touch

US = "us"
"""The owner of all our orders, so that they never meet each other."""

OUR_CLASS = {"SIMF": "3"}
"""Ours is the flow of an institution: in the graded pool it meets all but the most aggressive class."""

News = tuple[str, Outcome]
"""A venue and what happened there."""


class HiddenVenues:
    """Every dark venue of one name in one session, by MIC."""

    def __init__(
        self,
        facts: Mapping[str, VenueFacts],
        pools: tuple[PoolRules, ...],
        crosses: tuple[CrossRules, ...],
        session: Session,
        lot: int,
    ) -> None:
        """facts of the dark venues; each is a network where it has a timetable among crosses, else a pool by pools."""
        timetables = {rules.venue: rules for rules in crosses}
        self._venues: dict[str, MidpointPool | CrossingNetwork] = {}
        self._classes: dict[str, tuple[str, ...]] = {}
        for venue, each in facts.items():
            if venue in timetables:
                self._venues[venue] = CrossingNetwork(each, timetables[venue], session)
                self._classes[venue] = ("",)
            else:
                rules = _rules(pools, venue, session.date)
                self._venues[venue] = MidpointPool(each, rules, session, lot)
                self._classes[venue] = tuple(segment.name for segment in rules.segments)
        self._leaving: list[tuple[int, int, str, str]] = []
        self._arrived = 0
        self._live: set[str] = set()

    def next_ns(self) -> int:
        """When the next cross is, NEVER_NS after the last."""
        due = (venue.next_cross_ns() for venue in self._venues.values() if isinstance(venue, CrossingNetwork))
        return min((at_ns for at_ns in due if at_ns is not None), default=NEVER_NS)

    def arrive(self, order: HiddenOrder, touch: Touch) -> Iterator[News]:
        """A background order comes to one of the venues, counted in MIC order."""
        yield from self._leave(order.at_ns)
        venue = tuple(self._venues)[order.place]
        classes = self._classes[venue]
        self._arrived += 1
        name = f"~{self._arrived}"
        entry = Entry(
            order_id=name,
            owner=name,
            side=Side.BUY if order.buy else Side.SELL,
            qty=order.qty,
            ord_type=OrdType.PEGGED,
            segment=classes[int(order.chance * len(classes))],
        )
        yield from self._enter(venue, entry, touch, order.at_ns)
        if name in self._live:
            heappush(self._leaving, (order.at_ns + order.life_ns, self._arrived, venue, name))

    def enter(self, route: Route, touch: Touch, at_ns: int) -> Iterator[News]:
        """An order of ours."""
        pegged = route.ord_type is OrdType.PEGGED
        entry = Entry(
            order_id=route.cl_ord_id,
            owner=US,
            side=route.side,
            qty=route.qty,
            ord_type=route.ord_type,
            price=route.price,
            time_in_force=route.time_in_force,
            display_qty=route.display_qty,
            min_qty=min(route.min_qty, route.qty),
            post_only=route.post_only,
            peg=route.peg if pegged else Peg.MID,
            segment=OUR_CLASS.get(route.venue, ""),
        )
        yield from self._enter(route.venue, entry, touch, at_ns)

    def cancel(self, venue: str, order_id: str, at_ns: int) -> Iterator[News]:
        """End an order."""
        yield from self._told(venue, self._venues[venue].cancel(order_id, at_ns))

    def advance(self, touch: Touch, at_ns: int) -> Iterator[News]:
        """Let time pass at every venue: crosses, and orders whose time is over."""
        yield from self._leave(at_ns)
        for venue, market in self._venues.items():
            yield from self._told(venue, market.observe(touch, at_ns))
            yield from self._told(venue, market.advance(at_ns))

    def halt(self, at_ns: int) -> Iterator[News]:
        """Trading stopped: each pool does as its rules say. The crossing network finds no mid while it lasts."""
        for venue, market in self._venues.items():
            if isinstance(market, MidpointPool):
                yield from self._told(venue, market.halt(at_ns))
            else:
                yield from self._told(venue, market.observe(NOTHING_SHOWN, at_ns))

    def resume(self, at_ns: int) -> Iterator[News]:
        """Trading goes on."""
        for venue, market in self._venues.items():
            if isinstance(market, MidpointPool):
                yield from self._told(venue, market.resume(at_ns))

    def _enter(self, venue: str, entry: Entry, touch: Touch, at_ns: int) -> Iterator[News]:
        market = self._venues[venue]
        yield from self._told(venue, market.observe(touch, at_ns))
        yield from self._told(venue, market.enter(entry, at_ns))

    def _leave(self, at_ns: int) -> Iterator[News]:
        """Background orders whose time is over go."""
        while self._leaving and self._leaving[0][0] <= at_ns:
            gone_ns, _, venue, order_id = heappop(self._leaving)
            if order_id in self._live:
                yield from self._told(venue, self._venues[venue].cancel(order_id, gone_ns))

    def _told(self, venue: str, outcomes: Sequence[Outcome]) -> Iterator[News]:
        """Pass news on, and keep count of who is live."""
        for outcome in outcomes:
            if outcome.leaves_qty:
                self._live.add(outcome.order_id)
            elif outcome.exec_type is not ExecType.REJECTED:
                self._live.discard(outcome.order_id)
            yield venue, outcome


def _rules(pools: tuple[PoolRules, ...], venue: str, date: str) -> PoolRules:
    """The rule book of a date; sessions before the first one known are played by the first."""
    first = min((book.effective_from for book in pools if book.venue == venue), default=date)
    return rules_on(pools, venue, max(date, first))
