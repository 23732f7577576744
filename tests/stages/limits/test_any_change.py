"""Whatever is asked of the limits stage, it answers: a change, a wait, or a refusal that leaves no trace."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.limits import LIMITS, Level, LimitBook, LimitRow, ListName, ListRow
from sottovoce.core.order_events import CommandRefused
from sottovoce.stages.limits import limits
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.limits.changing import MILLION, PATH, Changing, codes, holds, limit, waits

SCOPES = st.sampled_from(("", "*", "F1", "ACME", "NADV", "ZZZ")) | st.text(max_size=3)
TIMES = st.sampled_from((0, OPEN_NS - 1, OPEN_NS, OPEN_NS + 1)) | st.integers(-(2**63), 2**63 - 1)
ANY_LIMIT = st.builds(
    LimitRow,
    limit_id=st.sampled_from(("firm", "F1", "new")) | st.text(max_size=80),
    level=st.sampled_from(Level),
    scope=SCOPES,
    name=st.sampled_from((*LIMITS, "gros")) | st.text(max_size=5),
    value=st.sampled_from((0, 1, MILLION, 2**63 - 1, 2**70, -1)),
    owner=st.sampled_from(("ann", "", " ")),
    review_date=st.sampled_from(("2018-12-31", "2018-02-11", "9999-12-31", "0001-01-01", "", "x")),
    from_ns=TIMES,
    until_ns=st.none() | TIMES,
    version=st.sampled_from((1, 2, 0, -5)),
    removed=st.booleans(),
)
ANY_ENTRY = st.builds(
    ListRow,
    entry_id=st.sampled_from(("restricted", "a")) | st.text(max_size=80),
    list_name=st.sampled_from(ListName),
    owner=st.sampled_from(("cy", "")),
    instrument_id=st.sampled_from(("", "ACME", "ZZZ")) | st.text(max_size=80),
    level=st.sampled_from(Level),
    scope=SCOPES,
    from_ns=TIMES,
    until_ns=st.none() | TIMES,
    version=st.sampled_from((1, 2, 0)),
    removed=st.booleans(),
)


@settings(max_examples=200)
@given(st.lists(ANY_LIMIT, max_size=4), st.lists(ANY_ENTRY, max_size=4), st.booleans())
def test_every_change_is_answered_and_a_refused_one_leaves_no_trace(
    rows: list[LimitRow], entries: list[ListRow], whole: bool
) -> None:
    desk = Changing()
    for kind in ("limits", "lists"):
        before = msgspec.json.encode(desk.stage.state())
        events = desk.limits(*rows, whole=whole) if kind == "limits" else desk.lists(*entries, whole=whole)
        assert (type(events[0]) is CommandRefused) + waits(events) + holds(events) == 1
        if type(events[0]) is CommandRefused:
            assert events[0].failures
            assert msgspec.json.encode(desk.stage.state()) == before
        LimitBook(desk.stage.rows).effective(PATH, OPEN_NS)


def test_changes_that_wait_have_a_named_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PENDING_MAX", 2)
    desk = Changing()
    for _ in range(2):
        assert waits(desk.limits(limit("F1", 2 * MILLION, version=2)))
    assert codes(desk.limits(limit("F1", 2 * MILLION, version=2))) == ["change_crowd"]
    assert holds(desk.limits(limit("F1", MILLION - 1, version=2))), "tightening never waits in a queue"
