"""Bad input at the door: refused with its field and reason, every failure at once, nothing coerced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import OrdType, Strategy, TimeInForce
from sottovoce.stages.gateway.syntax import DAYS_MAX, check_syntax
from sottovoce.stages.gateway.written import QTY_MAX, read_decimal, read_ppm
from tests.scenarios.small_desk import OPEN_NS, new_order

NOT_DECIMALS = [
    "", " ", "NaN", "nan", "Infinity", "-Infinity", "-0", "-1", "+1", "1e3", "1E-3", "0", "0.0", "1_000", "1,000",
    "１２", "٣", "1.", ".5", "1.1234567", "0x10", "1\n", "1\x00", "1 000", "½", "1.0.0", "9" * 16, "\u202e1", "1\u200b",
]  # fmt: skip


def codes(**changes: object) -> list[str]:
    return [failed.code for failed in check_syntax(new_order(**changes))]


def test_plain_order_is_well_formed() -> None:
    assert codes() == []


@pytest.mark.parametrize("text", NOT_DECIMALS)
def test_what_is_not_a_plain_positive_decimal_is_not_a_number(text: str) -> None:
    assert read_decimal(text) is None
    assert codes(order_qty=None, notional=text) == ["bad_notional"]
    assert codes(ord_type=OrdType.LIMIT, price=text) == ["bad_price"]
    assert codes(decision_price=text) == ["bad_price"]
    assert codes(strategy=Strategy.POV, participation=text) == ["bad_participation"]


@pytest.mark.parametrize("bad", ["", "x" * 65, "a b", "a/b", "ä", "a\n", "a\x00", "’", "\u202eabc", "a\ud800"])
def test_identifier_is_plain_and_short(bad: str) -> None:
    assert [failed.code for failed in check_syntax(new_order(bad))] == ["bad_identifier"]
    assert codes(account=bad) == ["bad_identifier"]


@pytest.mark.parametrize("good", ["c", "x" * 64, "A-1.b_c:9"])
def test_identifier_of_plain_characters_passes(good: str) -> None:
    assert check_syntax(new_order(good)) == []


@pytest.mark.parametrize(
    ("qty", "found"), [(0, ["bad_quantity"]), (-1, ["bad_quantity"]), (1, []), (QTY_MAX, []),
                       (QTY_MAX + 1, ["bad_quantity"])]
)  # fmt: skip
def test_quantity_bounds(qty: int, found: list[str]) -> None:
    assert codes(order_qty=qty) == found


def test_size_is_given_in_shares_or_money_or_both() -> None:
    assert codes(order_qty=None) == ["size_missing"]
    assert codes(notional="1000") == []
    assert codes(notional="1e3") == ["bad_notional"]


def test_price_belongs_to_limit_orders() -> None:
    assert codes(ord_type=OrdType.LIMIT) == ["price_missing"]
    assert codes(price="50.00") == ["price_unexpected"]
    assert codes(ord_type=OrdType.LIMIT, price="50.00") == []


@pytest.mark.parametrize(
    ("text", "ppm"), [("0.000001", 1), ("0.5", 500_000), ("0.1", 100_000), ("0.500001", None), ("0.0000001", None)]
)
def test_participation_bounds(text: str, ppm: int | None) -> None:
    assert read_ppm(text) == ppm
    assert codes(strategy=Strategy.POV, participation=text) == ([] if ppm else ["bad_participation"])


def test_participation_strategy_needs_a_rate() -> None:
    assert codes(strategy=Strategy.POV) == ["participation_missing"]


@pytest.mark.parametrize(
    ("strategy", "found"), [(None, []), (Strategy.CLOSE, []), (Strategy.TWAP, ["bad_time_in_force"])]
)
def test_at_the_close_goes_with_the_close(strategy: Strategy | None, found: list[str]) -> None:
    assert codes(time_in_force=TimeInForce.AT_THE_CLOSE, strategy=strategy) == found


@pytest.mark.parametrize(
    ("days", "found"), [(0, ["bad_horizon"]), (1, []), (DAYS_MAX, []), (DAYS_MAX + 1, ["bad_horizon"])]
)
def test_days_bounds(days: int, found: list[str]) -> None:
    assert codes(days=days) == found


@pytest.mark.parametrize(("after", "found"), [(-1, ["bad_horizon"]), (0, ["bad_horizon"]), (1, [])])
def test_horizon_ends_after_it_starts(after: int, found: list[str]) -> None:
    assert codes(start_ns=OPEN_NS, end_ns=OPEN_NS + after) == found


def test_every_failure_is_reported_at_once() -> None:
    found = codes(account="", order_qty=0, price="x", strategy=Strategy.POV, days=99)
    assert sorted(found) == [
        "bad_horizon", "bad_identifier", "bad_price", "bad_quantity", "participation_missing", "price_unexpected",
    ]  # fmt: skip


@given(st.text(max_size=20))
def test_number_that_is_read_is_what_was_written(text: str) -> None:
    value = read_decimal(text)
    assert value is None or (text.isascii() and value > 0 and "e" not in text.lower())
