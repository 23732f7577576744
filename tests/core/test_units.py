"""Prices are exact, floats enter through one gate, and text from outside is read by the plain grammar alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import InvariantError, MalformedMessage, ModelError
from sottovoce.core.units import (
    INT64_MAX,
    NS_PER_DAY,
    NS_PER_HOUR,
    NS_PER_SECOND,
    PRICE_SCALE_USD,
    Money,
    Rounding,
    bps,
    format_ns,
    format_px,
    money,
    parse_decimal_px,
    parse_rfc3339,
    px_from_float,
    round_px,
    scale_decimals,
    to_ticks,
)

CENT = 10_000
BUY, SELL = 1, -1


@pytest.mark.parametrize(
    ("text", "px"),
    [
        ("187.51", 187_510_000),
        ("0", 0),
        ("0.000001", 1),
        (".5", 500_000),
        ("007", 7_000_000),
        ("-0.25", -250_000),
        ("1.2300000000", 1_230_000),
        ("9223372036854.775807", INT64_MAX),
    ],
)
def test_plain_decimal_is_read_exactly(text: str, px: int) -> None:
    assert parse_decimal_px(text, PRICE_SCALE_USD) == px


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "value_empty"),
        ("   ", "value_empty"),
        ("NaN", "value_not_finite"),
        ("sNaN12", "value_not_finite"),
        ("inf", "value_not_finite"),
        ("-Infinity", "value_not_finite"),
        ("1e309", "value_exponent"),
        ("1E5", "value_exponent"),
        ("1e-999999999999", "value_exponent"),
        ("１０", "value_not_ascii"),
        ("१२", "value_not_ascii"),
        ("187,51", "value_not_number"),
        ("1_000", "value_not_number"),
        ("+5", "value_not_number"),
        ("5.", "value_not_number"),
        (" 5", "value_not_number"),
        ("5\n", "value_not_number"),
        ("0x10", "value_not_number"),
        ("--5", "value_not_number"),
        ("$5", "value_not_number"),
        ("-0", "value_negative_zero"),
        ("-0.000", "value_negative_zero"),
        ("0.0000001", "value_too_precise"),
        ("9223372036854.775808", "value_out_of_range"),
        ("9" * 39, "value_out_of_range"),
        ("9" * 5000, "value_out_of_range"),
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str, code: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        parse_decimal_px(text, PRICE_SCALE_USD)
    assert refused.value.code == code
    assert len(str(refused.value)) < 150


def test_decimals_follow_the_scale() -> None:
    assert parse_decimal_px("1234", 1) == 1234
    with pytest.raises(MalformedMessage, match="at most 0"):
        parse_decimal_px("1234.5", 1)


@pytest.mark.parametrize(
    ("px", "scale", "text"),
    [
        (187_510_000, PRICE_SCALE_USD, "187.51"),
        (187_500_000, PRICE_SCALE_USD, "187.50"),
        (187_505_000, PRICE_SCALE_USD, "187.505"),
        (1, PRICE_SCALE_USD, "0.000001"),
        (-250_000, PRICE_SCALE_USD, "-0.25"),
        (0, PRICE_SCALE_USD, "0.00"),
        (1234, 1, "1234"),
        (15, 10, "1.5"),
    ],
)
def test_price_prints_all_its_digits(px: int, scale: int, text: str) -> None:
    assert format_px(px, scale) == text


@given(st.integers(-INT64_MAX, INT64_MAX), st.sampled_from([1, 10, 100, 10_000, PRICE_SCALE_USD]))
def test_printed_price_reads_back(px: int, scale: int) -> None:
    assert parse_decimal_px(format_px(px, scale), scale) == px


@pytest.mark.parametrize("scale", [0, -10, 3, 1_500_000])
def test_scale_is_a_power_of_ten(scale: int) -> None:
    with pytest.raises(InvariantError):
        scale_decimals(scale)


@pytest.mark.parametrize(
    ("side", "rounding", "cents"),
    [
        (BUY, Rounding.PASSIVE, 1002),
        (BUY, Rounding.AGGRESSIVE, 1003),
        (SELL, Rounding.PASSIVE, 1003),
        (SELL, Rounding.AGGRESSIVE, 1002),
        (BUY, Rounding.NEAREST, 1003),
        (SELL, Rounding.NEAREST, 1003),
    ],
)
def test_price_goes_to_the_tick_of_its_side(side: int, rounding: Rounding, cents: int) -> None:
    assert round_px(10_026_000, CENT, side, rounding) == cents * CENT


@pytest.mark.parametrize(("side", "cents"), [(BUY, 1002), (SELL, 1003)])
def test_midpoint_between_ticks_goes_to_the_passive_side(side: int, cents: int) -> None:
    assert round_px(10_025_000, CENT, side, Rounding.NEAREST) == cents * CENT


@given(
    st.integers(-(10**12), 10**12),
    st.integers(1, 10**6),
    st.sampled_from([BUY, SELL]),
    st.sampled_from(Rounding),
)
def test_rounded_price_is_on_a_tick_within_one(px: int, tick: int, side: int, rounding: Rounding) -> None:
    rounded = round_px(px, tick, side, rounding)
    assert rounded % tick == 0
    assert rounded == to_ticks(px, tick, side, rounding) * tick
    assert abs(rounded - px) < tick
    if rounding is Rounding.PASSIVE:
        assert (px - rounded) * side >= 0
    elif rounding is Rounding.AGGRESSIVE:
        assert (rounded - px) * side >= 0
    else:
        assert 2 * abs(rounded - px) <= tick


@pytest.mark.parametrize(("tick", "side"), [(0, BUY), (-1, BUY), (CENT, 0), (CENT, 2)])
def test_rounding_refuses_an_impossible_tick_or_side(tick: int, side: int) -> None:
    with pytest.raises(InvariantError):
        to_ticks(1, tick, side, Rounding.PASSIVE)


@pytest.mark.parametrize("value", [187.51, 1.15, 0.07, 1_000_000.01])
@pytest.mark.parametrize("side", [BUY, SELL])
@pytest.mark.parametrize("rounding", list(Rounding))
def test_float_that_means_a_tick_stays_on_it(value: float, side: int, rounding: Rounding) -> None:
    px = px_from_float(value, PRICE_SCALE_USD, CENT, side, rounding)
    assert px == parse_decimal_px(str(Decimal(repr(value))), PRICE_SCALE_USD)


def test_float_between_ticks_goes_where_asked() -> None:
    assert px_from_float(10.004, PRICE_SCALE_USD, CENT, BUY, Rounding.PASSIVE) == 10_000_000
    assert px_from_float(10.004, PRICE_SCALE_USD, CENT, BUY, Rounding.AGGRESSIVE) == 10_010_000


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (math.nan, "value_not_finite"),
        (math.inf, "value_not_finite"),
        (-math.inf, "value_not_finite"),
        (1e300, "value_out_of_range"),
        (1.7e308, "value_out_of_range"),
        (1e13, "value_out_of_range"),
    ],
)
def test_float_that_is_no_price_is_refused(value: float, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        px_from_float(value, PRICE_SCALE_USD, CENT, BUY, Rounding.PASSIVE)
    assert refused.value.code == code


def test_basis_points_of_large_integers_are_exactly_rounded() -> None:
    assert bps(1, 3) == pytest.approx(10_000 / 3, rel=1e-15)
    assert bps(10**30 + 1, 10**30) == 10_000.0
    assert bps(-5, 10_000) == -5.0


def test_basis_points_of_nothing_are_refused() -> None:
    with pytest.raises(ModelError) as refused:
        bps(1, 0)
    assert refused.value.code == "zero_denominator"


def test_money_of_one_currency_adds_exactly() -> None:
    total = money(187_510_000 * 100, PRICE_SCALE_USD, "USD") + Money(amount=Decimal("0.01"), currency="USD")
    assert total == Money(amount=Decimal("18751.01"), currency="USD")
    assert total - total == Money(amount=Decimal(0), currency="USD")
    assert -total == Money(amount=Decimal("-18751.01"), currency="USD")
    assert str(money(1_234_567_890_000, PRICE_SCALE_USD, "USD")) == "1,234,567.890000 USD"


def test_two_currencies_do_not_add() -> None:
    dollars, pounds = Money(amount=Decimal(1), currency="USD"), Money(amount=Decimal(1), currency="GBP")
    with pytest.raises(InvariantError) as refused:
        dollars + pounds
    assert refused.value.code == "currency_mismatch"
    with pytest.raises(InvariantError):
        dollars - pounds


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2013-10-08T13:30:00Z", 1_381_239_000 * NS_PER_SECOND),
        ("2013-10-08T09:30:00-04:00", 1_381_239_000 * NS_PER_SECOND),
        ("2013-10-08t15:30:00.25+02:00", 1_381_239_000 * NS_PER_SECOND + 250_000_000),
        ("2013-10-08T13:30:00.000000001z", 1_381_239_000 * NS_PER_SECOND + 1),
        ("2024-02-29T00:00:00+00:00", 19_782 * NS_PER_DAY),
    ],
)
def test_time_with_its_offset_is_read(text: str, ns: int) -> None:
    assert parse_rfc3339(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2013-10-08T13:30:00",
        "2013-10-08",
        "2013-10-08 13:30:00Z",
        "2013-02-29T00:00:00Z",
        "2013-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2013-10-08T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2013-10-08T13:30:00.1234567890Z",
        "2013-10-08T13:30:00+25:00",
        "2013-10-08T13:30:00+00:60",
        "２０１３-10-08T13:30:00Z",
        "x" * 10_000,
    ],
)
def test_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        parse_rfc3339(text)
    assert refused.value.code == "value_not_time"
    assert len(str(refused.value)) < 150


def test_time_prints_at_the_width_asked_for() -> None:
    ns = 1_381_239_000 * NS_PER_SECOND + 123_456_789
    assert format_ns(ns) == "2013-10-08T13:30:00.123456789Z"
    assert format_ns(ns, 3) == "2013-10-08T13:30:00.123Z"
    assert format_ns(ns, 0) == "2013-10-08T13:30:00Z"
    assert format_ns(-1) == "1969-12-31T23:59:59.999999999Z"
    with pytest.raises(InvariantError):
        format_ns(ns, 10)


@given(st.integers(-2 * 10**18, 9 * 10**18))
def test_printed_time_reads_back_to_the_nanosecond(ns: int) -> None:
    assert parse_rfc3339(format_ns(ns)) == ns
    whole = datetime.fromtimestamp(ns // NS_PER_SECOND, UTC)
    assert format_ns(ns, 0) == whole.isoformat().replace("+00:00", "Z")


@given(st.lists(st.integers(0, 4 * 10**18), min_size=2, max_size=5))
def test_printed_times_sort_as_times_do(times: list[int]) -> None:
    assert sorted(format_ns(ns) for ns in times) == [format_ns(ns) for ns in sorted(times)]


def test_hours_make_a_day() -> None:
    assert 24 * NS_PER_HOUR == NS_PER_DAY == 86_400 * 10**9
