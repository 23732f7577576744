"""Numbers as people write them, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sottovoce.intake.numbers import decimal_of, text_of, whole, words_to_number


@pytest.mark.parametrize(
    ("digits", "exponent", "multiplier", "value"),
    [
        ("50,000", "", "", "50000"),
        ("1,234,567.89", "", "", "1234567.89"),
        ("12,34,567", "", "", "1234567"),
        ("50_000", "", "", "50000"),
        ("50'000", "", "", "50000"),
        ("1.2", "", "m", "1200000"),
        ("25", "", "mm", "25000000"),
        ("3", "", "yd", "3000000000"),
        (".5", "", "k", "500"),
        ("1", "e5", "", "100000"),
    ],
)
def test_a_number_is_read_exactly(digits: str, exponent: str, multiplier: str, value: str) -> None:
    assert decimal_of(digits, exponent, multiplier) == (Decimal(value), None)


@pytest.mark.parametrize("digits", ["72,5", "1.000.000", "1,00", "1,2345", "5'0"])
def test_a_separator_that_could_mean_two_things_is_not_guessed(digits: str) -> None:
    assert decimal_of(digits) == (None, "ambiguous_unit")


def test_the_largest_float_is_finite_and_more_is_not() -> None:
    assert decimal_of("1", "e308")[1] is None
    assert decimal_of("1.8", "e308") == (None, "non_finite")
    assert decimal_of("1", "e99999999999999999999") == (None, "non_finite")


@pytest.mark.parametrize(
    ("words", "value", "used"),
    [
        ("ten thousand msft", 10000, 2),
        ("a hundred", 100, 2),
        ("two hundred and fifty thousand ibm", 250000, 5),
        ("half a million", 500000, 3),
        ("a quarter of a million", 250000, 5),
        ("one and a half million", 1500000, 5),
        ("twenty five", 25, 2),
        ("three million two hundred thousand", 3200000, 5),
    ],
)
def test_spelled_numbers(words: str, value: int, used: int) -> None:
    assert words_to_number(words.split()) == (Decimal(value), used)


@pytest.mark.parametrize("words", ["a", "and", "half", "the million", "hundred", ""])
def test_words_that_are_no_number(words: str) -> None:
    assert words_to_number(words.split()) is None


def test_text_keeps_the_digits_typed() -> None:
    assert text_of(Decimal("24.10")) == "24.10"
    assert text_of(Decimal("1E+3")) == "1000"
    assert text_of(Decimal("1e18")) is None
    assert text_of(Decimal("0.0000000001")) is None
    assert text_of(Decimal("1.500000000000")) == "1.5"


def test_whole_refuses_a_fraction() -> None:
    assert whole(Decimal("500.0")) == 500
    assert whole(Decimal("500.5")) is None
