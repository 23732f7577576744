"""Every session is of one kind, told from the calendar alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.day_kinds import (
    GAINING,
    SPECIAL,
    WEEKDAYS,
    kind_of,
    marks_of,
    option_expiry,
    quarterly_expiry,
    short_session,
)
from sottovoce.models.trading_holidays import is_session


@pytest.mark.parametrize(
    ("day", "monthly", "quarterly", "short"),
    [
        (date(2017, 3, 17), True, True, False),
        (date(2017, 4, 21), True, False, False),
        (date(2017, 4, 14), False, False, False),
        (date(2017, 11, 24), False, False, True),
        (date(2017, 11, 17), True, False, False),
        (date(2018, 11, 30), False, False, False),
        (date(2015, 12, 24), False, False, True),
        (date(2017, 7, 3), False, False, True),
        (date(2014, 4, 17), True, False, False),
        (date(2014, 4, 11), False, False, False),
    ],
)
def test_expiries_and_short_sessions(day: date, monthly: bool, quarterly: bool, short: bool) -> None:
    assert (option_expiry(day), quarterly_expiry(day), short_session(day)) == (monthly, quarterly, short)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2016, 6, 24), "index rebalance"),  # Russell
        (date(2017, 6, 23), "index rebalance"),  # the last Friday is the 30th
        (date(2017, 6, 30), "quarter end"),
        (date(2017, 5, 31), "index rebalance"),  # MSCI
        (date(2026, 11, 13), "index rebalance"),  # Russell's second, the year it began
        (date(2025, 11, 14), "Friday"),
        (date(2013, 11, 29), "short session"),  # and MSCI's, and a month's end
        (date(2013, 3, 28), "quarter end"),  # Good Friday follows
        (date(2017, 4, 28), "month end"),
        (date(2017, 9, 5), "day after a holiday"),
        (date(2017, 9, 6), "Wednesday"),
        (date(2014, 4, 21), "day after a holiday"),
        (date(2018, 1, 2), "day after a holiday"),
    ],
)
def test_kind(day: date, kind: str) -> None:
    assert kind_of(day) == kind


@given(st.dates(date(2010, 1, 1), date(2035, 12, 31)).filter(is_session))
def test_a_session_has_exactly_one_kind(day: date) -> None:
    marks = marks_of([day], 1, (*SPECIAL, *WEEKDAYS))
    assert sum(int(mark[0, 0]) for mark in marks.values()) == 1
    assert marks[kind_of(day)][0, 0]


def test_expiries_are_one_a_month() -> None:
    days = [date.fromordinal(n) for n in range(date(2010, 1, 1).toordinal(), date(2030, 1, 1).toordinal())]
    expiries = [day for day in days if is_session(day) and option_expiry(day)]
    assert [(day.year, day.month) for day in expiries] == [(y, m) for y in range(2010, 2030) for m in range(1, 13)]


def test_marks_hold_for_every_name_and_only_what_is_asked() -> None:
    marks = marks_of([date(2017, 3, 17), date(2017, 4, 21)], 3)
    assert tuple(marks) == GAINING
    np.testing.assert_array_equal(marks["quarterly expiry"], [[True] * 3, [False] * 3])
    assert "monthly expiry" not in marks
