"""Replay: rebuild the state of a day by folding its events. Nothing is decided, sent or looked up again."""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.core.ports import Step
from sottovoce.runtime.system import System


def fold(system: System, steps: Iterable[tuple[int, Step]]) -> str:
    """Apply every event of every step to a fresh system; returns its digest."""
    for _, step in steps:
        for event in step.events:
            system.apply(event)
    return system.digest()
