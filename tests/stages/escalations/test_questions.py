"""Questions that follow from events, who may answer them, and what happens when nobody does."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.enums import OrdStatus
from sottovoce.core.escalation_commands import AckEscalation, EscalationDue, UnexplainedDue
from sottovoce.core.escalation_events import EscalationAcked, EscalationClosed, EscalationReminded, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused, RouteUpdated
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure
from sottovoce.core.override_commands import OverrideReason
from sottovoce.core.override_events import HoldReleased
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.session_events import (
    OrderUnknown,
    Unanswered,
)
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.escalations.escalations import rule_class
from sottovoce.stages.escalations.rules import RULES
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.escalations.asking import (
    OTHER_PM,
    PARENT,
    PLAN,
    PM,
    RISK,
    Asking,
    closed,
    failed,
    order_of,
    raised,
    timers,
)

HELD = "P-2"


def refused(events: list[StageEvent]) -> list[str]:
    return [failed.code for event in events if isinstance(event, CommandRefused) for failed in event.failures]


def held(*rules: Failure, digest: str = "d" * 64) -> OrderHeld:
    return OrderHeld(
        parent_id=HELD, ts_ns=OPEN_NS, order=order_of(HELD), plan=PLAN, rules=rules, role="risk",
        expires_ns=OPEN_NS + 15 * NS_PER_MINUTE, plan_digest=digest,
    )  # fmt: skip


def unknown(asked: int = 0, waited_ns: int = 0) -> OrderUnknown:
    state = OrderState(
        cl_ord_id="X", child_id="c", parent_id=PARENT, venue="LITA", status=OrdStatus.UNKNOWN, order_qty=100,
        leaves_qty=100,
    )  # fmt: skip
    return OrderUnknown(
        parent_id=PARENT, ts_ns=OPEN_NS, child_id="c", venue="LITA", instrument_id="ACME", state=state,
        unanswered=next(iter(Unanswered)), waited_ns=waited_ns, asked=asked,
    )  # fmt: skip


# held orders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        (failed("E-RM-1:value"), "E-RM-1"),
        (failed("gross_exposure", "PT-09"), "E-RM-2"),
        (failed("restricted", "PT-12"), "E-CO-1"),
        (failed("sizing_cost"), ""),
    ],
)
def test_each_rule_that_holds_belongs_to_a_row(rule: Failure, row: str) -> None:
    assert rule_class(rule) == row


def test_held_order_asks_each_role_on_the_digest_a_release_names() -> None:
    desk = Asking()
    found = desk.happened(held(failed("E-RM-1:value"), failed("E-RM-1:cost"), failed("restricted", "PT-12")))
    assert [(each.rule, each.to, each.digest) for each in raised(found)] == [
        ("E-RM-1", "risk", "d" * 64), ("E-CO-1", "compliance", "d" * 64)
    ]  # fmt: skip
    assert [fact.name for fact in raised(found)[0].facts] == ["E-RM-1:value", "E-RM-1:cost"]


def test_release_of_one_role_leaves_the_other_asked() -> None:
    desk = Asking()
    desk.happened(held(failed("E-RM-1:value"), failed("restricted", "PT-12")))
    release = HoldReleased(
        parent_id=HELD, ts_ns=OPEN_NS, principal=RISK, role="risk", rules=(), digest="d" * 64,
        reason_code=OverrideReason.REVIEWED, reason="looked", expires_ns=0,
    )  # fmt: skip
    (end,) = closed(desk.happened(release))
    assert (end.outcome, end.principal, end.choice) == (Outcome.ANSWERED, RISK, "release")
    assert [each["to"] for each in msgspec.to_builtins(desk.stage.state())["open"].values()] == ["compliance"]


@pytest.mark.parametrize(
    ("code", "value", "outcome", "by"),
    [
        ("approval_refused", "risk-1: too large", Outcome.ANSWERED, RISK),
        ("approval_expired", "1", Outcome.EXPIRED, ""),
        ("no_adv", "", Outcome.WITHDRAWN, ""),
    ],
)
def test_rejected_order_closes_its_questions(code: str, value: str, outcome: Outcome, by: str) -> None:
    desk = Asking()
    desk.happened(held(failed("E-RM-1:value")))
    why = Failure(stage="approval", code=code, value=value)
    (end,) = closed(desk.happened(OrderRejected(parent_id=HELD, ts_ns=OPEN_NS, failures=(why,), by="approval")))
    assert (end.outcome, end.principal) == (outcome, by)


def test_order_held_again_is_asked_about_anew() -> None:
    desk = Asking()
    desk.happened(held(failed("E-RM-1:value")))
    found = desk.happened(held(failed("E-RM-1:value"), digest="e" * 64))
    assert [end.outcome for end in closed(found)] == [Outcome.WITHDRAWN]
    assert [each.digest for each in raised(found)] == ["e" * 64]


def test_held_order_is_answered_by_releasing_it() -> None:
    desk = Asking()
    (asked,) = raised(desk.happened(held(failed("E-RM-1:value"))))
    assert refused(desk.answer(asked, "release", RISK)) == ["answer_by_release"]


# what other stages found ----------------------------------------------------------------------------------


def test_unknown_order_is_asked_about_after_a_minute_and_not_before() -> None:
    desk = Asking()
    (timer,) = timers(desk.happened(unknown(waited_ns=5 * NS_PER_SECOND)))
    assert timer.at_ns == OPEN_NS + 55 * NS_PER_SECOND + 1
    assert timers(desk.happened(unknown(asked=1))) == []
    desk.now_ns = timer.at_ns
    found = desk.said(UnexplainedDue(parent_id=PARENT, name="X"))
    assert [(each.rule, each.evidence) for each in raised(found)] == [("E-RM-3", ("X",))]
    assert any(isinstance(event, ParentPaused) for event in found)


def test_order_known_again_is_not_asked_about() -> None:
    desk = Asking()
    seen = unknown()
    desk.happened(seen)
    known = msgspec.structs.replace(seen.state, status=OrdStatus.CANCELED)
    over = RouteUpdated(
        parent_id=PARENT, ts_ns=OPEN_NS, child_id="c", state=known, freed_qty=0, raised_qty=0, exec_id="", cause=""
    )
    desk.happened(over)
    assert desk.said(UnexplainedDue(parent_id=PARENT, name="X")) == []


def asked_desk() -> Asking:
    desk = Asking()
    desk.fill(5_000)
    desk.after(60, volume=10_000)
    return desk


def test_answer_is_one_of_the_options_and_closes_it() -> None:
    desk = asked_desk()
    (asked,) = raised(desk.log)
    (end,) = closed(desk.answer(asked, "keep"))
    assert (end.outcome, end.principal, end.choice, end.reason) == (Outcome.ANSWERED, PM, "keep", "seen")
    assert refused(desk.answer(asked, "keep")) == ["escalation_not_open"]


@pytest.mark.parametrize(
    ("choice", "by", "digest", "code"),
    [
        ("keep", RISK, None, "wrong_role"),
        ("keep", "nobody", None, "unknown_principal"),
        ("keep", PM, "0" * 64, "escalation_digest"),
        ("approve", PM, None, "escalation_choice"),
    ],
)
def test_answer_that_does_not_fit_is_refused(choice: str, by: str, digest: str | None, code: str) -> None:
    desk = asked_desk()
    (asked,) = raised(desk.log)
    assert refused(desk.answer(asked, choice, by, digest)) == [code]
    assert closed(desk.log) == []


def test_reminders_go_round_the_rota_and_expiry_does_the_default() -> None:
    desk = asked_desk()
    (asked,) = raised(desk.log)
    due = [event for event in desk.log if isinstance(event, TimerSet) and isinstance(event.timer, EscalationDue)]
    waited = [(event.at_ns - desk.now_ns) // NS_PER_MINUTE for event in due]
    assert waited == [5, 8, 10]
    found = []
    for event in due:
        desk.now_ns = event.at_ns
        assert isinstance(event.timer, EscalationDue)
        found += desk.said(event.timer)
    assert [event.person for event in found if isinstance(event, EscalationReminded)] == [OTHER_PM, PM]
    (end,) = [event for event in found if isinstance(event, EscalationClosed)]
    assert (end.outcome, end.reason, end.choice) == (Outcome.EXPIRED, RULES["E-PM-2"].default, "")
    assert refused(desk.answer(asked, "keep")) == ["escalation_not_open"]


def test_answer_at_the_deadline_is_too_late_though_the_timer_has_not_come() -> None:
    desk = asked_desk()
    (asked,) = raised(desk.log)
    desk.now_ns = asked.deadline_ns
    assert refused(desk.answer(asked, "keep")) == ["escalation_expired"]
    desk.now_ns -= 1
    assert len(closed(desk.answer(asked, "keep"))) == 1


def test_first_who_looks_at_it_is_named() -> None:
    desk = asked_desk()
    (asked,) = raised(desk.log)
    look = AckEscalation(principal=PM, escalation_id=asked.escalation_id)
    assert [type(event) for event in desk.said(look)] == [EscalationAcked]
    assert desk.said(AckEscalation(principal=OTHER_PM, escalation_id=asked.escalation_id)) == []
    assert refused(desk.said(AckEscalation(principal=RISK, escalation_id=asked.escalation_id))) == ["wrong_role"]


def test_state_survives_a_restart() -> None:
    desk, other = asked_desk(), Asking()
    kept = msgspec.json.encode(desk.stage.state())
    other.stage.restore(kept)
    assert msgspec.json.encode(other.stage.state()) == kept
    (asked,) = raised(desk.log)
    other.now_ns = desk.now_ns
    assert len(closed(other.answer(asked, "keep"))) == 1
