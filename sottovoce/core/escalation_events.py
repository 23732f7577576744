"""Questions to people that must not wait: which rule asks, whom, on what figures, until when, and what happens then."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.event import Event


class Outcome(Word):
    """How an escalation ended. EXPIRED never approves: what happens by default does."""

    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One figure a person decides on, and the limit it is against ("" where there is none)."""

    name: str
    value: str
    limit: str = ""


class EscalationRaised(Event, frozen=True, kw_only=True, gc=False, tag="escalation_raised"):
    """A rule asks a person.

    to: the role asked; person: whose turn in its rota it is, "" where the directory has nobody. subject: what it is
    about where that is no order. digest: of what is shown; an answer names it. default: what happens when nobody
    answers by deadline_ns (0: there is no deadline). meanwhile: what the desk does until then.
    """

    escalation_id: str
    rule: str
    to: str
    person: str
    subject: str
    digest: str
    facts: tuple[Fact, ...]
    options: tuple[str, ...]
    recommendation: str
    evidence: tuple[str, ...]
    meanwhile: str
    default: str
    deadline_ns: int


class EscalationReminded(Event, frozen=True, kw_only=True, gc=False, tag="escalation_reminded"):
    """So much of the time has passed without an answer; person is the next of the rota."""

    escalation_id: str
    percent: int
    person: str


class EscalationAcked(Event, frozen=True, kw_only=True, gc=False, tag="escalation_acked"):
    """A person of the role is looking at it."""

    escalation_id: str
    principal: str


class EscalationClosed(Event, frozen=True, kw_only=True, gc=False, tag="escalation_closed"):
    """It is over: answered by principal with choice, expired into its default, or withdrawn since its cause is gone."""

    escalation_id: str
    outcome: Outcome
    principal: str = ""
    choice: str = ""
    reason: str = ""


class WatchTurned(Event, frozen=True, kw_only=True, gc=False, tag="watch_turned"):
    """The desk has looked at an order: number is that of the next look; rearmed: rules it found to be sound again."""

    number: int
    rearmed: tuple[str, ...] = ()


EscalationEvent = EscalationRaised | EscalationReminded | EscalationAcked | EscalationClosed | WatchTurned
