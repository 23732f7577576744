"""When to start, when to end, over how long (R8).

Durations are minutes ("min", never "m") or trading days. A clock hour from 1 to 6 without am or pm, when
cash markets are closed, is the afternoon. An end before the start is kept as read and refused.
"""

from __future__ import annotations

from sottovoce.intake.durations import ask_about_millions, take_days, take_minutes
from sottovoce.intake.phrases import Found, Phrase, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tables import ZONES
from sottovoce.intake.tokens import Token, clock_token

_CLOSE = (
    "(close|closing bell|bell|end of [the] [trading] (day|session)|eod|cob|close of (business|trading|play|day|"
    "the day)|market close|"
    "closing|end of trading|session end|day end|days end)"
)
_CLOSE_PLAIN = (
    "(close|closing bell|bell|end of [the] [trading] (day|session)|eod|cob|close of (business|trading|play|day)|"
    "market close)"
)
_ZONE = "[" + "|".join(words for words in ZONES.values()) + "]"
_Z = f"{_ZONE} [time]"
_BY = (
    "no later than|not later than|latest by|at the latest by|through to|through|thru to|thru|up until|up till|up "
    "to|right up to|right into|"
    "right to|all the way to|out to|until|till|til|by|before|into|to|ending at|ending by|ending|end at|end by|end|"
    "ends at|finish at|finish by|"
    "finishing at|finishing by|finished by|complete by|completed by|completing by|completion by|done by|be done "
    "by|due by|due|deadline"
)
_OPTIONAL_DONE = (
    "[and|to be|be|must be|get it|have it|finish|finished|done|complete|completed|all done|fully done|fill|filled|end]"
)
_FROM = (
    "starting from|starting at|starting|start from|start at|start|starts at|begin at|begin|beginning at|beginning|"
    "from|after|not before|"
    "no earlier than|wait until|wait till|hold until|commencing at|commencing|kick off at|kicking off at"
)
_WINDOW = phrase(
    f"[from|between|window] <a:T> {_Z} (-|to|until|till|til|and|through|thru) <b:T> {_Z}",
    f"(from|between) <a:NT> {_Z} (-|to|until|till|til|and|through|thru) <b:NT> {_Z}",
    f"<a:N> (-|to) <b:T> {_Z}",
)
_TO_CLOSE = phrase(
    f"[from|between|{_FROM}] <a:T> {_Z} (-|to|until|till|til|and|through|into) [the] {_CLOSE}",
    f"({_FROM}) <a:NT> {_Z} (-|to|until|till|til|and|through|into|till) [the] {_CLOSE}",
)
_OPEN_CLOSE = phrase(
    f"[from|between] [the] open (-|to|until|till|til|and|through|into) [the] {_CLOSE}",
    "open to close",
    "from open to close",
)
_START_OPEN = phrase(
    "(from|starting at|starting on|start at|beginning at|after|since|starting) [the] (open|opening bell|opening)"
)
_START = phrase(
    f"[and|but] ({_FROM}) <a:T> {_Z}", (f"[and|but] ({_FROM}) <a:N> {_Z} !(minutes|hours|days|day|min|minute)")
)
_START_NOW = phrase(
    "(starting|start|beginning|begin|from|effective) (now|immediately|right now|right away) [on|onwards]"
)
_END_CLOSE = phrase(
    f"{_OPTIONAL_DONE} ({_BY}) [the|today|todays] [todays|market] {_CLOSE} [today|tonight|of today]",
    "(end of [the] [trading] day|eod|cob|end of session|close of business) [today]",
    "[for|over|during|throughout|through|across|all] [the] (rest|remainder|balance) of [the|today] (day|session|"
    "afternoon|today)",
    "(all|full|whole|entire) (day|session) [long]",
    "(over|during|throughout|across|through) [the] [full|whole|entire] [trading] (day|session|course of the day)",
    "(for|over|during|throughout|across) [all of] today",
    "(spread|worked|work|spread out) (over|through|across) the day",
    "[by] today [only]",
    "intraday",
    f"[and] (finish|finishing|complete|end|ending) (at|on|by|with) [the] {_CLOSE_PLAIN}",
)
_END = phrase(
    f"{_OPTIONAL_DONE} ({_BY}) <b:T> {_Z} [latest|at the latest|sharp]",
    f"{_OPTIONAL_DONE} (no later than|not later than|until|till|til|by|before|ending at|ending|end at|finish by|"
    f"done by|complete by|through|thru) <b:N> {_Z} "
    "[latest|sharp] !(minutes|hours|days|day|minute|hour|min|shares|<S>|-|of|vwap|twap|<U>)",
    f"- <b:T> {_Z}",
)


