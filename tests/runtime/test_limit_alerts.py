"""Who is told of changes of limits and lists: refusals, waits, ends; and nothing of lists to the desk."""

from __future__ import annotations

from sottovoce.core.alert_table import alert_of
from sottovoce.core.alerts import Alert, Audience, Severity
from sottovoce.core.events import StageEvent
from sottovoce.core.limit_commands import ApproveChange, RowEnd
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.units import NS_PER_MINUTE
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.limits.changing import BOB, CY, MILLION, Changing, entry, limit


def told(events: list[StageEvent]) -> list[Alert]:
    return [alert for event in events if (alert := alert_of(event)) is not None]


def test_refused_file_is_alerted_with_its_first_fault_and_how_many_more() -> None:
    (alert,) = told(Changing().limits(whole=True, faults=("limits.toml, line 3: no", "limits.toml, line 9: no")))
    assert (alert.code, alert.severity, alert.audience) == ("limits_refused", Severity.HIGH, Audience.DESK)
    assert "limits.toml, line 3: no" in alert.text
    assert alert.text.endswith("and 1 more")


def test_raise_is_alerted_when_it_waits_when_it_holds_and_when_it_ends() -> None:
    desk, until = Changing(), OPEN_NS + NS_PER_MINUTE
    (waiting,) = told(desk.limits(limit("F1", 2 * MILLION, version=2, until_ns=until)))
    (changed,) = told(desk.approve())
    (ended,) = told(desk.ask(RowEnd(row_id="F1", version=2), until))
    assert [waiting.code, changed.code, ended.code] == ["limits_waiting", "limits_changed", "limit_ended"]
    assert "from 1,000,000 to 2,000,000" in waiting.text
    assert "2,000,000 is 1,000,000 again" in ended.text


def test_lists_are_told_to_compliance_alone() -> None:
    desk = Changing()
    alerts = told(desk.lists(entry("ACME", until_ns=OPEN_NS + 5)))
    alerts += told(desk.lists(entry("ACME", version=2, removed=True)))
    alerts += told(desk.lists(entry("ZZZ", instrument_id="ZZZ")))
    alerts += told(desk.ask(RowEnd(row_id="ACME", version=1), OPEN_NS + 5))
    assert [alert.code for alert in alerts] == ["lists_changed", "lists_waiting", "lists_refused", "list_entry_ended"]
    assert {alert.audience for alert in alerts} == {Audience.COMPLIANCE}


def test_other_refusals_are_answers_and_no_alerts() -> None:
    events = Changing().ask(ApproveChange(principal=BOB, change_id="LC-9", digest=CY))
    assert isinstance(events[0], CommandRefused)
    assert told(events) == []
