"""How long an order may take: minutes ("min", never "m") or trading days (R8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from sottovoce.intake.numbers import whole
from sottovoce.intake.phrases import Found, Phrase, phrase
from sottovoce.intake.reading import Reading

DAYS_MAX = 365
MINUTES_MAX = 60 * 24

_OVER = (
    "spread out over|spread over|spread across|worked over|work over|stretched over|executed over|over the course "
    "of|over a period of|over|for|during|"
    "across|in|within|throughout|using|taking|lasting|with|on|the"
)
_LEAD = f"[{_OVER}] [the|a|an] [next|coming|following|full|first]"
_TRAIL = "[time|execution|trading] [horizon|window|period|duration|timeframe|time frame|schedule|timeline|timescale]"
_MINUTES_UNIT = "(minutes|minute|mins|min)"
_HOURS_UNIT = "(hours|hour|hrs|hr|h)"
_DURATIONS: tuple[tuple[Phrase, Decimal | None], ...] = (
    (phrase(f"{_LEAD} (an|a|one) hour and a half {_TRAIL}"), Decimal(90)),
    (phrase(f"{_LEAD} (half an hour|half hour|half a hour) {_TRAIL}"), Decimal(30)),
    (phrase(f"{_LEAD} (three quarters of an hour|three quarters of hour) {_TRAIL}"), Decimal(45)),
    (phrase(f"{_LEAD} (quarter of an hour|quarter hour|quarter of hour) {_TRAIL}"), Decimal(15)),
    (phrase(f"{_LEAD} <n:N> {_HOURS_UNIT} [and] <m:N> {_MINUTES_UNIT} {_TRAIL}"), None),
    (phrase(f"{_LEAD} <n:N> [and] {_HOURS_UNIT} and a half {_TRAIL}"), None),
    (phrase(f"{_LEAD} <n:N> {_HOURS_UNIT} {_TRAIL}"), None),
    (phrase(f"{_LEAD} <n:N> {_MINUTES_UNIT} {_TRAIL}"), None),
    (phrase(f"({_OVER}) (the|an|a) [next|coming|following|full] hour {_TRAIL}", "next hour"), Decimal(60)),
    (phrase(f"({_OVER}) (the|a) [next|coming|following] minute {_TRAIL}"), Decimal(1)),
)
_DAY_KIND = "[full|trading|business|consecutive|market|working|whole|separate]"
_DAYS_UNIT = "(days|day|sessions|session)"
_DAYS_RANGE = phrase(
    f"{_LEAD} <a:N> (-|to|or) <b:N> {_DAY_KIND} {_DAYS_UNIT} {_TRAIL}",
    (f"{_LEAD} <a:N> (-|to|or) <b:N> {_MINUTES_UNIT}"),
    f"{_LEAD} <a:N> (-|to|or) <b:N> {_HOURS_UNIT}",
)
_DAYS = phrase(
    f"{_LEAD} <n:N> {_DAY_KIND} {_DAYS_UNIT} {_TRAIL}", (f"[time] horizon [of|is] <n:N> {_DAY_KIND} {_DAYS_UNIT}")
)
_ONE_DAY = phrase(f"({_OVER}) (a|single|a single) {_DAY_KIND} (day|session) {_TRAIL}")
_MILLION_MINUTES = phrase(
    "(over|next|in|within|during|for|over the next|in the next|within the next|for the next|across|during the next) "
    "[the|next] <n:N> !(<S>|<U>|shares|of|each)"
)


def take_minutes(reading: Reading) -> None:
    """Read minutes and hours; a range of durations is a conflict."""
    while reading.take(_DAYS_RANGE, "horizon") is not None:
        reading.issues.add("conflicting_time")
    for pattern, fixed in _DURATIONS:
        for match in _unpriced(reading, pattern, "horizon.minutes"):
            minutes = fixed if fixed is not None else _minutes(reading, match)
            _settle_count(reading, minutes, "horizon.minutes", MINUTES_MAX)


def _unpriced(reading: Reading, pattern: Phrase, field: str) -> Iterator[Found]:
    """Take durations, but not a number that a price word claims ("limit 190 day")."""
    start = 0
    while (match := reading.find(pattern, start)) is not None:
        start = match.start() + 1
        at = match.at("n") if "n" in match else match.at()
        if at and reading.cells[at - 1] in _PRICE_WORDS:
            continue
        reading.use(match, field)
        yield match
        start = 0


_PRICE_WORDS = frozenset("limit lmt lim @ at stop stp price px loc loo".split())


def _minutes(reading: Reading, match: Found) -> Decimal | None:
    first = reading.token(match, "n")
    if first.fault or first.value is None or first.scaled:
        reading.issues.add(first.fault or "ambiguous_unit")
        return None
    hours = re.search(r" (?:hours|hour|hrs|hr|h) ", match.text()) is not None
    minutes = first.value * 60 if hours else first.value
    if "m" in match:
        minutes += reading.token(match, "m").value or 0
    return minutes + 30 if " and a half " in match.text() else minutes


def _settle_count(reading: Reading, value: Decimal | None, field: str, most: int) -> None:
    if value is None:
        return
    count = whole(value) if abs(value) < 10**9 else None
    if count is None or count > most:
        reading.issues.add("out_of_range" if value > most else "ambiguous_unit")
        return
    if count <= 0:
        reading.issues.add("negative_value" if count < 0 else "out_of_range")
    reading.settle(field, count, "conflicting_time")


def take_days(reading: Reading) -> None:
    """Read trading days."""
    for match in _unpriced(reading, _DAYS, "horizon.days"):
        token = reading.token(match, "n")
        if token.fault or token.scaled:
            reading.issues.add(token.fault or "ambiguous_unit")
        else:
            _settle_count(reading, token.value, "horizon.days", DAYS_MAX)
    if reading.take(_ONE_DAY, "horizon.days"):
        reading.settle("horizon.days", 1, "conflicting_time")


def ask_about_millions(reading: Reading) -> None:
    """ "over 30m" is thirty million in the place of a duration: asked about, never read as minutes."""
    start = 0
    while (match := reading.find(_MILLION_MINUTES, start)) is not None:
        start = match.start() + 1
        if reading.token(match, "n").scaled and reading.token(match, "n").text[-1:] in "mM":
            reading.use(match, "horizon")
            reading.issues.add("ambiguous_unit")
