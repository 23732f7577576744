"""Build the shipped sessions of the New York Stock Exchange, sottovoce/adapters/calendar/xnys_sessions.csv.

Source: the library exchange_calendars (Apache-2.0), calendar XNYS, 2010-01-01 to 2027-12-31. Each line is a
session: its date, minutes east of UTC on that day, and open and close by the market's own clock. Years to come
follow the rules known to that library; a day of mourning not yet announced is not among them.

Run: python tools/build_calendar.py [--check]      --check compares and writes nothing
"""

from __future__ import annotations

import sys
from pathlib import Path

import exchange_calendars

FIRST, LAST = "2010-01-01", "2027-12-31"
TARGET = Path(__file__).resolve().parent.parent / "sottovoce/adapters/calendar/xnys_sessions.csv"


def main(arguments: list[str]) -> int:
    """Write the file, or compare it; exit 1 where it differs."""
    text = build()
    if "--check" in arguments:
        same = TARGET.read_text("utf-8") == text
        print(f"{TARGET.name} is {'as built' if same else 'not what the library gives'}")
        return 0 if same else 1
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(text.splitlines()) - 3} sessions, {len(text)} bytes")
    return 0


def build() -> str:
    """The text of the file."""
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST)
    lines = [
        f"# Sessions of XNYS, {FIRST} to {LAST}; from exchange_calendars {exchange_calendars.__version__}",
        "# (Apache-2.0) by tools/build_calendar.py. open and close are New York time.",
        "date,utc_offset_minutes,open,close",
    ]
    for day, times in calendar.schedule.iterrows():
        opens = times["open"].tz_convert(calendar.tz)
        closes = times["close"].tz_convert(calendar.tz)
        offset = int(opens.utcoffset().total_seconds()) // 60
        lines.append(f"{day.date().isoformat()},{offset},{opens:%H:%M},{closes:%H:%M}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
