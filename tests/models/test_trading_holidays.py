"""Sessions by rule agree with the dated file, but for closures nobody could plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sottovoce.adapters.calendar.session_file import read_sessions
from sottovoce.adapters.calendar.sessions import FULL_DAY_CLOSE_MINUTE, SHIPPED, XNYS
from sottovoce.models.day_kinds import short_session
from sottovoce.models.trading_holidays import easter, is_session, nth_weekday, session_after, session_before

UNPLANNED = {date(2012, 10, 29), date(2012, 10, 30), date(2018, 12, 5), date(2025, 1, 9)}
"""A hurricane, and two days of mourning."""
ROWS = read_sessions(SHIPPED[XNYS].read_text("utf-8"), XNYS)


def test_sessions_are_those_of_the_dated_file() -> None:
    dated = {date.fromisoformat(row.date) for row in ROWS}
    first, last = min(dated), max(dated)
    by_rule = {day for n in range((last - first).days + 1) if is_session(day := first + timedelta(days=n))}
    assert by_rule - dated == UNPLANNED
    assert dated <= by_rule


def test_short_sessions_are_those_of_the_dated_file() -> None:
    short = {row.date for row in ROWS if row.close_minute < FULL_DAY_CLOSE_MINUTE}
    assert short == {row.date for row in ROWS if short_session(date.fromisoformat(row.date))}


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1818, (3, 22)), (2000, (4, 23)), (2014, (4, 20)), (2019, (4, 21)), (2038, (4, 25)), (2285, (3, 22))],
)
def test_easter(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


def test_neighbours_step_over_weekends_and_holidays() -> None:
    assert session_after(date(2014, 4, 17)) == date(2014, 4, 21)
    assert session_before(date(2014, 4, 21)) == date(2014, 4, 17)
    assert session_after(date(2021, 12, 30)) == date(2021, 12, 31)
    assert session_after(date(2021, 12, 31)) == date(2022, 1, 3)


def test_juneteenth_is_kept_from_2022() -> None:
    assert is_session(date(2020, 6, 19))
    assert not is_session(date(2023, 6, 19))


def test_nth_weekday_counts_from_the_first() -> None:
    assert nth_weekday(2017, 3, 4, 3) == date(2017, 3, 17)
    assert nth_weekday(2017, 9, 4, 1) == date(2017, 9, 1)
