"""A venue fails on a desk that trades: what was meant for it goes round it or waits, is checked again, and leaves."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.breaker_commands import BreakerRetry, DownstreamOutcome, Outcome, QueueTick
from sottovoce.core.breaker_events import (
    BreakerClosed,
    BreakerOpened,
    ChildDequeued,
    ChildQueued,
    ProbeRequested,
    RejectsHigh,
)
from sottovoce.core.clearance_events import ChildApproved, ChildRejected
from sottovoce.core.commands import AlgoWake, CancelOrder, ExecutionReport, HaltTrading
from sottovoce.core.enums import DarkUse, ExecType, OrdStatus, ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused, RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.limit_commands import ProposeLists
from sottovoce.core.limits import ListName, ListRow
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted, ChildUnrouted, RouteDecided
from sottovoce.core.session_commands import MassStatusEnd, SessionStatus
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.runtime.outcomes import outcomes_of
from sottovoce.runtime.system import System
from sottovoce.stages.risk.exposure import Exposure
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    LIT,
    LIT_2,
    OPEN_NS,
    RISK,
    TRADER,
    drive,
    market_state,
    new_order,
    small_system,
    view_at,
)

PARENT = parent_id(ACCOUNT, "c-1")
BOTH = (f"venue:{LIT}", f"venue:{LIT_2}")


class Desk:
    """The small desk; take drives one step and, as the runtime does, every outcome it shows after it."""

    def __init__(self) -> None:
        self.system: System = small_system()
        self.now_ns = OPEN_NS

    def take(self, message: object, state: MarketState | None = None) -> list[StageEvent]:
        states = {"ACME": state or market_state("ACME", ts_ns=self.now_ns)}
        events = drive(self.system, message, view_at(self.now_ns, states))  # type: ignore[arg-type]
        for outcome in outcomes_of(Step(ts_ns=self.now_ns, feed_seq=0, input=None, events=tuple(events))):
            events += drive(self.system, outcome, view_at(self.now_ns, states))
        return events

    def fail(self, *downstreams: str) -> None:
        for downstream in downstreams:
            said = [self.take(DownstreamOutcome(downstream=downstream, outcome=Outcome.TIMEOUT)) for _ in range(5)]
            assert any(isinstance(event, BreakerOpened) for event in said[-1])

    def order(self, cl_ord_id: str = "c-1", **changes: object) -> list[StageEvent]:
        return self.take(new_order(cl_ord_id, strategy=Strategy.SOR, **changes))

    def recover(self, *downstreams: str) -> None:
        """The back-off passes and every probe is answered."""
        self.now_ns += 10 * NS_PER_SECOND
        for downstream in downstreams:
            asked = self.take(BreakerRetry(downstream=downstream, number=1))
            for probe in [event for event in asked if isinstance(event, ProbeRequested)]:
                said = self.take(DownstreamOutcome(downstream=downstream, outcome=Outcome.OK, probe_id=probe.probe_id))
            assert any(isinstance(event, BreakerClosed) for event in said)

    def look(self, state: MarketState | None = None, number: int = 1) -> list[StageEvent]:
        return self.take(QueueTick(downstream=BOTH[0], number=number), state)

    def exposure(self) -> Exposure:
        state = self.system.stage("risk").state()
        assert isinstance(state, RiskState)
        return state.exposure

    def drawn(self) -> int:
        return self.exposure().reservations[PARENT].drawn_qty


def codes(events: Sequence[StageEvent]) -> list[str]:
    return [failed.code for event in events if isinstance(event, ChildRejected | ChildUnrouted)
            for failed in event.failures]  # fmt: skip


def routed(events: Sequence[StageEvent]) -> set[str]:
    return {event.route.venue for event in events if isinstance(event, ChildRouted)}


def queued() -> Desk:
    """One order whose child waits because no venue that could take it is called."""
    desk = Desk()
    desk.fail(*BOTH)
    events = desk.order(dark=DarkUse.NONE)
    assert routed(events) == set()
    (waits,) = [event for event in events if isinstance(event, ChildQueued)]
    assert waits.position == 1
    return desk


def test_order_goes_round_a_venue_that_is_not_called() -> None:
    desk = Desk()
    desk.fail(BOTH[0])
    events = desk.order()
    assert LIT not in routed(events)
    assert LIT_2 in routed(events)
    (decided,) = [event for event in events if isinstance(event, RouteDecided)]
    assert {each.venue: each.reason for each in decided.candidates}[LIT] == "venue_unavailable"


def test_order_that_can_go_nowhere_waits_and_keeps_its_exposure() -> None:
    desk = queued()
    assert desk.drawn() == 10_000
    ledger = desk.system.blotter.rows()[PARENT].ledger
    assert ledger is not None
    assert (ledger.working, ledger.unsent) == (10_000, 0)


def test_drained_order_is_judged_again_and_sent_once() -> None:
    desk = queued()
    desk.recover(*BOTH)
    events = desk.look()
    kinds = [type(event) for event in events if isinstance(event, ChildDequeued | ChildApproved | ChildRouted)]
    assert kinds[:2] == [ChildDequeued, ChildApproved]
    assert sum(event.route.qty for event in events if isinstance(event, ChildRouted)) == 10_000
    assert desk.drawn() == 10_000, "drawn once, not twice"


def test_drained_order_whose_price_has_gone_is_not_sent() -> None:
    desk = queued()
    desk.recover(*BOTH)
    events = desk.look(market_state("ACME", ts_ns=desk.now_ns, mid=45_000_000))
    assert routed(events) == set()
    assert "price_collar" in codes(events)


def test_drained_order_of_a_closed_market_is_not_sent() -> None:
    desk = queued()
    desk.recover(*BOTH)
    closed = msgspec.structs.replace(market_state("ACME", ts_ns=desk.now_ns), phase="closed")
    assert routed(desk.look(closed)) == set()


def test_drained_order_of_a_name_restricted_meanwhile_is_not_sent() -> None:
    desk = queued()
    row = ListRow(
        entry_id="restricted.ACME", list_name=ListName.RESTRICTED, scope="", instrument_id="ACME", owner=COMPLIANCE
    )
    desk.take(ProposeLists(principal=COMPLIANCE, rows=(row,), reason="inside"))
    desk.recover(*BOTH)
    events = desk.look()
    assert routed(events) == set()
    assert "restricted" in codes(events)
    assert desk.drawn() == 0, "what was not sent is promised to nobody"


def test_order_that_waited_too_long_goes_back_to_its_trader() -> None:
    desk = queued()
    desk.now_ns += 61 * NS_PER_SECOND
    events = desk.look()
    assert codes(events) == ["downstream_unavailable"]
    assert any(isinstance(event, ParentPaused) for event in events)
    assert desk.system.blotter.rows()[PARENT].status is ParentStatus.PAUSED
    assert desk.drawn() == 0


def test_cancel_of_what_waits_is_done_while_the_venue_is_away() -> None:
    desk = queued()
    desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    events = desk.look()
    assert codes(events) == ["pulled_from_queue"]
    assert desk.system.blotter.rows()[PARENT].status is ParentStatus.DONE


def test_kill_empties_the_queue_and_nothing_of_it_leaves() -> None:
    desk = queued()
    desk.take(HaltTrading(principal=RISK, reason="news"))
    desk.recover(*BOTH)
    events = desk.look()
    assert codes(events) == ["halted"]
    assert routed(events) == set()


def test_cancels_leave_while_the_breaker_is_open() -> None:
    desk = Desk()
    sent = desk.order(dark=DarkUse.NONE)
    desk.fail(*BOTH)
    events = desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    asked = {event.route.cl_ord_id for event in events if isinstance(event, RouteCancelRequested)}
    assert asked == {event.route.cl_ord_id for event in sent if isinstance(event, ChildRouted)}


def test_venue_whose_line_is_down_gets_nothing_new_until_it_is_up() -> None:
    desk = Desk()
    desk.take(SessionStatus(venue=LIT, up=False, text="logout"))
    assert LIT not in routed(desk.order(dark=DarkUse.NONE))
    desk.take(SessionStatus(venue=LIT, up=True))
    assert LIT in routed(desk.order("c-2", dark=DarkUse.NONE, order_qty=9_000))


def test_shared_downstream_stops_every_venue() -> None:
    desk = Desk()
    desk.fail("bus")
    events = desk.order(dark=DarkUse.NONE)
    assert routed(events) == set()
    assert [event.downstream for event in events if isinstance(event, ChildQueued)] == ["bus"]


def test_restart_while_open_keeps_the_queue_and_drains_it() -> None:
    desk = queued()
    states = desk.system.save()
    desk.system = small_system()
    desk.system.restore(states)
    desk.recover(*BOTH)
    assert sum(event.route.qty for event in desk.look() if isinstance(event, ChildRouted)) == 10_000


# what the runtime reads off steps -------------------------------------------------------------------------


def reject(desk: Desk, number: int) -> list[StageEvent]:
    """An order whose every route is rejected by its venue."""
    said: list[StageEvent] = []
    for event in desk.order(f"r-{number}", order_qty=100 + number, dark=DarkUse.NONE):
        if isinstance(event, ChildRouted):
            route = event.route
            report = ExecutionReport(
                parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"x{route.cl_ord_id}",
                exec_type=ExecType.REJECTED, ord_status=OrdStatus.REJECTED, cum_qty=0, leaves_qty=0,
                transact_ns=desk.now_ns, text="no",
            )  # fmt: skip
            said += desk.take(report)
    return said


def test_rejecting_venue_is_gone_round_for_a_while() -> None:
    desk, said = Desk(), []
    for number in range(3):
        said += reject(desk, number)
    (high,) = [event for event in said if isinstance(event, RejectsHigh)]
    avoided = high.downstream.removeprefix("venue:")
    assert avoided not in routed(desk.order("c-1", order_qty=200, dark=DarkUse.NONE))


def test_rejecting_venue_is_used_where_there_is_no_other() -> None:
    desk, said = Desk(), []
    for number in range(3):
        said += reject(desk, number)
    (high,) = [event for event in said if isinstance(event, RejectsHigh)]
    avoided = high.downstream.removeprefix("venue:")
    desk.fail(*(each for each in BOTH if each != high.downstream))
    assert routed(desk.order("c-1", order_qty=200, dark=DarkUse.NONE)) == {avoided}


def test_answered_probe_is_an_outcome_and_an_ordinary_answer_is_none() -> None:
    def answer(request_id: str) -> Step:
        message = MassStatusEnd(venue=LIT, instrument_id="ACME", request_id=request_id, reports=0, transact_ns=1)
        return Step(ts_ns=1, feed_seq=0, input=message, events=())

    (outcome,) = outcomes_of(answer(f"venue:{LIT}#1.2"))
    assert (outcome.downstream, outcome.outcome, outcome.probe_id) == (BOTH[0], Outcome.OK, f"venue:{LIT}#1.2")
    assert outcomes_of(answer("S1.7")) == []


def test_paused_parent_creates_nothing_until_somebody_resumes_it() -> None:
    desk = queued()
    desk.now_ns += 61 * NS_PER_SECOND
    timers = [event.timer for event in desk.look() if isinstance(event, TimerSet)]
    for timer in timers:
        if isinstance(timer, AlgoWake):
            assert routed(desk.take(timer)) == set()
