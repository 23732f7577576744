"""LOBSTER files: exact numbers, the same from every form, and rows that contradict themselves refused by line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.adapters.feeds.lobster import all_lobster_rows, lobster_rows, read_lobster
from sottovoce.adapters.feeds.lobster_checks import seeded_once, transitions
from sottovoce.adapters.feeds.lobster_levels import EMPTY_ASK, EMPTY_BID, read_levels
from sottovoce.adapters.feeds.lobster_rows import LobsterRows
from sottovoce.core.errors import MalformedMessage
from sottovoce.models.mbo.events import ADD, CANCEL, CROSS, DELETE, EXECUTE, HALTED, STATE, TRADE, TRADING, joined
from tests.adapters.feeds.lobster_maker import MESSAGES, columns, csv, write_gzip, write_parquet

SAMPLE = "lobster_nasdaq_itch/AAPL_2012-06-21_first1000_{}_10.csv.gz"


def same(first: LobsterRows, second: LobsterRows) -> bool:
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in LobsterRows.__struct_fields__)


def test_times_are_exact_to_the_nanosecond() -> None:
    rows = all_lobster_rows(csv())
    assert rows.ns.tolist() == columns()["time_ns"]
    assert rows.ns[12] == 34_203_123_456_789


def test_every_form_gives_the_same_rows(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    plain = tmp_path / "m.csv"
    plain.write_bytes(csv())
    sources = (plain, write_gzip(tmp_path / "m.csv.gz"), write_parquet(tmp_path / "m.parquet"))
    assert all(same(all_lobster_rows(source), all_lobster_rows(csv())) for source in sources)


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_participant_column_line_ends_and_a_last_line_without_break_are_read(ending: str) -> None:
    text = ending.join(f"{line},null" for line in MESSAGES).encode()
    assert same(all_lobster_rows(text), all_lobster_rows(csv()))


def test_order_from_before_the_file_is_a_fault_only_in_a_whole_file() -> None:
    later = csv(MESSAGES[2:])
    assert all_lobster_rows(later).ns.size == len(MESSAGES) - 2
    with pytest.raises(FeedFault, match="line 4, field order_id: '11' is the id of an order that does not stand"):
        list(lobster_rows(later, whole=True))


def test_rows_become_events_in_units_and_utc() -> None:
    events = joined(list(read_lobster(csv(), midnight_ns=10**18)))
    assert len(events) == len(MESSAGES)
    assert events.rows()[0] == (10**18 + 34_200_000_000_001, ADD, 11, 1, 99_990_000, 300)
    kinds = [ADD, ADD, ADD, ADD, ADD, EXECUTE, CANCEL, TRADE, EXECUTE, DELETE, STATE, STATE, CROSS, ADD, DELETE]
    assert events.kind.tolist() == kinds
    assert [row[2:] for row in events.rows()[10:13]] == [
        (0, 0, 0, HALTED),
        (0, 0, 0, TRADING),
        (0, 0, 100_000_000, 900),
    ]
    assert events.rows()[7][2:] == (0, -1, 100_000_000, 70)


def test_quoting_before_trading_resumes_is_still_a_halt() -> None:
    rows = joined(list(read_lobster(csv(["34200,7,0,0,-1,-1", "34201,7,0,0,0,-1", "34202,7,0,0,1,-1"])))).rows()
    assert [row[5] for row in rows] == [HALTED, HALTED, TRADING]


CONTRADICTIONS = {
    "entered_twice": ("34202,1,14,10,999800,1", "field order_id: '14' is the id of an order that stands already"),
    "executed_beyond_size": ("34202,4,12,201,1000100,-1", "field size: '201' takes 201 of an order that has 200 left"),
    "canceled_beyond_size": ("34202,2,14,401,999800,1", "field size: '401' takes 401 of an order that has 400 left"),
    "deleted_in_part": ("34202,3,14,100,999800,1", "field size: '100' is deleted of order 14, which has 400 left"),
    "other_price": ("34202,3,14,400,999900,1", "field price: '999900' and direction 1 are not those of order 14"),
    "other_side": ("34202,4,14,400,999800,-1", "field price: '999800' and direction -1 are not those of order 14"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_row_against_its_order_is_refused(name: str) -> None:
    line, says = CONTRADICTIONS[name]
    data = csv([*MESSAGES[:12], line, *MESSAGES[12:]])
    with pytest.raises(FeedFault, match=f"line 13, {says}") as caught:
        all_lobster_rows(data)
    assert caught.value.code == "feed_order"
    log = FaultLog(skip=True)
    assert all_lobster_rows(data, log).ns.size == len(MESSAGES)
    assert log.counts == {"feed_order": 1}


def test_skipping_keeps_line_numbers_and_counts_every_bad_line() -> None:
    lines = list(MESSAGES)
    lines[3:3] = ["nonsense", "34200.15,9,1,1,1,1"]
    log = FaultLog(skip=True)
    rows = all_lobster_rows(csv(lines), log)
    assert rows.number.tolist() == [1, 2, 3, *range(6, 18)]
    assert [(bad.number, bad.code) for bad in log.rows] == [(4, "feed_columns"), (5, "feed_value")]
    assert "2 bad rows left out (feed_columns 1, feed_value 1); the first: bytes in memory, line 4" in log.summary()


BOOK = (
    "1000100,200,999900,300,1000200,150,999800,400,1000300,100,999700,100",
    "1000100,200,999900,200,1000200,150,999800,400,1000300,100,999700,100",
    "1000100,200,999800,400,1000200,150,999700,100,1000300,100,999600,50",
    "1000100,200,999800,400,1000200,150,999700,100,1000300,100,999600,50",
)
MOVES = ("34200,1,1,1,999900,1", "34201,4,11,100,999900,1", "34202,3,11,200,999900,1", "34203,5,0,9,1000000,1")


def test_transitions_count_what_agrees_and_name_the_first_that_does_not() -> None:
    rows = all_lobster_rows(csv(MOVES))
    levels = read_levels("\n".join(BOOK).encode())
    assert transitions(rows, levels) == (3, 3, 0)
    assert seeded_once(rows, levels) == (3, 3, 0)
    wrong = levels.copy()
    wrong[1, 3] = 201
    assert transitions(rows, wrong) == (1, 3, 1)
    assert seeded_once(rows, wrong) == (2, 3, 1)


def test_empty_levels_are_no_prices() -> None:
    rows = all_lobster_rows(csv(["34200,1,1,1,999900,1", "34201,3,12,200,1000100,-1"]))
    empty = f"{EMPTY_ASK},0,{EMPTY_BID},0"
    first, second = f"1000100,200,999900,1,{empty}", f"{EMPTY_ASK},0,999900,1,{empty}"
    assert transitions(rows, read_levels(f"{first}\n{second}\n".encode())) == (1, 1, 0)


def test_files_of_different_length_are_no_pair() -> None:
    with pytest.raises(MalformedMessage, match="15 messages and 4 book rows"):
        transitions(all_lobster_rows(csv()), read_levels("\n".join(BOOK).encode()))


BAD_LEVELS = {
    "crossed": ("999900,200,999900,300,1000200,1,999800,1", "feed_crossed", "line 2: has a bid at or above the ask"),
    "columns": ("1000100,200,999900", "feed_columns", "line 2: has 3 columns where 8"),
    "text": ("1000100,x,999900,300,1000200,1,999800,1", "feed_value", "line 2, field ask size 1: 'x'"),
    "size": ("1000100,200,999900,300,1000200,-1,999800,1", "feed_value", "line 2, field ask size 2: '-1'"),
    "order": ("1000100,200,999900,300,1000000,1,999800,1", "feed_value", "line 2, field ask price 1.*outward"),
}


@pytest.mark.parametrize("name", BAD_LEVELS)
def test_bad_book_row_is_named(name: str) -> None:
    line, code, says = BAD_LEVELS[name]
    with pytest.raises(FeedFault, match=says) as caught:
        read_levels(f"1000100,200,999900,300,1000200,1,999800,1\n{line}\n".encode())
    assert caught.value.code == code


@pytest.mark.data
def test_sample_transitions_are_all_right_and_the_book_seeded_once_is_in_954(market_data: Path) -> None:
    rows = all_lobster_rows(market_data / SAMPLE.format("message"))
    levels = read_levels(market_data / SAMPLE.format("orderbook"))
    assert transitions(rows, levels)[:2] == (998, 998)
    assert seeded_once(rows, levels)[:2] == (954, 998)


@pytest.mark.data
def test_sample_hour_has_the_figures_of_its_page(market_data: Path) -> None:
    log = FaultLog()
    rows = all_lobster_rows(market_data / "lobster_nasdaq_itch" / "AAPL_2012-06-21_0930-1030_message_50.parquet", log)
    counts = np.bincount(rows.type, minlength=8).tolist()
    assert counts == [0, 44_256, 469, 41_004, 4_067, 2_201, 0, 0]
    traded = np.isin(rows.type, (4, 5))
    shares, hidden = int(rows.size[traded].sum()), int(rows.size[rows.type == 5].sum())
    vwap = int((rows.size * rows.price)[traded].sum()) / shares / 10_000
    assert (shares, f"{hidden / shares:.3f}", f"{vwap:.4f}") == (533_629, "0.343", "585.9729")
    assert log.total == 0
