"""How a live parent goes back to the market: venues avoided, re-entries counted, caps kept, memory let go."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import DarkUse, ExecType, OrdStatus, Strategy
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.market import MarketView
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.algos.book import AlgosState
from tests.scenarios.small_desk import (
    CLOSE_NS,
    DARK,
    LIT,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    drive,
    market_state,
    new_order,
    small_system,
)
from tests.stages.algos.live_parent import END_NS, Worked, only, routes


def test_avoided_venue_gets_nothing_more() -> None:
    worked = Worked(dark=DarkUse.ALLOW)
    worked.amend(avoid_venues=(LIT, DARK))
    seen = {route.venue for route in routes(worked.wake(6))}
    assert seen
    assert not seen & {LIT, DARK}


# setbacks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ExecType.REJECTED, ExecType.CANCELED, ExecType.DONE_FOR_DAY])
def test_venue_that_ends_everything_is_tried_three_times_more_and_then_no_more(kind: ExecType) -> None:
    """F-07."""
    worked, sent, paused = Worked(), 0, []
    events = worked.events
    for _ in range(30):
        for route in routes(events):
            sent += 1
            paused += only(worked.tell(route, kind, text="not today"), ParentPaused)
        if paused:
            break
        events = worked.wake()
    assert len(paused) == 1
    assert isinstance(paused[0], ParentPaused)
    assert "not today" in paused[0].reason
    assert worked.parent.children_made == 4, "one child, and three more"
    assert not routes(worked.wake())


def test_fill_starts_the_count_again() -> None:
    worked = Worked()
    events = worked.events
    for number in range(12):
        for route in routes(events):
            if number % 3 == 2:
                worked.tell(route, ExecType.TRADE, last_qty=route.qty, last_px=MID)
            else:
                worked.tell(route, ExecType.REJECTED)
        events = worked.wake()
    assert worked.parent.live


# participation --------------------------------------------------------------------------------------------


def test_direct_order_keeps_its_maximum_participation() -> None:
    worked = Worked(Strategy.SOR, max_participation="0.2")
    worked.volume = 0
    assert sum(route.qty for route in routes(worked.events)) == 100
    worked.fill(worked.events)
    worked.volume = 4_100
    assert sum(route.qty for route in routes(worked.wake())) == 1_000, "a fifth of all: 1,000 to others' 4,000"


def test_closing_order_keeps_its_maximum_participation_of_the_predicted_auction() -> None:
    plain = Worked(Strategy.CLOSE, end_ns=CLOSE_NS, order_qty=50_000)
    capped = Worked(Strategy.CLOSE, end_ns=CLOSE_NS, order_qty=50_000, max_participation="0.01")
    most = capped.parent.plan.close_qty
    assert 0 < most < plain.parent.plan.close_qty == 50_000
    sent = 0
    while capped.now_ns < CLOSE_NS - NS_PER_MINUTE:
        sent += sum(route.qty for route in routes(capped.wake()))
    assert sent == most


def test_own_volume_of_other_parents_is_not_followed() -> None:
    """I-09 layer 2: a POV order does not chase the prints of a second order of ours."""
    worked = Worked(Strategy.POV, participation="0.1", max_participation="0.1")
    worked.fill(worked.events)
    mine = worked.parent.ledger.filled
    other = worked.take(new_order("c-2", strategy=Strategy.SOR, order_qty=5_000, end_ns=END_NS))
    for route in routes(other):
        worked.tell(route, ExecType.TRADE, last_qty=route.qty, last_px=MID)
    theirs = sum(route.qty for route in routes(other))
    worked.volume = mine + theirs
    assert theirs == 5_000
    events = [event for event in worked.wake(3) if event.parent_id == worked.parent_id]
    created = only(events, ChildCreated)
    assert created == [], "nobody else has traded, so nothing is due"


# memory ---------------------------------------------------------------------------------------------------


def test_finished_parents_leave_the_algorithms_memory() -> None:
    from sottovoce.stages.algos.release import AlgoConfig
    from tests.scenarios.small_desk import WIDE_CONFIG

    system = small_system(msgspec.structs.replace(WIDE_CONFIG, algos=AlgoConfig(done_kept=2)))
    view = MarketView(OPEN_NS, {"ACME": market_state()}, MAX_AGE_NS)
    for number in range(5):
        events = drive(system, new_order(f"c-{number}", strategy=Strategy.SOR, order_qty=100 + number), view)
        for route in routes(events):
            report = ExecutionReport(
                parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=route.cl_ord_id,
                exec_type=ExecType.TRADE, ord_status=OrdStatus.FILLED, cum_qty=route.qty, leaves_qty=0,
                transact_ns=OPEN_NS, last_qty=route.qty, last_px=MID,
            )  # fmt: skip
            drive(system, report, view)
    state = system.stage("algos").state()
    assert isinstance(state, AlgosState)
    assert len(state.parents) == len(state.finished) == 2
