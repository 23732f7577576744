"""The contract of the Playback port, held by every kind of file there is a reader for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("polars")
pytest.importorskip("databento_dbn")

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.core.playback import Playback, PlayedFigures
from sottovoce.runtime.playbacks import open_playback
from tests.adapters.feeds import dbn_maker, itch_maker
from tests.apps import market_file_maker as maker


def _capture(folder: Path) -> Path:
    return maker.capture(folder)


def _lobster(folder: Path) -> Path:
    rows = ["34200.1,1,11,100,1000000,1", "34200.2,1,12,50,1000300,-1", "34200.3,2,11,40,1000000,1",
            "34200.4,4,12,20,1000300,-1", "34200.5,5,0,30,1000100,1", "34200.6,3,12,30,1000300,-1",
            "34200.7,1,13,70,1000200,-1"]  # fmt: skip
    path = folder / "AAPL_2012-06-21_34200000_37800000_message_10.csv"
    path.write_text("\n".join(rows) + "\n", "ascii")
    return path


def _dbn_orders(folder: Path) -> Path:
    path = folder / "orders.dbn"
    path.write_bytes(dbn_maker.header() + dbn_maker.mbo(dbn_maker.BOOK))
    return path


def _dbn_quotes(folder: Path) -> Path:
    path = folder / "quotes.dbn.zst"
    path.write_bytes(dbn_maker.packed(dbn_maker.header("mbp-1") + dbn_maker.quotes(dbn_maker.QUOTES)))
    return path


def _itch(folder: Path) -> Path:
    path = folder / "day.itch"
    path.write_bytes(itch_maker.framed(itch_maker.small_day()))
    return path


CASES: dict[str, Callable[[Path], Path]] = {
    "capture": _capture,
    "tape": maker.tape,
    "lobster": _lobster,
    "itch": _itch,
    "dbn orders": _dbn_orders,
    "dbn quotes": _dbn_quotes,
}


@pytest.fixture(params=CASES)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return CASES[request.param](tmp_path)


def opened(path: Path) -> Playback:
    return open_playback(path, FaultLog(), load_calendar())


def played(path: Path, until_ns: int | None = None) -> tuple[Playback, list[int]]:
    playback = opened(path)
    return playback, list(playback.play(until_ns))


def test_time_never_goes_back_and_ends_at_the_last(path: Path) -> None:
    playback, times = played(path)
    seen = playback.figures()
    assert times == sorted(times)
    assert 0 <= seen.first_ns <= times[0]
    assert seen.last_ns == times[-1]
    assert not playback.passed


def test_before_it_is_played_it_has_said_nothing(path: Path) -> None:
    seen = opened(path).figures()
    assert (seen.first_ns, seen.last_ns, seen.messages, seen.trades, seen.volume) == (-1, -1, 0, 0, 0)


def test_what_messages_say_is_counted_by_kind(path: Path) -> None:
    """A message may say two things or none, so the sums may differ a little from the number of messages."""
    seen = played(path)[0].figures()
    said = sum(seen.counts.values())
    assert 0.5 * seen.messages < said < 2 * seen.messages


def test_sums_are_exact_and_a_spread_is_never_negative(path: Path) -> None:
    seen = played(path)[0].figures()
    assert seen.trades > 0
    assert 0 < seen.volume <= seen.value
    assert seen.spread_ns >= 0
    assert seen.spread_sum >= 0


def test_playing_to_a_time_gives_what_stood_then(path: Path) -> None:
    whole, times = played(path)
    for until_ns in sorted(set(times)):
        part, reached = played(path, until_ns)
        assert reached[-1] <= until_ns
        assert part.passed == (until_ns < times[-1])
        assert part.figures().last_ns <= until_ns
    assert _without_details(part.figures()) == _without_details(whole.figures())
    for name in whole.instruments:
        assert part.book(name) == whole.book(name)


def test_playing_to_before_the_first_message_says_nothing(path: Path) -> None:
    first_ns = next(opened(path).play())
    playback, times = played(path, first_ns - 10**12)
    assert times == []
    assert playback.passed
    assert sum(playback.figures().counts.values()) == 0


def test_book_is_best_first_with_positive_quantities_and_depth_cuts_it(path: Path) -> None:
    playback, _ = played(path)
    assert playback.instruments
    stands = 0
    for name in playback.instruments:
        found = playback.book(name)
        assert list(found.bids) == sorted(found.bids, reverse=True)
        assert list(found.asks) == sorted(found.asks)
        assert all(qty > 0 for _, qty in (*found.bids, *found.asks))
        assert playback.book(name, 1).bids == found.bids[:1]
        stands += len(found.bids) + len(found.asks)
    assert stands > 0


def test_instrument_never_heard_of_has_an_empty_book(path: Path) -> None:
    found = played(path)[0].book("NO SUCH NAME")
    assert (found.bids, found.asks) == ((), ())


def test_progress_is_all_or_unknown_at_the_end(path: Path) -> None:
    playback, _ = played(path)
    done, total = playback.progress()
    assert total in (done, 0)


def _without_details(seen: PlayedFigures) -> tuple[object, ...]:
    return seen.first_ns, seen.last_ns, seen.messages, dict(seen.counts), seen.trades, seen.volume, seen.value
