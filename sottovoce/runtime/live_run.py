"""The desk of a run on the real clock: the live desk, with its record and the machine's clock watched.

A run in virtual time is a function of its inputs and needs none of this. On the real clock disks are slow, clocks are
stepped and checkpoint stores go away: so it is the desk that recovers, reconciles and refuses under strain, and between
two turns of its loop it asks the clock and the notary whether there is news, which becomes input like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sottovoce.adapters.clock import Clock
from sottovoce.adapters.timekeeping.watch import ClockWatch
from sottovoce.core.errors import ConfigError
from sottovoce.core.ports import Journal, Market
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk, Watcher
from sottovoce.runtime.live import KeepingJournal, LiveDesk
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.record_watch import RecordWatch
from sottovoce.runtime.recovery import begun

TURN_NS = NS_PER_MINUTE
"""Desk time between two rests, at which a snapshot that is due is taken."""

IN_PROCESS = "a market of this process: there is no line to lose"


def nothing_lost() -> str | None:
    """Of a record without a second store."""
    return None


def live_desk(
    engine: Engine,
    market: Market,
    clock: Clock,
    journal: Journal,
    watchers: Sequence[Watcher],
    record_lost: Callable[[], str | None] = nothing_lost,
) -> LiveDesk:
    """A live desk on a record that has only been begun, with the lines of its in-process market up.

    record_lost: why the second store of the record is away, or None.
    Raises: ConfigError, journal_not_live, for a journal that cannot say how it is.
    """
    if not isinstance(journal, KeepingJournal):
        raise ConfigError("this journal cannot be written while a loop goes on", code="journal_not_live")
    watch = RecordWatch(ClockWatch().look, record_lost)
    desk = LiveDesk(
        engine, market, clock, Memory(engine.system), journal, watchers=watchers, strains=(), turns=(watch.turn,)
    )
    desk.start(begun(journal))
    for facts in market.venues():
        desk.schedule(clock.now_ns(), SessionStatus(venue=facts.venue, up=True, text=IN_PROCESS))
    return desk


def run_in_turns(desk: Desk, end_ns: int, done: Callable[[], bool]) -> None:
    """Run until end_ns or until done() says so; a live desk comes to rest between turns, as its snapshots need."""
    if not isinstance(desk, LiveDesk):
        desk.run_until(end_ns, done)
        return
    while not done() and desk.clock.now_ns() < end_ns:
        desk.run_until(min(desk.clock.now_ns() + TURN_NS, end_ns), done)