_LONE_ZONE = phrase(
    "[all|in] (et|est|edt|cet|cest|gmt|utc|hkt|jst|sgt|aest) [time|times]",
    "[all|in] (ny|new york|london|paris|frankfurt|tokyo|uk|hong kong|local|exchange) (time|times)",
)


def take_horizon(reading: Reading) -> None:
    """Read start, end, minutes, days and zone."""
    _take_windows(reading)
    take_minutes(reading)
    take_days(reading)
    _take_starts(reading)
    _take_ends(reading)
    ask_about_millions(reading)
    _take_lone_zone(reading)
    _check_order(reading)


def _take_windows(reading: Reading) -> None:
    start = 0
    while (match := reading.find(_WINDOW, start)) is not None:
        first, second = _clock(reading, match, "a"), _clock(reading, match, "b")
        if first is None or second is None or _bounded(reading, match):
            start = match.start() + 1
            continue
        reading.use(match, "horizon")
        _settle_time(reading, first, "horizon.start")
        _settle_time(reading, second, "horizon.end")
        _settle_zone(reading, match)
    start = 0
    while (match := reading.find(_TO_CLOSE, start)) is not None:
        first = _clock(reading, match, "a")
        if first is None or _bounded(reading, match):
            start = match.start() + 1
            continue
        reading.use(match, "horizon")
        _settle_time(reading, first, "horizon.start")
        reading.settle("horizon.end", "close", "conflicting_time")
        _settle_zone(reading, match)
    while reading.take(_OPEN_CLOSE, "horizon"):
        reading.settle("horizon.start", "open", "conflicting_time")
        reading.settle("horizon.end", "close", "conflicting_time")


def _bounded(reading: Reading, match: Found) -> bool:
    """Whether "by" or "until" stands before: the first time is then an end, not a start."""
    at = match.at()
    return at > 0 and reading.cells[at - 1] in {"by", "till", "until", "til", "before"}


def _take_ends(reading: Reading) -> None:
    while reading.take(_END_CLOSE, "horizon.end"):
        reading.settle("horizon.end", "close", "conflicting_time")
    _take_clocks(reading, _END, "b", "horizon.end")


def _take_starts(reading: Reading) -> None:
    while reading.take(_START_NOW, "horizon.start"):
        reading.settle("horizon.start", "now", "conflicting_time")
    while reading.take(_START_OPEN, "horizon.start"):
        reading.settle("horizon.start", "open", "conflicting_time")
    _take_clocks(reading, _START, "a", "horizon.start")


def _take_clocks(reading: Reading, pattern: Phrase, group: str, field: str) -> None:
    start = 0
    while (match := reading.find(pattern, start)) is not None:
        clock = _clock(reading, match, group)
        if clock is None:
            start = match.start() + 1
            continue
        reading.use(match, field)
        _settle_time(reading, clock, field)
        _settle_zone(reading, match)


def _clock(reading: Reading, match: Found, group: str) -> Token | None:
    """The time a token stands for: a clock time, an hour (3), or four digits (1530); None if it is neither."""
    token = reading.token(match, group)
    if token.kind == "T":
        return token
    if token.value is None or token.scaled or not token.text.isdigit():
        return None
    if len(token.text) <= 2 and 1 <= int(token.text) <= 23:
        return clock_token(token.text, int(token.text), 0, "")
    if len(token.text) in {3, 4} and 7 <= int(token.text[:-2]) <= 22 and int(token.text[-2:]) <= 59:
        return clock_token(token.text, int(token.text[:-2]), int(token.text[-2:]), "")
    return None


def _settle_time(reading: Reading, clock: Token, field: str) -> None:
    if clock.fault:
        reading.issues.add(clock.fault)
    else:
        reading.settle(field, clock.name, "conflicting_time")


def _settle_zone(reading: Reading, match: Found) -> None:
    for zone, words in ZONES.items():
        for word in words.split("|"):
            if f" {word} " in f" {match.text()}":
                if zone != "venue":
                    reading.settle("horizon.tz", zone, "conflicting_time")
                return


def _take_lone_zone(reading: Reading) -> None:
    """A zone written apart from the times it belongs to: "10:00-15:30, CET"."""
    if "horizon.start" in reading.values or "horizon.end" in reading.values:
        match = reading.take(_LONE_ZONE, "horizon.tz")
        if match is not None:
            _settle_zone(reading, match)


def _check_order(reading: Reading) -> None:
    start, end = reading.values.get("horizon.start"), reading.values.get("horizon.end")
    days = reading.values.get("horizon.days") or 1
    if isinstance(start, str) and isinstance(end, str) and ":" in start and ":" in end and end <= start and days == 1:
        reading.issues.add("conflicting_time")
    if isinstance(end, str) and ":" in end and reading.values.get("horizon.minutes") is not None:
        reading.issues.add("conflicting_time")
