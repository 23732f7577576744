"""One step: an input, and everything the stages decide because of it.

The events of a decision are applied to every stage at once; then each is decided on in turn, and what follows from
it comes before the next. That order is the order of the record, so replaying it applies the same events to the same
states. Memory may run ahead of the disk; nothing leaves before the step is durable.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from operator import attrgetter

from sottovoce.core.command import Command
from sottovoce.core.commands import AlgoWake, HaltTrading, Input
from sottovoce.core.errors import InvariantError
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.ports import Journal, Step
from sottovoce.core.stage import Applier
from sottovoce.models.market_watch import MarketWatch, WatchConfig
from sottovoce.runtime.admission import admitted
from sottovoce.runtime.metrics import Metrics
from sottovoce.runtime.system import System

EVENTS_PER_STEP_MAX = 100_000
TRIES = 3
"""A parent whose wake-ups have failed so often is not woken again before a person has spoken of it."""
NOBODY: tuple[tuple[Applier, ...], bool] = ((), False)
_seq = attrgetter("seq")


class Engine:
    """Runs steps against a system and records them."""

    def __init__(
        self,
        system: System,
        journal: Journal,
        metrics: Metrics,
        max_quote_age_ns: int,
        watch: MarketWatch | None = None,
    ) -> None:
        """max_quote_age_ns: beyond it a quote is no price; watch: who is asked whether one is to be believed."""
        self.system = system
        self.journal = journal
        self.metrics = metrics
        self.market_watch = watch or MarketWatch(WatchConfig(), {}, max_quote_age_ns)
        self.last_seq = journal.durable()
        self._birth, self._birth_seq = system.save(), self.last_seq
        self._deciders = system.deciders
        self._failed: dict[str, int] = {}
        # One look-up an event: who applies it, and whether a stage decides on it.
        self._paths: dict[type, tuple[tuple[Applier, ...], bool]] = {
            kind: (system.appliers.get(kind, ()), kind in system.deciders)
            for kind in (*system.appliers, *system.deciders)
        }
        self._notes = {stage.name: metrics.recorder(stage.name) for stage in system.stages}

    def step(self, ts_ns: int, message: Input, states: Mapping[str, MarketState]) -> Step:
        """Decide on one input at ts_ns and append the step to the journal (not yet durable).

        A step that fails inside leaves no trace: the stages are rebuilt from the journal, the input is recorded as
        poisoned, and the parent it belongs to is held. Raises MalformedMessage for a request that is not text.
        """
        message = admitted(message)
        view = self.market_watch.view(ts_ns, states)
        feed_seq = max(map(_seq, states.values())) if states else 0
        try:
            events = self._set_aside(message, view) or self._decide(message, view)
        except Exception as error:  # whatever it was, its half-done effects must not stay
            events = self._poisoned(message, view, error)
        step = Step(ts_ns=ts_ns, feed_seq=feed_seq, input=message, events=events)
        self.last_seq = self.journal.append(step)
        self.metrics.stepped()
        if isinstance(message, HaltTrading) and any(isinstance(event, InputPoisoned) for event in events):
            self.journal.flush()
            raise InvariantError("a halt could not be carried out: stop this process", code="halt_failed")
        return step

    def _set_aside(self, message: Input, view: MarketView) -> tuple[StageEvent, ...]:
        """A wake-up of a parent that fails every time is recorded and not tried: the others must not wait for it."""
        parent = getattr(message, "parent_id", "")
        if not isinstance(message, AlgoWake):
            if self._failed and isinstance(message, Command):
                self._failed.pop(parent, None)
            return ()
        if self._failed.get(parent, 0) < TRIES:
            return ()
        self.metrics.counted("set_aside")
        return (InputPoisoned(parent_id=parent, ts_ns=view.ts_ns, error=f"not tried again after {TRIES} failures"),)

    def _decide(self, message: Input | InputPoisoned, view: MarketView) -> tuple[StageEvent, ...]:
        deciders, paths, notes, clock = self._deciders, self._paths, self._notes, time.perf_counter_ns
        events: list[StageEvent] = []
        pending: list[object] = [message]
        while pending:
            next_message = pending.pop()
            stage, decide = deciders[type(next_message)]
            began = clock()
            batch = decide(next_message, view)
            notes[stage]((clock() - began, len(batch)))
            follow = []
            for event in batch:
                appliers, decided_on = paths.get(type(event), NOBODY)
                for apply in appliers:
                    apply(event)
                if decided_on:
                    follow.append(event)
            events += batch
            if follow:
                pending += follow[::-1]
            if len(events) > EVENTS_PER_STEP_MAX:
                raise InvariantError("a step does not end", code="endless_step")
        return tuple(events)

    def _poisoned(self, message: Input, view: MarketView, error: Exception) -> tuple[StageEvent, ...]:
        self.metrics.counted("poisoned")
        if isinstance(message, AlgoWake):
            self._failed[message.parent_id] = self._failed.get(message.parent_id, 0) + 1
        self.rebuild()
        poisoned = InputPoisoned(
            parent_id=getattr(message, "parent_id", ""),
            ts_ns=view.ts_ns,
            error=f"{type(error).__name__}: {error}"[:300],
        )
        self.system.apply(poisoned)
        return (poisoned, *self._aftermath(poisoned, view))

    def _aftermath(self, poisoned: InputPoisoned, view: MarketView) -> tuple[StageEvent, ...]:
        """What the stages do about a poisoned input; if that fails too, it stays at the pause."""
        try:
            return self._decide(poisoned, view)
        except Exception:
            self.metrics.counted("poisoned_twice")
            self.rebuild()
            self.system.apply(poisoned)
            return ()

    def rebuild(self) -> None:
        """Fold the journal into the stages again, from their state at birth."""
        self.journal.flush()
        self.system.restore(self._birth)
        for _, step in self.journal.steps(self._birth_seq):
            for event in step.events:
                self.system.apply(event)
