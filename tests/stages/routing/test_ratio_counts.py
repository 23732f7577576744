"""What a venue's day counts, on the whole desk: orders, replaces, cancels and trades (AT-08)."""

from __future__ import annotations

from sottovoce.core.commands import CancelOrder
from sottovoce.core.enums import ExecType
from sottovoce.stages.routing.ratios import VenueDay
from sottovoce.stages.routing.routing import RoutingState
from tests.scenarios.small_desk import MID, TRADER
from tests.stages.algos.live_parent import Worked, routes


def days(desk: Worked) -> dict[str, VenueDay]:
    state = desk.system.stage("routing").state()
    assert isinstance(state, RoutingState)
    return state.messages.days


def test_orders_trades_and_cancels_of_a_desk_are_counted() -> None:
    desk = Worked()
    sent = routes(desk.events)
    venue = sent[0].venue
    before = sum(route.venue == venue for route in sent)
    assert (days(desk)[venue].messages, days(desk)[venue].orders) == (before, before)
    desk.tell(sent[0], ExecType.TRADE, last_qty=1, last_px=MID)
    assert days(desk)[venue].trades == 1
    desk.take(CancelOrder(principal=TRADER, parent_id=desk.parent_id))
    day = days(desk)[venue]
    assert (day.messages, day.orders, day.cancels, day.trades) == (2 * before, before, before, 1)
