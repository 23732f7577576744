"""Questions that follow from alarms: a latched scope, a line that is down, an open breaker, conduct, a break."""

from __future__ import annotations

from sottovoce.core.breaker_events import BreakerClosed, BreakerOpened, OpenReason
from sottovoce.core.escalation_commands import UnexplainedDue
from sottovoce.core.escalation_events import Outcome
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.risk_events import ConductAlert, ScopeLatched, ScopeReenabled
from sottovoce.core.session_events import (
    BreakClosed,
    BreakKind,
    BreakOpened,
    SessionDown,
    SessionUp,
)
from sottovoce.core.units import NS_PER_MINUTE
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.escalations.asking import (
    COMPLIANCE,
    PARENT,
    RISK,
    Asking,
    closed,
    failed,
    raised,
)


def test_latched_scope_asks_risk_until_it_is_re_enabled() -> None:
    desk = Asking()
    latch = ScopeLatched(parent_id="", ts_ns=OPEN_NS, scope="desk", failure=failed("loss_stop"))
    (asked,) = raised(desk.happened(latch))
    assert (asked.rule, asked.subject, asked.deadline_ns) == ("E-RM-3", "desk", OPEN_NS + 3 * NS_PER_MINUTE)
    assert raised(desk.happened(latch)) == [], "put once"
    back = ScopeReenabled(parent_id="", ts_ns=OPEN_NS, principal=RISK, scope="desk", reason="repaired")
    (end,) = closed(desk.happened(back))
    assert (end.outcome, end.principal) == (Outcome.ANSWERED, RISK)


def test_line_that_is_down_asks_operations_once_without_a_deadline() -> None:
    desk = Asking()
    down = SessionDown(parent_id="", ts_ns=OPEN_NS, venue="LITA", reason="lost")
    (asked,) = raised(desk.happened(down))
    assert (asked.rule, asked.to, asked.deadline_ns) == ("E-OP-1", "operations", 0)
    assert raised(desk.happened(down)) == []
    up = SessionUp(parent_id="", ts_ns=OPEN_NS, venue="LITA", reason="back")
    assert [end.outcome for end in closed(desk.happened(up))] == [Outcome.WITHDRAWN]


def test_open_breaker_asks_operations_until_it_closes() -> None:
    desk = Asking()
    opened = BreakerOpened(
        parent_id="", ts_ns=OPEN_NS, downstream="venue:LITA", reason=next(iter(OpenReason)), calls=20, errors=2,
        consecutive=1, retry_ns=OPEN_NS, backoff_ns=1, number=1,
    )  # fmt: skip
    assert [each.subject for each in raised(desk.happened(opened))] == ["venue:LITA"]
    shut = BreakerClosed(parent_id="", ts_ns=OPEN_NS, downstream="venue:LITA", waiting=0)
    assert len(closed(desk.happened(shut))) == 1


def test_alert_of_conduct_asks_compliance_and_pauses_the_order() -> None:
    desk = Asking()
    alert = ConductAlert(
        parent_id=PARENT, ts_ns=OPEN_NS, code="self_match", account="A", instrument_id="ACME", detail="x"
    )
    found = desk.happened(alert)
    assert [(each.rule, each.person) for each in raised(found)] == [("E-CO-2", COMPLIANCE)]
    (pause,) = [event for event in found if isinstance(event, ParentPaused)]
    assert "self_match" not in pause.reason, "the desk is not told what compliance looks at"
    assert raised(desk.happened(alert)) == [], "put once"
    (asked,) = raised(found)
    desk.answer(asked, "resume", by=COMPLIANCE)
    assert raised(desk.happened(alert)) != [], "and again once it was answered"


def test_alerts_of_two_names_nobody_is_working_are_two_questions() -> None:
    desk = Asking()
    for name in ("ACME", "BETA"):
        alert = ConductAlert(
            parent_id="P-gone", ts_ns=OPEN_NS, code="wash", account="A", instrument_id=name, detail="x"
        )
        assert [each.subject for each in raised(desk.happened(alert))] == [f"A/{name}"]
        assert raised(desk.happened(alert)) == []


def test_break_that_is_explained_takes_its_question_back_though_its_order_is_over() -> None:
    desk = Asking()
    opened = BreakOpened(
        parent_id="P-gone", ts_ns=OPEN_NS, break_id="B-1", kind=next(iter(BreakKind)), venue="LITA",
        instrument_id="ACME", cl_ord_id="x", exec_id="e", ours="0", theirs="100",
    )  # fmt: skip
    desk.happened(opened)
    desk.wait(301)
    (asked,) = raised(desk.said(UnexplainedDue(parent_id="P-gone", name="B-1")))
    assert asked.rule == "E-RM-3"
    shut = BreakClosed(parent_id="P-gone", ts_ns=desk.now_ns, break_id="B-1", by=RISK, evidence="by telephone")
    assert [(end.escalation_id, end.outcome) for end in closed(desk.happened(shut))] == [
        (asked.escalation_id, Outcome.WITHDRAWN)
    ]


# answers --------------------------------------------------------------------------------------------------
