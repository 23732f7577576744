"""A direct order just sent, and a clock: for what venues owe us and what becomes of it."""

from __future__ import annotations

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.commands import CancelReject, ExecutionReport, Input
from sottovoce.core.enums import ExecType, OrdStatus, RejReason, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.work_events import TimerSet
from sottovoce.runtime.config import Config
from sottovoce.stages.algos.book import AlgosState
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.executions.past import find
from sottovoce.stages.executions.records import ExecutionsState, SentOrder
from tests.scenarios.small_desk import (
    DIRECTORY,
    LIT,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    WIDE_CONFIG,
    drive,
    market_state,
    new_order,
    small_system,
)

SECOND_NS = 1_000_000_000
CLERK, OTHER_CLERK = "ops-1", "ops-2"
PEOPLE = Directory(
    principals=(
        *DIRECTORY.principals,
        Principal(name=CLERK, role=Role.OPERATIONS),
        Principal(name=OTHER_CLERK, role=Role.OPERATIONS),
    )
)


def line_config(**changes: object) -> Config:
    """The wide desk with two clerks, and whatever of the executions stage a case changes."""
    settings = msgspec.structs.replace(ExecutionsConfig(), **changes)
    return msgspec.structs.replace(WIDE_CONFIG, directory=PEOPLE, executions=settings)


class LineDesk:
    """One parent of 1,000 sent at once; the route at the first lit venue is looked at."""

    def __init__(self, **changes: object) -> None:
        self.now_ns = OPEN_NS
        self.system = small_system(line_config(**changes))
        self.timers: list[TimerSet] = []
        self.said = 0
        self.events = self.take(new_order(strategy=Strategy.SOR, order_qty=1_000))
        routes = [event.route for event in self.events if isinstance(event, ChildRouted)]
        self.route: Route = next(route for route in routes if route.venue == LIT)
        self.parent = self.route.parent_id

    def take(self, message: Input | StageEvent) -> list[StageEvent]:
        """One input now."""
        view = MarketView(self.now_ns, {"ACME": market_state(ts_ns=self.now_ns)}, MAX_AGE_NS)
        events = drive(self.system, message, view)
        self.timers += [event for event in events if isinstance(event, TimerSet)]
        return events

    def wait(self, seconds: float, *kinds: type) -> list[StageEvent]:
        """Let time pass, with the timers of some kinds that fall due on the way."""
        end_ns = self.now_ns + int(seconds * SECOND_NS)
        events: list[StageEvent] = []
        while due := [each for each in self.timers if each.at_ns <= end_ns and isinstance(each.timer, kinds)]:
            first = min(due, key=lambda each: each.at_ns)
            self.timers.remove(first)
            self.now_ns = max(self.now_ns, first.at_ns)
            events += self.take(first.timer)
        self.now_ns = end_ns
        return events

    def report(self, exec_type: ExecType, **words: object) -> ExecutionReport:
        """A venue's words on the route."""
        self.said += 1
        plain = ExecutionReport(
            parent_id=self.parent, venue=self.route.venue, cl_ord_id=self.route.cl_ord_id, exec_id=f"X{self.said}",
            exec_type=exec_type, ord_status=OrdStatus.NEW, cum_qty=0, leaves_qty=0, transact_ns=self.now_ns,
        )  # fmt: skip
        return msgspec.structs.replace(plain, **words)

    def trade(self, qty: int, px: int = MID) -> list[StageEvent]:
        """The route trades."""
        return self.take(self.report(ExecType.TRADE, last_qty=qty, last_px=px))

    def unknown_to_venue(self) -> list[StageEvent]:
        """The venue answers a question: it has no such order."""
        words = {"ord_status": OrdStatus.REJECTED, "reason": RejReason.UNKNOWN_ORDER, "text": "unknown order"}
        return self.take(self.report(ExecType.ORDER_STATUS, **words))

    def status_told(self, status: OrdStatus, cum_qty: int = 0, leaves_qty: int = 0) -> list[StageEvent]:
        """The venue answers a question."""
        words = {"ord_status": status, "cum_qty": cum_qty, "leaves_qty": leaves_qty}
        return self.take(self.report(ExecType.ORDER_STATUS, **words))

    def cancel_rejected(self, **words: object) -> list[StageEvent]:
        """The venue will not cancel the route."""
        self.said += 1
        plain = CancelReject(
            parent_id=self.parent, venue=self.route.venue, cl_ord_id=self.route.cl_ord_id, exec_id=f"X{self.said}",
            ord_status=OrdStatus.NEW, transact_ns=self.now_ns, text="no",
        )  # fmt: skip
        return self.take(msgspec.structs.replace(plain, **words))

    @property
    def book(self) -> ExecutionsState:
        state = self.system.stage("executions").state()
        assert isinstance(state, ExecutionsState)
        return state

    @property
    def algos(self) -> AlgosState:
        state = self.system.stage("algos").state()
        assert isinstance(state, AlgosState)
        return state

    @property
    def sent(self) -> SentOrder:
        found = find(self.book, self.route.cl_ord_id)
        assert found is not None
        return found

    @property
    def state(self) -> OrderState:
        return self.sent.state

    @property
    def working(self) -> int:
        return self.book.ledgers[self.parent].working


def only(events: list[StageEvent], kind: type) -> list[StageEvent]:
    """Those of one kind."""
    return [event for event in events if isinstance(event, kind)]
