"""Venues an order names: only these, or not those (R10). Codes stay as typed, in upper case."""

from __future__ import annotations

from sottovoce.intake.phrases import Found, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tables import VENUES

_VENUE_ONLY = phrase(
    "(only|just) [use|on|at|in|via|to|route to] <v:*>",
    "(route|send|trade|use) [it] (only|just|exclusively) [to|on|at|in|via] <v:*>",
    "[on|at|via|in|use|route to] <v:*> (only|exclusively)",
)
_VENUE_OUT = phrase(
    "(exclude|excluding|avoid|avoiding|no|not|ex|except|skip|without|never|off) [on|at|in|use|using|to|trade on|"
    "routing to|via] <v:*>",
    "(do not|dont) (use|route to|send to|go to|trade on|touch) <v:*>",
    "(stay|keep) (away from|off|out of) <v:*>",
)
_VENUE_IN = phrase("(via|on|at|to|route to|routed to|through) <v:*>")


def take_venues(reading: Reading) -> None:
    """Read venues to use and venues to leave out."""
    for field, pattern in (
        ("constraints.venues_include", _VENUE_ONLY),
        ("constraints.venues_exclude", _VENUE_OUT),
        ("constraints.venues_include", _VENUE_IN),
    ):
        start = 0
        while (match := reading.find(pattern, start)) is not None:
            start = match.start() + 1
            if match["v"].upper() not in VENUES:
                continue
            names = [match["v"].upper(), *_further_venues(reading, match, field)]
            known = reading.values.get(field)
            before = known if isinstance(known, tuple) else ()
            reading.values[field] = tuple(dict.fromkeys([*before, *names]))
            start = 0


def _further_venues(reading: Reading, match: Found, field: str) -> list[str]:
    """Venues joined to the first by a comma, and, or; all are used up."""
    first, last = match.at(), match.last()
    names: list[str] = []
    at = last + 1
    while at + 1 < len(reading.cells) and reading.cells[at] in {",", "and", "or", "/", "&"}:
        if reading.cells[at + 1].upper() not in VENUES:
            break
        names.append(reading.cells[at + 1].upper())
        at += 2
    if at < len(reading.cells) and names and reading.cells[at] == "only":
        at += 1
    reading.use_cells(range(first, at), field)
    return names
