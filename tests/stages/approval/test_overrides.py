"""Overrides (controls A4, F-44, K15, V11): who may release what, on which figures, and what makes it void."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.commands import AmendOrder, HaltTrading, Input, NewOrder, ReleaseHold
from sottovoce.core.enums import Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.limit_commands import ProposeLimits, ProposeLists
from sottovoce.core.limits import Level, LimitRow, ListName, ListRow
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.override_commands import ConfirmHold, OverrideReason
from sottovoce.core.override_events import HoldReleased, RecheckFailed, RecheckPassed, ReleasesVoided
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System
from sottovoce.stages.approval.approval import Approval
from sottovoce.stages.approval.config import ApprovalConfig
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
    halt_scope,
    market_state,
    new_order,
    small_system,
    view_at,
)

RISK_2, ROBOT, ASSISTANT = "risk-2", "robot-1", "assistant-1"
PEOPLE = Directory(
    principals=(
        Principal(name=TRADER, role=Role.TRADER, accounts=(ACCOUNT, OTHER_ACCOUNT), delegates=(ASSISTANT,)),
        Principal(name=OTHER_TRADER, role=Role.TRADER, accounts=(OTHER_ACCOUNT,)),
        Principal(name=RISK, role=Role.RISK),
        Principal(name=RISK_2, role=Role.RISK),
        Principal(name=ROBOT, role=Role.RISK, automated=True),
        Principal(name=ASSISTANT, role=Role.RISK),
        Principal(name=COMPLIANCE, role=Role.COMPLIANCE),
    )
)
RULES = ApprovalConfig(value_max=1_000_000, sizing_bps_max=1e6, sizing_adv_percent_max=1e6)
BOTH = msgspec.structs.replace(RULES, sizing_bps_max=0.001)
"""As RULES, and every order's cost is its trader's to decide on too."""


def config_of(rules: ApprovalConfig, people: Directory = PEOPLE) -> Config:
    return msgspec.structs.replace(WIDE_CONFIG, approval=rules, directory=people)


class Desk:
    """An order of two million dollars, held."""

    def __init__(self, rules: ApprovalConfig = RULES) -> None:
        self.system: System = small_system(config_of(rules))
        self.held = held_in(self.take(new_order(order_qty=40_000, strategy=Strategy.IS)))

    def take(self, message: Input, at_ns: int = OPEN_NS) -> list[StageEvent]:
        return drive(self.system, message, view_at(at_ns))

    def release(self, by: str = RISK, digest: str | None = None, reason: str = "seen and agreed") -> list[StageEvent]:
        shown = self.held.plan_digest if digest is None else digest
        return self.take(ReleaseHold(principal=by, parent_id=self.held.parent_id, plan_digest=shown, reason=reason))

    def confirm(self, by: str = TRADER, reason: str = "worth it today") -> list[StageEvent]:
        parent, digest = self.held.parent_id, self.held.plan_digest
        return self.take(ConfirmHold(principal=by, parent_id=parent, digest=digest, reason=reason))

    def moved_to(self, people: Directory, rules: ApprovalConfig) -> None:
        """The same desk with other people: a role was taken away in between."""
        states = self.system.save()
        self.system = small_system(config_of(rules, people))
        self.system.restore(states)


def held_in(events: Sequence[StageEvent]) -> OrderHeld:
    (held,) = [event for event in events if isinstance(event, OrderHeld)]
    return held


def approved_in(events: Sequence[StageEvent]) -> list[OrderApproved]:
    return [event for event in events if isinstance(event, OrderApproved)]


def refusal(events: Sequence[StageEvent]) -> list[str]:
    assert not approved_in(events)
    (found,) = [event for event in events if isinstance(event, CommandRefused)]
    return [failed.code for failed in found.failures]


# who ------------------------------------------------------------------------------------------------------


def test_release_says_who_why_and_how_far() -> None:
    desk = Desk()
    release = ReleaseHold(
        principal=RISK, parent_id=desk.held.parent_id, plan_digest=desk.held.plan_digest,
        reason_code=OverrideReason.INDEX_EVENT, reason="additions tonight",
    )  # fmt: skip
    events = desk.take(release)
    (said,) = [event for event in events if isinstance(event, HoldReleased)]
    assert (said.principal, said.role, said.reason_code, said.reason) == (
        RISK, "risk", OverrideReason.INDEX_EVENT, "additions tonight",
    )  # fmt: skip
    assert [(rule.code, rule.shown, rule.upto) for rule in said.rules] == [
        ("E-RM-1:value", "1,996,000 USD", "2,000,000 USD")
    ]
    assert said.digest == desk.held.plan_digest
    assert len(approved_in(events)) == 1


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_release_without_a_reason_in_words_is_refused(reason: str) -> None:
    assert refusal(Desk().release(reason=reason)) == ["override_reason"]


def test_program_releases_nothing() -> None:
    assert refusal(Desk().release(ROBOT)) == ["approver_automated"]


def test_delegate_of_the_requester_is_the_same_party() -> None:
    assert refusal(Desk().release(ASSISTANT)) == ["self_approval"]


def test_compliance_cannot_release_what_is_risks() -> None:
    assert refusal(Desk().release(COMPLIANCE)) == ["wrong_role"]


def test_every_role_that_a_rule_names_must_release() -> None:
    desk = Desk(BOTH)
    assert desk.held.role == "risk and trader"
    assert approved_in(desk.release()) == []
    (approved,) = approved_in(desk.confirm())
    assert approved.by == f"{RISK} and {TRADER}"


def test_trader_confirms_the_cost_and_nothing_else() -> None:
    desk = Desk(BOTH)
    events = desk.confirm()
    assert [rule.code for event in events if isinstance(event, HoldReleased) for rule in event.rules] == ["sizing_cost"]
    assert approved_in(events) == []
    assert refusal(desk.confirm()) == ["wrong_role"]


def test_trader_of_other_accounts_confirms_nothing() -> None:
    assert refusal(Desk(BOTH).confirm(OTHER_TRADER)) == ["account_not_entitled"]


@pytest.mark.parametrize("by", [RISK, COMPLIANCE, "nobody"])
def test_confirming_is_the_traders(by: str) -> None:
    assert refusal(Desk(BOTH).confirm(by)) in (["not_entitled"], ["unknown_principal"])


# void -----------------------------------------------------------------------------------------------------


def test_digest_of_another_order_releases_nothing() -> None:
    desk = Desk()
    other = held_in(desk.take(new_order("c-2", order_qty=40_000, strategy=Strategy.IS)))
    assert refusal(desk.release(digest=other.plan_digest)) == ["digest_mismatch"]


def test_digest_covers_figures_and_deadline() -> None:
    desk = Desk()
    later = held_in(drive(small_system(config_of(RULES)), new_order(order_qty=40_000, strategy=Strategy.IS),
                          view_at(OPEN_NS + 1)))  # fmt: skip
    assert later.plan_digest != desk.held.plan_digest


def test_release_is_used_once() -> None:
    desk = Desk()
    assert len(approved_in(desk.release())) == 1
    assert refusal(desk.release()) == ["not_held"]


def test_amendment_after_one_release_voids_it() -> None:
    desk = Desk(BOTH)
    desk.release()
    desk.held = held_in(desk.take(AmendOrder(principal=TRADER, parent_id=desk.held.parent_id, order_qty=50_000)))
    assert approved_in(desk.confirm()) == [], "risk has not seen the larger order"
    assert len(approved_in(desk.release())) == 1


def test_approver_who_lost_the_role_in_between_has_released_nothing() -> None:
    desk = Desk(BOTH)
    desk.release()
    without = Directory(principals=tuple(each for each in PEOPLE.principals if each.name != RISK))
    desk.moved_to(without, BOTH)
    events = desk.confirm()
    assert refusal(events) == ["approver_gone"]
    (void,) = [event for event in events if isinstance(event, ReleasesVoided)]
    assert RISK in void.why
    desk.release(RISK_2)
    assert len(approved_in(desk.confirm())) == 1


def test_limit_lowered_meanwhile_stops_the_release_and_the_order_stays_held() -> None:
    desk = Desk()
    row = LimitRow(limit_id="order.parent_value", level=Level.ORDER, name="parent_value", value=1_500_000, owner=RISK,
                   review_date="2018-12-31", version=2)  # fmt: skip
    desk.take(ProposeLimits(principal=RISK, rows=(row,), reason="a cut"))
    events = desk.release()
    assert any(isinstance(event, RecheckFailed) for event in events)
    assert refusal(events) == ["order_value"]
    assert refusal(desk.release(RISK_2)) == ["order_value"]


def test_name_restricted_meanwhile_stops_the_release() -> None:
    desk = Desk()
    row = ListRow(
        entry_id="restricted.ACME", list_name=ListName.RESTRICTED, scope="", instrument_id="ACME", owner=COMPLIANCE
    )
    desk.take(ProposeLists(principal=COMPLIANCE, rows=(row,), reason="inside"))
    assert "restricted" in refusal(desk.release())


def test_halt_stops_the_release() -> None:
    desk = Desk(BOTH)
    desk.release()
    desk.take(HaltTrading(principal=RISK, reason="news", scope=halt_scope(ACCOUNT)))
    assert refusal(desk.confirm()) == ["halted"]


def test_release_checks_again_on_the_market_of_now() -> None:
    desk = Desk()
    stale = {"ACME": market_state("ACME", ts_ns=OPEN_NS)}
    parent, digest = desk.held.parent_id, desk.held.plan_digest
    release = ReleaseHold(principal=RISK, parent_id=parent, plan_digest=digest, reason="seen and agreed")
    events = drive(desk.system, release, view_at(OPEN_NS + 5 * NS_PER_MINUTE, stale))
    assert approved_in(events) == []
    assert any(isinstance(event, RecheckFailed | CommandRefused) for event in events)


def test_passed_release_names_the_limits_it_was_checked_by() -> None:
    (passed,) = [event for event in Desk().release() if isinstance(event, RecheckPassed)]
    assert passed.limits_version >= 1


# splitting (API6) -----------------------------------------------------------------------------------------


def split(parts: int, minutes_apart: int = 0, trader: str = TRADER) -> tuple[System, list[list[StageEvent]]]:
    """26 million dollars in parts; the line is 25 million."""
    rules = msgspec.structs.replace(RULES, value_max=25_000_000)
    system = small_system(config_of(rules))
    said = []
    for number in range(parts):
        at_ns = OPEN_NS + number * minutes_apart * NS_PER_MINUTE
        order: NewOrder = new_order(
            f"s-{number}",
            order_qty=51_800 + 100 * number,
            strategy=Strategy.IS,
            principal=trader,
            account=OTHER_ACCOUNT,
        )
        said.append(drive(system, order, view_at(at_ns)))
    return system, said


def test_twenty_six_million_in_ten_orders_is_held_at_the_line() -> None:
    _, said = split(10)
    held = [any(isinstance(event, OrderHeld) for event in events) for events in said]
    assert held == [False] * 9 + [True]
    (rule,) = held_in(said[9]).rules
    assert rule.code == "E-RM-1:split"


def test_orders_eleven_minutes_apart_are_not_one() -> None:
    _, said = split(10, minutes_apart=11)
    assert all(approved_in(events) for events in said)


def test_larger_size_by_amendment_counts_too() -> None:
    system, said = split(9)
    assert all(approved_in(events) for events in said)
    first = parent_id(OTHER_ACCOUNT, "s-0")
    events = drive(system, AmendOrder(principal=TRADER, parent_id=first, order_qty=104_400), view_at())
    assert refusal(events) == ["approval_required"]


def test_queue_lists_what_waits_oldest_first() -> None:
    desk = Desk()
    desk.take(new_order("c-2", order_qty=45_000, strategy=Strategy.IS), OPEN_NS + 1)
    stage = desk.system.stage("approval")
    assert isinstance(stage, Approval)
    waiting = [(held.order.cl_ord_id, [rule.code for rule in held.rules]) for held in stage.waiting()]
    assert waiting == [("c-1", ["E-RM-1:value"]), ("c-2", ["E-RM-1:value"])]
