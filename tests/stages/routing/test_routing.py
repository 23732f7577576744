"""Routing: never more than the child, every venue explained, dark as the order wants it, ties and trials repeatable."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.enums import DarkUse, OrdType, Side, Tactic, TimeInForce
from sottovoce.core.ids import jitter_seed
from sottovoce.core.market import MarketView
from sottovoce.core.route_events import ChildUnrouted, RouteDecided
from sottovoce.stages.routing.candidates import PPM, RoutingConfig
from sottovoce.stages.routing.routing import Routing
from tests.scenarios.small_desk import (
    AUCTION,
    DARK,
    LIT,
    LIT_2,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    TICK,
    VENUES,
    quote,
)
from tests.stages.routing.deciding import ALWAYS, NEVER, SECRET, child, decide, reasons, shares, shown

# never more than the child --------------------------------------------------------------------------------

SIZES = st.integers(0, 3_000)


@given(
    qty=st.integers(1, 5_000),
    tactic=st.sampled_from(list(Tactic)),
    side=st.sampled_from(list(Side)),
    dark=st.sampled_from(list(DarkUse)),
    dark_ppm=st.sampled_from([0, 250_000, 900_000, PPM]),
    sizes=st.tuples(SIZES, SIZES),
    limit=st.integers(-3, 3),
    config=st.sampled_from([NEVER, ALWAYS]),
)
def test_routes_never_exceed_their_child(
    qty: int, tactic: Tactic, side: Side, dark: DarkUse, dark_ppm: int, sizes: tuple[int, int], limit: int,
    config: RoutingConfig,
) -> None:  # fmt: skip
    bid, ask = MID - TICK, MID + TICK
    state = shown(quote(LIT, bid, ask, sizes[0]), quote(LIT_2, bid - TICK, ask + TICK, sizes[1]))
    each = child(qty, tactic, side=side, dark=dark, dark_ppm=dark_ppm, limit_px=MID + limit * TICK)
    routes, left, _ = decide(each, state, config)
    assert sum(route.qty for route in routes) + left == qty
    assert all(route.qty > 0 for route in routes)
    assert len({route.cl_ord_id for route in routes}) == len({route.venue for route in routes}) == len(routes)
    for route in routes:
        assert side.sign * (route.price - each.limit_px) <= 0, "a route is priced past its child's limit"


# eligibility ----------------------------------------------------------------------------------------------


def test_every_venue_is_a_candidate_with_a_score_or_a_reason() -> None:
    _, _, decided = decide(child(dark_ppm=500_000))
    assert decided is not None
    assert {one.venue for one in decided.candidates} == {LIT, LIT_2, DARK, AUCTION}
    for one in decided.candidates:
        assert bool(one.reason) is not one.eligible
        assert one.score == one.price + one.fee + one.adverse + one.miss + one.latency + one.size


def test_dark_none_stays_lit() -> None:
    each = child(dark=DarkUse.NONE, dark_ppm=900_000)
    assert DARK not in shares(each)
    assert reasons(each)[DARK] == "venue_not_wanted"


def test_dark_only_stays_dark() -> None:
    each = child(dark=DarkUse.ONLY, dark_ppm=PPM)
    assert shares(each) == {DARK: 1_000}
    assert reasons(each) == {LIT: "venue_not_wanted", LIT_2: "venue_not_wanted", AUCTION: "venue_not_wanted"}


@pytest.mark.parametrize(("qty", "takes"), [(99, False), (100, True), (101, True)])
def test_dark_minimum_quantity(qty: int, takes: bool) -> None:
    each = child(qty, dark=DarkUse.ONLY, dark_ppm=PPM)
    routes, left, _ = decide(each)
    assert ([route.venue for route in routes], left) == (([DARK], 0) if takes else ([], qty))
    if takes:
        assert (routes[0].min_qty, routes[0].ord_type) == (100, OrdType.PEGGED)


def test_dark_part_is_offered_first_in_whole_lots() -> None:
    found = shares(child(1_000, dark_ppm=350_000))
    assert found[DARK] == 300
    assert sum(found.values()) == 1_000


def test_dark_part_below_the_minimum_goes_elsewhere() -> None:
    each = child(300, dark_ppm=300_000)
    assert DARK not in shares(each)
    assert reasons(each)[DARK] == "venue_min_qty"


def test_auction_children_go_to_the_auction_only() -> None:
    each = child(tactic=Tactic.AUCTION)
    assert shares(each) == {AUCTION: 1_000}
    assert set(reasons(each)) == {LIT, LIT_2, DARK}


@pytest.mark.parametrize(("over", "takes"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_aggressive_child_takes_up_to_its_limit(over: int, takes: bool, side: Side) -> None:
    far = MID + TICK if side is Side.BUY else MID - TICK
    each = child(tactic=Tactic.AGGRESSIVE, side=side, limit_px=far - side.sign * over * TICK)
    routes, left, _ = decide(each)
    assert (bool(routes), left) == ((True, 0) if takes else (False, 1_000))


def test_venue_without_a_price_on_our_side_is_passed_over() -> None:
    state = shown(quote(LIT, MID - TICK, 0), quote(LIT_2, MID - TICK, MID + TICK))
    each = child(tactic=Tactic.AGGRESSIVE)
    assert shares(each, state) == {LIT_2: 1_000}
    assert reasons(each, state)[LIT] == "venue_no_quote"
    assert reasons(each, shown(quote(LIT_2, MID - TICK, MID + TICK)))[LIT] == "venue_no_quote"


@pytest.mark.parametrize("bid_over", [0, 1])
@pytest.mark.parametrize("tactic", [Tactic.AGGRESSIVE, Tactic.PASSIVE])
def test_a_venue_whose_own_quote_is_locked_or_crossed_is_passed_over(bid_over: int, tactic: Tactic) -> None:
    state = shown(quote(LIT, MID + bid_over, MID), quote(LIT_2, MID - TICK, MID + TICK))
    each = child(tactic=tactic)
    assert shares(each, state) == {LIT_2: 1_000}
    assert reasons(each, state)[LIT] == "venue_quote_unsound"


def test_no_venue_gives_everything_back() -> None:
    routes, left, _ = decide(child(tactic=Tactic.AGGRESSIVE), shown())
    assert (routes, left) == ([], 1_000)


def test_no_market_gives_everything_back() -> None:
    approved = ChildApproved(parent_id="P-1", ts_ns=OPEN_NS, child=child(), limits_version=1)
    routing = Routing(NEVER, VENUES, SECRET)
    (event,) = routing.deciders()[ChildApproved](approved, MarketView(OPEN_NS, {}, MAX_AGE_NS))
    assert isinstance(event, ChildUnrouted)
    assert event.qty == 1_000


# ranking and evidence -------------------------------------------------------------------------------------


def test_better_price_wins_and_the_runner_up_is_kept() -> None:
    state = shown(quote(LIT, MID - TICK, MID + 3 * TICK), quote(LIT_2, MID - TICK, MID + TICK))
    routes, _, decided = decide(child(400, Tactic.AGGRESSIVE), state)
    assert decided is not None
    assert [route.venue for route in routes] == [LIT_2]
    assert (decided.winner, decided.runner_up) == (LIT_2, LIT)
    scores = {one.venue: one.score for one in decided.candidates if one.eligible}
    assert decided.margin == scores[LIT_2] - scores[LIT] > 0
    assert (decided.bid, decided.ask, decided.feed_seq) == (state.bid, state.ask, state.seq)


def test_sweep_takes_what_each_shows_and_the_rest_goes_to_the_best() -> None:
    state = shown(quote(LIT, MID - TICK, MID + TICK, 300), quote(LIT_2, MID - TICK, MID + TICK, 250))
    found = shares(child(1_000, Tactic.AGGRESSIVE), state)
    _, _, decided = decide(child(1_000, Tactic.AGGRESSIVE), state)
    assert decided is not None
    other = LIT if decided.winner == LIT_2 else LIT_2
    assert found[other] in (200, 300)
    assert found[decided.winner] == 1_000 - found[other]
    allocated = {one.venue: one.allocated for one in decided.candidates if one.allocated}
    assert set(allocated) == set(found)


def test_equal_scores_are_broken_by_mic() -> None:
    twins = tuple(msgspec.structs.replace(VENUES[1], venue=mic, name=mic) for mic in ("ZZZZ", "MMMM", "AAAA"))
    state = shown(*(quote(mic, MID - TICK, MID + TICK) for mic in ("MMMM", "ZZZZ", "AAAA")))
    approved = ChildApproved(parent_id="P-1", ts_ns=OPEN_NS, child=child(100), limits_version=1)
    view = MarketView(OPEN_NS, {"ACME": state}, MAX_AGE_NS)
    for order in (twins, twins[::-1]):
        events = Routing(NEVER, order, SECRET).deciders()[ChildApproved](approved, view)
        decided = events[-1]
        assert isinstance(decided, RouteDecided)
        assert (decided.winner, decided.runner_up, decided.margin) == ("AAAA", "MMMM", 0)


def test_trial_of_the_runner_up_is_seeded_and_recorded() -> None:
    plain, tried = decide(child(100))[2], decide(child(100), config=ALWAYS)[2]
    assert plain is not None
    assert tried is not None
    assert (tried.winner, tried.runner_up) == (plain.runner_up, plain.winner)
    assert (plain.explored, tried.explored) == (False, True)
    assert plain.seed == tried.seed == jitter_seed(SECRET, "P-1.1")
    assert decide(child(100), config=ALWAYS)[2] == tried


def test_trials_come_as_often_as_configured() -> None:
    config = RoutingConfig(explore_ppm=100_000)
    tried = 0
    for number in range(2_000):
        decided = decide(child(100, child_id=f"P-1.{number}"), config=config)[2]
        assert decided is not None
        tried += decided.explored
    assert 150 < tried < 250


# the orders that leave ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "near"), [(Side.BUY, MID - TICK), (Side.SELL, MID + TICK)])
def test_passive_order_joins_the_near_touch(side: Side, near: int) -> None:
    routes, _, _ = decide(child(side=side, limit_px=MID))
    assert {(route.price, route.time_in_force, route.ord_type) for route in routes} == {
        (near, TimeInForce.DAY, OrdType.LIMIT)
    }


def test_aggressive_order_is_ioc_at_the_childs_limit() -> None:
    routes, _, _ = decide(child(tactic=Tactic.AGGRESSIVE))
    assert {(route.price, route.time_in_force) for route in routes} == {
        (MID + 5 * TICK, TimeInForce.IMMEDIATE_OR_CANCEL)
    }


def test_venue_sees_an_id_that_tells_nothing() -> None:
    routes, _, _ = decide(child(dark_ppm=500_000))
    assert len(routes) > 1
    for number, route in enumerate(routes, start=1):
        assert route.route_id == f"P-1.1/{number}"
        assert "P-1" not in route.cl_ord_id
        assert len(route.cl_ord_id) == 20
