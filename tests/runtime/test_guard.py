"""AT-05 and F-42: whatever the algorithm, the ledger and risk believe, no share over its parent leaves."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.clearance_events import AmendCleared, ChildApproved
from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, RejReason, Strategy
from sottovoce.core.halts import HaltKind, HaltScope
from sottovoce.core.ledger import Ledger
from sottovoce.core.order_events import HaltLifted, HaltSet, OrderAccepted
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.work_events import ParentDone
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.guard import ConservationGuard
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.stages.risk import gate
from tests.core.venue_words import report
from tests.runtime.scripted_market import ScriptedMarket
from tests.scenarios.small_desk import (
    CLOSE_NS,
    MAX_AGE_NS,
    OPEN_NS,
    drive,
    new_order,
    small_system,
    view_at,
)


class Counted:
    """A guard, and a direct order of 1,000 in two routes or more, as the stages would send it."""

    def __init__(self) -> None:
        self.guard = ConservationGuard()
        events = drive(small_system(), new_order(strategy=Strategy.SOR, order_qty=1_000), view_at())
        self.routed = [event for event in events if isinstance(event, ChildRouted)]
        for event in events:
            if isinstance(event, OrderAccepted | ChildApproved):
                self.guard.learn(event)
        self.parent = self.routed[0].parent_id
        for event in self.routed:
            assert self.guard.judge(event) is None
            self.guard.left(event)

    def another(self, qty: int, name: str = "MORE") -> ChildRouted:
        """One more order, of a child that was approved for just that."""
        first = self.routed[0]
        route = msgspec.structs.replace(first.route, cl_ord_id=name, child_id=f"{self.parent}.9", qty=qty)
        child = next(iter(drive_child(route)))
        self.guard.learn(ChildApproved(parent_id=self.parent, ts_ns=1, child=child, limits_version=1))
        return msgspec.structs.replace(first, route=route)

    def room(self) -> int:
        """Shares the guard would still let out, found by asking."""
        fits = [qty for qty in range(0, 1_001, 50) if qty and self._fits(qty)]
        return max(fits, default=0)

    def _fits(self, qty: int) -> bool:
        event = self.another(qty, f"ASK{qty}")
        fits = self.guard.judge(event) is None
        self.guard.learn(lifted(self.parent))
        return fits

    def say(self, kind: ExecType, **words: object) -> None:
        plain = report(kind, cl_ord_id=self.routed[0].route.cl_ord_id, **words)
        self.guard.hear(plain)


def drive_child(route: Route) -> list[Any]:
    """A child of the route's size."""
    events = drive(small_system(), new_order(strategy=Strategy.SOR, order_qty=1_000), view_at())
    child = next(event.child for event in events if isinstance(event, ChildApproved))
    return [msgspec.structs.replace(child, child_id=route.child_id, qty=route.qty)]


def lifted(parent: str) -> HaltLifted:
    return HaltLifted(parent_id="", ts_ns=1, principal="risk-1", scope=HaltScope(kind=HaltKind.ORDER, name=parent))


def test_nothing_more_leaves_while_all_of_it_is_out() -> None:
    assert Counted().room() == 0


@pytest.mark.parametrize("kind", [ExecType.CANCELED, ExecType.REJECTED, ExecType.EXPIRED, ExecType.DONE_FOR_DAY])
def test_what_came_back_may_leave_again(kind: ExecType) -> None:
    counted = Counted()
    counted.say(kind, exec_id="E")
    qty = counted.routed[0].route.qty
    assert counted.room() == qty - qty % 50


def test_what_traded_may_not_nor_what_was_busted() -> None:
    counted = Counted()
    qty = counted.routed[0].route.qty
    counted.say(ExecType.TRADE, exec_id="T1", last_qty=100, last_px=1)
    counted.say(ExecType.TRADE_CANCEL, exec_id="B1", exec_ref_id="T1")
    counted.say(ExecType.CANCELED, exec_id="E", cum_qty=0)
    assert counted.room() == (qty - 100) - (qty - 100) % 50


def test_end_that_counts_untold_trades_gives_only_the_rest_back() -> None:
    counted = Counted()
    qty = counted.routed[0].route.qty
    counted.say(ExecType.CANCELED, exec_id="E", cum_qty=200)
    assert counted.room() == (qty - 200) - (qty - 200) % 50


def test_trade_told_twice_counts_once() -> None:
    counted = Counted()
    qty = counted.routed[0].route.qty
    for _ in range(3):
        counted.say(ExecType.TRADE, exec_id="T1", last_qty=100, last_px=1)
    counted.say(ExecType.CANCELED, exec_id="E")
    assert counted.room() == (qty - 100) - (qty - 100) % 50


def test_unknown_order_gives_nothing_back() -> None:
    counted = Counted()
    counted.say(ExecType.ORDER_STATUS, ord_status=OrdStatus.REJECTED, reason=RejReason.UNKNOWN_ORDER)
    assert counted.room() == 0


