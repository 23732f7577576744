"""What every journal promises: whole steps in order, one chain, an id once, and the same head for the same steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from sottovoce.adapters.journal.committer import GroupedJournal
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Journal, Step
from sottovoce.core.route_events import RouteDecided
from tests.adapters.journal.worked import morning

META = {"market": "sim", "seed": "7"}
STATES = {"blotter": b'{"rows":[]}', "risk": b"{}"}
OpenJournal = Callable[[], Journal]


@pytest.fixture(params=["memory", "sqlite", "grouped"])
def open_journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenJournal]:
    """Opens another empty journal at each call, and closes them all; one that failed says so once more."""
    opened: list[Journal] = []

    def open_one() -> Journal:
        if request.param == "memory":
            opened.append(MemoryJournal(META))
        else:
            on_disk = SqliteJournal(tmp_path / f"{len(opened)}.db", META)
            opened.append(GroupedJournal(on_disk) if request.param == "grouped" else on_disk)
        return opened[-1]

    yield open_one
    for journal in opened:
        with suppress(JournalError):
            journal.close()


def recorded(journal: Journal, steps: tuple[Step, ...]) -> Journal:
    for step in steps:
        journal.append(step)
    journal.flush()
    return journal


def accepted_step() -> Step:
    return next(step for step in morning() if any(isinstance(event, OrderAccepted) for event in step.events))


def test_steps_come_back_as_they_were_with_their_evidence(open_journal: OpenJournal) -> None:
    journal = recorded(open_journal(), morning())
    assert tuple(step for _, step in journal.steps()) == morning()
    assert any(isinstance(event, RouteDecided) for step in morning() for event in step.events)


def test_sequence_numbers_count_from_one_without_gaps(open_journal: OpenJournal) -> None:
    journal = open_journal()
    given = [journal.append(step) for step in morning()]
    assert given == list(range(1, len(morning()) + 1))
    assert [seq for seq, _ in journal.steps()] == given


@pytest.mark.parametrize("after", [0, 1, 17, len(morning()) - 1, len(morning()), 1_000])
def test_steps_after_a_number(open_journal: OpenJournal, after: int) -> None:
    journal = recorded(open_journal(), morning())
    assert [step for _, step in journal.steps(after)] == list(morning()[after:])
    assert [seq for seq, _ in journal.steps(after)] == list(range(after + 1, len(morning()) + 1))


def test_equal_steps_give_equal_heads_in_every_journal(tmp_path: Path) -> None:
    on_disk = recorded(SqliteJournal(tmp_path / "journal.db", META), morning())
    assert on_disk.head() == recorded(MemoryJournal(META), morning()).head()


def test_head_does_not_depend_on_how_steps_were_grouped(open_journal: OpenJournal) -> None:
    together, alone = recorded(open_journal(), morning()), open_journal()
    for step in morning():
        alone.append(step)
        alone.flush()
    assert alone.head() == together.head()


def test_head_moves_with_every_step(open_journal: OpenJournal) -> None:
    journal = open_journal()
    heads = [journal.head()]
    for step in morning():
        journal.append(step)
        heads.append(journal.head())
    assert len(set(heads)) == len(heads)
    assert all(len(bytes.fromhex(head)) == 32 for head in heads)


@pytest.mark.parametrize("number", [0, 5, len(morning()) - 1])
def test_another_time_in_one_step_gives_another_head(open_journal: OpenJournal, number: int) -> None:
    altered = list(morning())
    altered[number] = replace(altered[number], ts_ns=altered[number].ts_ns + 1)
    assert recorded(open_journal(), tuple(altered)).head() != recorded(open_journal(), morning()).head()


def test_order_of_steps_gives_another_head(open_journal: OpenJournal) -> None:
    first, second, *rest = morning()
    assert recorded(open_journal(), (second, first, *rest)).head() != recorded(open_journal(), morning()).head()


def test_meta_is_in_the_chain() -> None:
    assert MemoryJournal({"seed": "7"}).head() != MemoryJournal({"seed": "8"}).head()


def test_client_order_is_recorded_once(open_journal: OpenJournal) -> None:
    journal = open_journal()
    journal.append(accepted_step())
    with pytest.raises(JournalError) as refused:
        recorded(journal, (accepted_step(),))
    assert "client_id_twice" in (refused.value.code, getattr(refused.value.__cause__, "code", ""))


def test_flushed_is_durable(open_journal: OpenJournal) -> None:
    journal = open_journal()
    assert journal.durable() == 0
    for step in morning()[:3]:
        seq = journal.append(step)
        journal.flush()
        assert journal.durable() == seq


def test_snapshot_takes_a_number_in_the_chain_and_is_durable_at_once(open_journal: OpenJournal) -> None:
    journal = open_journal()
    before = journal.append(morning()[0])
    head = journal.head()
    seq = journal.snapshot(STATES)
    assert (seq, journal.durable()) == (before + 1, before + 1)
    assert journal.head() != head
    assert journal.append(morning()[1]) == seq + 1
    assert [number for number, _ in journal.steps()] == [before, seq + 1]
    assert [step for _, step in journal.steps(seq)] == [morning()[1]]


def test_head_depends_on_what_was_kept_in_a_snapshot(open_journal: OpenJournal) -> None:
    heads = []
    for states in (STATES, STATES, STATES | {"risk": b'{"used":1}'}):
        journal = open_journal()
        journal.snapshot(states)
        heads.append(journal.head())
    assert heads[0] == heads[1] != heads[2]


def test_equal_snapshots_give_equal_heads_in_every_journal(tmp_path: Path) -> None:
    on_disk, memory = SqliteJournal(tmp_path / "journal.db", META), MemoryJournal(META)
    assert on_disk.snapshot(STATES) == memory.snapshot(STATES)
    assert on_disk.head() == memory.head()


def test_flush_of_nothing_changes_nothing(open_journal: OpenJournal) -> None:
    journal = open_journal()
    head = journal.head()
    journal.flush()
    journal.flush()
    assert journal.head() == head
    assert list(journal.steps()) == []


@pytest.mark.parametrize("grouped", [False, True])
def test_close_keeps_what_was_only_appended(tmp_path: Path, grouped: bool) -> None:
    on_disk = SqliteJournal(tmp_path / "journal.db", META)
    journal: Journal = GroupedJournal(on_disk) if grouped else on_disk
    for step in morning():
        journal.append(step)
    journal.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["journal.db"]
    reopened = SqliteJournal(tmp_path / "journal.db")
    assert tuple(step for _, step in reopened.steps()) == morning()
    assert reopened.durable() == len(morning())


def test_equal_but_not_identical_steps_give_equal_heads(open_journal: OpenJournal) -> None:
    """A step that has been through bytes is the same step: the chain must not depend on which objects are shared."""
    steps = morning()
    again = tuple(msgspec.json.decode(msgspec.json.encode(step), type=Step) for step in steps)
    assert recorded(open_journal(), again).head() == recorded(open_journal(), steps).head()
