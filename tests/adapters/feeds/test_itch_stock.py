"""One stock out of an ITCH file: its orders as events, its prints, halts, auction news, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.adapters.feeds.itch_stock import StockPiece, read_stock
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import (
    ADD,
    CANCEL,
    CROSS,
    DELETE,
    EXECUTE,
    HALTED,
    STATE,
    TRADE,
    TRADING,
    MboEvents,
    Row,
    joined,
)
from tests.adapters.feeds.itch_maker import OPEN_NS, SECOND, framed, message, small_day

MIDNIGHT_NS = 1_340_251_200 * SECOND
AT = MIDNIGHT_NS + OPEN_NS
CENT = 10_000


def pieces(
    bodies: list[bytes], stock: str = "TST", log: FaultLog | None = None, *, whole: bool = True
) -> list[StockPiece]:
    return list(read_stock(framed(bodies), stock, log, midnight_ns=MIDNIGHT_NS, whole=whole))


def rows(bodies: list[bytes], stock: str = "TST", *, whole: bool = True) -> list[Row]:
    return joined([piece.events for piece in pieces(bodies, stock, whole=whole)]).rows()


def test_small_day_is_these_events() -> None:
    early = MIDNIGHT_NS + 11_002 * SECOND
    assert rows(small_day()) == [
        (early, STATE, 0, 0, 0, TRADING),
        (AT, CROSS, 0, 0, 10_000 * CENT, 900),
        (AT + 1, ADD, 1, 1, 9_999 * CENT, 300),
        (AT + 2, ADD, 2, -1, 10_001 * CENT, 200),
        (AT + 3, ADD, 3, 1, 9_999 * CENT, 100),
        (AT + 5, EXECUTE, 1, 1, 9_999 * CENT, 100),
        (AT + 6, EXECUTE, 2, -1, 10_000 * CENT, 50),
        (AT + 7, CANCEL, 1, 1, 9_999 * CENT, 150),
        (AT + 8, TRADE, 0, 0, 10_000 * CENT, 70),
        (AT + 9, DELETE, 2, -1, 10_001 * CENT, 150),
        (AT + 9, ADD, 5, -1, 10_002 * CENT, 400),
        (AT + 10, DELETE, 3, 1, 9_999 * CENT, 100),
        (AT + 11, EXECUTE, 1, 1, 9_999 * CENT, 50),
        (AT + 13, STATE, 0, 0, 0, HALTED),
        (AT + 14, STATE, 0, 0, 0, TRADING),
        (AT + 15, DELETE, 5, -1, 10_002 * CENT, 400),
    ]


def test_prints_halts_auction_news_and_system_events_stand_beside_the_book() -> None:
    (piece,) = pieces(small_day())
    assert [(each.match, each.px // CENT, each.qty, each.side, each.kind) for each in piece.prints] == [
        (1, 10_000, 900, 0, CROSS),
        (2, 9_999, 100, 1, EXECUTE),
        (3, 10_000, 50, -1, EXECUTE),
        (4, 10_000, 70, 0, TRADE),
        (5, 9_999, 50, 1, EXECUTE),
    ]
    assert piece.broken == (5,)
    assert [(each.state, each.reason) for each in piece.states] == [("T", ""), ("H", "T1"), ("T", "")]
    (news,) = piece.auctions
    assert (news.cross, news.paired_qty, news.imbalance_qty, news.direction) == ("O", 900, 100, "B")
    assert (news.far_px, news.near_px, news.reference_px) == (0, 0, 10_000 * CENT)
    assert "".join(each.event for each in piece.system) == "OSQMEC"


def test_other_stock_has_its_own_events() -> None:
    assert rows(small_day(), "OTHER") == [(AT + 4, ADD, 4, 1, 10_000 * CENT, 500)]


@pytest.mark.parametrize("size", [40, 97, 500])
def test_pieces_of_a_stream_are_the_day_in_parts(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sottovoce.adapters.feeds.itch.byte_chunks", _in_pieces(size))
    (tmp_path / "day.itch").write_bytes(framed(small_day()))
    parts = list(read_stock(tmp_path / "day.itch", "TST", midnight_ns=MIDNIGHT_NS))
    assert len(parts) > 1
    monkeypatch.undo()
    (whole,) = pieces(small_day())
    assert joined([part.events for part in parts]).rows() == whole.events.rows()
    assert tuple(each for part in parts for each in part.prints) == whole.prints


def _in_pieces(size: int) -> object:
    def chunks(source: Path, _: int) -> list[bytes]:
        data = source.read_bytes()
        return [data[start : start + size] for start in range(0, len(data), size)]

    return chunks


def test_shares_counted_in_a_cross_are_marked() -> None:
    bodies = small_day()
    bodies[13] = message("C", OPEN_NS + 6, order_id=2, shares=50, match=3, price=1_000_000, printable="N")
    (piece,) = pieces(bodies)
    assert [each.printed for each in piece.prints] == [True, True, False, True, True]


def test_excerpt_without_a_directory_is_matched_by_name_and_knows_not_the_orders_before_it() -> None:
    log = FaultLog()
    found = pieces(small_day()[10:20], log=log, whole=False)
    kinds = [row[1] for row in joined([piece.events for piece in found]).rows()]
    assert kinds == [ADD, EXECUTE, EXECUTE, CANCEL, TRADE, DELETE, DELETE, EXECUTE]
    assert log.total == 0


def test_unknown_stock_names_some_there_are() -> None:
    with pytest.raises(FeedFault, match="has no stock NONE; some it has: OTHER, TST") as caught:
        pieces(small_day(), "NONE")
    assert caught.value.code == "feed_symbol"


def test_skipping_counts_a_contradiction_and_reads_on() -> None:
    bodies, log = small_day(), FaultLog(skip=True)
    bodies.insert(12, message("E", OPEN_NS + 5, order_id=1, shares=301, match=9))
    found = joined([piece.events for piece in pieces(bodies, log=log)]).rows()
    assert found == rows(small_day())
    assert [(bad.code, bad.number, bad.value) for bad in log.rows] == [("feed_order", 13, "1")]


SAMPLE = "nasdaq_itch50_sample/ex20101224.TEST_ITCH_50.gz"


@pytest.mark.data
def test_sample_stocks_together_are_the_sample_but_for_two_replaces_of_orders_never_entered(market_data: Path) -> None:
    """The sample is made up: 117 of its messages speak of orders it never enters, 2 of them by replacing one."""
    parts = [sample_stock(market_data, stock) for stock in ("ALC", "BOB", "CHAR")]
    kinds = [kind for part in parts for kind in part.kind.tolist()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        ADD: 5_000 + 10,
        EXECUTE: 198,
        CANCEL: 45,
        DELETE: 1_745 + 12,
        TRADE: 5_000,
        STATE: 3,
    }
    books = [MboBook() for _ in parts]
    for book, part in zip(books, parts, strict=True):
        book.apply_all(*(column.tolist() for column in part.columns[1:]))
    assert [sum(counts) for counts in zip(*(book.counts for book in books), strict=True)] == [0, 117, 0, 0, 0, 0]


def sample_stock(data: Path, stock: str) -> MboEvents:
    log = FaultLog()
    events = joined([piece.events for piece in read_stock(data / SAMPLE, stock, log, whole=False)])
    assert log.total == 0
    return events
