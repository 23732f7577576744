"""V4 and V5 at points of a run: the chain holds, and the record alone gives the memory the desk has.

A shadow memory is folded from the record's bytes as they grow, which is the replay from empty spread over the run; at
each point another is built from the memory saved at the point before and what came after it. Both must be what is live.
"""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.adapters.journal.records import GENESIS
from sottovoce.core.ports import Step
from sottovoce.runtime.guard_memory import saved_counts
from sottovoce.runtime.memory import Memory
from tools.faultsim.desk import new_system
from tools.faultsim.disk import Platter, chained, step_of, unframed
from tools.faultsim.invariants import held


class Points:
    """What is known of the record so far. The platter only grows, so what was read stays true."""

    def __init__(self, platter: Platter) -> None:
        self._platter = platter
        self._steps: list[Step] = []
        self._shadow = Memory(new_system())
        self._chain = (0, GENESIS)
        self._saved: tuple[int, dict[str, bytes]] = (0, self._shadow.save())
        self.held = 0

    def steps(self) -> list[Step]:
        """Every step on the platter, read from its bytes."""
        self._read()
        return self._steps

    def _read(self) -> None:
        """Follow the record to its end: chain, bytes, shadow."""
        first = len(self._steps)
        records = [unframed(frame) for frame in self._platter.frames[first:]]
        self._chain = chained(iter(records), *self._chain)
        for record in records:
            step = step_of(record)
            self._steps.append(step)
            self._shadow.fold(step)

    def hold(self, live: Memory) -> None:
        """Hold V4 and V5 of a memory whose every step is on the platter and let out. Raises Breach."""
        self._read()
        self.held += 1
        seq, saved = self._saved
        again = Memory(new_system())
        again.restore(saved)
        for step in self._steps[seq:]:
            again.fold(step)
        _same(live, {"from empty": self._shadow, "from the snapshot": again})
        self._saved = (len(self._steps), live.save())

    def recovered(self, memory: Memory) -> None:
        """Hold V4 of what a recovery has rebuilt. Raises Breach."""
        self._read()
        _same(memory, {"after a crash": self._shadow})


def _same(one: Memory, others: Mapping[str, Memory]) -> None:
    digest, beside = one.system.digest(), _beside(one)
    for how, other in others.items():
        if other.system.digest() != digest:
            ours, theirs = one.system.save(), other.system.save()
            names = [name for name in ours if ours[name] != theirs[name]]
            held(False, "V4", f"{how} the record gives another state of {names}")
        held(_beside(other) == beside, "V4", f"{how} the record gives another guard or other timers")


def _beside(memory: Memory) -> tuple[list[int], list[int]]:
    """What the runtime itself keeps, whatever the order it came in."""
    return sorted(saved_counts(memory.guard)), sorted(memory.timers.save())
