"""Replay: rebuild the state of a day by folding its events. Nothing is decided, sent or looked up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sottovoce.core.errors import JournalError
from sottovoce.core.ports import ReferenceData, Step, TradingCalendar
from sottovoce.runtime.config import Config
from sottovoce.runtime.founding import recorded_config, same_founding
from sottovoce.runtime.system import System, build_system


def founded_system(
    meta: Mapping[str, str], reference: ReferenceData, calendar: TradingCalendar, given: Config | None = None
) -> System:
    """A fresh system with the beginnings a record was made with, which folding it needs.

    Args:
        meta: of the record.
        given: a configuration that must agree with the record's; None takes the record's word.
    Raises: JournalError, founding_missing, or other_founding for other reference data; ConfigError, other_founding.
    """
    system = build_system(recorded_config(meta, given), reference, calendar, ())
    same_founding(meta, system.founded)
    return system


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
