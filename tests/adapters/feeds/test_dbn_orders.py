"""DBN order messages as events: what trades once is said once, and queue places are kept or lost as on the exchange."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_orders import order_runs
from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import ADD, CANCEL, CLEAR, DELETE, EXECUTE, TRADE, MboEvents, joined

pytest.importorskip("databento_dbn")

from tests.adapters.feeds.dbn_maker import BOOK, PX, START_NS, Row, header, mbo

LAST = 128
Said = list[tuple[int, int, int, float, int]]


def events_of(rows: list[Row], faults: FaultLog | None = None) -> tuple[MboEvents, list[int]]:
    runs = list(order_runs(DbnFile(header() + mbo(rows), faults)))
    assert len(runs) <= 1
    return (runs[0].events, runs[0].ends.tolist()) if runs else (joined([]), [])


def said(rows: list[Row], faults: FaultLog | None = None) -> Said:
    """kind, order id, side, price, shares of each event."""
    events, _ = events_of(rows, faults)
    return [(kind, order_id, side, px / PX, qty) for _, kind, order_id, side, px, qty in events.rows()]


def test_book_of_seven_records() -> None:
    events, ends = events_of(BOOK)
    assert said(BOOK) == [
        (CLEAR, 0, 0, 0.0, 0),
        (ADD, 1, 1, 100.0, 5),
        (ADD, 2, -1, 100.25, 3),
        (CANCEL, 1, 1, 100.0, 1),
        (EXECUTE, 2, -1, 100.25, 2),
    ]
    assert ends == [3, 4, 5]
    assert events.ns[1] == START_NS + 1_000


STANDING: list[Row] = [("R", "N", 0, 0.0, 0, 0), ("A", "B", 1, 100.0, 5, LAST)]

MODIFIED: list[tuple[str, Row, Said]] = [
    ("less keeps its place", ("M", "B", 1, 100.0, 3, LAST), [(CANCEL, 1, 1, 100.0, 2)]),
    ("the same changes nothing", ("M", "B", 1, 100.0, 5, LAST), []),
    ("more goes to the end", ("M", "B", 1, 100.0, 9, LAST), [(DELETE, 1, 1, 100.0, 5), (ADD, 1, 1, 100.0, 9)]),
    ("elsewhere joins anew", ("M", "B", 1, 99.5, 5, LAST), [(DELETE, 1, 1, 100.0, 5), (ADD, 1, 1, 99.5, 5)]),
]


@pytest.mark.parametrize(("why", "row", "then"), MODIFIED)
def test_modification(why: str, row: Row, then: Said) -> None:
    assert said([*STANDING, row])[2:] == then, why


def test_fill_and_reduction_by_modification_are_one_execution_and_the_rest_is_canceled() -> None:
    rows: list[Row] = [("T", "A", 0, 100.0, 2, 0), ("F", "B", 1, 100.0, 2, 0), ("M", "B", 1, 100.0, 2, LAST)]
    assert said([*STANDING, *rows])[2:] == [(EXECUTE, 1, 1, 100.0, 2), (CANCEL, 1, 1, 100.0, 1)]


def test_trade_that_reduced_no_order_is_a_trade_not_displayed() -> None:
    rows: list[Row] = [("T", "B", 0, 100.5, 7, 0), ("F", "B", 1, 100.0, 2, 0), ("C", "B", 1, 100.0, 2, LAST)]
    assert said([*STANDING, *rows])[2:] == [(EXECUTE, 1, 1, 100.0, 2), (TRADE, 0, -1, 100.5, 5)]
    lone: list[Row] = [("F", "B", 1, 100.0, 2, LAST)]
    assert said([*STANDING, *lone])[2:] == [(TRADE, 1, 1, 100.0, 2)]


CONTRADICTING: list[tuple[Row, str]] = [
    (("A", "B", 1, 99.0, 5, LAST), "'1' is the id of an order that stands already"),
    (("C", "B", 9, 99.0, 5, LAST), "'9' is the id of an order that does not stand"),
    (("M", "B", 9, 99.0, 5, LAST), "'9' is the id of an order that does not stand"),
    (("C", "B", 1, 100.0, 6, LAST), "'1' takes 6 of an order that has 5 left"),
]


@pytest.mark.parametrize(("row", "says"), CONTRADICTING)
def test_record_that_contradicts_the_book_is_named(row: Row, says: str) -> None:
    with pytest.raises(FeedFault, match="record 3, field order_id") as caught:
        said([*STANDING, row])
    assert caught.value.code == "feed_order"
    assert says in str(caught.value)
    log = FaultLog(skip=True)
    assert len(said([*STANDING, row], log)) == 2
    assert log.counts == {"feed_order": 1}


def test_file_that_begins_in_mid_day_may_speak_of_earlier_orders() -> None:
    rows: list[Row] = [("C", "B", 9, 99.0, 5, LAST), ("M", "A", 8, 101.0, 2, LAST)]
    assert said(rows) == [(CANCEL, 9, 1, 99.0, 5), (ADD, 8, -1, 101.0, 2)]


def test_real_book_after_the_last_record(market_data: Path) -> None:
    """13,598 orders on 976 and 571 levels, 5214.00 / 5214.25, never crossed at 184 event ends: the data's README."""
    book, ends, crossed = MboBook(strict=True), 0, 0
    name = "orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst"
    for run in order_runs(DbnFile(market_data / "databento_dbn" / name)):
        done = 0
        for end in run.ends.tolist():
            part = [column.tolist()[done:end] for column in run.events.columns[1:]]
            book.apply_all(*part)
            done, ends, crossed = end, ends + 1, crossed + book.crossed
        book.apply_all(*[column.tolist()[done:] for column in run.events.columns[1:]])
    bid, _, ask, _ = book.touch()
    assert (len(book), len(book.levels(1)), len(book.levels(-1))) == (13_598, 976, 571)
    assert (bid / PX, ask / PX, ends, crossed) == (5214.0, 5214.25, 184, 0)
