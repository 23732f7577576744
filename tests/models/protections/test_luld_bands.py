"""T-MKT-4: price bands by tier, bucket and time of day; the doubling that ended and the one that stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE, parse_decimal_px
from sottovoce.models.protections.luld_bands import BAND_TABLES, Tier, bands, is_doubled, table_on

TODAY = table_on("2026-11-20")
BEFORE = table_on("2019-06-03")


def px(text: str) -> int:
    return parse_decimal_px(text, 1_000_000)


@pytest.mark.parametrize(
    ("tier", "reference", "normal", "late"),
    [
        (Tier.ONE, "100", ("95", "105"), ("90", "110")),
        (Tier.TWO, "20", ("18", "22"), ("18", "22")),
        (Tier.TWO, "2", ("1.6", "2.4"), ("1.2", "2.8")),
        (Tier.ONE, "0.5", ("0.35", "0.65"), ("0.2", "0.8")),
        (Tier.TWO, "0.5", ("0.35", "0.65"), ("0.2", "0.8")),
    ],
)
def test_published_rows(tier: Tier, reference: str, normal: tuple[str, str], late: tuple[str, str]) -> None:
    """T-MKT-4, exact; the previous close equals the reference."""
    close = px(reference)
    assert bands(TODAY, close, close, tier) == (px(normal[0]), px(normal[1]))
    assert bands(TODAY, close, close, tier, doubled=True) == (px(late[0]), px(late[1]))


def test_published_row_of_a_penny_stock() -> None:
    """T-MKT-4: reference 0.10, 75 % is less than 0.15; 0.025 and 0.175 are rounded to the cent."""
    assert bands(TODAY, px("0.1"), px("0.1"), Tier.TWO) == (px("0.03"), px("0.18"))
    assert bands(TODAY, px("0.1"), px("0.1"), Tier.TWO, doubled=True) == (0, px("0.25"))


@pytest.mark.parametrize(("close", "width"), [("3.01", "0.5"), ("3.00", "2"), ("0.75", "2"), ("0.74", "0.15")], ids=str)
def test_bucket_goes_by_yesterdays_close_not_by_the_reference(close: str, width: str) -> None:
    """Reference 10 in tier 1: 5 % above 3 dollar, 20 % from 0.75 to 3, below that at most 0.15."""
    lower, upper = bands(TODAY, px("10"), px(close), Tier.ONE)
    assert (upper - px("10"), px("10") - lower) == (px(width), px(width))


def test_leverage_multiplies_tier_two_only() -> None:
    assert bands(TODAY, px("20"), px("20"), Tier.TWO, leverage=3) == (px("14"), px("26"))
    assert bands(TODAY, px("20"), px("20"), Tier.ONE, leverage=3) == (px("19"), px("21"))


def test_doubling_of_large_tier_two_stocks_and_of_the_open_ended_with_the_amendment() -> None:
    assert bands(BEFORE, px("20"), px("20"), Tier.TWO, doubled=True) == (px("16"), px("24"))
    open_ns, close_ns = 0, 390 * NS_PER_MINUTE
    assert is_doubled(BEFORE, 14 * NS_PER_MINUTE, open_ns, close_ns)
    assert not is_doubled(TODAY, 14 * NS_PER_MINUTE, open_ns, close_ns)
    last = close_ns - 25 * NS_PER_MINUTE
    assert [is_doubled(TODAY, at, open_ns, close_ns) for at in (last - 1, last, close_ns - 1, close_ns)] == [
        False,
        True,
        True,
        False,
    ]


def test_no_table_before_the_plan() -> None:
    with pytest.raises(ModelError) as refused:
        table_on("2010-05-06")
    assert refused.value.code == "no_band_table"


@pytest.mark.parametrize(("reference", "close", "leverage"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_nonsense_is_refused(reference: int, close: int, leverage: int) -> None:
    with pytest.raises(ModelError):
        bands(TODAY, reference, close, Tier.ONE, leverage=leverage)


@given(
    reference=st.integers(10_000, 2_000_000_000),
    close=st.integers(10_000, 2_000_000_000),
    tier=st.sampled_from(Tier),
    table=st.sampled_from(BAND_TABLES),
)
def test_bands_are_cents_around_the_reference_and_doubling_never_narrows(
    reference: int, close: int, tier: Tier, table: object
) -> None:
    plain = bands(table, reference, close, tier)  # type: ignore[arg-type]
    late = bands(table, reference, close, tier, doubled=True)  # type: ignore[arg-type]
    for lower, upper in (plain, late):
        assert lower % 10_000 == upper % 10_000 == 0
        assert 0 <= lower <= reference + 5_000
        assert upper >= reference - 5_000
    assert late.lower_px <= plain.lower_px
    assert late.upper_px >= plain.upper_px
