"""A bad row is raised or counted, never lost, and its sentence says where, what and why."""

from __future__ import annotations

import pytest

from sottovoce.adapters.feeds.faults import KEPT_MAX, BadRow, FaultLog, FeedFault, file_fault, shortened
from sottovoce.core.errors import MalformedMessage

BAD = BadRow(
    file="a.csv", code="feed_value", why="is not a price", number=12, field="price", value="x", action="Mend it."
)


def test_sentence_names_file_line_field_and_value() -> None:
    assert BAD.sentence == "a.csv, line 12, field price: 'x' is not a price. Mend it."


def test_binary_place_has_the_byte_and_a_whole_file_no_number() -> None:
    row = BadRow(file="a.itch", code="feed_length", why="is cut", number=3, unit="message", offset=77)
    assert row.place == "a.itch, message 3, byte 77"
    assert str(file_fault("a.itch", "feed_empty", "holds nothing")) == "a.itch: holds nothing. Fetch the file again."


def test_first_bad_row_is_raised_with_its_code_and_cause() -> None:
    cause = ValueError("x")
    with pytest.raises(FeedFault, match="line 12") as caught:
        FaultLog().bad_row(BAD, cause)
    assert (caught.value.code, caught.value.bad, caught.value.__cause__) == ("feed_value", BAD, cause)
    assert isinstance(caught.value, MalformedMessage)


def test_skipping_counts_every_row_and_keeps_the_first_thousand() -> None:
    log = FaultLog(skip=True)
    for _ in range(KEPT_MAX + 5):
        log.bad_row(BAD)
    assert (log.total, len(log.rows)) == (KEPT_MAX + 5, KEPT_MAX)
    assert log.summary().startswith("1,005 bad rows left out (feed_value 1,005); the first: a.csv, line 12")
    assert FaultLog().summary() == "No bad rows."


def test_long_values_are_shortened() -> None:
    assert shortened("y" * 60) == "y" * 60
    assert shortened("y" * 61) == "y" * 59 + "…"
