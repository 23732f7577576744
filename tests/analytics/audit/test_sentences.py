"""Every type of event has a sentence, or a reason why a reader is not told."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from sottovoce.analytics.audit.sentences import LEFT_OUT, SENTENCES, sentence_of
from sottovoce.analytics.audit.wording import Wording
from sottovoce.core.event import Event
from sottovoce.core.events import StageEvent
from sottovoce.core.order_events import PauseAccepted
from sottovoce.core.work_events import TimerSet

KINDS = get_args(StageEvent)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_type_of_event_has_a_sentence_or_a_reason(kind: type) -> None:
    assert (kind in SENTENCES) is not (kind in LEFT_OUT), f"{kind.__name__}: give it a sentence, or say why not"


def test_table_is_of_events_only() -> None:
    assert all(issubclass(kind, Event) for kind in SENTENCES.keys() | LEFT_OUT.keys())


def test_reasons_for_leaving_out_are_whole() -> None:
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_event_left_out_is_not_told_and_an_unknown_one_is_told_by_its_name() -> None:
    class Newcomer(Event, frozen=True, kw_only=True, gc=False, tag="newcomer_seen"):
        venue: str
        qty: int

    event: Any = Newcomer(parent_id="P-1", ts_ns=1, venue="XNAS", qty=1200)
    assert sentence_of(event, Wording()) == "Newcomer seen: venue XNAS, qty 1,200."
    assert TimerSet in LEFT_OUT
    assert sentence_of(PauseAccepted(parent_id="P-1", ts_ns=1, principal="ann"), Wording()) == "ann paused it."
