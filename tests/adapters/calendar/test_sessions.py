"""Sessions open at the right nanosecond on both sides of summer time, and end early when they do."""

from __future__ import annotations

import gzip
import json
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound
from sottovoce.core.ports import TradingCalendar
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE, format_ns, parse_rfc3339


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar("XNYS")


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2013-10-08", "2013-10-08T09:30:00-04:00", "2013-10-08T16:00:00-04:00"),
        ("2018-02-07", "2018-02-07T09:30:00-05:00", "2018-02-07T16:00:00-05:00"),
        # the Friday before and the Monday after the clocks change, spring and autumn
        ("2018-03-09", "2018-03-09T14:30:00Z", "2018-03-09T21:00:00Z"),
        ("2018-03-12", "2018-03-12T13:30:00Z", "2018-03-12T20:00:00Z"),
        ("2018-11-02", "2018-11-02T13:30:00Z", "2018-11-02T20:00:00Z"),
        ("2018-11-05", "2018-11-05T14:30:00Z", "2018-11-05T21:00:00Z"),
        # the day after Thanksgiving
        ("2013-11-29", "2013-11-29T09:30:00-05:00", "2013-11-29T13:00:00-05:00"),
    ],
)
def test_session_opens_and_closes_by_the_market_clock(calendar: Calendar, day: str, opens: str, closes: str) -> None:
    session = calendar.session(day)
    assert session is not None
    assert (session.date, session.open_ns, session.close_ns) == (
        day,
        parse_rfc3339(opens),
        parse_rfc3339(closes),
    )


@pytest.mark.parametrize(
    "day",
    [
        "2018-02-10",  # Saturday
        "2018-02-19",  # Presidents' Day
        "2012-10-29",  # hurricane Sandy
        "2018-12-05",  # day of mourning
        "2025-01-09",  # day of mourning
        "2022-06-20",  # Juneteenth, observed
        "2010-01-01",  # before the first session, in the first year
    ],
)
def test_there_is_no_session_when_the_market_is_closed(calendar: Calendar, day: str) -> None:
    assert calendar.session(day) is None
    assert not calendar.is_half_day(day)


def test_half_days_are_the_short_ones(calendar: Calendar) -> None:
    assert calendar.is_half_day("2013-07-03")
    assert calendar.is_half_day("2018-12-24")
    assert not calendar.is_half_day("2018-02-07")
    short = [
        session
        for session in calendar.sessions(calendar.first_date, 4526)
        if session.close_ns - session.open_ns != 390 * NS_PER_MINUTE
    ]
    assert {session.close_ns - session.open_ns for session in short} == {210 * NS_PER_MINUTE}
    assert all(calendar.is_half_day(session.date) for session in short)


def test_next_session_steps_over_weekend_and_holiday(calendar: Calendar) -> None:
    assert calendar.next_session("2018-02-07").date == "2018-02-08"
    assert calendar.next_session("2018-02-16").date == "2018-02-20"
    assert calendar.next_session("2018-02-18").date == "2018-02-20"


def test_sessions_from_a_date_include_it_when_it_trades(calendar: Calendar) -> None:
    dates = [session.date for session in calendar.sessions("2018-02-15", 3)]
    assert dates == ["2018-02-15", "2018-02-16", "2018-02-20"]
    assert calendar.sessions("2018-02-17", 1)[0].date == "2018-02-20"


def test_session_at_is_the_open_one_or_the_next(calendar: Calendar) -> None:
    session = calendar.session("2018-02-07")
    assert session is not None
    assert calendar.session_at(session.open_ns - NS_PER_HOUR) == session
    assert calendar.session_at(session.open_ns) == session
    assert calendar.session_at(session.close_ns - 1) == session
    assert calendar.session_at(session.close_ns).date == "2018-02-08"
    weekend = parse_rfc3339("2018-02-10T15:00:00Z")
    assert [each.date for each in calendar.sessions_from(weekend, 2)] == ["2018-02-12", "2018-02-13"]


def test_three_day_order_over_a_holiday_ends_on_the_third_session(calendar: Calendar) -> None:
    start = calendar.wall_ns("2018-02-16", "10:00")
    assert [each.date for each in calendar.sessions_from(start, 3)] == ["2018-02-16", "2018-02-20", "2018-02-21"]


