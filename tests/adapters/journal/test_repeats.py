"""What a record leaves out is put back exactly, and only the very same value is left out."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.journal.records import Body, EvidenceRef, decode, record_of
from sottovoce.adapters.journal.repeats import (
    LENGTHEN,
    SHORTEN,
    ApprovedAsPlanned,
    ChildApprovedAsCreated,
    ClearedAsAccepted,
    PlannedAsCleared,
    Said,
    Short,
)
from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.errors import JournalError
from sottovoce.core.events import StageEvent
from sottovoce.core.plan_events import OrderApproved, OrderPlanned
from sottovoce.core.ports import Step
from tests.adapters.journal.worked import morning

PREV = bytes(range(32))


def approving() -> Step:
    return next(step for step in morning() if any(isinstance(event, OrderApproved) for event in step.events))


def written_types(step: Step) -> list[str]:
    body = msgspec.json.decode(record_of(1, step, PREV).body)
    return [event["type"] for event in body["events"]]


def test_every_step_reads_back_as_it_was() -> None:
    for seq, step in enumerate(morning(), 1):
        body = decode(record_of(seq, step, PREV).body)
        assert isinstance(body, Body)
        pairs = zip(body.events, step.events, strict=True)
        assert all(read == given for read, given in pairs if not isinstance(read, EvidenceRef))


def test_order_and_plan_are_written_once_a_step() -> None:
    step = approving()
    planned = next(event for event in step.events if isinstance(event, OrderPlanned))
    body = record_of(1, step, PREV).body
    assert body.count(b'"arrival_rule"') == 1
    assert planned.plan.edges_ns
    assert body.count(b'"edges_ns"') == 1
    assert {"order_cleared_as_accepted", "order_planned_as_cleared"} <= set(written_types(step))


def test_equal_value_that_is_another_object_is_left_out_too() -> None:
    step = approving()
    copied = tuple(
        msgspec.structs.replace(event, order=msgspec.structs.replace(event.order))
        if isinstance(event, OrderCleared)
        else event
        for event in step.events
    )
    other = msgspec.structs.replace(step, events=copied)
    assert "order_cleared_as_accepted" in written_types(other)
    read = decode(record_of(1, other, PREV).body)
    assert isinstance(read, Body)
    assert [event for event in read.events if isinstance(event, OrderCleared)] == [
        event for event in step.events if isinstance(event, OrderCleared)
    ]


def test_short_form_alone_is_a_bad_record() -> None:
    planned = next(event for event in approving().events if isinstance(event, OrderPlanned))
    alone = PlannedAsCleared(
        parent_id=planned.parent_id, ts_ns=planned.ts_ns, plan=planned.plan, plan_digest=planned.plan_digest
    )
    with pytest.raises(JournalError) as refused:
        LENGTHEN[PlannedAsCleared](Said(), alone)
    assert refused.value.code == "bad_record"


def test_every_short_form_has_a_way_back() -> None:
    shorts = set(Short.__args__)
    assert shorts <= set(LENGTHEN)
    assert set(SHORTEN) <= set(StageEvent.__args__)


@pytest.mark.parametrize(
    ("whole", "short", "left_out"),
    [
        (OrderCleared, ClearedAsAccepted, {"order"}),
        (OrderPlanned, PlannedAsCleared, {"order"}),
        (OrderApproved, ApprovedAsPlanned, {"order", "plan"}),
        (ChildApproved, ChildApprovedAsCreated, {"child"}),
    ],
)
def test_short_form_has_every_field_but_what_was_said(
    whole: type[StageEvent], short: type[Short], left_out: set[str]
) -> None:
    """A field added to an event and not to its short form would be lost in the record."""
    assert set(short.__struct_fields__) == set(whole.__struct_fields__) - left_out
