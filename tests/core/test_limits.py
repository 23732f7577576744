"""The book of limits against the obvious way to do it: scan every row, every time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.limits import (
    EVERY,
    KEPT,
    LIMITS,
    Bound,
    Level,
    LimitBook,
    LimitRow,
    LimitRows,
    ListName,
    ListRow,
    Path,
    rows_of,
)
from tests.core.limit_words import NAMES, PATH, book, entry, limit_versions, row

LEVELS = tuple(Level)


# the obvious way ------------------------------------------------------------------------------------------


def scanned(rows: Iterable[LimitRow], path: Path, name: str, ts_ns: int) -> tuple[Bound, ...]:
    """Every level's own row by looking at all rows: what LimitBook must say, in the plainest words."""
    found = []
    for level, scope in zip(LEVELS, ("", *path, ""), strict=True):
        own = strictest(rows, level, scope, name, ts_ns)
        if own is None and scope != "":
            own = strictest(rows, level, EVERY, name, ts_ns)
        if own is not None:
            found.append(Bound(own.value, own.limit_id, own.version, level, scope))
    return tuple(found)


def strictest(rows: Iterable[LimitRow], level: Level, scope: str, name: str, ts_ns: int) -> LimitRow | None:
    if level not in (Level.FIRM, Level.ORDER) and scope == "":
        return None
    rows = list(rows)
    standing = []
    for limit_id in sorted({each.limit_id for each in rows}):
        versions = [each for each in rows if each.limit_id == limit_id and open_at(each, ts_ns)]
        if versions and not (last := max(versions, key=lambda each: each.version)).removed:
            standing.append(last)
    here = [each for each in standing if (each.level, each.scope, each.name) == (level, scope, name)]
    sign = -1 if LIMITS[name].higher_is_tighter else 1
    return min(here, key=lambda each: sign * each.value, default=None)


def open_at(each: LimitRow, ts_ns: int) -> bool:
    return each.from_ns <= ts_ns and (each.until_ns is None or ts_ns < each.until_ns)


@settings(max_examples=150)
@given(limit_versions(), st.lists(st.integers(0, 16), min_size=1, max_size=12))
def test_book_says_what_a_scan_of_every_row_says_at_any_time(rows: tuple[LimitRow, ...], times: list[int]) -> None:
    """The clock may run either way, and paths are asked again: what is remembered must not outlive its window."""
    limits = LimitBook(rows_of(rows))
    paths = (PATH, Path(trader="ann"), Path(desk="EU", account="F1", instrument_id="BETA"))
    for ts_ns in times:
        for path in paths:
            effective = limits.effective(path, ts_ns)
            for name in NAMES:
                each = scanned(rows, path, name, ts_ns)
                assert effective.each(name) == each
                if each:
                    sign = -1 if LIMITS[name].higher_is_tighter else 1
                    assert effective.tightest(name) == min(each, key=lambda bound: sign * bound.value)
                else:
                    assert effective.tightest(name) is None
            absent = {(level, name) for level, name in effective.missing if name in NAMES}
            assert absent == {
                (level, name)
                for name in NAMES
                for level in LIMITS[name].mandatory
                if level not in [bound.level for bound in scanned(rows, path, name, ts_ns)]
            }


@given(limit_versions(), limit_versions(), st.integers(0, 16))
def test_rows_changed_one_by_one_or_at_once_are_the_same_book(
    first: tuple[LimitRow, ...], second: tuple[LimitRow, ...], ts_ns: int
) -> None:
    rows = (*first, *(msgspec.structs.replace(each, limit_id=f"S{each.limit_id}") for each in second))
    changing = LimitBook(rows_of(()))
    for version, each in enumerate(rows, start=2):
        changing.effective(PATH, ts_ns)
        changing.change(version, limits=(each,))
    assert {name: changing.effective(PATH, ts_ns).each(name) for name in NAMES} == {
        name: LimitBook(rows_of(rows)).effective(PATH, ts_ns).each(name) for name in NAMES
    }


# by example -----------------------------------------------------------------------------------------------


def test_tightest_on_the_path_wins_and_the_wider_level_among_equals() -> None:
    limits = book(
        row("firm", name="child_value", value=50),
        row("account", name="child_value", level=Level.ACCOUNT, scope="F1", value=30),
        row("strategy", name="child_value", level=Level.STRATEGY, scope="VWAP", value=30),
        row("other", name="child_value", level=Level.ACCOUNT, scope="F2", value=1),
    )
    bound = limits.effective(PATH, 0).tightest("child_value")
    assert bound == Bound(30, "account", 1, Level.ACCOUNT, "F1")


def test_totals_keep_every_levels_own_row() -> None:
    limits = book(row("firm", value=900), row("account", level=Level.ACCOUNT, scope="F1", value=100))
    assert [(bound.level, bound.value) for bound in limits.effective(PATH, 0).each("gross")] == [
        (Level.FIRM, 900),
        (Level.ACCOUNT, 100),
    ]


