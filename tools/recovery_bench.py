"""How long a journal of a million events takes to recover: from its last snapshot and what came after, and from empty.

A desk works orders before a venue that answers at once; every sixth is left resting. What it recorded is repeated
under other ids until the journal is long enough. The desk is then rebuilt from its file, from a snapshot that another
process took and from empty, and both states must be equal.

Run: python tools/recovery_bench.py [--events 1000000] [--after 15000]
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.side_snapshot import side_path
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.loopback_venue.book import VenueBook, VenueOrder
from sottovoce.adapters.loopback_venue.market import LoopbackMarket
from sottovoce.core.commands import NewOrder, VenueMessage
from sottovoce.core.lifecycle import LIVE
from sottovoce.core.ports import Outbound, Step
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live import LiveDesk, orders_of
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.recovery import Recovered, open_crashed, rebuild
from sottovoce.runtime.snapshots import take_side_snapshot
from tools.chaos_run.setting import Setting, order

LEFT_RESTING = 6
GAP_NS = NS_PER_SECOND // 1_000
"""Desk time between two orders."""

REAL_EVENTS = 20_000
"""Events the desk itself decides; the others repeat them."""

IDS = re.compile(rb'P-[0-9A-F]{16}|(?<=["-])[0-9A-F]{20}(?=["-])')
"""Ids of parents, and of orders as venues see them."""


class PromptBook(VenueBook):
    """Fills what it does not leave resting as soon as it is asked for."""

    def _next_trade(self, order: VenueOrder, now_ns: int) -> None:
        rests = len(self.orders) % LEFT_RESTING == 0
        order.next_ns = 1 << 62 if rests else now_ns


class PromptMarket(LoopbackMarket):
    """The Market port on a book in the same process."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.instrument, 0, "")
        self.book = PromptBook("bench", lambda line: None)
        self._news: list[VenueMessage] = [SessionStatus(venue=facts.venue, up=True) for facts in self.venues()]
        self._at_ns = setting.start_ns

    def send(self, message: Outbound, at_ns: int) -> None:
        self._news += self.book.take(message, at_ns)
        self._news += self.book.due(at_ns)

    def advance(self, until_ns: int) -> list[tuple[int, VenueMessage]]:
        self._now_ns = max(self._now_ns, until_ns)
        self._seq += 1
        if self._news:
            self._now_ns = self._at_ns
            news, self._news = self._news, []
            return [(self._at_ns, message) for message in news]
        self._at_ns = max(self._at_ns, until_ns)
        return []


def worked(path: Path, setting: Setting, events: int) -> None:
    """Work orders until the journal has so many events."""
    memory = Memory(setting.system())
    journal = SqliteJournal(path, memory.system.founded)
    engine = Engine(memory.system, journal, NoMetrics(), 60 * NS_PER_SECOND)
    clock = VirtualClock(setting.start_ns)
    desk = LiveDesk(engine, PromptMarket(setting), clock, memory, journal, snapshot_steps=1 << 62)
    counted = [0]
    desk.watch(lambda ts_ns, step: counted.__setitem__(0, counted[0] + len(step.events)))
    desk.start(rebuild(Memory(setting.system()), journal))
    desk.run_until(clock.now_ns() + NS_PER_SECOND)
    number = 0
    while counted[0] < events:
        number += 1
        desk.submit(order(3 * number + 1, clock.now_ns(), setting.bid))
        desk.run_until(clock.now_ns() + GAP_NS)
    journal.close()


class Repetition:
    """The day's orders, again and again under other ids."""

    def __init__(self, path: Path) -> None:
        self._path = path
        reading = SqliteJournal(path, read_only=True)
        steps = [step for _, step in reading.steps(with_evidence=False)]
        reading.close()
        first = next(index for index, step in enumerate(steps) if isinstance(step.input, NewOrder))
        self._again = [msgspec.json.encode(step) for step in steps[first:]]
        self._events = sum(len(step.events) for step in steps)
        self._more = self._steps()

    def extend(self, events: int) -> None:
        """Append steps until the journal has so many events."""
        writing = SqliteJournal(self._path)
        while self._events < events:
            step = next(self._more)
            writing.append(step)
            self._events += len(step.events)
        writing.close()

    def _steps(self) -> Iterator[Step]:
        for round_ in count(1):
            for body in self._again:
                yield msgspec.json.decode(_renamed(body, round_), type=Step)


def _renamed(body: bytes, round_: int) -> bytes:
    """A body whose parents and venue orders are others, the same ones every time they are named."""
    return IDS.sub(lambda found: _other(found[0], round_), body)


@cache
def _other(name: bytes, round_: int) -> bytes:
    letters = hashlib.sha256(b"%d %s" % (round_, name)).hexdigest().upper().encode()
    return b"P-" + letters[:16] if name.startswith(b"P-") else letters[:20]


def timed(path: Path, setting: Setting, *, from_empty: bool) -> tuple[str, Recovered, Memory]:
    """Open, cut the tail, rebuild: seconds by the clock and of CPU, what was done, and the memory."""
    memory = Memory(setting.system())
    began, began_cpu = time.perf_counter(), time.process_time()
    tail = open_crashed(path)
    journal = SqliteJournal(path)
    recovered = rebuild(memory, journal, tail, from_empty=from_empty)
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    journal.close()
    return f"{took:.2f} s ({took_cpu:.2f} s of CPU)", recovered, memory


def main() -> int:
    """Write, recover twice, compare, print."""
    parser = argparse.ArgumentParser(description="recovery of a large journal")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--after", type=int, default=15_000, help="events after the snapshot")
    given = parser.parse_args()
    setting = Setting()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "journal.db"
        worked(path, setting, min(REAL_EVENTS, given.events // 2))
        repetition = Repetition(path)
        repetition.extend(given.events - given.after)
        began = time.perf_counter()
        take_side_snapshot(path, Memory(setting.system()))
        taken_s = time.perf_counter() - began
        size = side_path(path).stat().st_size / 1e6
        repetition.extend(given.events)
        print(f"journal {path.stat().st_size / 1e6:.0f} MB; snapshot by another process {taken_s:.2f} s, {size:.0f} MB")
        return _compared(path, setting)


def _compared(path: Path, setting: Setting) -> int:
    quick_took, quick, memory = timed(path, setting, from_empty=False)
    whole_took, whole, other = timed(path, setting, from_empty=True)
    live = sum(sent.state.status in LIVE for sent in orders_of(memory.system).sent.values())
    print(f"{whole.events} events in {whole.steps} steps; {live} live orders at the end")
    print(f"from the snapshot and {quick.events} events after it: {quick_took}")
    print(f"from empty: {whole_took}")
    equal = memory.digest() == other.digest()
    print(f"digests {'equal' if equal else 'DIFFER'}: {memory.digest()}")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
