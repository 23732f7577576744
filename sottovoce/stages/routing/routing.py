"""The routing stage: spreads an approved child over venues, and keeps the reasons.

Eligible venues are scored by the one scoring model; the dark pool is offered its part first, the rest goes down
the ranking up to what each venue shows, and what is left over to the winner. It can never send more than the child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.enums import DarkUse, OrdType, Side, Tactic, TimeInForce, VenueKind
from sottovoce.core.events import Candidate, ChildApproved, ChildRouted, ChildUnrouted, RouteDecided, StageEvent
from sottovoce.core.ids import jitter_seed, route_id, venue_cl_ord_id
from sottovoce.core.market import MarketState, MarketView, VenueQuote
from sottovoce.core.orders import Child, Route
from sottovoce.core.ports import VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.models.scoring import VenueScore, rank
from sottovoce.stages.routing.candidates import PPM, RoutingConfig, candidate, ineligible

STAGE = "routing"


class RoutingState(msgspec.Struct, kw_only=True):
    """The router remembers nothing yet; what it learns will come from analytics as versions."""


class Routing:
    """Decides on ChildApproved; the only constructor of ChildRouted."""

    name = "routing"

    def __init__(self, config: RoutingConfig, venues: Sequence[VenueFacts], secret: bytes) -> None:
        self._config = config
        self._venues = sorted(venues, key=lambda facts: facts.venue)
        self._facts = {facts.venue: facts for facts in venues}
        self._kinds = {facts.venue: facts.kind for facts in venues}
        self._secret = secret
        self._state = RoutingState()

    def deciders(self) -> Mapping[type, Decider]:
        return {ChildApproved: self._route}

    def appliers(self) -> Mapping[type, Applier]:
        return {}

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=RoutingState)

    def _route(self, event: ChildApproved, view: MarketView) -> Sequence[StageEvent]:
        child = event.child
        state = view.state(child.instrument_id)
        if state is None:
            return (self._unrouted(child, child.qty, view),)
        quotes = {quote.venue: quote for quote in state.venues}
        dark_qty = self._dark_qty(child)
        refused, scores, displayed = self._scored(child, state, quotes, dark_qty)
        if not scores:
            return (self._unrouted(child, child.qty, view),)
        seed = jitter_seed(self._secret, child.child_id)
        explored = len(scores) > 1 and seed % PPM < self._config.explore_ppm
        if explored:
            scores[0], scores[1] = scores[1], scores[0]
        shares = self._allocate(child, scores, displayed, dark_qty)
        decision_id = f"{child.child_id}?"
        routed: list[StageEvent] = [
            ChildRouted(
                parent_id=child.parent_id,
                ts_ns=view.ts_ns,
                route=self._build(child, venue, qty, number, state, view.ts_ns),
                decision_id=decision_id,
            )
            for number, (venue, qty) in enumerate(shares.items(), start=1)
        ]
        assert sum(shares.values()) <= child.qty
        left = child.qty - sum(shares.values())
        if left:
            routed.append(self._unrouted(child, left, view))
        routed.append(
            self._decided(child, state, view, refused, scores, shares, displayed, decision_id, seed, explored)
        )
        return routed

    def _dark_qty(self, child: Child) -> int:
        """Shares offered to midpoint pools first: whole lots of the part the plan gives them."""
        if child.dark is DarkUse.ONLY:
            return child.qty
        part = child.qty * child.dark_ppm // PPM
        return part - part % child.lot

    def _scored(
        self, child: Child, state: MarketState, quotes: dict[str, VenueQuote], dark_qty: int
    ) -> tuple[list[tuple[str, str]], list[VenueScore], dict[str, int]]:
        """(venues refused with the code, venues ranked, what each shows)."""
        refused: list[tuple[str, str]] = []
        eligible = []
        for facts in self._venues:
            quote = quotes.get(facts.venue)
            qty = dark_qty if facts.kind is VenueKind.DARK else child.qty
            why = ineligible(child, facts, quote, qty)
            if why:
                refused.append((facts.venue, why))
            else:
                eligible.append(candidate(child, facts, quote, state, self._config))
        ranked = rank(eligible, child.qty, self._config.weights) if eligible else []
        return refused, ranked, {one.mic: one.displayed for one in eligible}

    def _allocate(
        self, child: Child, scores: Sequence[VenueScore], displayed: Mapping[str, int], dark_qty: int
    ) -> dict[str, int]:
        """Shares per venue, in order of rank; the sum never exceeds the child."""
        dark = [one.mic for one in scores if self._kinds[one.mic] is VenueKind.DARK]
        lit = [one.mic for one in scores if self._kinds[one.mic] is not VenueKind.DARK]
        shares: dict[str, int] = {}
        if dark and dark_qty:
            shares[dark[0]] = dark_qty
        left = child.qty - sum(shares.values())
        for venue in lit:
            part = min(left, displayed[venue])
            if part < left:
                part -= part % child.lot
            if part > 0:
                shares[venue] = part
                left -= part
        if left and lit:
            shares[lit[0]] = shares.get(lit[0], 0) + left
        return shares

    def _build(
        self, child: Child, venue: str, qty: int, number: int, state: MarketState, ts_ns: int
    ) -> Route:
        ident = route_id(child.child_id, number)
        dark = self._kinds[venue] is VenueKind.DARK
        near = state.bid if child.side is Side.BUY else state.ask
        price = child.limit_px
        if child.tactic is Tactic.PASSIVE and not dark:
            price = min(near, price) if child.side is Side.BUY else max(near, price)
        return Route(
            cl_ord_id=venue_cl_ord_id(self._secret, ident),
            route_id=ident,
            child_id=child.child_id,
            parent_id=child.parent_id,
            venue=venue,
            instrument_id=child.instrument_id,
            side=child.side,
            qty=qty,
            ord_type=OrdType.PEGGED if dark else OrdType.LIMIT,
            price=price,
            time_in_force=TimeInForce.DAY if child.tactic is Tactic.PASSIVE else child.time_in_force,
            min_qty=self._facts[venue].min_qty if dark else 0,
            sent_ns=ts_ns,
        )

    def _unrouted(self, child: Child, qty: int, view: MarketView) -> ChildUnrouted:
        return ChildUnrouted(
            parent_id=child.parent_id,
            ts_ns=view.ts_ns,
            child_id=child.child_id,
            qty=qty,
            failures=(failure(STAGE, "no_venue", f"{qty} shares"),),
        )

    def _decided(
        self,
        child: Child,
        state: MarketState,
        view: MarketView,
        refused: Sequence[tuple[str, str]],
        scores: Sequence[VenueScore],
        shares: Mapping[str, int],
        displayed: Mapping[str, int],
        decision_id: str,
        seed: int,
        explored: bool,
    ) -> RouteDecided:
        candidates = [
            Candidate(
                venue=one.mic,
                eligible=True,
                score=one.score,
                price=one.price,
                fee=one.fee,
                adverse=one.adverse,
                miss=one.miss,
                latency=one.latency,
                size=one.size,
                displayed=displayed[one.mic],
                allocated=shares.get(one.mic, 0),
            )
            for one in scores
        ]
        candidates.extend(Candidate(venue=venue, eligible=False, reason=why) for venue, why in refused)
        runner_up = scores[1] if len(scores) > 1 else None
        return RouteDecided(
            parent_id=child.parent_id,
            ts_ns=view.ts_ns,
            decision_id=decision_id,
            child_id=child.child_id,
            candidates=tuple(candidates),
            winner=scores[0].mic,
            runner_up="" if runner_up is None else runner_up.mic,
            margin=0 if runner_up is None else scores[0].score - runner_up.score,
            bid=state.bid,
            ask=state.ask,
            feed_seq=state.seq,
            seed=seed,
            explored=explored,
        )
