"""A desk that can be killed at a named point and started again, before a street that remembers what it was sent.

Killed is no Exception, so nothing in the desk takes it for a failed step: what is on disk is all that is left.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.records import Record
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.loopback_venue.book import VenueBook, VenueOrder
from sottovoce.core.commands import NewOrder, VenueMessage
from sottovoce.core.enums import DarkUse, OrdType, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Step, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live import LiveDesk
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.recovery import Recovered, open_crashed, rebuild
from sottovoce.stages.blotter import BlotterRow
from tests.scenarios.small_desk import (
    ACCOUNT,
    MAX_AGE_NS,
    OPEN_NS,
    VENUES,
    WIDE_CONFIG,
    new_order,
    small_system,
    states_at,
)

PARENT = parent_id(ACCOUNT, "c-1")
LATENCY_NS, RESTART_NS = 500_000, 1_000_000_000
"""Of the line, and how long a killed desk is away."""


class Killed(BaseException):
    """kill -9."""


class QuietBook(VenueBook):
    """Trades only when it is told to."""

    def _next_trade(self, order: VenueOrder, now_ns: int) -> None:
        order.next_ns = 1 << 62


class Street:
    """Venues with a memory of their own; each life of the desk has its own line to them."""

    def __init__(self) -> None:
        self.book = QuietBook("quiet", lambda line: None)
        self.heard: list[Outbound] = []
        self.now_ns = OPEN_NS
        self.line: StreetLine | None = None

    def connect(self) -> StreetLine:
        """A new line; what the old one had not delivered is lost with it."""
        self.line = StreetLine(self)
        return self.line

    def trade(self, cl_ord_id: str, qty: int) -> None:
        """Shares of a resting order trade; whether anybody hears of it depends on the line."""
        report = self.book.trade(cl_ord_id, qty, self.now_ns)
        if self.line is not None:
            self.line.say([report])

    def end_day(self) -> None:
        """Orders for the day expire."""
        reports = self.book.end_day(self.now_ns)
        if self.line is not None:
            self.line.say(reports)


class StreetLine:
    """The Market port of one life. before_send and after_send are where a desk may be killed."""

    def __init__(self, street: Street) -> None:
        self._street = street
        self._news: list[tuple[int, int, VenueMessage]] = []
        self._said = 0
        self.before_send: Callable[[Outbound], None] = lambda message: None
        self.after_send: Callable[[Outbound], None] = lambda message: None
        self.say([SessionStatus(venue=facts.venue, up=True, text="logged on") for facts in VENUES])

    def venues(self) -> Sequence[VenueFacts]:
        return VENUES

    def states(self) -> Mapping[str, MarketState]:
        return states_at(self._street.now_ns)

    def tape(self, instrument_id: str) -> Tape:
        raise AssertionError("nobody asks this street for its tape")

    def say(self, messages: Sequence[VenueMessage]) -> None:
        """News for this line, in order, after the latency."""
        for message in messages:
            self._said += 1
            heapq.heappush(self._news, (self._street.now_ns + LATENCY_NS, self._said, message))

    def send(self, message: Outbound, at_ns: int) -> None:
        self.before_send(message)
        self._street.now_ns = max(self._street.now_ns, at_ns)
        self._street.heard.append(message)
        self.say(self._street.book.take(message, self._street.now_ns))
        self.after_send(message)

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Run up to a time, or to the first news if that is earlier."""
        if not self._news or self._news[0][0] > until_ns:
            self._street.now_ns = max(self._street.now_ns, until_ns)
            return []
        arrival_ns, _, message = heapq.heappop(self._news)
        self._street.now_ns = max(self._street.now_ns, arrival_ns)
        return [(arrival_ns, message)]


class MortalJournal(SqliteJournal):
    """before_commit and after_commit are where a desk may be killed."""

    def __init__(self, path: Path, founded: Mapping[str, str]) -> None:
        self.before_commit: Callable[[list[Record]], None] = lambda records: None
        self.after_commit: Callable[[list[Record]], None] = lambda records: None
        super().__init__(path, founded)

    def commit(self, records: list[Record]) -> None:
        self.before_commit(records)
        super().commit(records)
        self.after_commit(records)

    def drop(self) -> None:
        """What happens to the file of a process that dies: nothing."""
        self._pending.clear()
        self._db.close()


