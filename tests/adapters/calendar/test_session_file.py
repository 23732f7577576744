"""A calendar file that is not one is refused by file and line."""

from __future__ import annotations

import pytest

from sottovoce.adapters.calendar.session_file import HEADER, read_sessions
from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.core.errors import ConfigError, MalformedMessage


def test_remarks_are_passed_over() -> None:
    rows = read_sessions(f"# a remark\n{HEADER}\n# another\n2018-02-07,-300,09:30,16:00\n", "own.csv")
    assert [(row.date, row.offset_minutes, row.open_minute, row.close_minute) for row in rows] == [
        ("2018-02-07", -300, 570, 960)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2018-02-07",
        "2018-02-07,-300,09:30",
        "2018-02-07,-300,09:30,16:00,more",
        "2018-02-30,-300,09:30,16:00",
        "20180207,-300,09:30,16:00",
        "2018-02-07,west,09:30,16:00",
        "2018-02-07,-3000,09:30,16:00",
        "2018-02-07,-300,9:30,16:00",
        "2018-02-07,-300,09:30,24:00",
        "2018-02-07,-300,16:00,09:30",
    ],
)
def test_a_line_that_is_no_session_is_named(line: str) -> None:
    with pytest.raises(MalformedMessage, match=r"^own\.csv, line 2: ") as refused:
        read_sessions(f"{HEADER}\n{line}\n", "own.csv")
    assert refused.value.code == "calendar_file"


def test_another_header_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="line 1: not the header"):
        read_sessions("date,open,close\n", "own.csv")


@pytest.mark.parametrize("days", [[], ["2018-02-08", "2018-02-07"], ["2018-02-07", "2018-02-07"]])
def test_sessions_missing_or_out_of_order_are_refused(days: list[str]) -> None:
    lines = [f"{day},-300,09:30,16:00" for day in days]
    with pytest.raises(ConfigError) as refused:
        Calendar("OWN", read_sessions("\n".join([HEADER, *lines]), "own.csv"))
    assert refused.value.code == "calendar_order"
