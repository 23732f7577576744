"""What limits cost an order: 4,000 rows, 2,000 paths, asked again and again, and for the first time."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from sottovoce.core.limits import EVERY, LIMITS, Level, LimitBook, LimitRow, ListName, Path, rows_of

ROWS, NAMES, REPEATS = 4_000, 2_000, 15


def rows() -> tuple[LimitRow, ...]:
    """The house's figures, and two limits for each of as many names as make 4,000 rows."""
    found = [
        _row(level, EVERY if level not in (Level.FIRM, Level.ORDER) else "", name, value)
        for name, kind in LIMITS.items()
        for level, value in kind.house
    ]
    count = 0
    while len(found) < ROWS:
        name = ("position_value", "child_value")[count % 2]
        found.append(_row(Level.INSTRUMENT, f"N{count // 2}", name, 1_000 + count))
        count += 1
    return tuple(found)


def _row(level: Level, scope: str, name: str, value: int) -> LimitRow:
    return LimitRow(
        limit_id=f"{level.value}.{scope}.{name}",
        level=level,
        scope=scope,
        name=name,
        value=value,
        owner="house",
        review_date="2027-06-30",
    )


def timed(work: Callable[[], object], count: int) -> tuple[float, float]:
    """(median, best) nanoseconds of one of count, over the repeats."""
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter_ns()
        work()
        spent.append((time.perf_counter_ns() - began) / count)
    return median(spent), min(spent)


def main() -> None:
    """Print the figures."""
    limits = rows_of(rows())
    book = LimitBook(limits)
    paths = [Path("US", f"t{number % 20}", f"A{number % 50}", "VWAP", f"N{number}") for number in range(NAMES)]
    again = [Path(*path) for path in paths]
    first = LimitBook(limits)

    def forget_and_ask() -> None:
        first.restore(limits)
        ask(first, again)

    def ask(of: LimitBook, asked: list[Path]) -> None:
        for path in asked:
            of.effective(path, 5)

    ask(book, paths)
    effective = book.effective(paths[0], 5)
    rows_timed: tuple[tuple[str, Callable[[], object], int], ...] = (
        ("effective, path known", lambda: ask(book, again), NAMES),
        ("effective, path new (index of 4,000 rows included)", forget_and_ask, NAMES),
        ("index 4,000 rows", lambda: first.restore(limits), 1),
        ("tightest", lambda: [effective.tightest("child_value") for _ in range(NAMES)], NAMES),
        ("listed", lambda: [book.listed(ListName.RESTRICTED, "N1", path, 5) for path in again], NAMES),
    )
    for name, work, count in rows_timed:
        middle, best = timed(work, count)
        print(f"limits: {name:<52} {middle:>12,.0f} ns (best {best:,.0f})")


if __name__ == "__main__":
    main()
