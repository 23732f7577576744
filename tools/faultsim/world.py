"""One seed: a desk, its market, its disk and its people, through crashes and restarts to a quiet end.

What must survive is outside the process: the platter, the market, the people. What is inside, system, engine and desk,
is thrown away at every crash and built again from the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import cast

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.tail import Tail
from sottovoce.core.commands import (
    CancelOrder,
    CancelReject,
    ClientCommand,
    ExecutionReport,
    HaltTrading,
    Input,
    NewOrder,
    PauseOrder,
)
from sottovoce.core.errors import ConnectivityError, JournalError
from sottovoce.core.execution_events import InputPoisoned
from sottovoce.core.market import MarketState
from sottovoce.core.order_events import AnswerRepeated, OrderAccepted, OrderRefused
from sottovoce.core.ports import Step
from sottovoce.core.units import NS_PER_DAY, NS_PER_SECOND
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live import LiveDesk
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.recovery import rebuild
from sottovoce.runtime.system import System
from tools.faultsim.books import Books
from tools.faultsim.desk import MAX_AGE_NS, OPEN_NS, new_system
from tools.faultsim.disk import Platter, PowerLoss, SimulatedJournal
from tools.faultsim.ending import quiet, truth
from tools.faultsim.faults import Faults
from tools.faultsim.invariants import Invariants, held
from tools.faultsim.market import SimulatedMarket
from tools.faultsim.people import People
from tools.faultsim.points import Points
from tools.faultsim.poison import poisoned_now

VENUE_WORDS = (ExecutionReport, CancelReject)
SNAPSHOT_STEPS = 500
LAST_NS = OPEN_NS + 10 * NS_PER_DAY
"""A run ends here at the latest, however little happened."""
FROM_EMPTY = 0.1
"""How often a recovery looks at no snapshot."""
OFF_NS = 3 * NS_PER_SECOND


class WatchedEngine(Engine):
    """The engine, with somebody looking over its shoulder after every step."""

    world: World

    def step(self, ts_ns: int, message: Input, states: Mapping[str, MarketState]) -> Step:
        """As Engine.step; then every invariant."""
        step = super().step(ts_ns, message, states)
        self.world.stepped(step, states)
        return step


class World:
    """One run of one seed."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self.faults = faults
        self.dice = Random(f"{seed} world")
        self._disk_dice = Random(f"{seed} disk")
        self.poison_dice = Random(f"{seed} poison")
        self.platter = Platter(new_system().founded)
        self.market = SimulatedMarket(faults, seed)
        self.people = People(faults, Random(f"{seed} people"))
        self.clock = VirtualClock(OPEN_NS)
        self.events = self.steps = self.crashes = self.poisoned = 0
        self.shown_seq = 0
        self.calm = False
        self.refused = self.declared = 0
        self.unheard: list[Input] = []
        self.kinds: Counter[str] = Counter()
        self.points = Points(self.platter)

    def start(self) -> None:
        """The first life begins. Raises Breach."""
        self._live(self._boot)

    # lives -----------------------------------------------------------------------------------------------

    def _boot(self) -> None:
        """Start the process on what is on the platter."""
        self.platter.open()
        self.journal = SimulatedJournal(self.platter, self.faults, self._disk_dice, self.clock)
        memory = Memory(new_system())
        tail = Tail(last_seq=len(self.platter.frames))
        from_empty = self.dice.random() < FROM_EMPTY
        recovered = rebuild(memory, cast(SqliteJournal, self.journal), tail, from_empty=from_empty)
        self.points.recovered(memory)
        self._remember(memory.system)
        engine = WatchedEngine(memory.system, self.journal, StageMetrics(), MAX_AGE_NS)
        engine.world = self
        self.engine = engine
        poisoned_now(memory.system, self)
        self.desk = LiveDesk(
            engine, self.market, self.clock, memory, self.journal, watchers=[self._shown], snapshot_steps=SNAPSHOT_STEPS
        )
        self.market.log_on(self.clock.now_ns())
        self.desk.start(recovered)

    def _remember(self, system: System) -> None:
        """The model forgets what the platter has lost: it is folded from the record again, and compared whole."""
        self.invariants = Invariants(Books(system), self.market.exchange.orders)
        for step in self.points.steps():
            self.invariants.relive(step)
        self.invariants.whole()

    def crash(self) -> None:
        """The process ends here; start it again from the record, and let everybody repeat what got lost."""
        self.crashes += 1
        self.journal.power_off()
        self.unheard += [step.input for step in self.journal.lost if step.input is not None]
        while len(self.desk.agenda):
            self.unheard.append(self.desk.agenda.pop()[1])
        held(len(self.platter.frames) >= self.shown_seq, "V6", "something that was said is lost")
        self.clock.wait_until(self.clock.now_ns() + OFF_NS)
        self._boot()
        self._repeat()

    def _repeat(self) -> None:
        """Venues say again what nobody heard, and people ask again who got no answer."""
        now_ns, unheard = self.clock.now_ns(), self.unheard
        self.unheard = []
        self.market.redeliver([each for each in unheard if isinstance(each, VENUE_WORDS)], now_ns)
        for each in unheard:
            if isinstance(each, NewOrder):
                self.desk.schedule(now_ns + self.dice.randint(1, NS_PER_SECOND), each)

    # steps -----------------------------------------------------------------------------------------------

    def stepped(self, step: Step, states: Mapping[str, MarketState]) -> None:
        """A step was taken, and is not durable yet."""
        self.steps += 1
        self.events += 1 + len(step.events)
        self.kinds.update(type(event).__name__ for event in step.events)
        failed = next((event for event in step.events if isinstance(event, InputPoisoned)), None)
        if failed is not None:
            self._failed(step, failed)
        self.invariants.step(step, states)
        if isinstance(step.input, NewOrder):
            self._answer(step)

    def _failed(self, step: Step, failed: InputPoisoned) -> None:
        """A step failed inside: only where we made it fail, and then its news comes again."""
        self.poisoned += 1
        held("poisoned on purpose" in failed.error, "engine", failed.error)
        if isinstance(step.input, VENUE_WORDS):
            self.market.redeliver([step.input], self.clock.now_ns() + NS_PER_SECOND)

    def _answer(self, step: Step) -> None:
        """V6 and F-01: who asks again gets the stored answer, whatever happened in between."""
        for event in step.events:
            if isinstance(event, OrderAccepted | OrderRefused):
                held(event.parent_id not in self.people.answered, "V1", f"{event.parent_id} was accepted twice")
            elif isinstance(event, AnswerRepeated):
                held(event.parent_id in self.invariants.answers, "V6", f"{event.parent_id} was never answered")

    def _shown(self, ts_ns: int, step: Step) -> None:
        """A step was shown to people: from here on it must survive."""
        self.shown_seq = len(self.platter.frames)
        self.people.hear(ts_ns, step)

    # the run ---------------------------------------------------------------------------------------------

    def run(self, events: int, points: int = 20) -> None:
        """Run until so many events, then to a quiet end. Raises Breach."""
        marks = sorted(self.dice.randint(1, events) for _ in range(points))
        while self.events < events and self.clock.now_ns() < LAST_NS:
            self._live(self._people_speak)
            while marks and self.events >= marks[0]:
                marks.pop(0)
                self._live(self._point)
        quiet(self)
        self._point()
        truth(self)

    def _live(self, act: Callable[[], None]) -> None:
        """Do something in this life; where it ends, begin the next."""
        try:
            act()
        except PowerLoss:
            self._crashed()
        except JournalError as error:
            held(error.code == "disk_full", "journal", error)
            self._crashed()

    def _crashed(self) -> None:
        """Crash, also when the power goes again while starting."""
        while True:
            try:
                self.crash()
            except PowerLoss:
                continue
            return

    def _people_speak(self) -> None:
        until_ns = self.clock.now_ns() + self.people.next_after_ns()
        self.desk.run_until(until_ns)
        self._stall()
        for command in self.people.say(self.clock.now_ns()):
            self.ask(command)
        if self.dice.random() < self.faults.crashes * 10:
            raise PowerLoss

    def ask(self, command: ClientCommand) -> None:
        """Hand in a command; under strain it may be refused, but never what lowers risk."""
        try:
            self.desk.submit(command)
        except ConnectivityError as error:
            self.refused += 1
            safe = isinstance(command, CancelOrder | PauseOrder | HaltTrading)
            held(not safe, "V7", f"{type(command).__name__} was refused: {error}")

    def _stall(self) -> None:
        """A disk that stalled has held everything up for so long."""
        self.clock.wait_until(self.clock.now_ns() + self.journal.stalled_ns)
        self.journal.stalled_ns = 0

    def _point(self) -> None:
        """V4 and V5: the record is whole, and says what the stages believe."""
        self.journal.flush()
        self.desk.run_until(self.clock.now_ns())
        self.points.hold(self.desk.memory)
        self.invariants.whole()

    def figures(self) -> dict[str, int | str]:
        """What the run did, and the digest of its record."""
        return {
            "events": self.events,
            "steps": self.steps,
            "crashes": self.crashes,
            "torn": self.platter.cuts,
            "poisoned": self.poisoned,
            "refused": self.refused,
            "declared": self.declared,
            "orders": len(self.invariants.model.orders),
            "parents": len(self.invariants.model.parents),
            "journal": self.platter.digest(),
        }
