"""Messages and cancels a venue gets for each trade: slow near its limit, shut at it, cancels always (AT-08)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.alert_table import alert_of
from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.ratio_events import VenueRatioNear
from sottovoce.core.reasons import REASONS
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.risk_events import ScopeLatched, ScopeReenabled
from sottovoce.core.route_events import ChildRouted, ChildUnrouted, RouteDecided
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.routing.candidates import RoutingConfig
from sottovoce.stages.routing.ratios import HOUSE, RatioLimit, VenueDay, judged, limit_for
from sottovoce.stages.routing.routing import Routing, RoutingState
from tests.scenarios.small_desk import LIT, LIT_2, MAX_AGE_NS, OPEN_NS, RISK, VENUES, market_state
from tests.stages.routing.deciding import SECRET, child

LIMIT = RatioLimit(messages_per_trade=10, messages_min=100, source="made up for a test")


def found(day: VenueDay, limit: RatioLimit = LIMIT) -> str | None:
    failed = judged(day, LIT, limit)
    assert failed is None or failed.code in REASONS
    return None if failed is None else failed.code


# the figures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("messages", "code"), [
    (178, None), (179, "venue_ratio_near"), (218, "venue_ratio_near"), (219, "venue_ratio"),
])  # fmt: skip
def test_eight_tenths_of_the_limit_and_the_limit_itself(messages: int, code: str | None) -> None:
    """Twenty trades: with the order to be sent, 180 messages are 8 a trade beyond the first, 220 are 10."""
    assert found(VenueDay(messages=messages, trades=20)) == code


@pytest.mark.parametrize(("messages", "code"), [(98, None), (99, "venue_ratio")])
def test_few_messages_are_not_judged_and_no_trade_is_no_excuse(messages: int, code: str | None) -> None:
    assert found(VenueDay(messages=messages)) == code


@pytest.mark.parametrize(("cancels", "code"), [
    (71, None), (72, "venue_ratio_near"), (89, "venue_ratio_near"), (90, "venue_ratio"),
])  # fmt: skip
def test_part_of_orders_canceled_where_the_venue_limits_it(cancels: int, code: str | None) -> None:
    day = VenueDay(messages=200, orders=99, cancels=cancels, trades=150)
    assert found(day, msgspec.structs.replace(LIMIT, cancel_ppm=900_000)) == code
    assert found(day) is None


def test_a_venues_own_row_then_the_one_for_all_then_the_houses() -> None:
    mine, every = RatioLimit(venue=LIT, messages_per_trade=5), RatioLimit(messages_per_trade=7)
    assert limit_for(LIT, (every, mine)) is mine
    assert limit_for(LIT_2, (every, mine)) is every
    assert limit_for(LIT, ()) is HOUSE


@pytest.mark.parametrize("changes", [{"messages_per_trade": 0}, {"cancel_ppm": 1_000_001}, {"throttle_ppm": 0}])
def test_meaningless_limit_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="ratio limit of every venue"):
        RatioLimit(**changes)  # type: ignore[arg-type]


# on the way to venues ----------------------------------------------------------------------------------------


class Router:
    """One routing stage and its day at venues."""

    def __init__(self, config: RoutingConfig) -> None:
        self.routing, self.now_ns, self.number = Routing(config, VENUES, SECRET), OPEN_NS, 0

    def hear(self, event: StageEvent) -> None:
        applier = self.routing.appliers().get(type(event))
        if applier is not None:
            applier(event)

    def route(self, after_ns: int = NS_PER_SECOND) -> list[StageEvent]:
        """So much later a child comes along."""
        self.now_ns, self.number = self.now_ns + after_ns, self.number + 1
        piece = child(100, child_id=f"P-1.{self.number}")
        approved = ChildApproved(parent_id="P-1", ts_ns=self.now_ns, child=piece, limits_version=1)
        view = MarketView(self.now_ns, {"ACME": market_state(ts_ns=self.now_ns)}, MAX_AGE_NS)
        events = list(self.routing.deciders()[ChildApproved](approved, view))
        for event in events:
            self.hear(event)
        return events

    def day(self, venue: str) -> VenueDay:
        return self.state.messages.days[venue]

    @property
    def state(self) -> RoutingState:
        state = self.routing.state()
        assert isinstance(state, RoutingState)
        return state


def router(*rows: RatioLimit) -> tuple[Router, str]:
    """A router, and the venue it likes best."""
    made = Router(RoutingConfig(explore_ppm=0, ratios=rows or (LIMIT,)))
    (first,) = [event.route.venue for event in made.route() if isinstance(event, ChildRouted)]
    assert made.day(first).messages == 1
    return made, first


def venues(events: list[StageEvent]) -> list[str]:
    return [event.route.venue for event in events if isinstance(event, ChildRouted)]


def why(events: list[StageEvent], venue: str) -> str:
    (decided,) = [event for event in events if isinstance(event, RouteDecided)]
    return next(each.reason for each in decided.candidates if each.venue == venue)


def test_near_the_limit_a_venue_gets_an_order_a_second_and_others_the_rest() -> None:
    desk, best = router()
    desk.day(best).messages, desk.day(best).trades = 179, 20
    events = desk.route()
    assert [event.venue for event in events if isinstance(event, VenueRatioNear)] == [best]
    assert venues(events) == [best]
    soon = desk.route(NS_PER_SECOND - 1)
    assert best not in venues(soon)
    assert venues(soon)
    assert why(soon, best) == "venue_ratio_near"
    assert venues(desk.route(1)) == [best], "a second after its last"
    assert not [event for event in desk.route() if isinstance(event, VenueRatioNear)], "said once a day"


def test_at_the_limit_the_venue_is_latched_until_risk_lets_it() -> None:
    desk, best = router()
    desk.day(best).messages, desk.day(best).trades = 219, 20
    events = desk.route()
    (latch,) = [event for event in events if isinstance(event, ScopeLatched)]
    assert (latch.scope, latch.failure.code) == (f"venue:{best}", "venue_ratio")
    alert = alert_of(latch)
    assert alert is not None
    assert best not in venues(events)
    assert why(events, best) == "venue_ratio"
    desk.hear(DayRolled(parent_id="", ts_ns=desk.now_ns, date="2018-02-13"))
    again = desk.route()
    assert best not in venues(again), "a new day does not end a latch"
    assert not [event for event in again if isinstance(event, ScopeLatched)], "once"
    desk.hear(ScopeReenabled(parent_id="", ts_ns=desk.now_ns, principal=RISK, scope=f"venue:{best}", reason="asked"))
    assert venues(desk.route()) == [best]


def test_re_enabled_venue_stays_slow_and_is_not_latched_again_today() -> None:
    desk, best = router()
    desk.day(best).messages, desk.day(best).trades = 219, 20
    desk.route()
    desk.hear(ScopeReenabled(parent_id="", ts_ns=desk.now_ns, principal=RISK, scope=f"venue:{best}", reason="asked"))
    assert venues(desk.route()) == [best]
    soon = desk.route(1)
    assert best not in venues(soon)
    assert not [event for event in soon if isinstance(event, ScopeLatched)]


def test_where_every_venue_is_at_its_limit_the_child_comes_back_unsent() -> None:
    desk, _ = router()
    for facts in VENUES:
        desk.state.messages.latched[facts.venue] = None
    events = desk.route()
    assert [type(event) for event in events] == [ChildUnrouted]


def test_other_latches_are_nothing_to_venues() -> None:
    desk, best = router()
    failed = judged(VenueDay(messages=219, trades=20), best, LIMIT)
    assert failed is not None
    desk.hear(ScopeLatched(parent_id="", ts_ns=desk.now_ns, scope="desk:desk-1", failure=failed))
    assert desk.state.messages.latched == {}


def test_state_is_restored_with_its_counts() -> None:
    desk, best = router()
    desk.route()
    twin = Routing(RoutingConfig(), VENUES, SECRET)
    twin.restore(msgspec.json.encode(desk.state))
    state = twin.state()
    assert isinstance(state, RoutingState)
    assert state.messages.days[best].messages == 2
