"""Replay: the fold of the record is the state, at every step, from any snapshot, with no market and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.core.errors import JournalError
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Step
from sottovoce.core.route_events import RouteDecided
from sottovoce.core.work_events import ParentDone
from sottovoce.runtime.replay import fold
from tests.adapters.journal.worked import desk, fresh_system, morning, work_morning

Numbered = list[tuple[int, Step]]


def numbered(steps: Sequence[Step]) -> Numbered:
    return list(enumerate(steps, start=1))


def with_event(change: StageEvent, at: int) -> Numbered:
    """The morning with its at-th event replaced."""
    seen, steps = 0, []
    for step in morning():
        events = list(step.events)
        if seen <= at < seen + len(events):
            events[at - seen] = change
        seen += len(events)
        steps.append(replace(step, events=tuple(events)))
    return numbered(steps)


def events() -> list[StageEvent]:
    return [event for step in morning() for event in step.events]


def test_restart_after_any_step_gives_the_state_at_that_step(tmp_path: Path) -> None:
    """Stopped after N steps: the journal on disk, folded into a fresh system, is the live system as it was then."""
    path = tmp_path / "journal.db"
    live: list[str] = []

    class Noting(SqliteJournal):
        def append(self, step: Step) -> int:
            live.append(run.desk.engine.system.digest())
            return super().append(step)

    journal = Noting(path)
    run = desk(journal)
    work_morning(run)
    journal.close()
    restarted = fresh_system()
    for seq, step in open_for_reading(path).steps():
        assert fold(restarted, [(seq, step)]) == live[seq - 1], f"after step {seq}"
    assert len(live) == len(morning())
    assert len(set(live)) > len(live) // 2


def test_digest_does_not_depend_on_how_the_fold_was_divided() -> None:
    whole, halves = fresh_system(), fresh_system()
    half = len(morning()) // 2
    fold(halves, numbered(morning())[:half])
    assert fold(halves, numbered(morning())[half:]) == fold(whole, numbered(morning()))


def test_state_saved_and_restored_at_any_step_goes_on_the_same() -> None:
    live = fresh_system()
    for number, step in enumerate(morning(), start=1):
        fold(live, [(number, step)])
        other = fresh_system()
        other.restore(live.save())
        assert other.digest() == live.digest(), f"after step {number}"
        fold(other, numbered(morning())[number:])
        live_to_the_end = fresh_system()
        assert other.digest() == fold(live_to_the_end, numbered(morning()))


def test_evidence_makes_no_difference_to_the_fold() -> None:
    bare = [
        replace(step, events=tuple(event for event in step.events if not isinstance(event, RouteDecided)))
        for step in morning()
    ]
    assert fold(fresh_system(), numbered(bare)) == fold(fresh_system(), numbered(morning()))


@pytest.mark.parametrize("kind", [OrderAccepted, Fill, ParentDone])
def test_one_event_altered_gives_another_digest(kind: type[StageEvent]) -> None:
    at, event = next((at, event) for at, event in enumerate(events()) if isinstance(event, kind))
    changed = {
        OrderAccepted: lambda: replace(event, body_digest="another"),
        Fill: lambda: replace(event, px=event.px + 1),  # type: ignore[union-attr]
        ParentDone: lambda: replace(event, reason="another"),
    }[kind]()
    assert fold(fresh_system(), with_event(changed, at)) != fold(fresh_system(), numbered(morning()))


def test_events_that_cannot_follow_are_named_by_their_step() -> None:
    at, fill = next((at, event) for at, event in enumerate(events()) if isinstance(event, Fill))
    swollen = replace(fill, qty=fill.qty + 10**6, from_working=fill.from_working + 10**6)
    with pytest.raises(JournalError) as refused:
        fold(fresh_system(), with_event(swollen, at))
    assert refused.value.code == "not_foldable"
    step = next(seq for seq, step in numbered(morning()) if fill in step.events)
    assert f"step {step} " in str(refused.value)


def test_history_without_its_beginning_is_refused() -> None:
    with pytest.raises(JournalError) as refused:
        fold(fresh_system(), numbered(morning())[3:])
    assert refused.value.code == "not_foldable"


def test_memory_and_disk_fold_to_the_same(tmp_path: Path) -> None:
    memory, disk = MemoryJournal(), SqliteJournal(tmp_path / "journal.db")
    for step in morning():
        memory.append(step)
        disk.append(step)
    assert fold(fresh_system(), memory.steps()) == fold(fresh_system(), disk.steps(with_evidence=False))
