"""While checkpoints cannot be kept a live desk takes nothing new, lets cancels out, and its chain has no gap (F-48)."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.committer import GroupedJournal
from sottovoce.adapters.journal.notary import Notary, SignedLiveJournal
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.trail import verify_trail
from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.clock_events import ClockMarked, RecordStoreBack, RecordStoreLost
from sottovoce.core.commands import CancelOrder
from sottovoce.core.errors import ConnectivityError
from sottovoce.core.ids import parent_id
from sottovoce.core.order_events import CancelAccepted, OrderAccepted
from sottovoce.core.recovery_commands import ClockJumped
from sottovoce.core.recovery_events import ClockJumpSeen
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live import LiveDesk
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.record_watch import RecordWatch
from sottovoce.runtime.recovery import open_crashed, rebuild
from tests.adapters.journal.test_notary import FailingStore
from tests.runtime.mortal_desk import Street
from tests.scenarios.small_desk import ACCOUNT, MAX_AGE_NS, OPEN_NS, TRADER, new_order, small_system

READING = ClockReading(offset_ns=700_000, source="a test")


class Ticking:
    """A monotonic clock that goes on a minute at every look: every record is due for a checkpoint."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        self.now_ns += NS_PER_MINUTE
        return self.now_ns


class WatchedDesk:
    """A live desk on a signed journal whose second store can be taken away."""

    def __init__(self, folder: Path) -> None:
        self.path, self.checkpoints = folder / "journal.db", folder / "second" / "c.jsonl"
        self.signer: Signer = load_signer(generate_key(folder / "key")[0])
        tail = open_crashed(self.path)
        memory = Memory(small_system())
        inner = SqliteJournal(self.path, memory.system.founded)
        self.store = FailingStore(self.checkpoints, self.path)
        self.store.came_back = threading.Event()
        notary = Notary(inner.head(), self.store, self.signer)
        recovered = rebuild(memory, inner, tail)
        self.journal = SignedLiveJournal(GroupedJournal(inner), notary, Ticking())
        engine = Engine(memory.system, self.journal, NoMetrics(), MAX_AGE_NS)
        line = Street().connect()
        self.desk = LiveDesk(engine, line, VirtualClock(OPEN_NS), memory, self.journal, strains=[])
        self.desk.start(recovered)
        self.clock_news: list[ClockReading | ClockJumped] = []
        self.watch = RecordWatch(self._clock, lambda: self.journal.lost)
        self.turn()

    def _clock(self) -> list[ClockReading | ClockJumped]:
        news, self.clock_news = self.clock_news, []
        return news

    def turn(self) -> None:
        """A turn of the loop."""
        self.watch.turn(self.desk)
        self.desk.run_until(self.desk.clock.now_ns() + 10_000_000)

    def kinds(self) -> list[type]:
        """Types of the events on the record."""
        return [type(event) for _, step in self.journal.steps() for event in step.events]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedDesk:
    monkeypatch.setattr("sottovoce.adapters.journal.notary.RETRY_S", 0.01)
    return WatchedDesk(tmp_path)


def _away(watched: WatchedDesk) -> None:
    """Take the store away, and wait until the notary has noticed."""
    watched.store.away = True
    watched.clock_news = [READING]
    watched.turn()
    while watched.journal.lost is None:
        threading.Event().wait(0.005)
    watched.turn()


def test_without_the_store_new_orders_are_refused_and_cancels_leave(watched: WatchedDesk) -> None:
    watched.desk.submit(new_order())
    _away(watched)
    with pytest.raises(ConnectivityError) as refused:
        watched.desk.submit(new_order("c-2"))
    assert refused.value.code == "audit_unavailable"
    step = watched.desk.submit(CancelOrder(principal=TRADER, parent_id=parent_id(ACCOUNT, "c-1")))
    assert CancelAccepted in [type(event) for event in step.events]
    assert RecordStoreLost in watched.kinds()


def test_when_it_is_back_orders_are_taken_and_the_trail_has_no_gap(watched: WatchedDesk) -> None:
    _away(watched)
    watched.store.came_back.clear()
    watched.store.away = False
    assert watched.store.came_back.wait(10)
    while watched.journal.lost is not None:
        threading.Event().wait(0.005)
    watched.turn()
    assert OrderAccepted in [type(event) for event in watched.desk.submit(new_order()).events]
    kinds = watched.kinds()
    assert kinds.index(RecordStoreLost) < kinds.index(RecordStoreBack) < kinds.index(OrderAccepted)
    watched.journal.close()
    found = verify_trail(watched.path, watched.checkpoints, [watched.signer.public], sealed=True)
    assert (found.faults, found.unsigned) == ([], 0)


def test_clock_marks_and_jumps_are_on_the_record(watched: WatchedDesk) -> None:
    watched.clock_news = [ClockJumped(by_ns=-3_600_000_000_000, wall_ns=1), READING]
    watched.turn()
    kinds = watched.kinds()
    assert kinds.index(ClockJumpSeen) < kinds.index(ClockMarked)
    watched.journal.close()


def test_loss_and_return_are_told_once() -> None:
    states = iter([None, "gone", "gone for good", None, None])
    watch = RecordWatch(list, lambda: next(states))
    assert [watch.news() for _ in range(5)] == [
        [], [RecordStoreReport(up=False, reason="gone")], [], [RecordStoreReport(up=True)], [],
    ]  # fmt: skip
