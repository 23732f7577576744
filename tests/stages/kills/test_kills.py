"""The kill switch end to end (AT-01, V10, F-41): latch, cancel for every live order, asked again until confirmed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.commands import AmendOrder, ExecutionReport, HaltTrading, ResumeOrder, ResumeTrading
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.halts import FIRM_SCOPE, HaltKind, HaltScope
from sottovoce.core.ids import parent_id
from sottovoce.core.kill_events import KillSwept, KillUnconfirmed
from sottovoce.core.kill_sweep import KillSweep
from sottovoce.core.order_events import CommandRefused, HaltSet, OrderRefused
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ChildCreated, TimerSet
from sottovoce.runtime.system import System
from sottovoce.stages.kills.kills import KillConfig, KilledRow, Kills
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    OPEN_NS,
    OTHER_ACCOUNT,
    OTHER_TRADER,
    RISK,
    TRADER,
    WIDE_CONFIG,
    drive,
    new_order,
    small_system,
    view_at,
)

FIRST, SECOND = parent_id(ACCOUNT, "c-1"), parent_id(OTHER_ACCOUNT, "c-2")
PEOPLE = Directory(
    principals=(
        Principal(name=TRADER, role=Role.TRADER, accounts=(ACCOUNT,), desk="cash"),
        Principal(name=OTHER_TRADER, role=Role.TRADER, accounts=(OTHER_ACCOUNT,), desk="index"),
        Principal(name=RISK, role=Role.RISK),
        Principal(name=COMPLIANCE, role=Role.COMPLIANCE),
    )
)
SCOPES = [
    HaltScope(kind=HaltKind.DESK, name="cash"),
    HaltScope(kind=HaltKind.TRADER, name=TRADER),
    HaltScope(kind=HaltKind.ACCOUNT, name=ACCOUNT),
    HaltScope(kind=HaltKind.ALGO, name="SOR"),
    HaltScope(kind=HaltKind.SYMBOL, name="ACME"),
    HaltScope(kind=HaltKind.ORDER, name=FIRST),
]
"""Every scope that covers the first order and not the second."""


class Desk:
    """Two orders of different traders, desks, accounts, strategies and names, each with children at venues."""

    def __init__(self, batch: int = 500) -> None:
        config = msgspec.structs.replace(WIDE_CONFIG, directory=PEOPLE, kills=KillConfig(batch=batch))
        self.system: System = small_system(config)
        self.said: list[StageEvent] = []
        self.take(new_order(strategy=Strategy.SOR, ord_type=OrdType.LIMIT, price="51.00"))
        self.take(new_order("c-2", symbol="BETA", account=OTHER_ACCOUNT, principal=OTHER_TRADER, strategy=Strategy.IS))

    def take(self, message: object, at_ns: int = OPEN_NS) -> list[StageEvent]:
        events = drive(self.system, message, view_at(at_ns))  # type: ignore[arg-type]
        self.said += events
        return events

    def halt(self, scope: HaltScope = FIRM_SCOPE, by: str = RISK) -> list[StageEvent]:
        return self.take(HaltTrading(principal=by, reason="news", scope=scope))

    def live(self, parent: str = "") -> list[Route]:
        routes = [event.route for event in self.said if isinstance(event, ChildRouted)]
        return [route for route in routes if route.parent_id == parent or not parent]

    def rows(self) -> list[KilledRow]:
        stage = self.system.stage("kills")
        assert isinstance(stage, Kills)
        return stage.rows()

    def confirm(self, route: Route, at_ns: int = OPEN_NS) -> list[StageEvent]:
        report = ExecutionReport(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"x-{route.cl_ord_id}",
            exec_type=ExecType.CANCELED, ord_status=OrdStatus.CANCELED, cum_qty=0, leaves_qty=0, transact_ns=at_ns,
        )  # fmt: skip
        return self.take(report, at_ns)


def canceled(events: Sequence[StageEvent]) -> set[str]:
    return {event.route.cl_ord_id for event in events if isinstance(event, RouteCancelRequested)}


def sweeps(events: Sequence[StageEvent]) -> list[TimerSet]:
    return [event for event in events if isinstance(event, TimerSet) and isinstance(event.timer, KillSweep)]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_scope_gets_every_cancel_and_stops_what_is_new(scope: HaltScope) -> None:
    desk = Desk()
    mine = {route.cl_ord_id for route in desk.live(FIRST)}
    assert mine
    assert canceled(desk.halt(scope)) == mine
    rows = desk.system.blotter.rows()
    assert (rows[FIRST].status, rows[SECOND].status) == (ParentStatus.PAUSED, ParentStatus.WORKING)
    again = desk.take(ResumeOrder(principal=TRADER, parent_id=FIRST))
    assert [failed.code for each in again if isinstance(each, CommandRefused) for failed in each.failures] == ["halted"]
    assert not any(isinstance(event, ChildCreated | ChildRouted) for event in again)


@pytest.mark.parametrize("scope", SCOPES[:-1], ids=str)
def test_new_order_in_the_scope_is_refused_and_one_outside_is_not(scope: HaltScope) -> None:
    desk = Desk()
    desk.halt(scope)
    (refused,) = desk.take(new_order("c-3", strategy=Strategy.SOR))
    assert isinstance(refused, OrderRefused)
    assert [failed.code for failed in refused.failures] == ["halted"]
    outside = new_order("c-4", symbol="BETA", account=OTHER_ACCOUNT, principal=OTHER_TRADER, strategy=Strategy.IS,
                        order_qty=9_000)  # fmt: skip
    assert not any(isinstance(event, OrderRefused) for event in desk.take(outside))


def test_strategy_that_planning_chose_is_stopped_too() -> None:
    """The order named none, so the gateway could not know: risk and algos do."""
    desk = Desk()
    desk.halt(HaltScope(kind=HaltKind.ALGO, name="IS"))
    events = desk.take(new_order("c-5", order_qty=50_000))
    strategy = desk.system.blotter.rows()[parent_id(ACCOUNT, "c-5")].strategy
    routed = any(isinstance(event, ChildRouted) for event in events)
    assert routed is (strategy is not Strategy.IS)


def test_amendment_that_increases_is_refused_and_one_that_reduces_is_not() -> None:
    desk = Desk()
    desk.halt(HaltScope(kind=HaltKind.ORDER, name=FIRST))
    for change in ({"order_qty": 20_000}, {"price": "52.00"}):
        said = desk.take(AmendOrder(principal=TRADER, parent_id=FIRST, **change))
        codes = [failed.code for each in said if isinstance(each, CommandRefused) for failed in each.failures]
        assert codes == ["halted"], change
    said = desk.take(AmendOrder(principal=TRADER, parent_id=FIRST, order_qty=9_000))
    assert not any(isinstance(event, CommandRefused) for event in said)


def test_kill_of_nothing_is_over_at_once() -> None:
    desk = Desk()
    events = desk.halt(HaltScope(kind=HaltKind.SYMBOL, name="NADV"))
    (swept,) = [event for event in events if isinstance(event, KillSwept)]
    assert (swept.number, sweeps(events)) == (0, [])


# until it is confirmed ------------------------------------------------------------------------------------


def test_each_order_is_unconfirmed_until_its_venue_says_so() -> None:
    desk = Desk()
    desk.halt()
    assert {row.state for row in desk.rows()} == {"unconfirmed"}
    first, *rest = desk.live()
    desk.confirm(first)
    states = {row.cl_ord_id: (row.state, row.ended) for row in desk.rows()}
    assert states[first.cl_ord_id] == ("confirmed", OrdStatus.CANCELED)
    assert {states[route.cl_ord_id] for route in rest} == {("unconfirmed", None)}


def test_silent_venue_is_asked_again_and_people_are_told() -> None:
    """F-41: one venue is silent; every two seconds the same orders are asked for, and nothing else."""
    desk = Desk()
    (timer,) = sweeps(desk.halt())
    first, *rest = desk.live()
    desk.confirm(first)
    silent = {route.cl_ord_id for route in rest}
    for tries in (2, 3):
        events = desk.take(timer.timer, timer.at_ns)
        assert canceled(events) == silent
        (told,) = [event for event in events if isinstance(event, KillUnconfirmed)]
        assert (told.unconfirmed, set(told.orders)) == (len(silent), silent)
        assert {row.asked for row in desk.rows() if row.state == "unconfirmed"} == {tries}
        (timer,) = sweeps(events)
    for route in rest:
        desk.confirm(route, timer.at_ns)
    events = desk.take(timer.timer, timer.at_ns)
    assert (canceled(events), sweeps(events)) == (set(), [])


def test_old_sweep_does_nothing() -> None:
    desk = Desk()
    (timer,) = sweeps(desk.halt())
    desk.take(timer.timer, timer.at_ns)
    assert desk.take(timer.timer, timer.at_ns) == []


def test_many_orders_go_in_batches_without_waiting_between_them() -> None:
    desk = Desk(batch=1)
    live = {route.cl_ord_id for route in desk.live()}
    asked: set[str] = set()
    events = desk.halt()
    while len(asked) < len(live):
        asked |= canceled(events)
        (timer,) = sweeps(events)
        if len(asked) < len(live):
            assert timer.at_ns == OPEN_NS
        events = desk.take(timer.timer, timer.at_ns)
    assert asked == live


def test_restart_in_the_middle_of_a_kill_asks_for_the_rest() -> None:
    """K13: the latch is restored first, and the cancels that were not asked for yet are asked for."""
    desk = Desk(batch=1)
    events = desk.halt()
    before, (timer,) = canceled(events), sweeps(events)
    again = Desk(batch=1)
    again.system.restore(desk.system.save())
    (refused,) = again.take(new_order("c-9"))
    assert isinstance(refused, OrderRefused)
    after = canceled(again.take(timer.timer, timer.at_ns))
    assert after
    assert not after & before


# who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "scope", "allowed"),
    [
        (TRADER, HaltScope(kind=HaltKind.TRADER, name=TRADER), True),
        (TRADER, HaltScope(kind=HaltKind.ACCOUNT, name=ACCOUNT), True),
        (TRADER, HaltScope(kind=HaltKind.ORDER, name=FIRST), True),
        (TRADER, HaltScope(kind=HaltKind.ORDER, name=SECOND), False),
        (TRADER, HaltScope(kind=HaltKind.ACCOUNT, name=OTHER_ACCOUNT), False),
        (TRADER, HaltScope(kind=HaltKind.TRADER, name=OTHER_TRADER), False),
        (TRADER, HaltScope(kind=HaltKind.DESK, name="cash"), False),
        (TRADER, HaltScope(kind=HaltKind.SYMBOL, name="ACME"), False),
        (TRADER, HaltScope(kind=HaltKind.ALGO, name="IS"), False),
        (TRADER, FIRM_SCOPE, False),
        *((by, scope, True) for by in (RISK, COMPLIANCE) for scope in (FIRM_SCOPE, *SCOPES)),
        ("nobody", FIRM_SCOPE, False),
    ],
)
def test_who_may_stop_what(by: str, scope: HaltScope, allowed: bool) -> None:
    events = Desk().halt(scope, by)
    assert any(isinstance(event, HaltSet) for event in events) is allowed
    if not allowed:
        assert canceled(events) == set()


@pytest.mark.parametrize("kind", [kind for kind in HaltKind if kind is not HaltKind.FIRM])
def test_name_nobody_goes_by_is_said_at_once(kind: HaltKind) -> None:
    (refused,) = Desk().halt(HaltScope(kind=kind, name="NO-SUCH"))
    assert isinstance(refused, CommandRefused)
    assert [failed.code for failed in refused.failures] == ["halt_scope_unknown"]


def test_lifted_kill_is_no_longer_shown_and_resumes_nobody() -> None:
    desk = Desk()
    desk.halt()
    desk.take(ResumeTrading(principal=RISK))
    assert desk.rows() == []
    assert desk.system.blotter.rows()[FIRST].status is ParentStatus.PAUSED


def test_first_sweep_is_due_after_the_time_a_venue_has() -> None:
    (timer,) = sweeps(Desk().halt())
    assert timer.at_ns == OPEN_NS + 2 * NS_PER_SECOND
