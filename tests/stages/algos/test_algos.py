"""The algos stage through the real system: start, stop, pause, resume, amend, halt and the end of the horizon."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import (
    AlgoWake,
    AmendOrder,
    CancelOrder,
    CancelReject,
    ExecutionReport,
    Input,
    PauseOrder,
    ResumeOrder,
)
from sottovoce.core.enums import ExecType, OrdStatus, ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.ledger import Ledger
from sottovoce.core.orders import Route
from sottovoce.core.plan_events import OrderReplanned
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated, ParentDone, ParentReturned, TimerSet, WorkStarted
from sottovoce.stages.blotter import BlotterRow
from tests.scenarios.small_desk import (
    ACCOUNT,
    MID,
    OPEN_NS,
    TRADER,
    drive,
    new_order,
    small_system,
    view_at,
)

PARENT = parent_id(ACCOUNT, "c-1")
END_NS = OPEN_NS + 60 * NS_PER_MINUTE


class Desk:
    """One order, its routes, and its timer."""

    def __init__(self, **changes: object) -> None:
        self.system = small_system()
        self.now_ns = OPEN_NS
        self.routes: list[Route] = []
        self.timer: TimerSet | None = None
        self.said = 0
        defaults: dict[str, object] = {"strategy": Strategy.TWAP, "end_ns": END_NS, "order_qty": 10_000}
        self.events = self.take(new_order(**(defaults | changes)))

    def take(self, message: Input) -> list[StageEvent]:
        events = drive(self.system, message, view_at(self.now_ns))
        self.routes.extend(event.route for event in events if isinstance(event, ChildRouted))
        timers = wakes(events)
        self.timer = timers[-1] if timers else self.timer
        return events

    def wake(self) -> list[StageEvent]:
        assert self.timer is not None
        self.now_ns = self.timer.at_ns
        return self.take(self.timer.timer)

    def wake_until_sent(self) -> list[StageEvent]:
        """Look until something is out."""
        while True:
            events = self.wake()
            assert self.now_ns < END_NS
            if any(isinstance(event, ChildRouted) for event in events):
                return events

    def say(self, route: Route, exec_type: ExecType, qty: int = 0) -> list[StageEvent]:
        self.said += 1
        return self.take(
            ExecutionReport(
                parent_id=PARENT, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"X{self.said}",
                exec_type=exec_type, ord_status=OrdStatus.NEW, cum_qty=0, leaves_qty=0, transact_ns=self.now_ns,
                last_qty=qty, last_px=MID if qty else 0,
            )
        )  # fmt: skip

    @property
    def row(self) -> BlotterRow:
        return self.system.blotter.rows()[PARENT]

    def status(self) -> ParentStatus:
        return self.row.status

    @property
    def ledger(self) -> Ledger:
        assert self.row.ledger is not None
        return self.row.ledger


def wakes(events: list[StageEvent]) -> list[TimerSet]:
    """The appointments of the algorithm; venues' answers have timers of their own."""
    return [event for event in events if isinstance(event, TimerSet) and isinstance(event.timer, AlgoWake)]


def kinds(events: list[StageEvent]) -> set[str]:
    return {type(event).__name__ for event in events}


def test_order_with_a_later_start_waits_for_it() -> None:
    desk = Desk(start_ns=OPEN_NS + NS_PER_MINUTE)
    assert desk.timer is not None
    assert desk.timer.at_ns == OPEN_NS + NS_PER_MINUTE
    assert not kinds(desk.events) & {"WorkStarted", "ChildCreated"}
    assert any(isinstance(event, WorkStarted) for event in desk.wake())


def test_every_look_sets_the_next() -> None:
    desk = Desk()
    for _ in range(5):
        before = desk.timer
        events = desk.wake()
        assert len(wakes(events)) == 1
        assert before is not None
        assert desk.timer is not None
        assert desk.timer.at_ns > before.at_ns


def test_timer_that_was_replaced_decides_nothing() -> None:
    desk = Desk()
    stale = desk.timer
    desk.wake()
    assert stale is not None
    assert desk.take(stale.timer) == []
    assert desk.take(AlgoWake(parent_id="P-NOBODY", number=1)) == []


def test_child_that_waited_too_long_is_pulled() -> None:
    desk = Desk()
    desk.wake_until_sent()
    pulled = False
    for _ in range(3):
        pulled = pulled or "ChildCancelRequested" in kinds(desk.wake())
    assert pulled


@pytest.mark.parametrize("started", [False, True])
def test_cancel_with_nothing_out_is_done_at_once(started: bool) -> None:
    desk = Desk(order_qty=1_000, start_ns=OPEN_NS if started else OPEN_NS + NS_PER_MINUTE)
    assert desk.routes == []
    events = desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    returned = next(event for event in events if isinstance(event, ParentReturned))
    assert (returned.qty, returned.reason) == (1_000, "canceled by trader-1")
    assert isinstance(events[-1], ParentDone)
    assert desk.row.status is ParentStatus.DONE


