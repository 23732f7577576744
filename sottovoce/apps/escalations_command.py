"""`sottovoce escalations`: what the desk asked people of its own accord, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
import msgspec

from sottovoce.apps.output import emit
from sottovoce.core.errors import NotFound

if TYPE_CHECKING:
    from sottovoce.analytics.escalations import Question

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def escalations(
    journal: Path,
    *,
    open_only: Annotated[bool, cyclopts.Parameter(name="--open", negative=())] = False,
    as_json: Json = False,
) -> None:
    """The questions of a record: which rule asked whom, on which figures, until when, and how each ended.

    Args:
        journal: the journal of a run, or the --out folder it is in.
        open_only: only those nobody has answered yet.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.analytics.escalations import questions_of

    path = journal / "journal.db" if journal.is_dir() else journal
    if not path.is_file():
        sentence = f"There is no journal at {path}; give a journal or the --out folder of a run."
        raise NotFound(sentence, code="no_journal")
    record = open_for_reading(path)
    found = questions_of(event for _, step in record.steps(with_evidence=False) for event in step.events)
    record.close()
    shown = [each for each in found if not open_only or each.outcome is None]
    emit({"questions": msgspec.to_builtins(shown)}, as_json, lambda: _text(shown))


def _text(questions: list[Question]) -> str:
    if not questions:
        return "No questions."
    return "\n".join(line for question in questions for line in _lines(question))


def _lines(question: Question) -> list[str]:
    from sottovoce.core.units import format_ns

    asked = question.asked
    whom = asked.to.replace("_", " ") + (f" ({asked.person})" if asked.person else "")
    about = asked.subject or asked.parent_id
    until = f", until {format_ns(asked.deadline_ns)}" if asked.deadline_ns else ""
    facts = [f"    {each.name}: {each.value}" + (f" of {each.limit}" if each.limit else "") for each in asked.facts]
    head = f"{format_ns(asked.ts_ns)} {asked.escalation_id} {asked.rule} asked {whom} about {about}{until}"
    return [head, *facts, f"    {_end(question)}"]


def _end(question: Question) -> str:
    if question.outcome is None:
        looking = f"{question.acked_by} is looking at it" if question.acked_by else "nobody has answered yet"
        options = ", ".join(question.asked.options)
        return f"open: {looking}; options: {options}; recommended: {question.asked.recommendation}"
    said = f" {question.choice} by {question.principal}" if question.principal else ""
    return f"{question.outcome.value}{said}: {question.reason}"
