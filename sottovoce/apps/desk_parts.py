"""What every command that works an order opens first: configuration, reference data, calendar, date."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.adapters.reference.store import load_with
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError
from sottovoce.core.ports import Session
from sottovoce.core.text import is_iso_date
from sottovoce.runtime.config import Config, load_config
from sottovoce.runtime.markets import sessions_for


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Opened once per command."""

    config: Config
    reference: ReferenceVersion
    calendar: Calendar
    date: str

    def sessions(self, days: int) -> tuple[Session, ...]:
        """The trading days of an order that starts on the date."""
        return sessions_for(self.calendar, self.date, days)


def open_parts(config: Path | None, date: str | None, forecasts: Path | None = None) -> Parts:
    """Load configuration, the shipped instruments with forecasts laid over them, and the calendar.

    Without a date, the first trading day after the reference data's own: its figures are as of the evening before.
    """
    reference, calendar = load_with(forecasts), load_calendar()
    day = calendar.next_session(reference.as_of).date if date is None else _day(date)
    return Parts(config=load_config(config), reference=reference, calendar=calendar, date=day)


def _day(text: str) -> str:
    """The date itself. Raises ConfigError, code bad_date, unless it is a day written YYYY-MM-DD."""
    if is_iso_date(text):
        return text
    raise ConfigError(f"{text!r:.40} is not a date; write it as 2018-02-08.", code="bad_date")