def test_cancel_waits_for_what_is_out() -> None:
    desk = Desk()
    desk.wake_until_sent()
    events = desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    assert sum(isinstance(event, RouteCancelRequested) for event in events) == len(desk.routes)
    for route in desk.routes:
        assert desk.status() is ParentStatus.CANCELING
        desk.say(route, ExecType.CANCELED)
    assert desk.status() is ParentStatus.DONE
    assert desk.ledger.returned == 10_000


def test_pause_pulls_and_waits_and_resume_looks_at_once() -> None:
    desk = Desk()
    desk.wake_until_sent()
    events = desk.take(PauseOrder(principal=TRADER, parent_id=PARENT))
    assert "RouteCancelRequested" in kinds(events)
    desk.wake()
    assert desk.timer is not None
    assert desk.timer.at_ns == END_NS, "nothing to look at before the end"
    events = desk.take(ResumeOrder(principal=TRADER, parent_id=PARENT))
    assert desk.timer.at_ns == desk.now_ns
    assert any(isinstance(event, ChildCreated) for event in desk.wake())


def test_pause_never_ends_in_a_burst() -> None:
    """Half the horizon lost: the rest is planned again, and the next child is bounded by the clip and the pace."""
    desk = Desk()
    desk.take(PauseOrder(principal=TRADER, parent_id=PARENT))
    desk.now_ns = OPEN_NS + 30 * NS_PER_MINUTE
    desk.take(ResumeOrder(principal=TRADER, parent_id=PARENT))
    assert any(isinstance(event, OrderReplanned) for event in desk.wake())
    created: list[ChildCreated] = []
    while not created:
        created = [event for event in desk.wake() if isinstance(event, ChildCreated)]
    assert created[0].child.qty <= 2_500


def test_amendment_down_pulls_what_is_too_much() -> None:
    desk = Desk(strategy=Strategy.SOR)
    assert desk.ledger.working == 10_000
    events = desk.take(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=4_000))
    assert sum(isinstance(event, RouteCancelRequested) for event in events) == len(desk.routes)
    for route in desk.routes:
        desk.say(route, ExecType.CANCELED)
    assert (desk.ledger.target, desk.ledger.unsent, desk.ledger.reduction) == (4_000, 4_000, 0)


def test_amendment_to_what_is_filled_finishes_the_order() -> None:
    desk = Desk(strategy=Strategy.SOR)
    for route in desk.routes[1:]:
        desk.say(route, ExecType.TRADE, route.qty)
    desk.say(desk.routes[0], ExecType.CANCELED)
    desk.take(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=desk.ledger.filled))
    assert (desk.row.status, desk.row.reason) == (ParentStatus.DONE, "filled")


def test_amendment_up_is_worked() -> None:
    desk = Desk(strategy=Strategy.SOR)
    events = desk.take(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=12_000))
    assert "TimerSet" in kinds(events)
    created = [event for event in desk.wake() if isinstance(event, ChildCreated)]
    assert [event.child.qty for event in created] == [2_000]


def test_fill_of_everything_is_done() -> None:
    desk = Desk(strategy=Strategy.SOR)
    for route in desk.routes:
        assert desk.row.status is ParentStatus.WORKING
        desk.say(route, ExecType.TRADE, route.qty)
    assert (desk.row.status, desk.row.reason) == (ParentStatus.DONE, "filled")
    assert desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))[0].__class__.__name__ == "CommandRefused"


def test_end_of_the_horizon_returns_what_is_left_with_the_reason() -> None:
    desk = Desk()
    desk.wake_until_sent()
    desk.now_ns = END_NS
    assert desk.timer is not None
    events = desk.take(desk.timer.timer)
    assert "ParentDone" not in kinds(events)
    for route in desk.routes:
        events = desk.say(route, ExecType.CANCELED)
    done = events[-1]
    assert isinstance(done, ParentDone)
    assert (done.reason, desk.ledger.returned) == ("horizon over", 10_000)


def test_cancel_that_was_rejected_is_asked_for_again() -> None:
    desk = Desk(strategy=Strategy.SOR)
    cancel = CancelOrder(principal=TRADER, parent_id=PARENT)
    first = [event for event in desk.take(cancel) if isinstance(event, RouteCancelRequested)]
    assert len(first) == len(desk.routes)
    route = desk.routes[0]
    desk.take(
        CancelReject(
            parent_id=PARENT, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id="R1", ord_status=OrdStatus.NEW,
            transact_ns=desk.now_ns, text="too late",
        )
    )  # fmt: skip
    again = [event for event in desk.take(cancel) if isinstance(event, RouteCancelRequested)]
    assert [event.route.cl_ord_id for event in again] == [route.cl_ord_id]


def test_unusable_quote_releases_nothing_and_looks_again() -> None:
    desk = Desk()
    desk.wake_until_sent()
    assert desk.timer is not None
    desk.now_ns = desk.timer.at_ns
    dark = {name: msgspec.structs.replace(state, ask=0) for name, state in view_at(desk.now_ns).states.items()}
    events = drive(desk.system, desk.timer.timer, view_at(desk.now_ns, dark))
    assert "ChildCreated" not in kinds(events)
    assert "TimerSet" in kinds(events)
