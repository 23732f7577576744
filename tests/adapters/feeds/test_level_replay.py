"""Snapshot and differences make a book; a line that is missing is a gap with its place; quotes are checked."""

from __future__ import annotations

from collections import Counter

import pytest

from sottovoce.adapters.feeds.binance import BinanceCapture
from sottovoce.adapters.feeds.feed_clock import FeedClock
from sottovoce.adapters.feeds.level_replay import LevelReplay, weighted_median
from sottovoce.adapters.feeds.level_sync import WAITING_MAX, LevelSync
from tests.adapters.feeds.capture_maker import AHEAD_MS, Capture, small

UNIT = 10**8


def replayed(source: bytes) -> LevelReplay:
    replay = LevelReplay()
    for message in BinanceCapture(source).messages():
        replay.take(message)
    return replay


def test_book_starts_at_the_snapshot_and_drops_what_it_holds() -> None:
    replay = replayed(small().source)
    assert replay.sync.book.touch() == ((10_000_000_000, 150_000_000), (10_002_000_000, 250_000_000))
    assert (replay.sync.applied, replay.sync.stale, replay.sync.snapshots) == (2, 1, 1)
    assert (replay.checked, replay.agreed, replay.crossed) == (1, 1, 0)
    assert (replay.trades, replay.volume, replay.value) == (1, UNIT // 2, 10_002_000_000 * UNIT // 2)


def test_quote_before_its_difference_is_checked_when_that_comes() -> None:
    lines = small().lines
    lines[3], lines[4] = lines[4], lines[3]
    lines = [b"%d %s" % (1_723_161_254_000_000_000 + at, line[20:]) for at, line in enumerate(lines)]
    assert replayed(b"\n".join(lines)).agreed == 1


def test_quote_that_the_book_does_not_confirm_is_a_disagreement() -> None:
    source = small().source.replace(b'"B": "1.50"', b'"B": "1.60"')
    replay = replayed(source)
    assert (replay.checked, replay.agreed) == (1, 0)
    assert replay.disagreements[0].line == 5
    assert replay.disagreements[0].said[0] == (10_000_000_000, 160_000_000)


@pytest.mark.parametrize("futures", [False, True])
def test_deleted_line_is_a_gap_with_line_and_ids_and_the_book_is_not_usable(futures: bool) -> None:
    capture = Capture(futures=futures).diff(1, 5).snapshot(5, [("100.00", "1")], [("100.02", "2")])
    for first in range(6, 30, 3):
        capture.diff(first, first + 2, [("100.00", str(first))], [])
    del capture.lines[5]
    replay = replayed(capture.source)
    assert not replay.sync.usable
    (gap,) = replay.sync.gaps
    assert (gap.line, gap.after_id, gap.before_id, gap.next_first_id) == (6, 14, 17, 18)
    assert replay.sync.book.bids.best() == (10_000_000_000, 12 * UNIT), "nothing after the gap was applied"
    assert "line 6: a gap in the sequence: the book is at update 14" in gap.sentence("capture")


def test_snapshot_after_a_gap_makes_the_book_usable_again() -> None:
    capture = Capture().snapshot(5, [("1", "1")], [("2", "1")]).diff(6, 7).diff(10, 11).diff(12, 13, [("1", "9")])
    capture.snapshot(11, [("1", "4")], [("2", "1")]).diff(14, 15)
    replay = replayed(capture.source)
    assert replay.sync.usable
    assert (replay.sync.last_id, len(replay.sync.gaps)) == (15, 1)
    assert replay.sync.book.bids.best() == (UNIT, 9 * UNIT)


def test_snapshot_from_before_the_gap_is_not_enough() -> None:
    capture = Capture().snapshot(5, [("1", "1")], []).diff(8, 9).snapshot(6, [("1", "1")], [])
    replay = replayed(capture.source)
    assert not replay.sync.usable
    assert len(replay.sync.gaps) == 2


def test_old_snapshot_does_not_turn_the_book_back() -> None:
    capture = Capture().snapshot(5, [("1", "1")], []).diff(6, 7, [("1", "3")]).snapshot(5, [("1", "1")], [])
    replay = replayed(capture.source)
    assert replay.sync.book.bids.best() == (UNIT, 3 * UNIT)
    assert replay.sync.snapshots == 1


def test_what_waits_for_a_snapshot_is_bounded_and_the_loss_shows_as_a_gap() -> None:
    sync = LevelSync()
    capture = Capture()
    for first in range(1, WAITING_MAX + 50):
        capture.diff(first, first)
    capture.snapshot(10, [("1", "1")], [])
    replay = replayed(capture.source)
    assert len(replay.sync.gaps) == 1
    assert sync.waited == 0


def test_crossed_book_is_counted() -> None:
    capture = Capture().snapshot(5, [("1", "1")], [("2", "1")]).diff(6, 7, [("3", "1")])
    assert replayed(capture.source).crossed == 1


def test_clock_tells_skew_from_delay_and_counts_silences() -> None:
    clock = FeedClock()
    for receive_ms, delay_ms in ((1_000_000, 5), (1_000_500, 2), (1_003_000, 12), (1_003_001, None)):
        exchange = None if delay_ms is None else (receive_ms - delay_ms + AHEAD_MS) * 1_000_000
        clock.take(receive_ms * 1_000_000, exchange)
    figures = clock.figures()
    assert figures.skew_ms == -AHEAD_MS + 2
    assert (figures.delay_p50_ms, figures.delay_max_ms) == (3, 10)
    assert (figures.longest_silence_ms, figures.silences) == (2500.0, 1)


def test_clock_of_nothing_knows_nothing() -> None:
    figures = FeedClock().figures()
    assert (figures.skew_ms, figures.median_ms, figures.delay_p99_ms) == (None, None, None)


@pytest.mark.parametrize(("values", "middle"), [([], None), ([4], 4), ([1, 3], 2), ([1, 1, 5], 1), ([5, 1, 2, 9], 3.5)])
def test_median_of_counted_values(values: list[int], middle: float | None) -> None:
    assert weighted_median(Counter(values)) == middle
