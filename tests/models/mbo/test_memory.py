"""Twenty days take the memory of three: books keep what stands, not what was."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.batch import BatchBook
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import MboEvents, Row, from_rows
from sottovoce.models.mbo.playing import play_touches

DAY = 2_000
STANDING = 200


def days(count: int) -> Iterator[MboEvents]:
    """Orders with ids and prices never seen before, each gone again 200 events later, in runs of a thousand."""
    for start in range(0, count * DAY, 1_000):
        yield from_rows([row for number in range(start, start + 1_000) for row in _pair(number)])


def _pair(number: int) -> list[Row]:
    gone = max(number - STANDING, 0)
    added = (number, mbo.ADD, number + 1, 1 if number % 2 else -1, number, 5)
    return [added, (number, mbo.DELETE, gone, 0, 0, 0)]


def plain(count: int) -> None:
    """The plain book through so many days."""
    book = MboBook()
    for run in days(count):
        play_touches(book, run)
    assert len(book) == STANDING + 1


def batch(count: int) -> None:
    """The batch book through so many days."""
    book = BatchBook()
    for run in days(count):
        book.play(run)
    assert len(book) == STANDING + 1


def peak_bytes(work: Callable[[int], None], count: int) -> int:
    """The most that was allocated at once."""
    tracemalloc.start()
    work(count)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("work", [plain, batch])
def test_twenty_days_take_the_memory_of_three(work: Callable[[int], None]) -> None:
    """One word kept for every event would more than double it; tables that double add up to a quarter."""
    work(1)
    assert peak_bytes(work, 20) < 1.3 * peak_bytes(work, 3)
