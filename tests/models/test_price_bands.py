"""Which pairs of figures can be price bands, and when the market stands at one (PT-19)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.price_bands import at_band, doubt
from sottovoce.models.protections.luld_bands import BAND_TABLES, Tier, bands

MID = 100_000_000


@pytest.mark.parametrize(("lower", "upper", "believed"), [
    (95_000_000, 105_000_000, True), (0, 105_000_000, False), (105_000_000, 95_000_000, False),
    (MID, MID, False), (97_500_000, 102_500_000, True), (97_500_001, 102_500_000, False),
    (MID, 110_000_000, True), (MID + 1, 110_000_000, False), (90_000_000, MID, True), (90_000_000, MID - 1, False),
])  # fmt: skip
def test_pair_that_can_be_bands_of_a_market_at_a_hundred(lower: int, upper: int, believed: bool) -> None:
    assert (doubt(lower, upper, MID) == "") is believed


@given(cents=st.integers(100, 100_000), tier=st.sampled_from(Tier), doubled=st.booleans())
def test_every_pair_the_rules_make_is_believed_at_its_reference(cents: int, tier: Tier, doubled: bool) -> None:
    """From a dollar up: T-MKT-4's own bands, rounded to the cent as the plan rounds them."""
    reference = cents * 10_000
    made = bands(BAND_TABLES[-1], reference, reference, tier, doubled=doubled)
    assert doubt(made.lower_px, made.upper_px, reference) == ""


@pytest.mark.parametrize(("bid", "ask", "at"), [
    (104_990_000, 105_000_000, False), (105_000_000, 105_010_000, True), (94_990_000, 95_000_000, True),
    (95_000_000, 95_010_000, False), (99_000_000, 0, False),
])  # fmt: skip
def test_bid_at_the_upper_or_ask_at_the_lower_band_is_a_limit_state(bid: int, ask: int, at: bool) -> None:
    assert at_band(bid, ask, 95_000_000, 105_000_000) is at
