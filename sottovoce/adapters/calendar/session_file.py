"""The file of sessions: one line a day, its offset from UTC beside the times of the market's own clock."""

from __future__ import annotations

from datetime import date

import msgspec

from sottovoce.core.errors import MalformedMessage

HEADER = "date,utc_offset_minutes,open,close"
MINUTES_A_DAY = 1440


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One session as the file has it: a day, minutes east of UTC, open and close in minutes since midnight."""

    date: str
    offset_minutes: int
    open_minute: int
    close_minute: int


def read_sessions(text: str, file: str) -> list[Row]:
    """Rows of a calendar file; lines starting with # are remarks.

    Raises: MalformedMessage, calendar_file, naming file and line.
    """
    rows: list[Row] = []
    headed = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        if not headed:
            headed = True
            if line != HEADER:
                raise MalformedMessage(f"{file}, line {number}: not the header {HEADER}.", code="calendar_file")
            continue
        try:
            rows.append(_row(line))
        except ValueError as error:
            sentence = f"{file}, line {number}: {line[:60]!r} is no session."
            raise MalformedMessage(sentence, code="calendar_file") from error
    return rows


def _row(line: str) -> Row:
    day, offset, opens, closes = line.split(",")
    row = Row(
        date=date.fromisoformat(day).isoformat(),
        offset_minutes=int(offset),
        open_minute=_minute(opens),
        close_minute=_minute(closes),
    )
    if row.date != day or not row.open_minute < row.close_minute or abs(row.offset_minutes) > MINUTES_A_DAY:
        raise ValueError(line)
    return row


def _minute(text: str) -> int:
    hour, minute = int(text[:2]), int(text[3:])
    if text != f"{hour:02d}:{minute:02d}" or hour > 23 or minute > 59:
        raise ValueError(text)
    return hour * 60 + minute
