"""Checks somebody else answers: yes, no, late, never, twice; and what law L3 lets pass (P2)."""

from __future__ import annotations

import pytest

from sottovoce.core.clearance_events import OrderCleared, OrderRejected
from sottovoce.core.halts import HaltScope, Standing
from sottovoce.core.risk_commands import OutsideAnswer, OutsideExpiry
from sottovoce.core.risk_events import OutsideAnswered, OutsideAsked
from sottovoce.core.units import NS_PER_MILLISECOND
from sottovoce.core.work_events import ParentDone, TimerSet
from sottovoce.stages.risk.policy import OutsideCheck, RiskPolicy
from tests.scenarios.small_desk import MID
from tests.stages.risk.stage import Alone, only

HARD = (OutsideCheck(name="collateral"),)
TWO = (OutsideCheck(name="collateral"), OutsideCheck(name="remote", timeout_ms=20))
SOFT = (OutsideCheck(name="collateral", pass_value_max=5_000, pass_by=("risk-1", "risk-2")),)


def desk_with(checks: tuple[OutsideCheck, ...]) -> Alone:
    return Alone(policy=RiskPolicy(positions_required=False, mark_every_ms=0, outside=checks))


def answer(check: str = "collateral", passed: bool = True) -> OutsideAnswer:
    return OutsideAnswer(parent_id="P", check=check, passed=passed, detail="said so")


def codes(events: list[object]) -> list[str]:
    return [failed.code for event in events if isinstance(event, OrderRejected) for failed in event.failures]


def test_order_waits_with_a_timer_and_nothing_reserved() -> None:
    desk = desk_with(TWO)
    events = desk.enter()
    assert only(OutsideAsked, events)[0].checks == ("collateral", "remote")
    waits = [timer.at_ns - desk.now_ns for timer in only(TimerSet, events)]
    assert waits == [50 * NS_PER_MILLISECOND, 20 * NS_PER_MILLISECOND]
    assert desk.state.exposure.reservations == {}


def test_last_yes_clears_and_reserves() -> None:
    desk = desk_with(TWO)
    desk.enter()
    assert only(OrderCleared, desk.say(answer("remote"))) == []
    assert only(OrderCleared, desk.say(answer("collateral")))
    assert desk.state.waiting == {}
    assert desk.state.exposure.reservations["P"].open_qty == 100
    assert desk.replayed() == desk.state


def test_first_no_rejects() -> None:
    desk = desk_with(TWO)
    desk.enter()
    assert codes(list(desk.say(answer("remote", False)))) == ["outside_refused"]
    assert desk.say(answer("collateral")) == [], "too late"


def test_no_answer_in_time_rejects() -> None:
    desk = desk_with(HARD)
    desk.enter()
    desk.now_ns += 50 * NS_PER_MILLISECOND
    assert codes(list(desk.say(OutsideExpiry(parent_id="P", check="collateral")))) == ["outside_timeout"]
    assert desk.state.exposure.reservations == {}


def test_answer_stands_when_the_timer_comes_after_it_and_is_heard_once() -> None:
    desk = desk_with(HARD)
    desk.enter()
    assert only(OrderCleared, desk.say(answer()))
    assert desk.say(OutsideExpiry(parent_id="P", check="collateral")) == []
    assert desk.say(answer()) == []


@pytest.mark.parametrize(("qty", "passes"), [(100, True), (101, False)])
def test_soft_check_passes_with_a_flag_up_to_its_value(qty: int, passes: bool) -> None:
    desk = desk_with(SOFT)
    desk.enter(order_qty=qty, limit_px=MID)
    events = desk.say(OutsideExpiry(parent_id="P", check="collateral"))
    assert [event.flagged for event in only(OutsideAnswered, events)] == [passes]
    cleared = only(OrderCleared, events)
    assert [failed.code for event in cleared for failed in event.warnings] == (["outside_flagged"] if passes else [])
    assert bool(cleared) is passes


def test_world_is_looked_at_again_when_the_answer_is_in() -> None:
    desk = desk_with(HARD)
    desk.enter()
    desk.state.halts.set(Standing(scope=HaltScope(), reason="a test", principal="risk-1", ts_ns=desk.now_ns))
    assert codes(list(desk.say(answer()))) == ["halted"]


def test_canceled_order_does_not_come_back_with_its_answer() -> None:
    desk = desk_with(HARD)
    desk.enter()
    desk.hear(ParentDone(parent_id="P", ts_ns=desk.now_ns, reason="canceled"))
    assert desk.say(answer()) == []


def test_failing_order_asks_nobody() -> None:
    desk = desk_with(HARD)
    assert only(OutsideAsked, desk.enter(order_qty=2 * 10**9)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "locate", "pass_value_max": 1, "pass_by": ("a", "b")},
        {"name": "restricted", "pass_value_max": 1, "pass_by": ("a", "b")},
        {"name": "collateral", "pass_value_max": 1, "pass_by": ("a", "a")},
        {"name": "collateral", "pass_value_max": 1},
        {"name": "collateral", "timeout_ms": 0},
        {"name": "collateral", "pass_value_max": -1},
    ],
)
def test_what_may_never_pass_unanswered_cannot_be_configured(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="outside check"):
        OutsideCheck(**changes)  # type: ignore[arg-type]
