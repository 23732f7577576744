"""A short form leaves out what its step has said before, and nothing else: a new field of an event is in both."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.journal.repeats import (
    ApprovedAsPlanned,
    ChildApprovedAsCreated,
    ClearedAsAccepted,
    PlannedAsCleared,
)
from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.plan_events import OrderApproved, OrderPlanned

SAID_BEFORE = {"order", "plan", "child"}
PAIRS = (
    (OrderCleared, ClearedAsAccepted),
    (OrderPlanned, PlannedAsCleared),
    (OrderApproved, ApprovedAsPlanned),
    (ChildApproved, ChildApprovedAsCreated),
)


@pytest.mark.parametrize(("whole", "short"), PAIRS, ids=lambda kind: kind.__name__)
def test_a_short_form_has_every_field_that_was_not_said_before(
    whole: type[msgspec.Struct], short: type[msgspec.Struct]
) -> None:
    left_out = set(whole.__struct_fields__) - set(short.__struct_fields__)
    assert left_out <= SAID_BEFORE
    assert set(short.__struct_fields__) <= set(whole.__struct_fields__)
