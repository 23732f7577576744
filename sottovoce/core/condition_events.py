"""What the stages decide about the condition of a market."""

from __future__ import annotations

from sottovoce.core.event import Event


class ConditionNoted(Event, frozen=True, kw_only=True, gc=False, tag="condition_noted"):
    """The condition of a name is another from now on; pauses is how many orders stop for it, resumes how many go on."""

    instrument_id: str
    code: str
    detail: str
    pauses: int
    resumes: int


ConditionEvent = ConditionNoted
