"""Timers that were set and have not been taken: what the agenda must hold again after a restart.

A timer is set by an event and taken by being the input of a step, so the record alone says which are pending. One
whose step never became durable is pending still.
"""

from __future__ import annotations

from typing import cast, get_args

import msgspec

from sottovoce.core.commands import Timer
from sottovoce.core.ports import Step
from sottovoce.core.work_events import TimerSet

TIMERS = frozenset(get_args(Timer))


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    timer: Timer
    at_ns: list[int]


class PendingTimers:
    """Timers by what they say; the same one may have been set for several times."""

    def __init__(self) -> None:
        self._at_ns: dict[Timer, list[int]] = {}

    def learn(self, step: Step) -> None:
        """Take out the timer this step was about, and add those it set."""
        if type(step.input) in TIMERS:
            self._taken(cast(Timer, step.input))
        for event in step.events:
            if type(event) is TimerSet:
                self._at_ns.setdefault(event.timer, []).append(event.at_ns)

    def _taken(self, timer: Timer) -> None:
        times = self._at_ns.get(timer)
        if times is not None:
            times.remove(min(times))
            if not times:
                del self._at_ns[timer]

    def items(self) -> list[tuple[int, Timer]]:
        """(time, timer) of each, in the order they were set."""
        return [(at_ns, timer) for timer, times in self._at_ns.items() for at_ns in times]

    def save(self) -> bytes:
        """As restore takes it."""
        return msgspec.json.encode([_Kept(timer, times) for timer, times in self._at_ns.items()])

    def restore(self, saved: bytes) -> None:
        """Take over saved timers. Raises msgspec.DecodeError."""
        self._at_ns = {kept.timer: kept.at_ns for kept in msgspec.json.decode(saved, type=list[_Kept])}
