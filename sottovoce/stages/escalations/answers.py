"""What people may say to an open question, and what is refused: too late, not theirs, or about another thing by now."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.access import Action, Directory, entitled
from sottovoce.core.escalation_commands import AckEscalation, AnswerEscalation
from sottovoce.core.escalation_events import EscalationAcked, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.text import shown
from sottovoce.stages.escalations.book import EscalationsState, Open
from sottovoce.stages.escalations.raising import closing, order_digest
from sottovoce.stages.escalations.rules import RELEASE, RULES

STAGE = "escalations"


class Answers:
    """Decides on acknowledgements and answers."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def acked(self, command: AckEscalation, state: EscalationsState, view: MarketView) -> Sequence[StageEvent]:
        """Somebody of the role looks at it; a second one who says so too changes nothing."""
        asked = state.open.get(command.escalation_id)
        failures = self._may(command, asked)
        if failures or asked is None:
            return (_refused(command, asked, failures, view),)
        if asked.acked_by:
            return ()
        return (
            EscalationAcked(
                parent_id=asked.parent_id,
                ts_ns=view.ts_ns,
                escalation_id=command.escalation_id,
                principal=command.principal,
            ),
        )

    def answered(self, command: AnswerEscalation, state: EscalationsState, view: MarketView) -> Sequence[StageEvent]:
        """One of the options, in time, on what was shown, about what still is so."""
        asked = state.open.get(command.escalation_id)
        failures = self._may(command, asked) or _fits(command, asked, state, view)
        if failures or asked is None:
            return (_refused(command, asked, failures, view),)
        name, by, choice = command.escalation_id, command.principal, command.choice
        return (closing(name, asked.parent_id, view.ts_ns, Outcome.ANSWERED, command.reason, by=by, choice=choice),)

    def _may(self, command: AckEscalation | AnswerEscalation, asked: Open | None) -> list[Failure]:
        """Whether this person may speak on it at all."""
        person = self._directory.find(command.principal)
        failures = entitled(person, command.principal, Action.ANSWER)
        if failures:
            return failures
        if asked is None:
            return [failure(STAGE, "escalation_not_open", shown(command.escalation_id))]
        assert person is not None
        if person.role.value != asked.to or person.automated:
            return [failure(STAGE, "wrong_role", person.role.value, asked.to)]
        return []


def _fits(command: AnswerEscalation, asked: Open | None, state: EscalationsState, view: MarketView) -> list[Failure]:
    """Whether the answer is about what was asked, and about what still is so."""
    assert asked is not None
    rule = RULES[asked.rule]
    if rule.options == RELEASE:
        return [failure(STAGE, "answer_by_release", command.escalation_id)]
    if asked.deadline_ns and view.ts_ns >= asked.deadline_ns:
        return [failure(STAGE, "escalation_expired", view.ts_ns, asked.deadline_ns)]
    if command.digest != asked.digest:
        return [failure(STAGE, "escalation_digest", shown(command.digest), asked.digest)]
    at_work = state.orders.get(asked.parent_id)
    if at_work is not None and asked.digest != order_digest(asked.rule, at_work.order):
        return [failure(STAGE, "escalation_digest", "the order was changed since", asked.digest)]
    if command.choice not in rule.options:
        return [failure(STAGE, "escalation_choice", shown(command.choice), ", ".join(rule.options))]
    return []


def _refused(
    command: AckEscalation | AnswerEscalation, asked: Open | None, failures: Sequence[Failure], view: MarketView
) -> CommandRefused:
    return CommandRefused(
        parent_id=asked.parent_id if asked else "",
        ts_ns=view.ts_ns,
        principal=command.principal,
        command=type(command).__name__,
        failures=tuple(failures),
    )
