"""What binds one path, flat: limits, totals, lines and lists, worked out once so that an order only compares.

What binds a path changes when a row begins, ends or is changed; then this is made again (terms.py). Checks look totals
up by ready-made keys, whatever the number of limits; rooms and figures that paths have in common are one object.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import LEVELS, LIMITS, Bound, Effective, Level, LimitBook, ListName, ListRow, Path
from sottovoce.stages.risk.lines import FIRM, line_key, one_text
from sottovoce.stages.risk.policy import Guideline
from sottovoce.stages.risk.tight import DOLLAR, NEVER, PPM, Tight

MISSING: Final = -1
OWN_LINES = (Level.ACCOUNT, Level.DESK, Level.TRADER, Level.STRATEGY)
"""Whose lines an order moves, in the order of Levels.lines. The other levels add up the lines of accounts."""


class Room:
    """One level's limit on one of its totals, shared by every path through the level.

    most is in price units times shares; near is the part of it a person is told of, as the check wants it compared;
    scope names the totals it bounds, line says which of Levels.lines an order adds to.
    """

    __slots__ = ("bound", "line", "most", "near", "scope")

    def __init__(self, bound: Bound, scope: str, most: int, near: int) -> None:
        self.bound, self.scope, self.most, self.near = bound, one_text(scope), most, near
        self.line = OWN_LINES.index(bound.level) if bound.level in OWN_LINES else 0


class Lists(NamedTuple):
    """What the lists say of a name on a path: the entries it is on, and the levels whose approved list lacks it."""

    restricted_kept: bool
    restricted: ListRow | None
    do_not_trade: ListRow | None
    watch: ListRow | None
    easy_to_borrow: bool
    unapproved: tuple[tuple[Level, str], ...]


class Shared:
    """Rooms, figures and lists by their content: what is the same for many paths is kept once."""

    __slots__ = ("_lists", "_rooms", "_tight")

    def __init__(self) -> None:
        self._tight: dict[tuple[Bound, ...], Tight] = {}
        self._rooms: dict[tuple[Bound, str, int, int], Room] = {}
        self._lists: dict[Lists, Lists] = {}

    def tight(self, effective: Effective) -> Tight:
        """The limits on one order."""
        names = [name for name in effective.names() if not LIMITS[name].sums]
        bounds = {name: bound for name in names if (bound := effective.tightest(name)) is not None}
        key = tuple(bounds.values())
        found = self._tight.get(key)
        if found is None:
            found = self._tight[key] = Tight(bounds)
        return found

    def room(self, bound: Bound, scope: str, most: int, near: int) -> Room:
        """One level's limit on one of its totals."""
        key = (bound, scope, most, near)
        found = self._rooms.get(key)
        if found is None:
            found = self._rooms[key] = Room(bound, scope, most, near)
        return found

    def lists(self, lists: Lists) -> Lists:
        """The same lists, as one object."""
        return self._lists.setdefault(lists, lists)


class Levels:
    """Everything that binds one path, its levels widest first.

    concentration: most is such a part of the level's own gross limit, MISSING without one; an empty scope is the line
    itself. lines: the keys of the account's, desk's, trader's and strategy's lines in the name, "" where
    there is no such, and keys those there are. missing: mandatory
    limits nobody has set. guidelines: the account's, whatever their dates.
    """

    __slots__ = (
        "concentration", "country", "effective", "gross", "guidelines", "instrument", "keys", "lines", "lists",
        "loss", "missing", "net", "position_adv", "position_value", "sector", "tight",
    )  # fmt: skip

    def __init__(self, effective: Effective, instrument: Instrument | None, tight: Tight) -> None:
        self.effective, self.instrument, self.tight = effective, instrument, tight
        self.missing = effective.missing
        self.position_value: Bound | None = effective.tightest("position_value")
        self.position_adv: Bound | None = effective.tightest("position_adv_ppm")
        self.gross: tuple[Room, ...] = ()
        self.net: tuple[Room, ...] = ()
        self.sector: tuple[Room, ...] = ()
        self.country: tuple[Room, ...] = ()
        self.concentration: tuple[Room, ...] = ()
        self.loss: tuple[Room, ...] = ()
        self.lines: tuple[str, ...] = ()
        self.keys: tuple[str, ...] = ()
        self.lists: Lists = NO_LISTS
        self.guidelines: tuple[Guideline, ...] = ()


