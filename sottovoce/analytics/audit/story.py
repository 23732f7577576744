"""The story of an order: eight answers, every trade with its reason, and the record itself line by line."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.analytics.audit.fills import FillRow, fill_rows
from sottovoce.analytics.audit.order_record import OrderRecord
from sottovoce.analytics.audit.questions import INTACT, QUESTIONS, is_it_intact
from sottovoce.analytics.audit.sentences import sentence_of
from sottovoce.analytics.audit.wording import clock, moment, shares


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One question and what the record says to it."""

    question: str
    sentences: tuple[str, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: in which record, when, in a sentence."""

    seq: int
    at: str
    sentence: str


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page. intact: whether verification found no fault; None where nothing was verified."""

    order_id: str
    title: str
    when: str
    intact: bool | None
    answers: tuple[Answer, ...]
    fills: tuple[FillRow, ...]
    lines: tuple[Line, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verification found, in sentences. intact None: nobody verified."""

    intact: bool | None
    sentences: tuple[str, ...]


def tell(record: OrderRecord, verdict: Verdict) -> Story:
    """The story of an order from its record; a function of nothing else."""
    answers = [Answer(question=asked, sentences=tuple(answer(record))) for asked, answer in QUESTIONS]
    answers.append(Answer(question=INTACT, sentences=tuple(is_it_intact(record, verdict.sentences))))
    return Story(
        order_id=record.order_id,
        title=_title(record),
        when=moment(record.steps[0][1].ts_ns),
        intact=verdict.intact,
        answers=tuple(answers),
        fills=tuple(fill_rows(record)),
        lines=tuple(_lines(record)),
    )


def _title(record: OrderRecord) -> str:
    order = record.accepted
    if order is None:
        return f"Order {record.order_id}, refused at the door"
    side = order.side.value.replace("_", " ").capitalize()
    return f"{side} {shares(order.order_qty)} {order.symbol} for {order.account}"


def _lines(record: OrderRecord) -> Sequence[Line]:
    lines = []
    for seq, step in record.steps:
        for event in step.events:
            if record.tells(event) and (said := sentence_of(event, record.wording)) is not None:
                lines.append(Line(seq=seq, at=clock(step.ts_ns), sentence=said))
    return lines
