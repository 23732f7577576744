"""What people were asked while an order lived, and what they answered, a sentence for each type of event."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.analytics.audit.order_sentences import Sentence
from sottovoce.analytics.audit.wording import Wording, clock
from sottovoce.core import escalation_events as es


def _asked(x: es.EscalationRaised, w: Wording) -> str:
    facts = "; ".join(f"{each.name} {each.value}" + (f" of {each.limit}" if each.limit else "") for each in x.facts)
    whom = x.to.replace("_", " ") + (f" ({x.person})" if x.person else "")
    until = f"until {clock(x.deadline_ns)}, else {x.default}" if x.deadline_ns else f"without a deadline; {x.default}"
    return f"Rule {x.rule} asked {whom}, {until}. Figures: {facts}. Meanwhile {x.meanwhile}."


def _closed(x: es.EscalationClosed, w: Wording) -> str:
    if x.outcome is es.Outcome.ANSWERED:
        said = f'"{x.choice.replace("_", " ")}"' if x.choice else "it as done"
        return f"{x.principal} answered {said}" + (f": {x.reason}." if x.reason else ".")
    if x.outcome is es.Outcome.EXPIRED:
        return f"Nobody answered in time: {x.reason}."
    return f"The question was taken back: {x.reason}."


QUESTION_SENTENCES: Mapping[type, Sentence] = {
    es.EscalationRaised: _asked,
    es.EscalationReminded: lambda x, w: (
        f"{x.percent} % of the time to answer had passed" + (f"; {x.person} was reminded." if x.person else ".")
    ),
    es.EscalationAcked: lambda x, w: f"{x.principal} was looking at the question.",
    es.EscalationClosed: _closed,
}

QUESTION_LEFT_OUT: Mapping[type, str] = {
    es.WatchTurned: "the desk looked at an order; what it found has sentences of its own",
}
