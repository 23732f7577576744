"""Which limits bind an order, now: the rows on its path, looked up once and remembered until one begins or ends.

The hierarchy is firm → desk → trader → account → strategy → instrument → order. A limit on one order is the tightest
on the path; a limit on a total is each level's own. A mandatory level without a row is named in `missing`, and the
order stops. Rows are data (core/limit_rows.py) and every name is in LIMITS (core/limit_table.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sottovoce.core.limit_rows import (
    EVERY,
    KEPT,
    LimitRow,
    LimitRows,
    ListName,
    ListRow,
    edges,
    in_force,
    rows_of,
)
from sottovoce.core.limit_table import LIMITS, Level, LimitKind, Unit

__all__ = [
    "EVERY",
    "KEPT",
    "LIMITS",
    "Bound",
    "Effective",
    "Level",
    "LimitBook",
    "LimitKind",
    "LimitRow",
    "LimitRows",
    "ListName",
    "ListRow",
    "Path",
    "Unit",
    "rows_of",
]

PATHS_MAX = 65_536
"""Paths remembered at once; beyond it the memory starts again."""

LEVELS = tuple(Level)
MANDATORY = {level: tuple(name for name, kind in LIMITS.items() if level in kind.mandatory) for level in LEVELS}
_FOREVER = (1 << 62) - 1
_Scope = tuple[Level, str]


class Path(NamedTuple):
    """Who and what an order belongs to; "" where it is not known, and then that level binds only if mandatory."""

    desk: str = ""
    trader: str = ""
    account: str = ""
    strategy: str = ""
    instrument_id: str = ""


class Bound(NamedTuple):
    """A limit that binds: its value in the unit of its name, and the row it comes from.

    scope is whose total it bounds: the path's own name, also where the row is one for each of its level.
    """

    value: int
    limit_id: str
    version: int
    level: Level
    scope: str


class Effective:
    """What binds one path during one window of time; worked out for a name when it is first asked."""

    __slots__ = ("_each", "_levels", "_tightest", "missing")

    def __init__(self, levels: Sequence[Mapping[str, Bound]], missing: tuple[tuple[Level, str], ...]) -> None:
        self._levels = levels
        self._each: dict[str, tuple[Bound, ...]] = {}
        self._tightest: dict[str, Bound | None] = {}
        self.missing = missing

    def tightest(self, name: str) -> Bound | None:
        """The strictest row on the path, widest level first among equals; None where nobody has set one."""
        found = self._tightest.get(name)
        if found is None and name not in self._tightest:
            found = self._tightest[name] = _tightest(name, self.each(name))
        return found

    def each(self, name: str) -> tuple[Bound, ...]:
        """Every level's own row, widest first: for what is compared with each level's total."""
        found = self._each.get(name)
        if found is None:
            found = self._each[name] = tuple(level[name] for level in self._levels if name in level)
        return found

    def names(self) -> tuple[str, ...]:
        """What is bound at all, in the order of LIMITS."""
        return tuple(name for name in LIMITS if self.each(name))


class LimitBook:
    """The rows, indexed by level and scope. One per stage that needs limits; its state is its LimitRows."""

    def __init__(self, rows: LimitRows) -> None:
        self._stamp = 0
        self.restore(rows)

    @property
    def version(self) -> int:
        """Counts the changes: an order's decision names it."""
        return self.rows.version

    def change(self, version: int, limits: tuple[LimitRow, ...] = (), lists: tuple[ListRow, ...] = ()) -> None:
        """Fold one change into the rows (LimitsChanged, ListChanged)."""
        self.rows.change(version, limits, lists)
        if limits:
            self._index()
        if lists:
            self._index_lists()

    def restore(self, rows: LimitRows) -> None:
        """Take over other rows."""
        self.rows = rows
        self._index()
        self._index_lists()

    def stamp(self, ts_ns: int) -> int:
        """A number that stays while every limit and every list does: what was worked out under it still holds."""
        if not self._from_ns <= ts_ns < self._until_ns:
            self._window(ts_ns)
        return self._stamp

    def effective(self, path: Path, ts_ns: int) -> Effective:
        """What binds a path at ts_ns: one look-up, unless a row began or ended since the last."""
        if not self._from_ns <= ts_ns < self._until_ns:
            self._window(ts_ns)
        found = self._paths.get(path)
        return self._remember(path) if found is None else found

    def listed(self, list_name: ListName, instrument_id: str, path: Path, ts_ns: int) -> ListRow | None:
        """The entry that puts an instrument on a list for this path, widest level first, or None."""
        for entry in self._entries.get((list_name, instrument_id), ()):
            if _on(path, entry) and self._stands(entry, ts_ns):
                return entry
        return None

    def kept_by(self, list_name: ListName, path: Path, ts_ns: int) -> tuple[_Scope, ...]:
        """The levels and scopes on a path at which such a list is kept, widest first; () is a missing list."""
        keepers = self._entries.get((list_name, KEPT), ())
        return tuple((row.level, row.scope) for row in keepers if _on(path, row) and self._stands(row, ts_ns))

    def unapproved(self, instrument_id: str, path: Path, ts_ns: int) -> tuple[_Scope, ...]:
        """The levels and scopes on a path whose own approved list does not have the instrument."""
        kept = self.kept_by(ListName.APPROVED, path, ts_ns)
        entries = self._entries.get((ListName.APPROVED, instrument_id), ()) if kept else ()
        have = [(row.level, row.scope) for row in entries if self._stands(row, ts_ns)]
        return tuple(scope for scope in kept if scope not in have)

    def row_at(self, level: Level, scope: str, name: str, ts_ns: int) -> LimitRow | None:
        """The row that binds one scope of one level, its own or the one for every of its level, or None."""
        if not self._from_ns <= ts_ns < self._until_ns:
            self._window(ts_ns)
        return self._binding(level, scope).get(name)

    def ids_at(self, level: Level, scope: str, name: str) -> tuple[str, ...]:
        """The ids of every limit that could bind one scope of one level, whatever the time."""
        places = [(level, scope)] if scope in ("", EVERY) else [(level, scope), (level, EVERY)]
        return tuple(limit_id for place in places for limit_id in self._scopes.get(place, {}).get(name, ()))

    def entry_at(self, list_name: ListName, instrument_id: str, level: Level, scope: str, ts_ns: int) -> ListRow | None:
        """The entry of exactly this list, level and scope, or None."""
        for entry in self._entries.get((list_name, instrument_id), ()):
            if (entry.level, entry.scope) == (level, scope) and self._stands(entry, ts_ns):
                return entry
        return None

    # inside ----------------------------------------------------------------------------------------------

    def _index(self) -> None:
        scopes: dict[_Scope, dict[str, list[str]]] = {}
        instants = [0]
        for limit_id in sorted(self.rows.limits):
            versions = self.rows.limits[limit_id]
            instants += edges(versions)
            for row in versions:
                ids = scopes.setdefault((row.level, row.scope), {}).setdefault(row.name, [])
                if limit_id not in ids:
                    ids.append(limit_id)
        self._scopes = scopes
        self._limit_edges = sorted(set(instants))
        self._from_ns = self._until_ns = 0

    def _index_lists(self) -> None:
        self._entries: dict[tuple[ListName, str], list[ListRow]] = {}
        entries = [entry for versions in self.rows.lists.values() for entry in versions]
        for entry in sorted(entries, key=lambda row: (LEVELS.index(row.level), row.entry_id, row.version)):
            self._entries.setdefault((entry.list_name, entry.instrument_id), []).append(entry)
        self._list_edges = sorted(set(edges(entries)))
        self._from_ns = self._until_ns = 0

    def _window(self, ts_ns: int) -> None:
        """Move to the stretch of time around ts_ns in which no row or entry begins or ends."""
        self._from_ns, self._until_ns = -_FOREVER, _FOREVER
        for instants in (self._limit_edges, self._list_edges):
            place = bisect_right(instants, ts_ns)
            if place:
                self._from_ns = max(self._from_ns, instants[place - 1])
            if place < len(instants):
                self._until_ns = min(self._until_ns, instants[place])
        self._now_ns = ts_ns
        self._forget()

    def _forget(self) -> None:
        self._stamp += 1
        self._paths: dict[Path, Effective] = {}
        self._bound: dict[_Scope, dict[str, Bound]] = {}
        self._standing: dict[_Scope, dict[str, LimitRow]] = {}

    def _remember(self, path: Path) -> Effective:
        if len(self._paths) >= PATHS_MAX:
            self._forget()
        found = self._paths[path] = self._made(path)
        return found

    def _made(self, path: Path) -> Effective:
        levels, missing = [], list[tuple[Level, str]]()
        for level, scope in zip(LEVELS, ("", *path, ""), strict=True):
            bounds = self._bounds(level, scope)
            missing += [(level, name) for name in MANDATORY[level] if name not in bounds]
            levels.append(bounds)
        return Effective(levels, tuple(missing))

    def _bounds(self, level: Level, scope: str) -> dict[str, Bound]:
        """What binds one scope of one level, as bounds: one dictionary, shared by every path through it."""
        found = self._bound.get((level, scope))
        if found is None:
            rows = self._binding(level, scope).items()
            found = {name: Bound(row.value, row.limit_id, row.version, level, scope) for name, row in rows}
            self._bound[level, scope] = found
        return found

    def _binding(self, level: Level, scope: str) -> dict[str, LimitRow]:
        """A scope's own rows, and for what it has none of, those for each of the level."""
        own = self._rows_at((level, scope))
        if level in (Level.FIRM, Level.ORDER) or not scope:
            return own
        return {**self._rows_at((level, EVERY)), **own}

    def _rows_at(self, scope: _Scope) -> dict[str, LimitRow]:
        """name → the row that stands at exactly this level and scope."""
        standing = self._standing.get(scope)
        if standing is None:
            found = self._scopes.get(scope, {})
            rows = {name: self._strictest(name, ids, scope) for name, ids in found.items()}
            standing = {name: row for name, row in rows.items() if row is not None}
            if found:
                self._standing[scope] = standing
        return standing

    def _strictest(self, name: str, ids: list[str], scope: _Scope) -> LimitRow | None:
        best: LimitRow | None = None
        for limit_id in ids:
            row = in_force(self.rows.limits[limit_id], self._now_ns)
            if row is None or row.name != name or (row.level, row.scope) != scope:
                continue
            if best is None or LIMITS[name].tighter(row.value, best.value):
                best = row
        return best

    def _stands(self, entry: ListRow, ts_ns: int) -> bool:
        return entry is in_force(self.rows.lists[entry.entry_id], ts_ns)


def _tightest(name: str, bounds: tuple[Bound, ...]) -> Bound | None:
    best: Bound | None = None
    for bound in bounds:
        if best is None or LIMITS[name].tighter(bound.value, best.value):
            best = bound
    return best


def _on(path: Path, entry: ListRow) -> bool:
    """Whether an entry's level and scope lie on a path."""
    if entry.level in (Level.FIRM, Level.ORDER):
        return True
    name = path[LEVELS.index(entry.level) - 1]
    return bool(name) and entry.scope in (name, EVERY)
