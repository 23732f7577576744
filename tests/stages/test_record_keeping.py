"""A reading of the clock becomes a mark when it changes what times are good for; a lost store is on the record."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.clock_events import ClockEvent, ClockMarked, ClockStanding, RecordStoreBack, RecordStoreLost
from sottovoce.core.events import StageEvent
from sottovoce.stages.record_keeping import ClockConfig, RecordKeeping
from tests.scenarios.small_desk import drive, small_system, view_at

C = ClockStanding


def _reading(offset_ns: int | None, error_ns: int = 0) -> ClockReading:
    return ClockReading(offset_ns=offset_ns, error_ns=error_ns, source="chrony")


@pytest.mark.parametrize(
    ("offset_ns", "error_ns", "standing"),
    [
        (0, 0, C.COMPLIANT),
        (500_000, 0, C.COMPLIANT),
        (500_001, 0, C.DRIFTING),
        (-500_001, 0, C.DRIFTING),
        (1_000_000, 0, C.DRIFTING),
        (1_000_001, 0, C.NONCOMPLIANT),
        (-1_000_001, 0, C.NONCOMPLIANT),
        (600_000, 400_001, C.NONCOMPLIANT),
        (0, 1_000_001, C.NONCOMPLIANT),
        (None, 0, C.UNKNOWN),
    ],
)
def test_standing_is_by_how_far_utc_may_be(offset_ns: int | None, error_ns: int, standing: ClockStanding) -> None:
    assert RecordKeeping(ClockConfig()).standing(_reading(offset_ns, error_ns)) is standing


def test_mark_is_made_when_the_standing_changes_and_holds_until_the_next() -> None:
    system = small_system()
    readings = [_reading(10), _reading(20), _reading(700_000), _reading(2_000_000), _reading(1_500_000), _reading(None)]
    events = [drive(system, reading, view_at()) for reading in readings]
    marks = [[event.standing for event in found if isinstance(event, ClockMarked)] for found in events]
    assert marks == [[C.COMPLIANT], [], [C.DRIFTING], [C.NONCOMPLIANT], [], [C.UNKNOWN]]


def test_mark_has_the_offset_and_the_source() -> None:
    (mark,) = drive(small_system(), _reading(-700_000, 1_000), view_at())
    assert isinstance(mark, ClockMarked)
    assert (mark.offset_ns, mark.error_ns, mark.source, mark.parent_id) == (-700_000, 1_000, "chrony", "")


def test_state_is_restored_as_it_was() -> None:
    stage, other = RecordKeeping(ClockConfig()), RecordKeeping(ClockConfig())
    system = small_system()
    drive(system, _reading(2_000_000), view_at())
    drive(system, RecordStoreReport(up=False, reason="gone"), view_at())
    kept = msgspec.json.encode(system.stage("record_keeping").state())
    stage.restore(kept)
    assert msgspec.json.encode(stage.state()) == kept != msgspec.json.encode(other.state())


def _kinds(events: list[StageEvent]) -> list[type]:
    return [type(event) for event in events if isinstance(event, ClockEvent)]


def test_store_is_lost_once_and_back_once() -> None:
    system = small_system()
    said = [RecordStoreReport(up=True), *([RecordStoreReport(up=False, reason="gone")] * 2), RecordStoreReport(up=True)]
    events = [drive(system, report, view_at()) for report in said]
    assert [_kinds(found) for found in events] == [[], [RecordStoreLost], [], [RecordStoreBack]]
    lost = events[1][0]
    assert isinstance(lost, RecordStoreLost)
    assert lost.reason == "gone"
