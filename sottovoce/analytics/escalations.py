"""The questions of a record, each from when it was asked to how it ended, for people and programs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sottovoce.core.escalation_events import (
    EscalationAcked,
    EscalationClosed,
    EscalationRaised,
    EscalationReminded,
    Outcome,
)
from sottovoce.core.events import StageEvent


class Question(msgspec.Struct, kw_only=True):
    """A question with what people made of it. outcome None and closed_ns 0 while it is open."""

    asked: EscalationRaised
    reminders: int = 0
    acked_by: str = ""
    outcome: Outcome | None = None
    closed_ns: int = 0
    principal: str = ""
    choice: str = ""
    reason: str = ""


def questions_of(events: Iterable[StageEvent]) -> list[Question]:
    """Every question, in the order they were asked."""
    found: dict[str, Question] = {}
    for event in events:
        if isinstance(event, EscalationRaised):
            found[event.escalation_id] = Question(asked=event)
        elif isinstance(event, EscalationReminded):
            found[event.escalation_id].reminders += 1
        elif isinstance(event, EscalationAcked):
            found[event.escalation_id].acked_by = event.principal
        elif isinstance(event, EscalationClosed):
            _close(found[event.escalation_id], event)
    return list(found.values())


def _close(question: Question, event: EscalationClosed) -> None:
    question.outcome, question.closed_ns = event.outcome, event.ts_ns
    question.principal, question.choice, question.reason = event.principal, event.choice, event.reason
