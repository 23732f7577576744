"""Why an answer to a question of the desk's is refused: part of the table of reasons."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.core.reason import Reason

_R = Reason
QUESTION_REASONS: Mapping[str, Reason] = {
    "escalation_not_open": _R("no such question is open", "see which are: sottovoce escalations"),
    "escalation_expired": _R("the time to answer is over and the default has happened", "act by the usual request"),
    "escalation_digest": _R(
        "the answer is not about what was asked, or that has changed since", "look at the question as it is now"
    ),
    "escalation_choice": _R("the answer is none of the options", "choose one of them"),
    "answer_by_release": _R(
        "a held order is answered by releasing or declining it", "release or decline the hold", "A4"
    ),
}
