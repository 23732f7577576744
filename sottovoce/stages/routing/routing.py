"""The routing stage: spreads an approved child over venues, and keeps the reasons.

Eligible venues are scored by the one scoring model; the dark pool is offered its part first, the rest goes down
the ranking up to what each venue shows, and what is left over to the winner. It can never send more than the child.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from sottovoce.core.breaker_commands import VENUE
from sottovoce.core.breaker_events import AvoidanceEnded, BreakerClosed, BreakerOpened, ChildBlocked, RejectsHigh
from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.enums import OrdType, Tactic, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import jitter_seed, route_id, venue_cl_ord_id
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.orders import Child, Route
from sottovoce.core.ports import VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.core.route_events import Candidate, ChildRouted, ChildUnrouted, RouteDecided
from sottovoce.core.session_events import SessionDown, SessionUp
from sottovoce.core.stage import Applier, Decider
from sottovoce.models.scoring import VenueScore, preferring, rank
from sottovoce.stages.routing.candidates import BUY, DARK, ONLY_DARK, PPM, RoutingConfig, candidate, recorded, refusal
from sottovoce.stages.routing.counting import FOLDS, VenueDays, standing

STAGE = "routing"
UNAVAILABLE, REJECTING = "venue_unavailable", "venue_rejecting"
PASSIVE, DAY = Tactic.PASSIVE, TimeInForce.DAY
LIMIT, PEGGED = OrdType.LIMIT, OrdType.PEGGED


class RoutingState(msgspec.Struct, kw_only=True):
    """blocked: downstreams whose breaker is open; avoided: those that have rejected too much of late.

    down: venues whose line is down; messages: what each venue has had from us today (AT-08).
    """

    blocked: dict[str, None] = {}
    avoided: dict[str, None] = {}
    down: dict[str, None] = {}
    messages: VenueDays = msgspec.field(default_factory=VenueDays)


class Routing:
    """Decides on ChildApproved; the only constructor of ChildRouted.

    A venue whose breaker is open gets nothing: the child goes to others, or waits where there is none. A venue that
    rejects too much is left out while another can take the child.
    """

    name = "routing"

    def __init__(self, config: RoutingConfig, venues: Sequence[VenueFacts], secret: bytes) -> None:
        self._config = config
        self._venues = sorted(venues, key=lambda facts: facts.venue)
        self._facts = {facts.venue: facts for facts in venues}
        self._kinds = {facts.venue: facts.kind for facts in venues}
        self._names = tuple(facts.venue for facts in self._venues)
        self._refusals: dict[tuple[str, str], Candidate] = {}
        self._secret = secret
        self._state = RoutingState()

    def deciders(self) -> Mapping[type, Decider]:
        return {ChildApproved: self._route}

    def appliers(self) -> Mapping[type, Applier]:
        return {
            BreakerOpened: self._on_opened,
            BreakerClosed: self._on_closed,
            RejectsHigh: self._on_rejects,
            AvoidanceEnded: self._on_avoidance_ended,
            SessionDown: self._on_down,
            SessionUp: self._on_up,
            **{kind: self._counted(fold) for kind, fold in FOLDS.items()},
        }

    def _counted(self, fold: Callable[[VenueDays, Any], None]) -> Applier:
        return lambda event: fold(self._state.messages, event)

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=RoutingState)

    def _route(self, event: ChildApproved, view: MarketView) -> Sequence[StageEvent]:
        child = event.child
        state = view.state(child.instrument_id)
        if state is None:
            return (self._unrouted(child, child.qty, view),)
        dark_qty = self._dark_qty(child)
        slow, said = standing(self._state.messages, self._names, self._config.ratios, child.parent_id, view.ts_ns)
        scores, refused = self._scored(child, state, dark_qty, slow)
        if not scores:
            return (*said, self._nowhere(child, refused, view))
        seed = jitter_seed(self._secret, child.child_id)
        explored = len(scores) > 1 and seed % PPM < self._config.explore_ppm
        if explored:
            scores[0], scores[1] = scores[1], scores[0]
        shares = self._allocate(child, scores, dark_qty)
        decision_id = f"{child.child_id}?"
        routed = said + self._routed(child, shares, decision_id, state, view.ts_ns)
        left = child.qty - sum(shares.values())
        assert left >= 0
        if left:
            routed.append(self._unrouted(child, left, view))
        routed.append(self._decided(child, state, view, refused, scores, shares, decision_id, seed, explored))
        return routed

    def _dark_qty(self, child: Child) -> int:
        """Shares offered to midpoint pools first: whole lots of the part the plan gives them."""
        if child.dark is ONLY_DARK:
            return child.qty
        part = child.qty * child.dark_ppm // PPM
        return part - part % child.lot

    def _scored(
        self, child: Child, state: MarketState, dark_qty: int, slow: Mapping[str, str]
    ) -> tuple[list[VenueScore], list[Candidate]]:
        """(venues that can take the child, best first; venues refused, with the code). slow: AT-08's, with theirs."""
        refused: list[Candidate] = []
        eligible, avoided = [], []
        shut = self._state.blocked or self._state.avoided or self._state.down
        quotes = {quote.venue: quote for quote in state.venues}
        for facts in self._venues:
            quote = quotes.get(facts.venue)
            why = refusal(child, facts, quote, dark_qty if facts.kind is DARK else child.qty)
            if shut and not why:
                why = self._shut(facts.venue)
            why = why if why and why != REJECTING else slow.get(facts.venue, why)
            if why == REJECTING:
                avoided.append(candidate(child, facts, quote, state, self._config))
            if why:
                refused.append(self._refused(facts.venue, why))
            else:
                eligible.append(candidate(child, facts, quote, state, self._config))
        if avoided and not eligible:
            eligible, refused = avoided, [one for one in refused if one.reason != REJECTING]
        scores = rank(eligible, child.qty, self._config.weights) if eligible else []
        if child.prefer and scores:
            scores = preferring(scores, child.prefer, state.ask * self._config.prefer_ppm // PPM)
        return scores, refused

    def _shut(self, venue: str) -> str:
        """The code of the reason a venue that could take the child must not, or should not, get it; else empty."""
        if venue in self._state.down:
            return "venue_down"
        blocked, downstream = self._state.blocked, VENUE + venue
        if downstream in blocked or any(not each.startswith(VENUE) for each in blocked):
            return UNAVAILABLE
        return REJECTING if downstream in self._state.avoided else ""

    def _nowhere(self, child: Child, refused: Sequence[Candidate], view: MarketView) -> StageEvent:
        """A child that only an open breaker keeps from a venue waits for it; any other comes back unsent."""
        waits = next((VENUE + one.venue for one in refused if one.reason == UNAVAILABLE), None)
        if waits is None:
            return self._unrouted(child, child.qty, view)
        shared = next((each for each in self._state.blocked if not each.startswith(VENUE)), None)
        return ChildBlocked(parent_id=child.parent_id, ts_ns=view.ts_ns, child=child, downstream=shared or waits)

    def _on_down(self, event: SessionDown) -> None:
        self._state.down[event.venue] = None

    def _on_up(self, event: SessionUp) -> None:
        self._state.down.pop(event.venue, None)

    def _on_opened(self, event: BreakerOpened) -> None:
        self._state.blocked[event.downstream] = None

    def _on_closed(self, event: BreakerClosed) -> None:
        self._state.blocked.pop(event.downstream, None)

    def _on_rejects(self, event: RejectsHigh) -> None:
        self._state.avoided[event.downstream] = None

    def _on_avoidance_ended(self, event: AvoidanceEnded) -> None:
        self._state.avoided.pop(event.downstream, None)

    def _refused(self, venue: str, why: str) -> Candidate:
        """A venue that cannot take the child. There are few of these and they are the same every time."""
        known = self._refusals.get((venue, why))
        if known is None:
            known = self._refusals[venue, why] = Candidate(venue=venue, eligible=False, reason=why)
        return known

    def _allocate(self, child: Child, scores: Sequence[VenueScore], dark_qty: int) -> dict[str, int]:
        """Shares per venue, the dark part first, then in order of rank; the sum never exceeds the child."""
        kinds, left = self._kinds, child.qty
        shares: dict[str, int] = {}
        if dark_qty:
            dark = next((one.mic for one in scores if kinds[one.mic] is DARK), None)
            if dark is not None:
                shares[dark] = dark_qty
                left -= dark_qty
        winner = ""
        for one in scores:
            if kinds[one.mic] is DARK:
                continue
            winner = winner or one.mic
            part = min(left, one.displayed)
            if part < left:
                part -= part % child.lot
            if part > 0:
                shares[one.mic] = part
                left -= part
        if left and winner:
            shares[winner] = shares.get(winner, 0) + left
        return shares

    def _routed(
        self, child: Child, shares: Mapping[str, int], decision_id: str, state: MarketState, ts_ns: int
    ) -> list[StageEvent]:
        return [
            ChildRouted(
                parent_id=child.parent_id,
                ts_ns=ts_ns,
                route=self._build(child, venue, qty, number, state, ts_ns),
                decision_id=decision_id,
            )
            for number, (venue, qty) in enumerate(shares.items(), start=1)
        ]

    def _build(self, child: Child, venue: str, qty: int, number: int, state: MarketState, ts_ns: int) -> Route:
        ident = route_id(child.child_id, number)
        dark, passive = self._kinds[venue] is DARK, child.tactic is PASSIVE
        price = child.limit_px
        if passive and not dark:
            price = min(state.bid, price) if child.side is BUY else max(state.ask, price)
        return Route(
            cl_ord_id=venue_cl_ord_id(self._secret, ident),
            route_id=ident,
            child_id=child.child_id,
            parent_id=child.parent_id,
            venue=venue,
            instrument_id=child.instrument_id,
            side=child.side,
            qty=qty,
            ord_type=PEGGED if dark else LIMIT,
            price=price,
            time_in_force=DAY if passive else child.time_in_force,
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
        refused: Sequence[Candidate],
        scores: Sequence[VenueScore],
        shares: Mapping[str, int],
        decision_id: str,
        seed: int,
        explored: bool,
    ) -> RouteDecided:
        candidates = [recorded(one, shares.get(one.mic, 0)) for one in scores]
        runner_up = scores[1] if len(scores) > 1 else None
        return RouteDecided(
            parent_id=child.parent_id,
            ts_ns=view.ts_ns,
            decision_id=decision_id,
            child_id=child.child_id,
            candidates=(*candidates, *refused),
            winner=scores[0].mic,
            runner_up="" if runner_up is None else runner_up.mic,
            margin=0 if runner_up is None else scores[0].score - runner_up.score,
            bid=state.bid,
            ask=state.ask,
            feed_seq=state.seq,
            seed=seed,
            explored=explored,
        )
