"""An hour of a real stock, order by order: both books, and the figures that are known of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.feeds.lobster import read_lobster
from sottovoce.models.mbo.batch import BatchBook, touches_of
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import EXECUTE, TRADE, MboEvents, joined
from sottovoce.models.mbo.faults import UNKNOWN
from sottovoce.models.mbo.playing import play_touches
from tests.models.mbo.test_agreement import queues

HOUR = "lobster_nasdaq_itch/AAPL_2012-06-21_0930-1030_message_50.parquet"


@pytest.fixture(scope="module")
def hour(market_data: Path) -> MboEvents:
    """AAPL, 2012-06-21 from 09:30 to 10:30, from Nasdaq."""
    return joined(list(read_lobster(market_data / HOUR)))


@pytest.mark.data
def test_plain_and_batch_book_agree_on_the_hour(hour: MboEvents) -> None:
    plain, batch = MboBook(), BatchBook()
    touches = play_touches(plain, hour)
    np.testing.assert_array_equal(batch.play(hour), touches)
    assert queues(plain) == queues(batch.book())
    assert plain.counts == batch.counts.tolist()
    assert np.array_equal(next(touches_of([hour])), touches)


@pytest.mark.data
def test_only_orders_from_before_the_file_are_unknown(hour: MboEvents) -> None:
    """84 messages refer to orders entered before 09:30, and none takes more off an order than it has (its README)."""
    book = MboBook()
    play_touches(book, hour)
    assert book.counts[UNKNOWN] == sum(book.counts) == 84


@pytest.mark.data
def test_the_book_never_crosses_and_trades_are_at_its_touch(hour: MboEvents) -> None:
    """Nasdaq matches, so bid < ask, once the orders of before have gone; hidden orders trade at the touch or inside."""
    touches = play_touches(MboBook(), hour)
    late = slice(len(hour) // 10, None)
    bid, ask = touches[late, 0], touches[late, 2]
    assert (bid < ask).all()
    kind, side, px = hour.kind[late][1:], hour.side[late][1:], hour.px[late][1:]
    shown = kind == EXECUTE
    best = np.where(side == 1, bid[:-1], ask[:-1])
    assert (px == best)[shown].mean() > 0.999
    inside = (px >= bid[:-1]) & (px <= ask[:-1])
    assert inside[kind == TRADE].mean() > 0.99
