"""Twenty kinds of event a person must be told of, each once, counted when it repeats (AT-04)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from sottovoce.adapters.alerts.log import log_port
from sottovoce.core.alert_table import ROWS, SOME, alert_of
from sottovoce.core.alerts import TARGET_NS, Alert, Audience, Severity
from sottovoce.core.breaker_events import BreakerClosed, BreakerOpened, OpenReason, RejectsHigh
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.halts import FIRM_SCOPE, Standing
from sottovoce.core.order_events import HaltSet
from sottovoce.core.ports import Step
from sottovoce.core.risk_events import ConductAlert
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.alarms import REPEAT_NS, Alarms
from tests.scenarios.small_desk import OPEN_NS


class Kept:
    """A port that keeps what it is given, or drops all of it."""

    def __init__(self, takes: bool = True) -> None:
        self.alerts: list[Alert] = []
        self.takes, self.closed = takes, False

    def notify(self, alert: Alert) -> bool:
        self.alerts.append(alert)
        return self.takes

    def close(self) -> None:
        self.closed = True


def opened(at_ns: int = OPEN_NS, downstream: str = "venue:LITA") -> BreakerOpened:
    return BreakerOpened(
        parent_id="", ts_ns=at_ns, downstream=downstream, reason=OpenReason.ERROR_RATIO, calls=100, errors=6,
        consecutive=1, backoff_ns=10, retry_ns=at_ns + 10, number=1,
    )  # fmt: skip


def step(*events: StageEvent) -> Step:
    return Step(ts_ns=OPEN_NS, feed_seq=0, input=None, events=events)


def test_at_least_twenty_kinds_of_event_alert_and_all_are_on_the_record() -> None:
    kinds = {*ROWS, *SOME}
    assert len(kinds) >= 20
    assert kinds <= set(get_args(StageEvent))


@pytest.mark.parametrize("kind", sorted(ROWS, key=repr))
def test_every_row_makes_an_alert_of_what_the_event_says(kind: type[Any]) -> None:
    event = msgspec.convert(_filled(kind), kind)
    alert = alert_of(event)
    assert alert is not None
    assert (alert.code, alert.severity) == ROWS[kind][:2]
    assert alert.text
    assert (alert.first_ns, alert.last_ns, alert.count) == (event.ts_ns, event.ts_ns, 1)


def _filled(kind: Any) -> Any:
    """Some value of a type: what a table of sentences must be able to put into words."""
    inspected = msgspec.inspect.type_info(kind)
    return _value(inspected)


def _value(info: Any) -> Any:
    match info:
        case msgspec.inspect.StructType():
            filled = {field.encode_name: _value(field.type) for field in info.fields}
            return filled | ({"type": info.tag} if info.tag else {})
        case msgspec.inspect.StrType():
            return "word"
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.IntType():
            return 7
        case msgspec.inspect.FloatType():
            return 7.0
        case msgspec.inspect.EnumType():
            return next(iter(info.cls)).value
        case msgspec.inspect.UnionType():
            optional = any(isinstance(each, msgspec.inspect.NoneType) for each in info.types)
            return None if optional else _value(info.types[0])
        case msgspec.inspect.VarTupleType():
            return [_value(info.item_type)]
        case msgspec.inspect.TupleType():
            return [_value(each) for each in info.item_types]
        case msgspec.inspect.DictType():
            return {}
    raise AssertionError(f"no value for {info}")


def test_alert_is_sent_at_once_and_a_repetition_is_counted() -> None:
    port = Kept()
    alarms = Alarms([port])
    alarms(OPEN_NS, step(opened(), opened(OPEN_NS + 1)))
    (sent,) = port.alerts
    assert (sent.code, sent.severity, sent.count) == ("breaker_open", Severity.CRITICAL, 1)
    (shown,) = alarms.board.values()
    assert (shown.first_ns, shown.last_ns, shown.count) == (OPEN_NS, OPEN_NS + 1, 2)


def test_same_alert_a_minute_later_is_sent_with_its_count() -> None:
    port = Kept()
    alarms = Alarms([port])
    for at_ns in (OPEN_NS, OPEN_NS + 30 * NS_PER_SECOND, OPEN_NS + REPEAT_NS):
        alarms.hear(opened(at_ns))
    assert [(alert.count, alert.first_ns) for alert in port.alerts] == [(1, OPEN_NS), (3, OPEN_NS)]


def test_other_subject_is_another_alert() -> None:
    port = Kept()
    alarms = Alarms([port])
    alarms(OPEN_NS, step(opened(), opened(downstream="venue:LITB")))
    assert {alert.subject for alert in port.alerts} == {"venue:LITA", "venue:LITB"}


def test_every_port_gets_it_and_what_none_took_is_counted() -> None:
    good, bad = Kept(), Kept(takes=False)
    alarms = Alarms([good, bad])
    alarms.hear(opened())
    assert (len(good.alerts), len(bad.alerts), alarms.sent, alarms.dropped) == (1, 1, 1, 1)
    alarms.close()
    assert good.closed
    assert bad.closed


def test_conduct_is_for_compliance_only() -> None:
    event = ConductAlert(parent_id="P", ts_ns=OPEN_NS, code="probing", account="A", instrument_id="ACME", detail="x")
    alert = alert_of(event)
    assert alert is not None
    assert alert.audience is Audience.COMPLIANCE


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (HaltSet(parent_id="", ts_ns=1, halt=Standing(scope=FIRM_SCOPE, reason="x", principal="risk-1", ts_ns=1)),
         "kill_switch"),
        (InputPoisoned(parent_id="P", ts_ns=1, error="x"), "step_failed"),
        (ParentPaused(parent_id="P", ts_ns=1, reason="x"), "order_paused"),
        (RejectsHigh(parent_id="", ts_ns=1, downstream="venue:X", calls=9, rejects=3, until_ns=9, number=1),
         "venue_rejecting"),
        (BreakerClosed(parent_id="", ts_ns=1, downstream="venue:X", waiting=0), "breaker_closed"),
    ],
)  # fmt: skip
def test_codes_do_not_change(event: StageEvent, code: str) -> None:
    alert = alert_of(event)
    assert alert is not None
    assert alert.code == code


def test_every_kind_of_alert_is_at_the_door_within_its_target(tmp_path: Path) -> None:
    """AT-04: each kind of event injected once; the slowest alert is written within a second, the bound is five."""
    port = log_port(tmp_path / "alerts.log")
    alarms = Alarms([port])
    events: list[StageEvent] = [msgspec.convert(_filled(kind), kind) for kind in sorted(ROWS, key=repr)]
    alarms(OPEN_NS, step(*events))
    alarms.close()
    written = (tmp_path / "alerts.log").read_text("utf-8").splitlines()
    assert len(written) == len(events) >= 20
    assert port.counts.worst_ns < TARGET_NS
    assert port.counts.late == 0
