"""What a router decides of a child on a market, for the tests of it."""

from __future__ import annotations

import msgspec

from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.enums import DarkUse, Side, Tactic, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketState, MarketView, VenueQuote
from sottovoce.core.orders import Child, Route
from sottovoce.core.reasons import REASONS
from sottovoce.core.route_events import ChildRouted, ChildUnrouted, RouteDecided
from sottovoce.stages.routing.candidates import PPM, RoutingConfig
from sottovoce.stages.routing.routing import Routing
from tests.scenarios.small_desk import (
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    TICK,
    VENUES,
    market_state,
)

SECRET = b"known to the tests"
NEVER = RoutingConfig(explore_ppm=0)
ALWAYS = RoutingConfig(explore_ppm=PPM)
TIMES = {
    Tactic.PASSIVE: TimeInForce.DAY,
    Tactic.AGGRESSIVE: TimeInForce.IMMEDIATE_OR_CANCEL,
    Tactic.WOULD: TimeInForce.IMMEDIATE_OR_CANCEL,
    Tactic.AUCTION: TimeInForce.AT_THE_CLOSE,
}


def child(qty: int = 1_000, tactic: Tactic = Tactic.PASSIVE, **changes: object) -> Child:
    plain = Child(
        child_id="P-1.1", parent_id="P-1", instrument_id="ACME", side=Side.BUY, qty=qty, limit_px=MID + 5 * TICK,
        tactic=tactic, time_in_force=TIMES[tactic], created_ns=OPEN_NS, dark=DarkUse.ALLOW, dark_ppm=0, lot=100,
        tick=TICK,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def decide(
    each: Child, state: MarketState | None = None, config: RoutingConfig = NEVER
) -> tuple[list[Route], int, RouteDecided | None]:
    """(routes, shares left without a venue, the decision)."""
    states = {"ACME": state or market_state()}
    approved = ChildApproved(parent_id="P-1", ts_ns=OPEN_NS, child=each, limits_version=1)
    routing = Routing(config, VENUES, SECRET)
    events: list[StageEvent] = list(
        routing.deciders()[ChildApproved](approved, MarketView(OPEN_NS, states, MAX_AGE_NS))
    )
    routes = [event.route for event in events if isinstance(event, ChildRouted)]
    left = sum(event.qty for event in events if isinstance(event, ChildUnrouted))
    decided = [event for event in events if isinstance(event, RouteDecided)]
    assert sum(route.qty for route in routes) + left == each.qty
    return routes, left, decided[0] if decided else None


def shares(each: Child, state: MarketState | None = None) -> dict[str, int]:
    return {route.venue: route.qty for route in decide(each, state)[0]}


def shown(*quotes: VenueQuote) -> MarketState:
    return msgspec.structs.replace(market_state(), venues=quotes)


def reasons(each: Child, state: MarketState | None = None) -> dict[str, str]:
    """Why each refused venue was refused."""
    _, _, decided = decide(each, state)
    assert decided is not None
    found = {one.venue: one.reason for one in decided.candidates if not one.eligible}
    assert set(found.values()) <= set(REASONS)
    return found