def test_a_row_for_every_one_binds_each_under_its_own_name_unless_it_has_its_own() -> None:
    every = row("every", level=Level.TRADER, scope=EVERY, value=10)
    own = row("ann", level=Level.TRADER, scope="ann", value=70)
    assert book(every).effective(PATH, 0).each("gross") == (Bound(10, "every", 1, Level.TRADER, "ann"),)
    assert book(every, own).effective(PATH, 0).each("gross") == (Bound(70, "ann", 1, Level.TRADER, "ann"),)
    assert book(every).effective(Path(), 0).each("gross") == ()


def test_mandatory_levels_without_a_row_are_named() -> None:
    missing = book(row("firm")).effective(PATH, 0).missing
    assert {(Level.TRADER, "gross"), (Level.ACCOUNT, "gross"), (Level.ORDER, "child_value")} <= set(missing)
    assert (Level.FIRM, "gross") not in missing


def test_thirty_minute_raise_ends_by_itself() -> None:
    limits = book(row(value=100), row(value=500, version=2, from_ns=50, until_ns=80))
    values = [limits.effective(PATH, ts_ns).each("gross")[0].value for ts_ns in (49, 50, 79, 80, 79, 49)]
    assert values == [100, 500, 500, 100, 500, 100]


def test_higher_version_holds_over_a_running_raise() -> None:
    limits = book(row(value=100), row(value=500, version=2, until_ns=80), row(value=20, version=3, from_ns=10))
    assert [limits.effective(PATH, at).each("gross")[0].value for at in (5, 10, 90)] == [500, 20, 20]


def test_removed_limit_leaves_the_row_for_every_one() -> None:
    limits = book(
        row("every", level=Level.ACCOUNT, scope=EVERY, value=10),
        row("own", level=Level.ACCOUNT, scope="F1", value=70),
        row("own", level=Level.ACCOUNT, scope="F1", value=70, version=2, removed=True, from_ns=9),
    )
    assert limits.row_at(Level.ACCOUNT, "F1", "gross", 8) == row("own", level=Level.ACCOUNT, scope="F1", value=70)
    assert limits.effective(PATH, 9).each("gross")[0].limit_id == "every"


def test_state_survives_the_wire_and_gives_the_same_bytes() -> None:
    rows = rows_of((row(), row("b", value=3)), (entry(),), version=7)
    wire = msgspec.json.encode(rows, order="deterministic")
    again = msgspec.json.decode(wire, type=LimitRows)
    assert msgspec.json.encode(again, order="deterministic") == wire
    assert LimitBook(again).effective(PATH, 0).each("gross") == LimitBook(rows).effective(PATH, 0).each("gross")
    assert LimitBook(again).version == 7


# lists ----------------------------------------------------------------------------------------------------


def listed(*entries: ListRow) -> LimitBook:
    return LimitBook(rows_of((), entries))


def test_entry_is_on_the_list_in_its_window_and_for_its_scope_alone() -> None:
    limits = listed(entry("k", instrument_id=KEPT), entry(level=Level.ACCOUNT, scope="F1", from_ns=5, until_ns=9))
    asked = [limits.listed(ListName.RESTRICTED, "ACME", PATH, at) for at in (4, 5, 8, 9)]
    assert [found is not None for found in asked] == [False, True, True, False]
    assert limits.listed(ListName.RESTRICTED, "ACME", PATH._replace(account="F2"), 5) is None
    assert limits.listed(ListName.WATCH, "ACME", PATH, 5) is None
    assert limits.listed(ListName.RESTRICTED, "BETA", PATH, 5) is None


def test_entry_taken_off_is_off() -> None:
    limits = listed(entry(), entry(version=2, from_ns=5, removed=True))
    assert limits.listed(ListName.RESTRICTED, "ACME", PATH, 4) is not None
    assert limits.listed(ListName.RESTRICTED, "ACME", PATH, 5) is None


def test_missing_list_is_not_an_empty_one() -> None:
    assert listed().kept_by(ListName.RESTRICTED, PATH, 0) == ()
    assert listed(entry(instrument_id=KEPT)).kept_by(ListName.RESTRICTED, PATH, 0) == ((Level.FIRM, ""),)
    assert listed(entry(instrument_id=KEPT, from_ns=5)).kept_by(ListName.RESTRICTED, PATH, 4) == ()


def test_every_level_that_keeps_an_approved_list_must_have_the_name() -> None:
    approved = ListName.APPROVED
    limits = listed(
        entry("firm", list_name=approved, instrument_id=KEPT),
        entry("firm.ACME", list_name=approved),
        entry("F1", list_name=approved, instrument_id=KEPT, level=Level.ACCOUNT, scope="F1"),
        entry("F1.BETA", list_name=approved, instrument_id="BETA", level=Level.ACCOUNT, scope="F1"),
    )
    assert limits.unapproved("ACME", PATH, 0) == ((Level.ACCOUNT, "F1"),)
    assert limits.unapproved("BETA", PATH, 0) == ((Level.FIRM, ""),)
    assert limits.unapproved("ACME", PATH._replace(account="F2"), 0) == ()
    assert listed().unapproved("ACME", PATH, 0) == ()
