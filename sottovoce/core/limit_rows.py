"""Limits and lists as dated rows: who set them, from when until when, and which version of them.

A limit is known by its id. Its versions are rows with windows; in force is the highest version whose window holds,
so a temporary raise ends by itself and what stood before it stands again. Nothing is ever rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.limit_table import Level

EVERY = "*"
"""The scope of a row that holds for each one of its level that has no row of its own."""

KEPT = ""
"""The instrument id of the row that says a list is kept here, whether or not anything is on it."""


class LimitRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One version of one limit.

    scope: the desk, trader, account, strategy or instrument id; "" for firm and order, "*" for each of the level.
    name: one of LIMITS, which says the unit of value. review_date: ISO date by which owner looks at it again.
    In force from from_ns until before until_ns (None: until further notice). removed: this version ends the limit.
    """

    limit_id: str
    level: Level
    name: str
    value: int
    owner: str
    review_date: str
    scope: str = ""
    from_ns: int = 0
    until_ns: int | None = None
    version: int = 1
    removed: bool = False

    @property
    def row_id(self) -> str:
        """What its versions have in common."""
        return self.limit_id

    @property
    def place(self) -> tuple[Level, str, str]:
        """What it bounds; another limit may not stand in the same place."""
        return self.level, self.scope, self.name

    def holds(self, ts_ns: int) -> bool:
        """Whether the window of this version is open."""
        return self.from_ns <= ts_ns and (self.until_ns is None or ts_ns < self.until_ns)


class ListName(Word):
    """The lists of instruments a desk keeps."""

    RESTRICTED = "restricted"
    WATCH = "watch"
    APPROVED = "approved"
    DO_NOT_TRADE = "do_not_trade"
    HARD_TO_BORROW = "hard_to_borrow"
    EASY_TO_BORROW = "easy_to_borrow"


Row = TypeVar("Row", "LimitRow", "ListRow")

PERMITS = (ListName.APPROVED, ListName.EASY_TO_BORROW)
"""Lists that allow what is on them; the others stop it, or have it watched."""


class ListRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One version of one entry of a list.

    instrument_id KEPT ("") is the list itself: without such a row in force a list is missing, not empty.
    level and scope say whose list it is; removed: this version takes the entry off.
    """

    entry_id: str
    list_name: ListName
    owner: str
    instrument_id: str = ""
    level: Level = Level.FIRM
    scope: str = ""
    reason: str = ""
    from_ns: int = 0
    until_ns: int | None = None
    version: int = 1
    removed: bool = False

    @property
    def row_id(self) -> str:
        """What its versions have in common."""
        return self.entry_id

    @property
    def place(self) -> tuple[Level, str, str]:
        """Whose list, and what of it; another entry may not stand in the same place."""
        return self.level, self.scope, f"{self.list_name.value}:{self.instrument_id}"

    def holds(self, ts_ns: int) -> bool:
        """Whether the window of this version is open."""
        return self.from_ns <= ts_ns and (self.until_ns is None or ts_ns < self.until_ns)


class LimitRows(msgspec.Struct, kw_only=True):
    """Every version of every limit and list entry: what the limits stage and every user of limits keep as state.

    version counts the changes; limits and lists are by id, versions rising.
    """

    version: int = 1
    limits: dict[str, tuple[LimitRow, ...]] = {}
    lists: dict[str, tuple[ListRow, ...]] = {}

    def change(self, version: int, limits: tuple[LimitRow, ...] = (), lists: tuple[ListRow, ...] = ()) -> None:
        """Add versions of limits and entries, as one change."""
        self.version = version
        for row in limits:
            self.limits[row.limit_id] = (*self.limits.get(row.limit_id, ()), row)
        for entry in lists:
            self.lists[entry.entry_id] = (*self.lists.get(entry.entry_id, ()), entry)

    def copy(self) -> LimitRows:
        """The same rows, to be changed apart from these."""
        return LimitRows(version=self.version, limits=dict(self.limits), lists=dict(self.lists))


def rows_of(limits: tuple[LimitRow, ...], lists: tuple[ListRow, ...] = (), version: int = 1) -> LimitRows:
    """The rows as the state they make."""
    rows = LimitRows()
    rows.change(version, limits, lists)
    return rows


def in_force(versions: Sequence[Row], ts_ns: int) -> Row | None:
    """The version that holds at ts_ns: the highest whose window is open; None when there is none or it ends the row."""
    best: Row | None = None
    for row in versions:
        if (best is None or row.version > best.version) and row.holds(ts_ns):
            best = row
    return None if best is None or best.removed else best


def edges(versions: Sequence[LimitRow] | Sequence[ListRow]) -> list[int]:
    """Every instant at which one of these versions begins or ends."""
    begins = [row.from_ns for row in versions]
    return begins + [row.until_ns for row in versions if row.until_ns is not None]