def test_raise_is_counted_from_the_request_and_given_back_when_refused() -> None:
    counted = Counted()
    counted.guard.learn(
        AmendCleared(parent_id=counted.parent, ts_ns=1, order_qty=1_500, limit_px=None, reserved_qty=500, worst_px=1)
    )
    assert counted.room() == 500
    route = counted.routed[0].route
    raised = RouteReplaceRequested(
        parent_id=counted.parent, ts_ns=1, route=route, new_cl_ord_id="R2", qty=route.qty + 300, price=route.price,
        state=small_state(route),
    )  # fmt: skip
    assert counted.guard.judge(raised) is None
    counted.guard.left(raised)
    assert counted.room() == 200
    counted.guard.hear(
        CancelReject(parent_id="P", venue="LITA", cl_ord_id="R2", exec_id="N", ord_status=OrdStatus.NEW, transact_ns=1)
    )
    assert counted.room() == 500


def small_state(route: Route) -> Any:
    from sottovoce.core.lifecycle import OrderState

    return OrderState(
        cl_ord_id=route.cl_ord_id, child_id=route.child_id, parent_id=route.parent_id, venue=route.venue,
        status=OrdStatus.PENDING_REPLACE, order_qty=route.qty, leaves_qty=route.qty,
    )  # fmt: skip


def test_stopped_parent_stays_stopped_until_its_halt_is_lifted() -> None:
    counted = Counted()
    stopped = counted.guard.judge(counted.another(100))
    assert stopped is not None
    assert (stopped.scope, stopped.committed, stopped.most) == ("parent", 1_000, 1_000)
    counted.say(ExecType.CANCELED, exec_id="E")
    assert counted.guard.judge(counted.another(50, "SECOND")) is not None, "latched"
    counted.guard.learn(lifted("P-ANOTHER"))
    assert counted.guard.judge(counted.another(50, "THIRD")) is not None
    counted.guard.learn(lifted(counted.parent))
    assert counted.guard.judge(counted.another(50, "FOURTH")) is None


def test_same_order_said_again_under_its_own_name_is_no_more() -> None:
    counted = Counted()
    assert counted.guard.judge(counted.routed[0]) is None
    counted.guard.left(counted.routed[0])
    assert counted.guard.judge(counted.another(50)) is not None


def test_parents_that_are_done_are_forgotten_and_nothing_of_theirs_leaves() -> None:
    counted = Counted()
    counted.guard.learn(ParentDone(parent_id=counted.parent, ts_ns=1, reason="filled"))
    assert len(counted.guard) == 0
    assert counted.guard.judge(counted.routed[0]) is not None


# F-42: the algorithm ignores its fills ----------------------------------------------------------------------


class Generous(ScriptedMarket):
    """Fills everything at once, and adds up what it filled."""

    def __init__(self) -> None:
        super().__init__(1)
        self.filled = 0

    def send(self, message: Outbound, at_ns: int) -> None:
        if isinstance(message, ChildRouted):
            route = message.route
            self.filled += route.qty
            self.orders_sent += 1
            self._news.append((at_ns + 1, route.cl_ord_id, self._full(route, at_ns)))

    def _full(self, route: Route, at_ns: int) -> ExecutionReport:
        return ExecutionReport(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"{route.cl_ord_id}!",
            exec_type=ExecType.TRADE, ord_status=OrdStatus.FILLED, cum_qty=route.qty, leaves_qty=0, transact_ns=at_ns,
            last_qty=route.qty, last_px=route.price,
        )  # fmt: skip


def runaway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fills are forgotten: what traded is unsent again, and risk's own count is switched off."""

    def forget(ledger: Ledger, from_working: int, from_unsent: int, from_returned: int, over: int) -> None:
        ledger.working -= from_working
        ledger.unsent += from_working

    monkeypatch.setattr(Ledger, "fill", forget)
    monkeypatch.setattr(gate, "CHILD_CHECKS", ())
    monkeypatch.setattr("sottovoce.stages.risk.risk.CHILD_CHECKS", ())


def test_algorithm_that_ignores_its_fills_sends_no_share_over_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    runaway(monkeypatch)
    street, journal = Generous(), MemoryJournal()
    desk = Desk(Engine(small_system(), journal, NoMetrics(), MAX_AGE_NS), street, VirtualClock(OPEN_NS))
    desk.schedule(OPEN_NS, new_order(strategy=Strategy.SOR, order_qty=1_000))
    desk.run_until(CLOSE_NS)
    assert street.filled == 1_000, "0 shares over the parent"
    events = [event for _, step in journal.steps() for event in step.events]
    halts = [event for event in events if isinstance(event, HaltSet)]
    assert {str(event.halt.scope) for event in halts} == {f"order {events[0].parent_id}"}, "latched"
    excess = sum(event.route.qty for event in events if isinstance(event, ChildRouted)) - street.filled
    assert excess > 0, "the bug did try"
