"""Basket files, read strictly: a sentence with file, line and column for every bad cell, and never half a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.basket_commands import BasketLeg
from sottovoce.core.enums import OrdType, Side, Strategy, TimeInForce
from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.basket_file import FILE_BYTES_MAX, ROWS_MAX, BasketFile, read_basket, read_basket_file
from sottovoce.intake.to_basket import id_of, to_new_basket

HEADER = "symbol,side,quantity,notional,currency,limit,algo,tif,locate_id,note"


def read(*rows: str, header: str = HEADER) -> BasketFile:
    return read_basket("\n".join((header, *rows)).encode(), "list.csv")


def faults(*rows: str, header: str = HEADER) -> list[tuple[int, str, str]]:
    found = read(*rows, header=header)
    assert found.legs == ()
    return [(fault.line, fault.column, fault.code) for fault in found.faults]


def test_every_column_is_read() -> None:
    file = read("AAPL US,buy,100,,USD,187.51,VWAP,DAY,,core", "VOD LN,sell_short,,25000.50,,,,CLO,L-1,")
    assert file.faults == ()
    assert file.legs == (
        BasketLeg(row=2, symbol="AAPL US", side=Side.BUY, order_qty=100, currency="USD", ord_type=OrdType.LIMIT,
                  price="187.51", strategy=Strategy.VWAP, note="core"),
        BasketLeg(row=3, symbol="VOD LN", side=Side.SELL_SHORT, notional="25000.50",
                  time_in_force=TimeInForce.AT_THE_CLOSE, locate_id="L-1"),
    )  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_change_nothing(ends: str, mark: str) -> None:
    text = mark + ends.join(("symbol,side,quantity", '"AAPL US",buy,100')).replace("\n\n\n", "\n") + ends
    file = read_basket(text.encode(), "list.csv")
    assert [leg.order_qty for leg in file.legs] == [100]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("ААPL,buy,1,,,,,,,", "symbol", "cell_symbol"),
        ("A,BUY,1,,,,,,,", "side", "cell_side"),
        ("A,buy,1.0,,,,,,,", "quantity", "cell_quantity"),
        ("A,buy,１０,,,,,,,", "quantity", "cell_quantity"),
        ("A,buy,$5,,,,,,,", "quantity", "cell_money_as_quantity"),
        ('A,buy,"1,000",,,,,,,', "quantity", "cell_quantity"),
        ("A,buy,0,,,,,,,", "quantity", "cell_quantity"),
        ("A,buy,,1e3,,,,,,", "notional", "cell_decimal"),
        ("A,buy,,0.00,,,,,,", "notional", "cell_decimal"),
        ("A,buy,1,,usd,,,,,", "currency", "cell_currency"),
        ("A,buy,1,,,NaN,,,,", "limit", "cell_decimal"),
        ("A,buy,1,,,,vwap,,,", "algo", "cell_algo"),
        ("A,buy,1,,,,,IOC,,", "tif", "cell_tif"),
        ("A,buy,1,,,,,,a b,", "locate_id", "cell_identifier"),
        ("A,buy,1,,,,,,,a\u200bb", "note", "cell_text"),
    ],
)
def test_bad_cell_is_named_by_line_and_column(row: str, column: str, code: str) -> None:
    assert faults("A,buy,1,,,,,,,", row) == [(3, column, code)]


def test_every_bad_cell_has_its_own_sentence() -> None:
    file = read("A,hold,x,,,,,,,", ",buy,1,,,,,,,", "A,buy,1")
    assert [fault.sentence for fault in file.faults] == [
        "list.csv, line 2, column side: 'hold' cannot be used; write one of buy, sell, sell_short, buy_to_cover.",
        "list.csv, line 2, column quantity: 'x' cannot be used; write whole shares in plain digits, such as 12500.",
        "list.csv, line 3, column symbol: is empty; fill it in.",
        "list.csv, line 4: has 3 cells and the header 10; give one for each column.",
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("symbol,side", [(1, "quantity or notional", "column_missing")]),
        ("side,quantity", [(1, "symbol", "column_missing")]),
        ("symbol,side,quantity,price", [(1, "'price'", "column_unknown")]),
        ("symbol,side,quantity,side", [(1, "side", "column_twice")]),
        ("Symbol,side,quantity", [(1, "'Symbol'", "column_unknown"), (1, "symbol", "column_missing")]),
    ],
)
def test_header_is_as_strict_as_the_rows(header: str, found: list[tuple[int, str, str]]) -> None:
    assert faults("A,buy,1,1", header=header) == found


def test_empty_line_in_the_middle_is_a_torn_row() -> None:
    assert faults("A,buy,1,,,,,,,", "", "A,buy,2,,,,,,,") == [(3, "", "row_cells")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "column_unknown"),
        (HEADER.encode(), "file_empty"),
        (b"symbol,side,quantity\nA,buy,\xff", "file_not_text"),
        (b'symbol,side,quantity\nA,buy,"1', "file_not_csv"),
        (b"x" * (FILE_BYTES_MAX + 1), "file_too_large"),
    ],
)
def test_file_that_cannot_be_used_says_why(raw: bytes, code: str) -> None:
    assert code in [fault.code for fault in read_basket(raw, "list.csv").faults] or code == "column_unknown"
    assert read_basket(raw, "list.csv").faults


def test_line_of_bytes_that_are_not_text_is_named() -> None:
    (fault,) = read_basket(b"symbol,side,quantity\nA,buy,1\nB,buy,\xff", "list.csv").faults
    assert fault.line == 3


@pytest.mark.parametrize(("rows", "fine"), [(ROWS_MAX, True), (ROWS_MAX + 1, False)])
def test_list_has_at_most_2000_rows(rows: int, fine: bool) -> None:
    file = read(*(f"A,buy,{number},,,,,,," for number in range(1, rows + 1)))
    assert (len(file.legs) == rows) is fine
    assert [fault.code for fault in file.faults] == ([] if fine else ["file_too_long"])


def test_rows_that_say_the_same_order_are_flagged() -> None:
    assert read("A,buy,1,,,,,,,", "B,buy,1,,,,,,,", "A,buy,1,,,,TWAP,,,again").twins == (2, 4)


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MalformedMessage, match=r"none\.csv cannot be read"):
        read_basket_file(tmp_path / "none.csv")


def test_faulty_file_gives_no_command() -> None:
    rows = [f"A,hold,{number},,,,,,," for number in range(1, 31)]
    with pytest.raises(MalformedMessage, match=r"line 2, column side.* And 10 more\."):
        to_new_basket(read(*rows), principal="t", account="A", declared_notional=None)


@pytest.mark.parametrize(("name", "kept"), [("list.csv", True), ("my list.csv", False), ("x" * 60, False)])
def test_id_of_a_list_is_its_name_or_a_digest_of_it(name: str, kept: bool) -> None:
    assert (id_of(name) == name) is kept
    assert id_of(name) == id_of(name)
    assert id_of(name) != id_of(name + "x")


@given(st.binary(max_size=300))
def test_any_bytes_give_orders_or_faults_never_both(raw: bytes) -> None:
    file = read_basket(b"symbol,side,quantity\n" + raw, "list.csv")
    assert bool(file.legs) != bool(file.faults)
    assert all(fault.code and fault.sentence for fault in file.faults)
