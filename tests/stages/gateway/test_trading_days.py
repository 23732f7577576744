"""Sessions, half days and clock changes on the real calendar: an order ends with its market, whatever day it is."""

from __future__ import annotations

import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, TimeInForce
from sottovoce.core.units import NS_PER_HOUR, parse_rfc3339
from sottovoce.stages.gateway.moment import Moment
from sottovoce.stages.gateway.resolve import Horizon
from sottovoce.stages.gateway.syntax import check_syntax
from tests.scenarios.small_desk import new_order
from tests.stages.gateway.subjects import moment
from tests.stages.gateway.test_moment import codes

CALENDAR = load_calendar()


def horizon(at: str, **changes: object) -> Horizon:
    return Horizon(new_order(**changes), CALENDAR, parse_rfc3339(at))


@pytest.mark.parametrize(
    ("at", "close"),
    [
        ("2018-02-08T10:00:00-05:00", "2018-02-08T16:00:00-05:00"),
        ("2018-07-03T10:00:00-04:00", "2018-07-03T13:00:00-04:00"),  # a half day
        ("2018-07-03T13:30:00-04:00", "2018-07-05T16:00:00-04:00"),  # after it, and the holiday that follows
        ("2018-03-09T10:00:00-05:00", "2018-03-09T16:00:00-05:00"),  # the last day of winter time
        ("2018-03-12T10:00:00-04:00", "2018-03-12T16:00:00-04:00"),  # the first of summer time
        ("2018-02-10T12:00:00-05:00", "2018-02-12T16:00:00-05:00"),  # a Saturday
    ],
)
def test_day_order_ends_at_the_close_of_its_session(at: str, close: str) -> None:
    assert horizon(at).end_ns == parse_rfc3339(close)


def test_end_beyond_an_early_close_is_cut_to_it() -> None:
    asked = parse_rfc3339("2018-07-03T15:30:00-04:00")
    assert horizon("2018-07-03T10:00:00-04:00", end_ns=asked).end_ns == parse_rfc3339("2018-07-03T13:00:00-04:00")


def test_days_are_sessions_and_not_dates() -> None:
    assert horizon("2018-07-03T10:00:00-04:00", days=2).end_ns == parse_rfc3339("2018-07-05T16:00:00-04:00")
    assert horizon("2018-03-09T10:00:00-05:00", days=2).end_ns == parse_rfc3339("2018-03-12T16:00:00-04:00")


def at_the_close(at: str) -> Moment:
    """An order for the close, entered at a time of a day of the real calendar."""
    entered: NewOrder = new_order(time_in_force=TimeInForce.AT_THE_CLOSE)
    now_ns = parse_rfc3339(at)
    session, ends = CALENDAR.session_at(now_ns), Horizon(entered, CALENDAR, now_ns)
    return moment(entered, session=session, start_ns=ends.start_ns, end_ns=ends.end_ns, ts_ns=now_ns)


def test_order_for_the_close_follows_the_early_close() -> None:
    assert codes(at_the_close("2018-07-03T12:59:00-04:00")) == []
    assert at_the_close("2018-07-03T12:59:00-04:00").end_ns < parse_rfc3339("2018-07-03T13:00:00-04:00") + NS_PER_HOUR


@pytest.mark.parametrize("tif", [TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL, TimeInForce.AT_THE_OPENING])
def test_parent_has_no_time_in_force_of_a_child(tif: TimeInForce) -> None:
    found = check_syntax(new_order(time_in_force=tif, ord_type=OrdType.MARKET))
    assert [failed.code for failed in found] == ["bad_time_in_force"]