NO_LISTS: Final = Lists(False, None, None, None, False, ())


def levels_of(
    effective: Effective, path: Path, instrument: Instrument | None, lists: Lists, shared: Shared | None = None
) -> Levels:
    """What binds a path; shared holds what other paths have too."""
    kept = Shared() if shared is None else shared
    levels = Levels(effective, instrument, kept.tight(effective))
    sector = None if instrument is None else instrument.sector
    country = None if instrument is None else instrument.country
    levels.gross = _gross(effective, levels.tight, kept)
    levels.net = _rooms(effective, "net", "", kept)
    levels.sector = _rooms(effective, "sector_gross", f"sector:{sector}", kept)
    levels.country = _rooms(effective, "country_gross", f"country:{country}", kept)
    levels.concentration = tuple([_part(effective, bound, path, kept) for bound in effective.each("concentration_ppm")])
    levels.loss = _losses(effective, levels.tight, kept)
    levels.lines = tuple([_line(path, level) for level in OWN_LINES])
    levels.keys = tuple([key for key in levels.lines if key])
    levels.lists = kept.lists(lists)
    return levels


def lists_of(book: LimitBook, path: Path, ts_ns: int) -> Lists:
    """What the lists say of a path's name at a time."""
    name = path.instrument_id
    hard = book.listed(ListName.HARD_TO_BORROW, name, path, ts_ns)
    easy = book.listed(ListName.EASY_TO_BORROW, name, path, ts_ns)
    return Lists(
        restricted_kept=bool(book.kept_by(ListName.RESTRICTED, path, ts_ns)),
        restricted=book.listed(ListName.RESTRICTED, name, path, ts_ns),
        do_not_trade=book.listed(ListName.DO_NOT_TRADE, name, path, ts_ns),
        watch=book.listed(ListName.WATCH, name, path, ts_ns),
        easy_to_borrow=hard is None and easy is not None,
        unapproved=book.unapproved(name, path, ts_ns),
    )


def scope_of(bound: Bound) -> str:
    """The key of the totals a bound is compared with."""
    return FIRM if bound.level is Level.FIRM else f"{bound.level.value}:{bound.scope}"


def _line(path: Path, level: Level) -> str:
    name = path[LEVELS.index(level) - 1]
    return line_key(f"{level.value}:{name}", path.instrument_id) if name else ""


def _gross(effective: Effective, tight: Tight, shared: Shared) -> tuple[Room, ...]:
    """near: exposure above it is held; without a part for that, nothing is."""
    part = tight.figure("exposure_hold_ppm", PPM)
    found = []
    for bound in effective.each("gross"):
        most = bound.value * DOLLAR
        found.append(shared.room(bound, scope_of(bound), most, most * part // PPM))
    return tuple(found)


def _losses(effective: Effective, tight: Tight, shared: Shared) -> tuple[Room, ...]:
    """near: the least loss that is warned of; without a part for that, none is."""
    part = tight.get("loss_warn_ppm")
    found = []
    for bound in effective.each("loss"):
        most = bound.value * DOLLAR
        near = NEVER if part is None else -(-most * part.value // PPM)
        found.append(shared.room(bound, scope_of(bound), most, near))
    return tuple(found)


def _rooms(effective: Effective, name: str, part: str, shared: Shared) -> tuple[Room, ...]:
    found = []
    for bound in effective.each(name):
        scope, most = scope_of(bound), bound.value * DOLLAR
        if part:
            scope = f"{scope}|{part}" if scope else part
        found.append(shared.room(bound, scope, most, most))
    return tuple(found)


def _part(effective: Effective, bound: Bound, path: Path, shared: Shared) -> Room:
    """One name's part of a level: of all accounts together at the wide levels, else of the level's own line."""
    gross = next((each.value for each in effective.each("gross") if each.level is bound.level), None)
    most = MISSING if gross is None else gross * DOLLAR * bound.value // PPM
    scope = "" if bound.level in OWN_LINES else f"instrument:{path.instrument_id}"
    return shared.room(bound, scope, most, most)
