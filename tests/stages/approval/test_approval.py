"""Four eyes: large orders wait for a person of the right role who did not ask, on the plan that was shown, once."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.clearance_events import AmendRejected, OrderRejected
from sottovoce.core.commands import (
    AmendOrder,
    ApprovalExpiry,
    CancelOrder,
    HaltTrading,
    Input,
    RefuseHold,
    ReleaseHold,
)
from sottovoce.core.enums import ParentStatus, Strategy
from sottovoce.core.escalation_events import EscalationClosed, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused, ReleaseAccepted
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.override_events import HoldReviewed, PlanAsked
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated, TimerSet
from sottovoce.runtime.system import System
from sottovoce.stages.approval.approval import Approval
from sottovoce.stages.approval.config import ApprovalConfig
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    DIRECTORY,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    RISK,
    TRADER,
    WIDE_CONFIG,
    Shelf,
    drive,
    new_order,
    small_system,
    view_at,
)
from tests.stages.algos.worked import plan, worked

PARENT = parent_id(ACCOUNT, "c-1")
RULES = ApprovalConfig(value_max=1_000_000, adv_percent_max=15.0, cost_bps_max=50.0, minutes=15)
DEADLINE_NS = OPEN_NS + 15 * NS_PER_MINUTE
SECOND_RISK = "risk-2"
PEOPLE = Directory(principals=(*DIRECTORY.principals, Principal(name=SECOND_RISK, role=Role.RISK)))


class Desk:
    """An order of two million dollars, which waits."""

    def __init__(self) -> None:
        config = msgspec.structs.replace(WIDE_CONFIG, approval=RULES, directory=PEOPLE)
        self.system: System = small_system(config)
        self.events = self.take(new_order(order_qty=40_000, strategy=Strategy.IS))
        (self.held,) = [event for event in self.events if isinstance(event, OrderHeld)]

    def take(self, message: Input, at_ns: int = OPEN_NS) -> list[StageEvent]:
        return drive(self.system, message, view_at(at_ns))

    def release(self, by: str = RISK, digest: str | None = None, at_ns: int = OPEN_NS) -> list[StageEvent]:
        shown = self.held.plan_digest if digest is None else digest
        release = ReleaseHold(principal=by, parent_id=PARENT, plan_digest=shown, reason="looked at it")
        return self.take(release, at_ns)

    def status(self) -> ParentStatus:
        return self.system.blotter.rows()[PARENT].status


def refusal(events: list[StageEvent]) -> list[str]:
    """Codes of a refused request that approved nothing."""
    assert not any(isinstance(event, OrderApproved | ChildCreated) for event in events)
    (found,) = [event for event in events if isinstance(event, CommandRefused)]
    return [failed.code for failed in found.failures]


# what is held ---------------------------------------------------------------------------------------------


def rules(qty: int = 100, cost_bps: float = 1.0, config: ApprovalConfig = RULES) -> list[str]:
    order: ParentOrder = msgspec.structs.replace(worked().order, order_qty=qty)
    each: Plan = plan(expected_cost_bps=cost_bps)
    return [failed.code for failed in Approval(config, Shelf(), b"secret of the tests").rules(order, each)]


@pytest.mark.parametrize(("qty", "held"), [(19_999, False), (20_000, False), (20_001, True)])
def test_value_boundary(qty: int, held: bool) -> None:
    assert MID * 20_000 == 1_000_000 * 1_000_000
    assert rules(qty) == (["E-RM-1:value"] if held else [])


@pytest.mark.parametrize(("qty", "held"), [(1_499_999, False), (1_500_000, False), (1_500_001, True)])
def test_volume_boundary(qty: int, held: bool) -> None:
    config = msgspec.structs.replace(RULES, value_max=10**12)
    assert rules(qty, config=config) == (["E-RM-1:adv"] if held else [])


@pytest.mark.parametrize(("cost", "held"), [(49.9, False), (50.0, False), (50.1, True)])
def test_cost_boundary(cost: float, held: bool) -> None:
    assert rules(cost_bps=cost) == (["E-RM-1:cost"] if held else [])


def test_every_rule_that_fires_is_named() -> None:
    assert rules(10**7, 99.0) == ["E-RM-1:value", "E-RM-1:adv", "E-RM-1:cost"]


def test_held_order_sends_nothing_and_sets_its_deadline() -> None:
    desk = Desk()
    assert not any(isinstance(event, OrderApproved | ChildCreated) for event in desk.events)
    assert (desk.held.role, desk.held.expires_ns) == ("risk", DEADLINE_NS)
    expiry = ApprovalExpiry(parent_id=PARENT, rule="E-RM-1")
    timers = [event for event in desk.events if isinstance(event, TimerSet)]
    assert [timer.at_ns for timer in timers if timer.timer == expiry] == [DEADLINE_NS]
    assert desk.status() is ParentStatus.HELD


def test_small_order_is_approved_by_rule() -> None:
    system = small_system(msgspec.structs.replace(WIDE_CONFIG, approval=RULES))
    events = drive(system, new_order(strategy=Strategy.TWAP), view_at())
    (approved,) = [event for event in events if isinstance(event, OrderApproved)]
    assert approved.by == "within the desk's own limits"


# releasing ------------------------------------------------------------------------------------------------


def test_released_order_is_worked_on_the_plan_that_was_shown() -> None:
    desk = Desk()
    (approved,) = [event for event in desk.release() if isinstance(event, OrderApproved)]
    assert (approved.by, approved.plan) == (RISK, desk.held.plan)
    assert desk.status() is ParentStatus.WORKING


@pytest.mark.parametrize("by", [TRADER, COMPLIANCE, "nobody", ""])
def test_wrong_role_cannot_release(by: str) -> None:
    desk = Desk()
    assert refusal(desk.release(by)) in (["not_entitled"], ["unknown_principal"], ["wrong_role"])
    assert desk.status() is ParentStatus.HELD


def test_nobody_releases_an_order_of_their_own() -> None:
    """Even a requester who holds the role by some mistake of the directory: approval itself checks."""
    desk = Desk()
    shown = desk.held.plan_digest
    own = ReleaseAccepted(parent_id=PARENT, ts_ns=OPEN_NS, principal=TRADER, plan_digest=shown, reason="mine")
    assert refusal(drive(desk.system, own, view_at())) == ["self_approval"]
    assert desk.status() is ParentStatus.HELD


@pytest.mark.parametrize("digest", ["", "x", "0" * 64])
def test_release_names_the_plan_that_was_shown(digest: str) -> None:
    desk = Desk()
    assert refusal(desk.release(digest=digest)) == ["digest_mismatch"]
    assert desk.status() is ParentStatus.HELD


@pytest.mark.parametrize(("before", "released"), [(1, True), (0, False), (-1, False)])
def test_deadline_boundary(before: int, released: bool) -> None:
    desk = Desk()
    events = desk.release(at_ns=DEADLINE_NS - before)
    assert any(isinstance(event, OrderApproved) for event in events) is released
    if not released:
        assert refusal(events) == ["approval_expired"]


def test_all_failures_are_reported() -> None:
    desk = Desk()
    own = ReleaseAccepted(parent_id=PARENT, ts_ns=OPEN_NS, principal=TRADER, plan_digest="x", reason="mine")
    assert refusal(drive(desk.system, own, view_at(DEADLINE_NS))) == [
        "self_approval", "digest_mismatch", "approval_expired",
    ]  # fmt: skip


def test_two_clicks_at_once_release_once() -> None:
    desk = Desk()
    first, second = desk.release(), desk.release(SECOND_RISK)
    assert sum(isinstance(event, OrderApproved) for event in [*first, *second]) == 1
    assert refusal(second) == ["not_held"]


# not releasing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1])
def test_order_nobody_released_in_time_is_rejected(after: int) -> None:
    desk = Desk()
    event, asked = desk.take(ApprovalExpiry(parent_id=PARENT, rule="E-RM-1"), DEADLINE_NS + after)
    assert isinstance(event, OrderRejected)
    assert isinstance(asked, EscalationClosed)
    assert asked.outcome is Outcome.EXPIRED
    assert (event.by, event.failures[0].code) == ("approval", "approval_expired")
    assert refusal(desk.release()) == ["unknown_order"]


def test_expiry_that_comes_early_or_late_does_nothing() -> None:
    desk = Desk()
    assert desk.take(ApprovalExpiry(parent_id=PARENT, rule="E-RM-1"), DEADLINE_NS - 1) == []
    desk.release()
    assert desk.take(ApprovalExpiry(parent_id=PARENT, rule="E-RM-1"), DEADLINE_NS) == []


def test_refused_hold_is_rejected_with_the_reason() -> None:
    desk = Desk()
    events = desk.take(RefuseHold(principal=RISK, parent_id=PARENT, reason="too large today"))
    (event,) = [each for each in events if isinstance(each, OrderRejected)]
    assert (event.failures[0].code, event.failures[0].value) == ("approval_refused", "risk-1: too large today")
    assert desk.status() is ParentStatus.REJECTED
    ledger = desk.system.blotter.rows()[PARENT].ledger
    assert ledger is not None
    assert (ledger.returned, ledger.unsent) == (40_000, 0)


def test_canceled_hold_cannot_be_released() -> None:
    desk = Desk()
    desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    assert desk.status() is ParentStatus.DONE
    assert refusal(desk.release()) == ["unknown_order"]


def test_hold_cannot_be_released_into_a_halt() -> None:
    desk = Desk()
    desk.take(HaltTrading(principal=COMPLIANCE, reason="news"))
    assert refusal(desk.release()) == ["halted"]
    assert desk.status() is ParentStatus.HELD


def test_release_of_a_working_order_is_refused() -> None:
    desk = Desk()
    desk.release()
    assert refusal(desk.release()) == ["not_held"]
    assert refusal(desk.take(RefuseHold(principal=RISK, parent_id=PARENT))) == ["not_held"]


# amendments -----------------------------------------------------------------------------------------------


def test_amended_hold_is_held_again_and_the_first_digest_is_worth_nothing() -> None:
    desk = Desk()
    events = desk.take(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=50_000))
    (held,) = [event for event in events if isinstance(event, OrderHeld)]
    assert (held.order.order_qty, desk.status()) == (50_000, ParentStatus.HELD)
    assert refusal(desk.release()) == ["digest_mismatch"]
    (approved,) = [event for event in desk.release(digest=held.plan_digest) if isinstance(event, OrderApproved)]
    assert approved.order.order_qty == 50_000


def test_amendment_that_risk_rejects_leaves_the_hold_exactly_as_it_was_shown() -> None:
    """The first digest still releases it, at the first deadline, and the requester is told what stopped the change."""
    desk = Desk()
    before = msgspec.to_builtins(desk.system.stage("approval").state())
    asked = AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=40_001)
    events = drive(desk.system, asked, MarketView(OPEN_NS, {}, MAX_AGE_NS))  # more, and no price to judge it by
    (told,) = [event for event in events if isinstance(event, AmendRejected)]
    assert (told.principal, bool(told.failures)) == (TRADER, True)
    assert not any(isinstance(event, OrderHeld | HoldReviewed | PlanAsked | TimerSet) for event in events)
    assert msgspec.to_builtins(desk.system.stage("approval").state()) == before
    (approved,) = [event for event in desk.release() if isinstance(event, OrderApproved)]
    assert approved.order.order_qty == desk.held.order.order_qty


def test_hold_amended_below_every_rule_goes_at_once() -> None:
    desk = Desk()
    events = desk.take(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=10_000))
    (approved,) = [event for event in events if isinstance(event, OrderApproved)]
    assert (approved.order.order_qty, approved.by) == (10_000, "within the desk's own limits")


@pytest.mark.parametrize(("qty", "passes"), [(20_039, True), (20_040, True), (20_041, False)])
def test_amendment_cannot_grow_past_the_rule(qty: int, passes: bool) -> None:
    """Arrived at 49.90: a million dollars is 20,040 shares."""
    system = small_system(msgspec.structs.replace(WIDE_CONFIG, approval=RULES))
    drive(system, new_order(strategy=Strategy.TWAP), view_at())
    events = drive(system, AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=qty), view_at())
    if passes:
        assert not any(isinstance(event, CommandRefused) for event in events)
    else:
        assert refusal(events) == ["approval_required"]


def test_restart_keeps_what_waits() -> None:
    desk = Desk()
    again = small_system(msgspec.structs.replace(WIDE_CONFIG, approval=RULES, directory=PEOPLE))
    again.restore(desk.system.save())
    desk.system = again
    assert any(isinstance(event, OrderApproved) for event in desk.release())
