"""Replay: rebuild the state of a day by folding its events. Nothing is decided, sent or looked up again."""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step
from sottovoce.runtime.system import System


def fold(system: System, steps: Iterable[tuple[int, Step]]) -> str:
    """Apply every event of every step to a fresh system; returns its digest.

    Raises: JournalError, code not_foldable, naming the step whose events cannot follow from those before it.
    """
    for seq, step in steps:
        try:
            for event in step.events:
                system.apply(event)
        except Exception as error:  # whatever a stage says of an impossible history, it is the record that is wrong
            sentence = f"step {seq} cannot follow from those before it ({type(error).__name__}: {error})"
            raise JournalError(sentence, code="not_foldable") from error
    return system.digest()
