"""What people say to an escalation, and the timers that make it remind and expire."""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command


class AckEscalation(Command, frozen=True, kw_only=True, gc=False, tag="ack_escalation"):
    """Somebody of the role asked is looking at it."""

    escalation_id: str


class AnswerEscalation(Command, frozen=True, kw_only=True, gc=False, tag="answer_escalation"):
    """The answer: one of the options, bound to the digest of what was shown.

    It is a decision on the record; what it asks for is done by the usual request, with the checks of that request.
    """

    escalation_id: str
    digest: str
    choice: str
    reason: str = ""


class EscalationWatch(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="escalation_watch"):
    """Look at an order at work; number tells a look that was overtaken."""

    parent_id: str
    number: int


class UnexplainedDue(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="unexplained_due"):
    """An unknown order (its ClOrdID), or a break (its id), has had the time it may have."""

    parent_id: str
    name: str


class EscalationDue(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="escalation_due"):
    """Part of the time an escalation may wait has passed: remind, or at 100 do what it does by default."""

    parent_id: str
    escalation_id: str
    percent: int


EscalationCommand = AckEscalation | AnswerEscalation
EscalationTimer = EscalationWatch | EscalationDue | UnexplainedDue
