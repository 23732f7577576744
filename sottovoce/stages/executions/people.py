"""What people may declare: the fate of an order nobody can tell of, and the explanation of a break. Two of them.

The first is written down and changes nothing; a second person who says the same makes it so. What is declared dead and
shows signs of life later is canceled at once and becomes a break (reports.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.access import Action, Directory, entitled
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.lifecycle import LIVE, Transition, transition
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.session_commands import CloseBreak, Declared, ResolveUnknown
from sottovoce.core.session_events import BreakClosed, BreakClosingProposed, ResolutionProposed, UnknownResolved
from sottovoce.stages.executions import words
from sottovoce.stages.executions.book import ExecutionsBook
from sottovoce.stages.executions.records import SentOrder

DECLARED = {
    Declared.NEVER_ARRIVED: (ExecType.REJECTED, OrdStatus.REJECTED),
    Declared.CANCELED: (ExecType.CANCELED, OrdStatus.CANCELED),
    Declared.EXPIRED: (ExecType.EXPIRED, OrdStatus.EXPIRED),
}
EVIDENCE_LENGTH_MIN = 10
"""Characters: enough to say where to look it up."""


class People:
    """Decides on ResolveUnknown and CloseBreak."""

    def __init__(self, book: ExecutionsBook, directory: Directory) -> None:
        self._book = book
        self._directory = {principal.name: principal for principal in directory.principals}

    def resolve(self, command: ResolveUnknown, view: MarketView) -> Sequence[StageEvent]:
        """Write down what one person declares of an unknown order; carry out what a second one confirms."""
        sent = self._book.find(command.cl_ord_id)
        failures = self._entitled(command.principal) + _evidence(command.evidence)
        failures = failures or _unknown(command, sent)
        proposed = None if sent is None else self._book.state.proposals.get(sent.state.cl_ord_id)
        if proposed is not None and proposed.principal == command.principal:
            failures.append(failure(words.STAGE, "self_confirmation", command.principal))
        if failures or sent is None:
            return (self._refused(command, command.parent_id, failures, view),)
        if proposed is None or proposed.declared is not command.declared:
            return (
                ResolutionProposed(
                    parent_id=command.parent_id,
                    ts_ns=view.ts_ns,
                    principal=command.principal,
                    cl_ord_id=sent.state.cl_ord_id,
                    declared=command.declared,
                    evidence=command.evidence,
                ),
            )
        resolved = UnknownResolved(
            parent_id=command.parent_id,
            ts_ns=view.ts_ns,
            cl_ord_id=sent.state.cl_ord_id,
            declared=command.declared,
            evidence=f"{proposed.evidence}; {command.evidence}",
            proposed_by=proposed.principal,
            confirmed_by=command.principal,
        )
        return [resolved, *_ended(sent, command.declared, view)]

    def close(self, command: CloseBreak, view: MarketView) -> Sequence[StageEvent]:
        """A person explains a break; a second one where it holds an instrument."""
        found = self._book.state.breaks.get(command.break_id)
        failures = self._entitled(command.principal) + _evidence(command.evidence)
        if found is None:
            failures.append(failure(words.STAGE, "no_such_break", command.break_id[:80]))
        elif found.proposed_by == command.principal:
            failures.append(failure(words.STAGE, "self_confirmation", command.principal))
        if failures or found is None:
            return (self._refused(command, "", failures, view),)
        if found.holding and not found.proposed_by:
            return (
                BreakClosingProposed(
                    parent_id=found.parent_id,
                    ts_ns=view.ts_ns,
                    break_id=command.break_id,
                    principal=command.principal,
                    evidence=command.evidence,
                ),
            )
        by = f"{found.proposed_by}, {command.principal}" if found.proposed_by else command.principal
        return (
            BreakClosed(
                parent_id=found.parent_id,
                ts_ns=view.ts_ns,
                break_id=command.break_id,
                by=by,
                evidence=command.evidence,
            ),
        )

    def _entitled(self, name: str) -> list[Failure]:
        return entitled(self._directory.get(name), name, Action.RESOLVE)

    def _refused(
        self, command: ResolveUnknown | CloseBreak, parent_id: str, failures: list[Failure], view: MarketView
    ) -> CommandRefused:
        return CommandRefused(
            parent_id=parent_id,
            ts_ns=view.ts_ns,
            principal=command.principal,
            command=type(command).__name__,
            failures=tuple(failures),
        )


def _evidence(text: str) -> list[Failure]:
    short = len(text.strip()) < EVIDENCE_LENGTH_MIN
    return [failure(words.STAGE, "evidence_missing", repr(text[:40]), EVIDENCE_LENGTH_MIN)] if short else []


def _unknown(command: ResolveUnknown, sent: SentOrder | None) -> list[Failure]:
    """Only an order nobody can tell of may be declared: one that is unknown, or whose end waits for lost trades."""
    if sent is None or sent.state.parent_id != command.parent_id:
        return [failure(words.STAGE, "unknown_order", command.cl_ord_id[:40])]
    lost = sent.state.status is OrdStatus.UNKNOWN or (sent.held is not None and sent.state.status in LIVE)
    return [] if lost else [failure(words.STAGE, "not_unknown", sent.state.status.value)]


def _ended(sent: SentOrder, declared: Declared, view: MarketView) -> list[StageEvent]:
    report = words.own_report(sent, *DECLARED[declared], f"declared {declared.value}", view.ts_ns)
    outcome = transition(sent.state, report, None)
    assert isinstance(outcome, Transition), "the end of a live order is never impossible"
    return [words.updated(sent, outcome, report.exec_id, report.text, view.ts_ns)]
