"""Everything a desk remembers: the stages, the door's own counts, timers pending, orders unanswered: all of it a fold.

Rebuilt from a snapshot and the steps after it, or from empty, it is the same to the byte; nothing is sent, decided or
looked up on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sottovoce.core.ports import Step
from sottovoce.runtime.door import recount
from sottovoce.runtime.guard import ConservationGuard
from sottovoce.runtime.guard_memory import restore_counts, saved_counts
from sottovoce.runtime.intents import Intents
from sottovoce.runtime.pending import PendingTimers
from sottovoce.runtime.system import System

GUARD, TIMERS, INTENTS = "runtime.guard", "runtime.timers", "runtime.intents"
"""Names beside those of the stages in a snapshot."""


class Memory:
    """A system with what the runtime itself keeps count of."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.guard = ConservationGuard()
        self.timers = PendingTimers()
        self.intents = Intents()
        self._birth = self.save()

    def fold(self, step: Step) -> None:
        """Take in a recorded step."""
        for event in step.events:
            self.system.apply(event)
        recount(self.guard, step)
        self.learn(step)

    def learn(self, step: Step) -> None:
        """Take in what a live desk has no other way to know: its door counts, and its stages apply, by themselves."""
        self.timers.learn(step)
        self.intents.learn(step)

    def save(self) -> dict[str, bytes]:
        """As restore takes it; of a moment in which every step decided is durable and let out."""
        own = {GUARD: saved_counts(self.guard), TIMERS: self.timers.save(), INTENTS: self.intents.save()}
        return self.system.save() | own

    def restore(self, states: Mapping[str, bytes]) -> None:
        """Take over a saved memory, whole. Raises KeyError or msgspec.DecodeError for one of another build."""
        self.system.restore(states)
        restore_counts(self.guard, states[GUARD])
        self.timers.restore(states[TIMERS])
        self.intents.restore(states[INTENTS])

    def digest(self) -> str:
        """SHA-256 over the system's digest and the runtime's own counts, hex."""
        whole = hashlib.sha256(self.system.digest().encode())
        whole.update(saved_counts(self.guard))
        whole.update(self.timers.save())
        whole.update(self.intents.save())
        return whole.hexdigest()

    def forget(self) -> None:
        """Back to how it was made."""
        self.restore(self._birth)