class Life:
    """One life of the desk on a journal."""

    def __init__(
        self, path: Path, street: Street, config: Config = WIDE_CONFIG, *, snapshot_steps: int = 10**9
    ) -> None:
        self.street = street
        tail = open_crashed(path)
        self.memory = Memory(small_system(config))
        self.journal = MortalJournal(path, self.memory.system.founded)
        self.recovered: Recovered = rebuild(self.memory, self.journal, tail)
        street.now_ns = max(street.now_ns, self.recovered.last_ns)
        self.sent_before = len(street.heard)
        self.line = street.connect()
        engine = Engine(self.memory.system, self.journal, NoMetrics(), MAX_AGE_NS)
        self.desk = LiveDesk(
            engine, self.line, VirtualClock(street.now_ns), self.memory, self.journal, snapshot_steps=snapshot_steps
        )
        self.desk.start(self.recovered)

    def run(self, duration_ns: int = RESTART_NS) -> Life:
        """Let time pass."""
        self.desk.run_until(self.desk.clock.now_ns() + duration_ns)
        return self

    def die(self) -> None:
        """Nothing of the process is left."""
        self.journal.drop()
        self.street.line = None

    def sent(self) -> list[Outbound]:
        """What this life has sent."""
        return self.street.heard[self.sent_before :]

    def orders(self) -> list[str]:
        """ClOrdIDs this life has sent new orders under."""
        return [message.route.cl_ord_id for message in self.sent() if isinstance(message, ChildRouted)]


def resting(cl_ord_id: str = "c-1") -> NewOrder:
    """An order that goes to a venue at once and rests there: 300 shares of c-1, 400 of c-2: no two are alike."""
    return new_order(
        cl_ord_id,
        order_qty=200 + 100 * int(cl_ord_id.removeprefix("c-")),
        ord_type=OrdType.LIMIT,
        price="49.80",
        strategy=Strategy.SOR,
        dark=DarkUse.NONE,
        end_ns=OPEN_NS + 60 * NS_PER_MINUTE,
    )


def kill_on(kind: type) -> Callable[[Outbound], None]:
    """Dies at the first message of a kind."""

    def kill(message: Outbound) -> None:
        if isinstance(message, kind):
            raise Killed

    return kill


def recorded(path: Path) -> list[Step]:
    """Every step in the file."""
    journal = SqliteJournal(path, read_only=True)
    try:
        return [step for _, step in journal.steps()]
    finally:
        journal.close()


def events_of(path: Path, kind: type) -> list[StageEvent]:
    """Every event of a kind in the file, in order."""
    return [event for step in recorded(path) for event in step.events if isinstance(event, kind)]


def fills_of(path: Path) -> dict[str, int]:
    """ExecID → shares of the fills in the file. Fails when one is there twice."""
    fills = [event for event in events_of(path, Fill) if isinstance(event, Fill)]
    found = {fill.exec_id: fill.qty for fill in fills}
    assert len(found) == len(fills), "a fill was counted twice"
    return found


def digests(path: Path, config: Config = WIDE_CONFIG) -> set[str]:
    """Of the state from the latest snapshot and from empty, whole memory included: one when they are equal."""
    found = set()
    journal = SqliteJournal(path, read_only=True)
    for from_empty in (False, True):
        memory = Memory(small_system(config))
        rebuild(memory, journal, from_empty=from_empty)
        found.add(memory.digest())
    journal.close()
    return found


def started(path: Path, street: Street, snapshot_steps: int = 10**9) -> Life:
    """A life that accepts orders."""
    life = Life(path, street, snapshot_steps=snapshot_steps).run()
    assert life.desk.strain() == ""
    return life


def row(life: Life) -> BlotterRow:
    """The first parent as the blotter has it."""
    return life.desk.engine.system.blotter.rows()[PARENT]


def conserved(life: Life) -> bool:
    """Law L1 of the only parent, and exactly what the venue says it traded."""
    ledger = row(life).ledger
    assert ledger is not None
    parts = ledger.filled + ledger.working + ledger.unsent + ledger.returned + ledger.busted
    return ledger.target + ledger.overfilled == parts and conserved_all(life)


def at_venue(street: Street) -> int:
    """New orders the venue took; fails when a ClOrdID came twice."""
    assert street.book.duplicates == []
    return len(street.book.orders)


def conserved_all(life: Life) -> bool:
    """The venue's shares and ours."""
    ours = sum(row.ledger.filled for row in life.desk.engine.system.blotter.rows().values() if row.ledger)
    return ours == sum(order.cum_qty for order in life.street.book.orders.values())


def die_now(*_: object) -> None:
    """Dies whatever it is called with."""
    raise Killed


def die_on_snapshot(records: list[Record]) -> None:
    """Dies when a snapshot is committed."""
    if any(record.snapshot is not None for record in records):
        raise Killed


def die_on_roll(records: list[Record]) -> None:
    """Dies when the roll of a day is committed."""
    if any(b'"day_rolled"' in record.body for record in records):
        raise Killed


def spoil_snapshots(path: Path, after: int) -> None:
    """Half of every snapshot after a number."""
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE snapshots SET body = substr(body, 1, length(body) / 2) WHERE seq > ?", (after,))
    db.close()
