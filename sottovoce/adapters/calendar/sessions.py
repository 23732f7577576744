"""Sessions of the American equity market, 2010 to 2027, from a dated file: holidays, half days, summer time.

Each session carries its own offset from UTC, so neither the machine's time zone nor its time zone database is
asked, and a session of 2013 opens at the same nanosecond everywhere. Past or before the file there is no guess
from weekdays: it is an error that says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sottovoce.adapters.calendar.session_file import Row, read_sessions
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound
from sottovoce.core.ports import Session
from sottovoce.core.text import is_iso_date
from sottovoce.core.units import NS_PER_DAY, NS_PER_MINUTE, format_ns

XNYS = "XNYS"
SHIPPED = {XNYS: Path(__file__).with_name("xnys_sessions.csv")}
FULL_DAY_CLOSE_MINUTE = 16 * 60

_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Calendar:
    """Sessions in order of date; the TradingCalendar port, and lookups by date and by wall clock."""

    __slots__ = ("_closes", "_dates", "_last", "_rows", "_sessions", "name")

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        self.name = name
        self._rows = tuple(rows)
        self._sessions = tuple(_session(row) for row in self._rows)
        self._dates = [row.date for row in self._rows]
        self._last: Session | None = None
        self._closes = [session.close_ns for session in self._sessions]
        if not self._rows or any(a >= b for a, b in zip(self._dates, self._dates[1:], strict=False)):
            raise ConfigError(f"The sessions of {name} are missing or out of order.", code="calendar_order")

    @property
    def first_date(self) -> str:
        """ISO date of the first session known."""
        return self._dates[0]

    @property
    def last_date(self) -> str:
        """ISO date of the last session known."""
        return self._dates[-1]

    def session_at(self, ts_ns: int) -> Session:
        """The session open at ts_ns, or the next one; at the close itself a session is over."""
        last = self._last
        if last is None or not last.open_ns <= ts_ns < last.close_ns:
            last = self._last = self.sessions_from(ts_ns, 1)[0]
        return last

    def sessions_from(self, ts_ns: int, count: int) -> tuple[Session, ...]:
        """The session open at ts_ns or the next one, and those after it, count in all.

        Raises: NotFound, calendar_range, where the file does not reach.
        """
        if ts_ns < self._sessions[0].open_ns - NS_PER_DAY:
            raise self._out_of_range(format_ns(ts_ns, 0))
        return self._take(bisect_right(self._closes, ts_ns), count)

    def sessions(self, start_date: str, count: int) -> tuple[Session, ...]:
        """The first count sessions on or after an ISO date. Raises: NotFound, calendar_range."""
        return self._take(self._index(start_date), count)

    def session(self, day: str) -> Session | None:
        """The session of an ISO date; None on a weekend or holiday. Raises: NotFound, calendar_range."""
        index = self._index(day)
        return self._sessions[index] if self._dates[index] == day else None

    def next_session(self, day: str) -> Session:
        """The first session after an ISO date. Raises: NotFound, calendar_range."""
        index = self._index(day)
        return self._take(index + (self._dates[index] == day), 1)[0]

    def is_half_day(self, day: str) -> bool:
        """Whether an ISO date has a session that ends early. False where there is none."""
        index = self._index(day)
        return self._dates[index] == day and self._rows[index].close_minute < FULL_DAY_CLOSE_MINUTE

    def wall_ns(self, day: str, clock: str) -> int:
        """Nanoseconds UTC of a time of the market's own clock ("09:30", "15:30:15") on a session's date.

        Raises: NotFound, no_session, where the day has none; MalformedMessage, value_not_time.
        """
        index = self._index(day)
        if self._dates[index] != day:
            raise NotFound(f"{self.name} has no session on {day}; name a trading day.", code="no_session")
        return _midnight_ns(self._rows[index]) + _clock_seconds(clock) * (NS_PER_MINUTE // 60)

    def wall_clock(self, ts_ns: int) -> str:
        """The market's own date and time at ts_ns, to the second: "2013-10-08 09:30:00".

        The offset is that of the session on that date or the next one after it.
        """
        index = min(bisect_right(self._closes, ts_ns), len(self._rows) - 1)
        local_ns = ts_ns + self._rows[index].offset_minutes * NS_PER_MINUTE
        return format_ns(local_ns, 0)[:-1].replace("T", " ")

    def _index(self, day: str) -> int:
        """Position of the first session on or after a date; the first year counts from its first day."""
        if not (self.first_date[:4] <= day[:4] and day <= self.last_date and is_iso_date(day)):
            raise self._out_of_range(day)
        return bisect_left(self._dates, day)

    def _take(self, index: int, count: int) -> tuple[Session, ...]:
        if count < 1 or index + count > len(self._sessions):
            raise self._out_of_range(f"{count} sessions")
        return self._sessions[index : index + count]

    def _out_of_range(self, what: str) -> NotFound:
        sentence = f"{self.name} sessions are known from {self.first_date} to {self.last_date}, not {what}."
        return NotFound(sentence, code="calendar_range")


def load_calendar(name: str = XNYS) -> Calendar:
    """A shipped calendar by the name an instrument gives. Raises: ConfigError, calendar_unknown."""
    path = SHIPPED.get(name)
    if path is None:
        sentence = f"There is no calendar {name}; there is {', '.join(SHIPPED)}."
        raise ConfigError(sentence, code="calendar_unknown")
    return Calendar(name, read_sessions(path.read_text("utf-8"), path.name))


def _session(row: Row) -> Session:
    midnight_ns = _midnight_ns(row)
    return Session(
        date=row.date,
        open_ns=midnight_ns + row.open_minute * NS_PER_MINUTE,
        close_ns=midnight_ns + row.close_minute * NS_PER_MINUTE,
    )


def _midnight_ns(row: Row) -> int:
    """The market's own midnight of that day, as its session's offset has it."""
    days = date.fromisoformat(row.date).toordinal() - _EPOCH_DAY
    return days * NS_PER_DAY - row.offset_minutes * NS_PER_MINUTE


def _clock_seconds(clock: str) -> int:
    parts = clock.split(":")
    if len(parts) not in (2, 3) or not all(len(p) == 2 and p.isascii() and p.isdigit() for p in parts):
        raise _not_a_clock(clock)
    hour, minute, second = (*(int(part) for part in parts), 0)[:3]
    if hour > 23 or minute > 59 or second > 59:
        raise _not_a_clock(clock)
    return hour * 3600 + minute * 60 + second


def _not_a_clock(clock: str) -> MalformedMessage:
    sentence = f"{clock[:20]!r} is not a time of day; write 15:30 or 15:30:15."
    return MalformedMessage(sentence, code="value_not_time")
