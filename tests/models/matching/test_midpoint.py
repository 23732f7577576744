"""When a touch has a mid, and what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.matching.midpoint import SpreadGuard, usable_mid
from sottovoce.models.matching.port import Touch

PRICES = st.integers(0, 1_000_000)


@given(bid=PRICES, ask=PRICES)
def test_mid_lies_within_the_touch_or_there_is_none(bid: int, ask: int) -> None:
    mid = usable_mid(Touch(bid, 1, ask, 1))
    if 0 < bid < ask:
        assert mid is not None
        assert bid <= mid < ask
        assert 0 <= bid + ask - 2 * mid <= 1
    else:
        assert mid is None


def test_no_touch_no_mid() -> None:
    assert usable_mid(None) is None


@pytest.mark.parametrize(
    ("bid", "ask", "usable"),
    [
        (90_000_000, 100_000_000, True),
        (89_999_999, 100_000_000, False),
        (10_000, 20_000, True),
        (10_000, 20_001, False),
    ],
)
def test_too_wide_is_more_than_both_figures(bid: int, ask: int, usable: bool) -> None:
    """A tenth of the offer is not too wide, and neither is a cent however cheap the stock."""
    guard = SpreadGuard(units=10_000, ppm_of_ask=100_000)
    assert (usable_mid(Touch(bid, 1, ask, 1), guard) is not None) is usable
    assert usable_mid(Touch(bid, 1, ask, 1)) is not None
