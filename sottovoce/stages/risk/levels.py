"""The levels an order counts in, worked out once for a path: limit, totals and line of each, by key.

What binds a path changes when a row begins, ends or is changed; then its Effective is another object and this is made
again. Checks then look totals up by ready-made keys, whatever the number of limits.
"""

from __future__ import annotations

from typing import NamedTuple

from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import LIMITS, Bound, Effective, Level, Path
from sottovoce.stages.risk.lines import FIRM, line_key

DOLLAR = PPM = 1_000_000
MISSING = -1
OWN_LINES = (Level.DESK, Level.TRADER, Level.STRATEGY)
"""Levels that keep lines of their own; the others add up the lines of accounts."""


class Room(NamedTuple):
    """One level's limit: most in price units times shares, the totals it bounds, and the line an order adds to."""

    bound: Bound
    most: int
    scope: str
    line: str


class Levels(NamedTuple):
    """The levels of one path, widest first, by what is bounded.

    tight: the limits on one order, shared by every path they are the same for, so that they stay near the processor.
    concentration: most is such a part of the level's own gross limit, MISSING without one; scope is the name's totals.
    """

    effective: Effective
    gross: tuple[Room, ...]
    net: tuple[Room, ...]
    sector: tuple[Room, ...]
    country: tuple[Room, ...]
    concentration: tuple[Room, ...]
    loss: tuple[Room, ...]
    position_value: Bound | None
    position_adv: Bound | None
    tight: dict[str, Bound]


def scope_of(bound: Bound) -> str:
    """The key of the totals a bound is compared with."""
    return FIRM if bound.level is Level.FIRM else f"{bound.level.value}:{bound.scope}"


Shared = dict[tuple[Bound, ...], dict[str, Bound]]
"""Limits on one order, by their content."""


def levels_of(effective: Effective, path: Path, instrument: Instrument | None, shared: Shared | None = None) -> Levels:
    """Every level that bounds a total of the path; shared holds the limits on one order that other paths have too."""
    sector = None if instrument is None else instrument.sector
    country = None if instrument is None else instrument.country
    return Levels(
        effective,
        _rooms(effective, "gross", path),
        _rooms(effective, "net", path),
        _rooms(effective, "sector_gross", path, f"sector:{sector}"),
        _rooms(effective, "country_gross", path, f"country:{country}"),
        tuple(_part(effective, bound, path) for bound in effective.each("concentration_ppm")),
        _rooms(effective, "loss", path),
        effective.tightest("position_value"),
        effective.tightest("position_adv_ppm"),
        _tight(effective, {} if shared is None else shared),
    )


def _tight(effective: Effective, shared: Shared) -> dict[str, Bound]:
    names = [name for name in effective.names() if not LIMITS[name].sums]
    bounds = {name: bound for name in names if (bound := effective.tightest(name)) is not None}
    return shared.setdefault(tuple(bounds.values()), bounds)


def _part(effective: Effective, bound: Bound, path: Path) -> Room:
    """One name's part of a level: of all accounts together at the wide levels, else of the level's own line."""
    gross = next((each.value for each in effective.each("gross") if each.level is bound.level), None)
    most = MISSING if gross is None else gross * DOLLAR * bound.value // PPM
    room = _room(bound, path, "")
    own = bound.level in OWN_LINES or bound.level is Level.ACCOUNT
    return room._replace(most=most, scope="" if own else f"instrument:{path.instrument_id}")


def _rooms(effective: Effective, name: str, path: Path, part: str = "") -> tuple[Room, ...]:
    return tuple(_room(bound, path, part) for bound in effective.each(name))


def _room(bound: Bound, path: Path, part: str) -> Room:
    scope = scope_of(bound)
    line = line_key(scope if bound.level in OWN_LINES else f"account:{path.account}", path.instrument_id)
    if part:
        scope = f"{scope}|{part}" if scope else part
    return Room(bound, bound.value * DOLLAR, scope, line)
