"""What kind of day a session is, told from the calendar alone and therefore known years before it.

A day has one kind, the first of the list that fits it, so that no day's volume is explained twice: the Friday after
Thanksgiving is a short session and not also the day after a holiday. All other days are of the kind of their weekday.

Days of companies' results are not among them: the dates of filings at hand were known after the fact, and a forecast
that used them would look better than any desk's could.

Source: scheduling reference §6 and markets reference §1; expiries on the third Friday, or the session before it where
that is a holiday; MSCI reviews as of the close of February, May, August and November; Russell's reconstitution on the
last Friday of June that is not its 29th or 30th, from 2026 on also on the second Friday of November.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from sottovoce.models.special_days import BoolArray
from sottovoce.models.trading_holidays import FRIDAY, is_session, nth_weekday, session_after, session_before

RUSSELL_TWICE_SINCE = 2026
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def option_expiry(day: date) -> bool:
    """The third Friday of a month, when listed options expire, or the session before where that is a holiday."""
    third = nth_weekday(day.year, day.month, FRIDAY, 3)
    return day == (third if is_session(third) else session_before(third))


def quarterly_expiry(day: date) -> bool:
    """The expiry of March, June, September and December: futures expire as well and indices are rebalanced."""
    return option_expiry(day) and day.month % 3 == 0


def index_rebalance(day: date) -> bool:
    """MSCI's quarterly reviews and Russell's reconstitution, traded in that day's closing auction."""
    if month_end(day) and day.month % 3 == 2:
        return True
    russell = day.weekday() == FRIDAY and day.month == 6 and 22 <= day.day <= 28
    second = day.year >= RUSSELL_TWICE_SINCE and day == nth_weekday(day.year, 11, FRIDAY, 2)
    return russell or second


def month_end(day: date) -> bool:
    """The last session of a month."""
    return session_after(day).month != day.month


def quarter_end(day: date) -> bool:
    """The last session of March, June, September or December."""
    return month_end(day) and day.month % 3 == 0


def short_session(day: date) -> bool:
    """The US sessions that end early by custom: before Independence Day, after Thanksgiving, Christmas Eve."""
    thanksgiving = 22 <= (day - timedelta(days=1)).day <= 28 and day.weekday() == 4 and day.month == 11
    return (day.month, day.day) in ((7, 3), (12, 24)) or thanksgiving


def after_holiday(day: date) -> bool:
    """The first session after a weekday without one."""
    before = session_before(day)
    return any((before + timedelta(days=n)).weekday() < 5 for n in range(1, (day - before).days))


SPECIAL: dict[str, Callable[[date], bool]] = {
    "short session": short_session,
    "quarterly expiry": quarterly_expiry,
    "index rebalance": index_rebalance,
    "monthly expiry": option_expiry,
    "quarter end": quarter_end,
    "month end": month_end,
    "day after a holiday": after_holiday,
}
"""Kinds in the order they are asked; the first that says yes is the day's."""

GAINING = ("short session", "quarterly expiry", "index rebalance")
"""Kinds whose multiplier lowers the error of the volume forecast on 286 names over five years (`make forecast-report`);
the others' and the weekdays' do not, so they are not marked unless asked for.
"""


def kind_of(day: date) -> str:
    """The kind of a session: one of SPECIAL, else its weekday."""
    return next((name for name, test in SPECIAL.items() if test(day)), WEEKDAYS[min(day.weekday(), FRIDAY)])


def marks_of(days: Sequence[date], names: int, kinds: Sequence[str] = GAINING) -> dict[str, BoolArray]:
    """Kind → where it is one, shape (days, names): the calendar holds for every name.

    Args:
        days: sessions, the day to forecast among them. kinds: of SPECIAL and WEEKDAYS, those to mark.
    """
    of_day = np.array([kind_of(day) for day in days])
    return {kind: np.broadcast_to((of_day == kind)[:, None], (len(days), names)) for kind in kinds}