def test_wall_clock_goes_both_ways(calendar: Calendar) -> None:
    ns = calendar.wall_ns("2013-10-08", "09:30")
    assert format_ns(ns, 0) == "2013-10-08T13:30:00Z"
    assert calendar.wall_clock(ns) == "2013-10-08 09:30:00"
    assert calendar.wall_ns("2018-11-05", "15:30:15") == parse_rfc3339("2018-11-05T15:30:15-05:00")


@pytest.mark.parametrize("clock", ["", "9:30", "24:00", "09:60", "09:30:60", "09:30 ET", "０９:30", "09:30:00:00"])
def test_what_is_no_time_of_day_is_refused(calendar: Calendar, clock: str) -> None:
    with pytest.raises(MalformedMessage):
        calendar.wall_ns("2013-10-08", clock)


def test_wall_time_of_a_holiday_is_refused(calendar: Calendar) -> None:
    with pytest.raises(NotFound) as refused:
        calendar.wall_ns("2018-02-19", "09:30")
    assert refused.value.code == "no_session"


@pytest.mark.parametrize("day", ["2009-12-31", "2028-01-03", "2018-02-30", "tomorrow", "", "2018-2-7"])
def test_a_day_outside_the_file_is_not_guessed(calendar: Calendar, day: str) -> None:
    for ask in (calendar.session, calendar.is_half_day, calendar.next_session):
        with pytest.raises(NotFound, match="2010-01-04 to 2027-12-31") as refused:
            ask(day)
        assert refused.value.code == "calendar_range"


def test_time_outside_the_file_is_not_guessed(calendar: Calendar) -> None:
    last = calendar.session("2027-12-31")
    assert last is not None
    assert calendar.session_at(last.close_ns - 1) == last
    for ts_ns, count in ((last.close_ns, 1), (last.close_ns - 1, 2), (0, 1)):
        with pytest.raises(NotFound):
            calendar.sessions_from(ts_ns, count)
    with pytest.raises(NotFound):
        calendar.next_session("2027-12-31")
    with pytest.raises(NotFound):
        calendar.sessions("2018-02-07", 0)


def test_every_session_is_in_order_and_on_a_weekday(calendar: Calendar) -> None:
    sessions = calendar.sessions("2010-01-01", 4526)
    assert sessions[-1].date == calendar.last_date
    assert all(date.fromisoformat(session.date).weekday() < 5 for session in sessions)
    for earlier, later in pairwise(sessions):
        assert earlier.open_ns < earlier.close_ns < later.open_ns
        assert later.open_ns - earlier.open_ns <= 5 * NS_PER_DAY


def test_the_machine_time_zone_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    here = load_calendar().session("2013-10-08")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert load_calendar().session("2013-10-08") == here
    finally:
        monkeypatch.undo()
        time.tzset()


def test_calendar_serves_the_port(calendar: Calendar) -> None:
    port: TradingCalendar = calendar
    assert port.sessions_from(port.session_at(calendar.wall_ns("2018-02-07", "12:00")).open_ns, 1)


def test_unknown_calendar_is_named() -> None:
    with pytest.raises(ConfigError, match="There is no calendar XLON; there is XNYS"):
        load_calendar("XLON")


@pytest.mark.data
def test_holidays_and_half_days_agree_with_a_second_source(calendar: Calendar, market_data: Path) -> None:
    """The hours database (Apache-2.0) was made by other people; it must name the same days, 2010 to 2025.

    It has one half day more, 2017-12-24, which is a Sunday.
    """
    text = gzip.decompress((market_data / "reference/market_hours_database.json.gz").read_bytes()).decode()
    lines = [line for line in text.splitlines() if not line.strip().startswith("//")]
    entry = json.loads("\n".join(lines))["entries"]["Equity-usa-[*]"]
    holidays = {_iso(day) for day in entry["holidays"]}
    early = {_iso(day) for day in entry["earlyCloses"]} - {"2017-12-24"}
    day = date(2010, 1, 1)
    while day < date(2026, 1, 1):
        text = day.isoformat()
        expected = day.weekday() < 5 and text not in holidays
        assert (calendar.session(text) is not None) == expected, text
        assert calendar.is_half_day(text) == (expected and text in early), text
        day += timedelta(days=1)


def _iso(text: str) -> str:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day).isoformat()
