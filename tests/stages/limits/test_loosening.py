"""The law of four eyes: what one person may do alone never lets more through, anywhere, at any later time."""

from __future__ import annotations

from math import inf

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.limits import LIMITS, Level, LimitBook, LimitRow, Path, rows_of
from sottovoce.stages.limits.changes import as_whole, stamped
from sottovoce.stages.limits.loosening import looser_limits
from tests.core.limit_words import NAMES, PATH, limit_versions

LEVELS = tuple(Level)
OTHER = Path(desk="other", trader="other", account="other", strategy="other", instrument_id="other")
NEITHER = Path(desk="x", trader="x", account="x", strategy="x", instrument_id="x")
"""Every scope the rows can speak of: named, another named, and one that only a row for every one reaches."""
LATEST = 24


def let_through(book: LimitBook, path: Path, ts_ns: int) -> dict[tuple[Level, str], float]:
    """How much passes at each level, by name: a missing mandatory row stops all, any other missing row nothing."""
    effective = book.effective(path, ts_ns)
    found: dict[tuple[Level, str], float] = {
        (level, name): -inf if level in LIMITS[name].mandatory else inf for level in LEVELS for name in NAMES
    }
    for name in NAMES:
        for bound in effective.each(name):
            found[bound.level, name] = -bound.value if LIMITS[name].higher_is_tighter else bound.value
    return found


def loosens(before: LimitBook, after: LimitBook, ts_ns: int) -> bool:
    """The plain way: every path, every instant, every level."""
    for at in range(ts_ns, LATEST):
        for path in (PATH, OTHER, NEITHER):
            old, new = let_through(before, path, at), let_through(after, path, at)
            if any(new[place] > old[place] for place in old):
                return True
    return False


def unique(rows: tuple[LimitRow, ...]) -> dict[str, list[LimitRow]]:
    """By id, one id a place, as the stage keeps it."""
    taken: dict[object, str] = {}
    found: dict[str, list[LimitRow]] = {}
    for row in rows:
        if taken.setdefault(row.place, row.limit_id) == row.limit_id and row.place == first_place(found, row):
            found.setdefault(row.limit_id, []).append(row)
    return found


def first_place(found: dict[str, list[LimitRow]], row: LimitRow) -> object:
    return found[row.limit_id][0].place if row.limit_id in found else row.place


@settings(max_examples=60)
@given(limit_versions(), limit_versions(), st.integers(0, 16))
def test_change_is_found_to_loosen_exactly_when_some_path_sees_it(
    first: tuple[LimitRow, ...], second: tuple[LimitRow, ...], ts_ns: int
) -> None:
    there = unique(first)
    place_ids = {rows[0].place: limit_id for limit_id, rows in there.items()}
    change = []
    for limit_id, versions in unique(second).items():
        known = place_ids.get(versions[0].place, f"new-{limit_id}")
        last = len(there.get(known, []))
        change += [
            msgspec.structs.replace(row, limit_id=known, version=last + number)
            for number, row in enumerate(versions, start=1)
            if row.until_ns is None or row.until_ns > ts_ns
        ]
    rows = stamped(change, ts_ns)
    before = LimitBook(rows_of(tuple(row for versions in there.values() for row in versions)))
    copied = before.rows.copy()
    copied.change(2, rows)
    after = LimitBook(copied)
    assert bool(looser_limits(before, after, rows, ts_ns)) is loosens(before, after, ts_ns)


@settings(max_examples=60)
@given(limit_versions(), limit_versions(), st.integers(0, 16))
def test_whole_file_stands_exactly_as_it_says(
    first: tuple[LimitRow, ...], second: tuple[LimitRow, ...], ts_ns: int
) -> None:
    """However the rows came to be what they are, after a file they are the file's, at every instant from now on."""
    rows = rows_of(tuple(row for versions in unique(first).values() for row in versions))
    asked = tuple(row for versions in unique(second).values() for row in versions)
    rows.change(2, stamped(as_whole(rows.limits, asked, ts_ns), ts_ns))
    book, wanted = LimitBook(rows), LimitBook(rows_of(asked))
    for at in range(ts_ns, LATEST):
        assert let_through(book, PATH, at) == let_through(wanted, PATH, at)
        assert let_through(book, NEITHER, at) == let_through(wanted, NEITHER, at)
