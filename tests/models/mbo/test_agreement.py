"""The quick books and the obvious one, event by event, on the same random feeds: touches, queues and faults."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sottovoce.models.arrays import IntArray
from sottovoce.models.compiling import Family
from sottovoce.models.mbo.batch import BatchBook, touches_of
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import MboEvents
from sottovoce.models.mbo.playing import play_touches
from tests.models.mbo.naive_book import NaiveBook
from tests.models.mbo.random_events import RandomFeed

Queues = dict[tuple[int, int], list[tuple[int, int]]]


def naive(events: MboEvents) -> tuple[IntArray, NaiveBook]:
    """What the obvious book makes of the events."""
    book = NaiveBook()
    touches = []
    for row in events.rows():
        book.apply(row)
        touches.append(book.touch())
    return np.array(touches, dtype=np.int64), book


def queues(book: MboBook) -> Queues:
    """Every queue of a book, by side and price."""
    return {(side, px): book.queue(side, px) for side in (1, -1) for px, _, _ in book.levels(side)}


def check_agreement(events: MboEvents, *, compiled: bool = True) -> NaiveBook:
    """Plain and batch book say after every event what the obvious one says, and end with its queues and faults."""
    expected, referee = naive(events)
    plain, batch = MboBook(), BatchBook(compiled=compiled)
    np.testing.assert_array_equal(play_touches(plain, events), expected)
    np.testing.assert_array_equal(batch.play(events), expected)
    assert plain.counts == batch.counts.tolist() == referee.counts
    assert queues(plain) == queues(batch.book()) == referee.queues()
    assert len(plain) == len(batch) == len(referee.orders)
    assert plain.touch() == batch.touch() == referee.touch()
    return referee


def check_two(feed: Callable[[], RandomFeed], size: int) -> None:
    """Plain and batch book agree on a feed too deep for the obvious one, and for the tables the batch begins with."""
    events = feed().events(size)
    plain, batch = MboBook(), BatchBook()
    np.testing.assert_array_equal(play_touches(plain, events), batch.play(events))
    assert plain.counts == batch.counts.tolist()
    assert queues(plain) == queues(batch.book())
    assert batch.nbytes > BatchBook().nbytes


@pytest.mark.parametrize("seed", range(4))
def test_three_books_agree(seed: int) -> None:
    check_agreement(RandomFeed(seed).events(8_000))


def test_the_kernel_is_the_same_uncompiled() -> None:
    check_agreement(RandomFeed(9).events(3_000), compiled=False)


def test_random_feeds_meet_every_fault_and_crossed_books() -> None:
    """The agreement above says something only if the feeds go everywhere."""
    touches, referee = naive(RandomFeed(0).events(8_000))
    assert all(count > 5 for count in referee.counts[1:])
    assert (touches[:, 0] > touches[:, 2])[touches[:, 3] > 0].any()
    assert (touches == 0).all(axis=1).any()
    assert max(map(len, referee.queues().values())) > 2


def test_books_agree_where_tables_grow() -> None:
    """5,000 ids far apart fill the first tables; the prices wander, so that emptied ones are cleared out."""
    check_two(lambda: RandomFeed(3, ids=5_000, spread=3_000, id_step=2**40 + 4096), 60_000)


def test_runs_leave_no_seam() -> None:
    feed, whole = RandomFeed(5), RandomFeed(5).events(3_000)
    book = BatchBook()
    parts = [book.play(whole.where(whole.ns // 700 == part)) for part in range(5)]
    np.testing.assert_array_equal(np.concatenate(parts), play_touches(MboBook(), feed.events(3_000)))


def test_without_the_compiler_the_plain_book_does_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    events = RandomFeed(6).events(2_000)
    quick = list(touches_of([events, events]))
    monkeypatch.setattr(Family, "compiled", lambda family: None)
    np.testing.assert_array_equal(list(touches_of([events, events])), quick)


@pytest.mark.laws
@pytest.mark.parametrize("seed", range(100, 110))
def test_three_books_agree_on_a_million_events(seed: int) -> None:
    check_agreement(RandomFeed(seed, ids=40 + 4 * (seed % 10)).events(100_000))
