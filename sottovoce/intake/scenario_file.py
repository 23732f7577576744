"""Scenarios: a day on the desk as a text a trader can read and write.

A file opens with lines that set the stage (title, name, market, seed, date, config, approve) and goes on with what
happens, each line with its time on the market's clock, or "end". Blank lines and whatever follows a # at the start of
a line or after a space are passed over.

    title  A venue falls silent while a buy is working
    name   ACME close 50.00 adv 2,000,000 volatility 1.5%

    10:00  order A Buy 20,000 ACME TWAP until 11:00
    10:10  SIMA is silent for 5m
    10:30  expect A filled >= 5,000
    end    expect A is done
    end    expect every order adds up
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.scenario import END, Ask, Expect, Line, MadeUpName, Scenario, Submit
from sottovoce.intake.scenario_lines import (
    ADV_MAX,
    CLOSE_MAX,
    CLOSE_MIN,
    SENTENCES,
    VOLATILITY_PERCENT_MAX,
    read_act,
    read_name,
)

BYTES_MAX = 1_000_000
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_COMMENT = re.compile(r"(^|\s)#.*$")
_MARKETS = ("sim", "sim:agents", "sim:queues")


def read_scenario(path: Path) -> Scenario:
    """Read and check one file.

    Raises: MalformedMessage, code scenario_file or scenario_line, naming the file, the line and what can be said.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        sentence = f"{path} cannot be read ({error.strerror}); check the path."
        raise MalformedMessage(sentence, code="scenario_file") from error
    if len(raw) > BYTES_MAX:
        raise MalformedMessage(f"{path} has more than {BYTES_MAX} bytes; split it.", code="scenario_file")
    try:
        return parse_scenario(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        sentence = f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        raise MalformedMessage(sentence, code="scenario_file") from error


def parse_scenario(text: str, source: str) -> Scenario:
    """A scenario from its text; source is what its faults are reported against."""
    fields: dict[str, Any] = {"names": ()}
    lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        content = _COMMENT.sub("", raw).strip()
        if not content:
            continue
        word, _, rest = content.partition(" ")
        where = f"{source}, line {number}"
        if word in _SETTINGS:
            fields |= _setting(word, rest.strip(), fields, where)
        else:
            lines.append(_timed(word, " ".join(rest.split()), number, where))
    return _whole(fields, lines, source)


def _setting(word: str, value: str, fields: Mapping[str, Any], where: str) -> dict[str, Any]:
    if word == "name":
        name = read_name(" ".join(value.split()))
        if name is None:
            raise _refused(where, f"{value[:80]!r} is no name", _NAME_HINT)
        known: tuple[MadeUpName, ...] = fields["names"]
        if any(each.symbol == name.symbol for each in known):
            raise _refused(where, f"{name.symbol} is named twice", "keep one")
        return {"names": (*known, name)}
    if word in fields:
        raise _refused(where, f"{word} is said twice", "keep one")
    read = _SETTINGS[word](value)
    if read is None:
        raise _refused(where, f"{value!r} cannot be the {word}", _HINTS[word])
    return {word: read}


def _timed(clock: str, rest: str, number: int, where: str) -> Line:
    if clock != END and not _TIME.fullmatch(clock):
        raise _refused(
            where, f"{clock!r} is neither a time nor a setting",
            f"begin with 10:05, 10:05:30, end, or one of {', '.join(_SETTINGS)}",
        )  # fmt: skip
    act = read_act(rest)
    if act is None:
        raise _refused(where, f"{rest[:80]!r} is not understood", "say one of: " + " | ".join(SENTENCES))
    if clock == END and not isinstance(act, Expect):
        raise _refused(where, "nothing can happen at the end but an expectation", "give it a time")
    return Line(number=number, clock=clock, text=rest, act=act)


def _whole(fields: Mapping[str, Any], lines: list[Line], source: str) -> Scenario:
    labels: set[str] = set()
    latest = ""
    for line in lines:
        where = f"{source}, line {line.number}"
        clock = _sortable(line.clock)
        if clock < latest:
            raise _refused(where, f"{line.clock} is earlier than the line before", "put the lines in order of time")
        latest = clock
        if isinstance(line.act, Submit):
            if line.act.label in labels:
                raise _refused(where, f"a second order is called {line.act.label}", "call it something else")
            labels.add(line.act.label)
        elif isinstance(line.act, Ask) and line.act.label not in labels:
            raise _refused(where, f"no order before this is called {line.act.label}", "order it first")
    if not any(isinstance(line.act, Expect) for line in lines):
        raise _refused(source, "it expects nothing", "add a line such as: end expect every order adds up")
    if "title" not in fields:
        raise _refused(source, "it has no title", "begin with: title What this is about")
    return Scenario(lines=tuple(lines), **fields)


def _sortable(clock: str) -> str:
    """Times sort as text once they have seconds; the end comes after all of them."""
    if clock == END:
        return "~"
    return clock if clock.count(":") == 2 else f"{clock}:00"


def _refused(where: str, what: str, remedy: str) -> MalformedMessage:
    return MalformedMessage(f"{where}: {what}; {remedy}.", code="scenario_line")


def _text(value: str) -> str | None:
    return value or None


def _date(value: str) -> str | None:
    return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def _seed(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _market(value: str) -> str | None:
    return value if value in _MARKETS else None


def _yes(value: str) -> bool | None:
    return True if value in ("", "yes") else None


_SETTINGS: Mapping[str, Callable[[str], object]] = {
    "title": _text,
    "name": _text,
    "market": _market,
    "seed": _seed,
    "date": _date,
    "config": _text,
    "approve": _yes,
}
_NAME_HINT = (
    "write: name ACME close 50.00 adv 2,000,000 volatility 1.5%, "
    f"with a close from {CLOSE_MIN} to {CLOSE_MAX:,.0f}, an adv of 1 to {ADV_MAX:,.0f} "
    f"and a volatility of up to {VOLATILITY_PERCENT_MAX:.0f} % a day"
)
_HINTS = {
    "title": "say in a few words what happens",
    "market": f"it is one of {', '.join(_MARKETS)}",
    "seed": "it is a whole number from 0 up",
    "date": "write it as 2026-11-23",
    "config": "give the path of a configuration file",
    "approve": "write the word alone",
}
