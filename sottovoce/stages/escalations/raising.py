"""One question to one person: its facts, the digest an answer must name, its deadline, and its reminders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sottovoce.core.access import Directory, Role
from sottovoce.core.escalation_commands import EscalationDue
from sottovoce.core.escalation_events import EscalationClosed, EscalationRaised, Fact, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.orders import ParentOrder
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.escalations.rules import RULES

REMINDERS = (50, 80)
"""Per cent of the waiting time after which the next person of the rota is reminded."""
EXPIRY = 100
DESK = "desk"

_encode = msgspec.json.Encoder(order="deterministic").encode


def order_digest(rule: str, order: ParentOrder) -> str:
    """SHA-256, hex, of a question about an order as it stands: an amended order gives another."""
    return hashlib.sha256(_encode((rule, order))).hexdigest()


def subject_digest(rule: str, subject: str, facts: Sequence[Fact]) -> str:
    """SHA-256, hex, of a question about something that is no order."""
    return hashlib.sha256(_encode((rule, subject, facts))).hexdigest()


def on_turn(directory: Directory, role: Role, turn: int) -> str:
    """Whose turn it is in a role's rota: the people of the directory in its order, round and round; "" for nobody."""
    people = [each.name for each in directory.principals if each.role is role and not each.automated]
    return people[turn % len(people)] if people else ""


def closing(
    name: str, parent_id: str, ts_ns: int, outcome: Outcome, reason: str, *, by: str = "", choice: str = ""
) -> EscalationClosed:
    """The end of a question."""
    return EscalationClosed(
        parent_id=parent_id,
        ts_ns=ts_ns,
        escalation_id=name,
        outcome=outcome,
        principal=by,
        choice=choice,
        reason=reason,
    )


class Raising:
    """Makes the events of new questions within one decision, numbering them on from those there have been."""

    def __init__(self, directory: Directory, raised: Mapping[str, int], ts_ns: int, attended: bool) -> None:
        self._directory = directory
        self._raised = dict(raised)
        self._ts_ns = ts_ns
        self._attended = attended

    def about_order(self, rule: str, order: ParentOrder, facts: Sequence[Fact], **more: Any) -> list[StageEvent]:
        """Ask about an order at work; it is paused where the rule says so and people are there to set it going."""
        pause = RULES[rule].pauses and self._attended
        reason = f"{rule}: {RULES[rule].to.value.replace('_', ' ')} is asked"
        paused = ParentPaused(parent_id=order.parent_id, ts_ns=self._ts_ns, reason=reason)
        asked = self.ask(rule, order.parent_id, facts=facts, digest=order_digest(rule, order), **more)
        return [*asked, *([paused] if pause else [])]

    def ask(
        self,
        rule: str,
        parent_id: str,
        *,
        facts: Sequence[Fact],
        digest: str = "",
        subject: str = "",
        evidence: tuple[str, ...] = (),
        deadline_ns: int | None = None,
    ) -> list[StageEvent]:
        """The question and the timers of its reminders and its end."""
        row = RULES[rule]
        number = self._raised[parent_id] = self._raised.get(parent_id, 0) + 1
        until_ns = deadline_ns if deadline_ns is not None else (self._ts_ns + row.wait_ns if row.wait_ns else 0)
        raised = EscalationRaised(
            parent_id=parent_id,
            ts_ns=self._ts_ns,
            escalation_id=f"{parent_id or DESK}/{number}",
            rule=rule,
            to=row.to.value,
            person=on_turn(self._directory, row.to, 0),
            subject=subject,
            digest=digest or subject_digest(rule, subject, facts),
            facts=tuple(facts),
            options=row.options,
            recommendation=row.recommendation,
            evidence=evidence,
            meanwhile=row.meanwhile,
            default=row.default,
            deadline_ns=until_ns,
        )
        return [raised, *self._timers(raised)]

    def _timers(self, raised: EscalationRaised) -> list[StageEvent]:
        if not raised.deadline_ns:
            return []
        wait_ns = raised.deadline_ns - self._ts_ns
        return [
            TimerSet(
                parent_id=raised.parent_id,
                ts_ns=self._ts_ns,
                at_ns=self._ts_ns + wait_ns * percent // EXPIRY,
                timer=EscalationDue(escalation_id=raised.escalation_id, percent=percent, parent_id=raised.parent_id),
            )
            for percent in (*REMINDERS, EXPIRY)
        ]
