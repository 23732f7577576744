"""The days the US equity market is closed by rule, so that a day's place among its neighbours is known years ahead.

Forecasting needs to know today whether tomorrow is the last session of a month or the first after a holiday. Closures
nobody could plan (a storm, a day of mourning) are not here: no forecast knew of them either. The dated file of the
adapters stays the authority on when a session opens and closes; a test holds the two together.

Source: NYSE rule 7.2 and its published holidays; Gregorian Easter after Meeus, Jones and Butcher.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
JUNETEENTH_SINCE = 2022
"""The first year the exchanges closed for it."""
_DAY = timedelta(days=1)


def is_session(day: date) -> bool:
    """Whether the market trades that day, by rule."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def session_before(day: date) -> date:
    """The last session before a day."""
    return _walked(day, -_DAY)


def session_after(day: date) -> date:
    """The first session after a day."""
    return _walked(day, _DAY)


@cache
def holidays(year: int) -> frozenset[date]:
    """Weekdays of a year without a session; a New Year's Day on a Saturday is not made up for."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 12, 25)]
    fixed += [date(year, 6, 19)] if year >= JUNETEENTH_SINCE else []
    made_up = {_observed(day) for day in fixed if not (day.month == 1 and day.weekday() == SATURDAY)}
    return frozenset(
        made_up
        | {
            nth_weekday(year, 1, MONDAY, 3),
            nth_weekday(year, 2, MONDAY, 3),
            easter(year) - 2 * _DAY,
            nth_weekday(year, 6, MONDAY, 1) - 7 * _DAY,
            nth_weekday(year, 9, MONDAY, 1),
            nth_weekday(year, 11, THURSDAY, 4),
        }
    )


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth, from 1, Monday (0) to Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, before = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, before + 1)


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after."""
    return day + {SATURDAY: -_DAY, SUNDAY: _DAY}.get(day.weekday(), timedelta(0))


def _walked(day: date, step: timedelta) -> date:
    day += step
    while not is_session(day):
        day += step
    return day
