"""A preferred venue wins what is near a tie, at a price the record shows; what is avoided stays avoided."""

from __future__ import annotations

from sottovoce.core.enums import Tactic
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Child
from sottovoce.stages.routing.candidates import PPM, RoutingConfig
from tests.scenarios.small_desk import (
    LIT,
    LIT_2,
    MID,
    TICK,
    quote,
)
from tests.stages.routing.deciding import NEVER, child, decide, reasons, shown

HALF_A_TICK = RoutingConfig(explore_ppm=0, prefer_ppm=TICK * PPM // (2 * MID))


def winner(each: Child, state: MarketState) -> str:
    _, _, decided = decide(each, state, HALF_A_TICK)
    assert decided is not None
    return decided.winner


def test_preferred_venue_wins_at_the_same_price_and_loses_to_a_better_one() -> None:
    """What the two venues charge differs by less than half a tick."""
    bid, ask = MID - TICK, MID + TICK
    even = shown(quote(LIT, bid, ask, 500), quote(LIT_2, bid, ask, 500))
    first = winner(child(tactic=Tactic.AGGRESSIVE), even)
    other = LIT_2 if first == LIT else LIT
    assert winner(child(tactic=Tactic.AGGRESSIVE, prefer=(other,)), even) == other
    assert winner(child(tactic=Tactic.AGGRESSIVE, prefer=(LIT, LIT_2)), even) == first
    dearer = shown(quote(first, bid, ask, 500), quote(other, bid, ask + TICK, 500))
    assert winner(child(tactic=Tactic.AGGRESSIVE, prefer=(other,)), dearer) == first


def test_preference_is_a_part_of_the_score_in_the_record() -> None:
    _, _, decided = decide(child(prefer=(LIT_2,)))
    assert decided is not None
    bonus = decided.ask * NEVER.prefer_ppm // PPM
    parts = {one.venue: one for one in decided.candidates if one.eligible}
    assert (parts[LIT].preferred, parts[LIT_2].preferred) == (0, bonus)
    for one in parts.values():
        assert one.score == one.price + one.fee + one.adverse + one.miss + one.latency + one.size + one.preferred


def test_what_is_not_wanted_is_not_taken_though_it_is_preferred() -> None:
    assert reasons(child(prefer=(LIT_2,), avoid=(LIT_2,)))[LIT_2] == "venue_not_wanted"
