"""The whole table: type of event → what a reader is told, or the reason it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sottovoce.analytics.audit.control_sentences import CONTROL_LEFT_OUT, CONTROL_SENTENCES
from sottovoce.analytics.audit.desk_sentences import DESK_LEFT_OUT, DESK_SENTENCES
from sottovoce.analytics.audit.order_sentences import ORDER_LEFT_OUT, ORDER_SENTENCES, Sentence
from sottovoce.analytics.audit.question_sentences import QUESTION_LEFT_OUT, QUESTION_SENTENCES
from sottovoce.analytics.audit.venue_sentences import VENUE_LEFT_OUT, VENUE_SENTENCES
from sottovoce.analytics.audit.wording import Wording, asked
from sottovoce.core.events import StageEvent

SENTENCES: Mapping[type, Sentence] = {
    **ORDER_SENTENCES,
    **VENUE_SENTENCES,
    **DESK_SENTENCES,
    **QUESTION_SENTENCES,
    **CONTROL_SENTENCES,
}
LEFT_OUT: Mapping[type, str] = {
    **ORDER_LEFT_OUT,
    **VENUE_LEFT_OUT,
    **DESK_LEFT_OUT,
    **QUESTION_LEFT_OUT,
    **CONTROL_LEFT_OUT,
}


def sentence_of(event: StageEvent, wording: Wording) -> str | None:
    """What a reader is told of an event, or None where it is left out.

    An event of a type that has no wording yet is told by its name and fields: nothing on the record is passed over.
    """
    kind = type(event)
    if kind in LEFT_OUT:
        return None
    if kind in SENTENCES:
        return SENTENCES[kind](event, wording)
    return f"{words_of(kind).capitalize()}: {asked(event, wording)}."


def words_of(kind: Any) -> str:
    """The name of a type of message in words, "cancel order"."""
    return str(kind.__struct_config__.tag).replace("_", " ")
