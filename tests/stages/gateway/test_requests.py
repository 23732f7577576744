"""Requests about existing orders, and the kill switch: who may ask what of which order."""

from __future__ import annotations

import pytest

from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ClientCommand,
    HaltTrading,
    PauseOrder,
    RefuseHold,
    ReleaseHold,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.enums import OrdType, ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ids import parent_id
from sottovoce.core.kill_events import KillSwept
from sottovoce.core.order_events import AmendAccepted, CommandRefused, HaltLifted, HaltSet, OrderRefused
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.work_events import ChildCreated
from sottovoce.runtime.system import System
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    OPEN_NS,
    OTHER_ACCOUNT,
    OTHER_TRADER,
    RISK,
    TRADER,
    drive,
    halt_scope,
    new_order,
    small_system,
    view_at,
)

PARENT = parent_id(ACCOUNT, "c-1")


def working(**changes: object) -> System:
    """A system with one order being worked."""
    system = small_system()
    drive(system, new_order(**({"strategy": Strategy.IS, "order_qty": 100_000} | changes)), view_at())
    return system


def ask(system: System, command: ClientCommand) -> list[StageEvent]:
    return drive(system, command, view_at(OPEN_NS + 10**9))


def codes(system: System, command: ClientCommand) -> list[str]:
    (event,) = ask(system, command)
    assert isinstance(event, CommandRefused), event
    return [failed.code for failed in event.failures]


ABOUT_AN_ORDER: list[ClientCommand] = [
    AmendOrder(principal=TRADER, parent_id="P-NONE", order_qty=5),
    CancelOrder(principal=TRADER, parent_id="P-NONE"),
    PauseOrder(principal=TRADER, parent_id="P-NONE"),
    ResumeOrder(principal=TRADER, parent_id="P-NONE"),
    ReleaseHold(principal=RISK, parent_id="P-NONE", plan_digest="x"),
    RefuseHold(principal=RISK, parent_id="P-NONE"),
]


@pytest.mark.parametrize("command", ABOUT_AN_ORDER)
def test_unknown_order_is_refused(command: ClientCommand) -> None:
    assert codes(working(), command) == ["unknown_order"]


@pytest.mark.parametrize(
    "command",
    [
        AmendOrder(principal=RISK, parent_id=PARENT, order_qty=5),
        ResumeOrder(principal=RISK, parent_id=PARENT),
        ResumeOrder(principal=COMPLIANCE, parent_id=PARENT),
        ReleaseHold(principal=TRADER, parent_id=PARENT, plan_digest="x"),
        RefuseHold(principal=TRADER, parent_id=PARENT),
    ],
)
def test_wrong_role_is_refused(command: ClientCommand) -> None:
    assert codes(working(), command) == ["not_entitled"]


@pytest.mark.parametrize("kind", [CancelOrder, PauseOrder, ResumeOrder])
def test_another_desks_order_is_out_of_reach(kind: type[CancelOrder | PauseOrder | ResumeOrder]) -> None:
    assert codes(working(), kind(principal=OTHER_TRADER, parent_id=PARENT)) == ["account_not_entitled"]


@pytest.mark.parametrize("principal", [TRADER, RISK, COMPLIANCE])
def test_cancels_always_leave(principal: str) -> None:
    events = ask(working(), CancelOrder(principal=principal, parent_id=PARENT))
    assert any(isinstance(event, RouteCancelRequested) for event in events)


# amendments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qty", "price", "found"),
    [
        (0, None, ["below_done"]),
        (-1, None, ["below_done"]),
        (None, None, ["nothing_to_change"]),
        (100_000, None, ["nothing_to_change"]),
        (None, "NaN", ["bad_price"]),
        (None, "0", ["bad_price"]),
        (None, "-1", ["bad_price"]),
        (None, "50.005", ["off_tick"]),
    ],
)
def test_amendment_that_makes_no_sense_is_refused(qty: int | None, price: str | None, found: list[str]) -> None:
    assert codes(working(), AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=qty, price=price)) == found


def test_amendment_keeps_what_it_does_not_name() -> None:
    system = working(ord_type=OrdType.LIMIT, price="51.00")
    events = ask(system, AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=90_000))
    first = events[0]
    assert isinstance(first, AmendAccepted)
    assert (first.order_qty, first.limit_px) == (90_000, 51_000_000)


# the kill switch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [None, ACCOUNT])
def test_halt_pulls_everything_in_its_scope_and_nothing_new_leaves(account: str | None) -> None:
    system = working()
    events = ask(system, HaltTrading(principal=RISK, reason="news", scope=halt_scope(account)))
    assert isinstance(events[0], HaltSet)
    assert any(isinstance(event, RouteCancelRequested) for event in events)
    assert system.blotter.rows()[PARENT].status is ParentStatus.PAUSED
    (refused,) = drive(system, new_order("c-2"), view_at())
    assert isinstance(refused, OrderRefused)
    assert [failed.code for failed in refused.failures] == ["halted"]
    again = ask(system, ResumeOrder(principal=TRADER, parent_id=PARENT))
    assert not any(isinstance(event, ChildCreated | ChildRouted) for event in again)


def test_halt_of_another_account_leaves_this_one_alone() -> None:
    system = working()
    events = ask(system, HaltTrading(principal=TRADER, reason="news", scope=halt_scope(OTHER_ACCOUNT)))
    assert [type(event) for event in events] == [HaltSet, KillSwept]
    assert system.blotter.rows()[PARENT].status is ParentStatus.WORKING


def test_firm_and_account_halts_are_both_named() -> None:
    system = small_system()
    for account in (None, ACCOUNT):
        ask(system, HaltTrading(principal=COMPLIANCE, reason="news", scope=halt_scope(account)))
    (refused,) = drive(system, new_order(), view_at())
    assert isinstance(refused, OrderRefused)
    assert [(failed.code, failed.value) for failed in refused.failures] == [
        ("halted", "firm"),
        ("halted", f"account {ACCOUNT}"),
    ]


def test_only_risk_lifts_what_the_desk_halted() -> None:
    system, own = small_system(), halt_scope(ACCOUNT)
    ask(system, HaltTrading(principal=TRADER, reason="news", scope=own))
    assert codes(system, ResumeTrading(principal=TRADER, scope=own)) == ["not_entitled"]
    assert codes(system, ResumeTrading(principal=COMPLIANCE, scope=own)) == ["halt_not_set"]
    (lifted,) = ask(system, ResumeTrading(principal=RISK, scope=own))
    assert isinstance(lifted, HaltLifted)


def test_only_compliance_lifts_what_it_halted_for_conduct() -> None:
    system = small_system()
    ask(system, HaltTrading(principal=COMPLIANCE, reason="news"))
    assert codes(system, ResumeTrading(principal=RISK)) == ["halt_not_set"]
    (lifted,) = ask(system, ResumeTrading(principal=COMPLIANCE))
    assert isinstance(lifted, HaltLifted)


def test_lifting_a_halt_resumes_nobody() -> None:
    system = working()
    ask(system, HaltTrading(principal=RISK, reason="news"))
    ask(system, ResumeTrading(principal=RISK))
    assert system.blotter.rows()[PARENT].status is ParentStatus.PAUSED
    ask(system, ResumeOrder(principal=TRADER, parent_id=PARENT))
    assert system.blotter.rows()[PARENT].status is ParentStatus.WORKING
