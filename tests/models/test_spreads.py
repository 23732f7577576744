"""Spread measures: the worked quote, its mirror, and the identity between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models import spreads

prices = st.floats(0.5, 1000.0)
sides = st.sampled_from([1, -1])


def test_worked_quote() -> None:
    """T-TCA-4: quote 50.10 / 50.14, buy at 50.13, mid after 50.15."""
    mid = 50.12
    assert spreads.quoted_bps(50.10, 50.14) == pytest.approx(7.9808, abs=5e-5)
    assert spreads.effective_bps(1, 50.13, mid) == pytest.approx(3.9904, abs=5e-5)
    assert spreads.realised_bps(1, 50.13, mid, 50.15) == pytest.approx(-7.9808, abs=5e-5)
    assert spreads.impact_bps(1, mid, 50.15) == pytest.approx(11.9713, abs=5e-5)
    assert spreads.effective_over_quoted(1, 50.13, 50.10, 50.14) == pytest.approx(0.5, abs=5e-5)
    assert spreads.markout(1, 50.13, 50.15) == pytest.approx(0.02)
    assert spreads.price_improvement(1, 50.13, 50.10, 50.14) == pytest.approx(0.01)


def test_the_same_sale() -> None:
    """Mirror about the mid 50.12: sell at 50.11, mid after 50.09."""
    assert spreads.effective_bps(-1, 50.11, 50.12) == pytest.approx(3.9904, abs=5e-5)
    assert spreads.realised_bps(-1, 50.11, 50.12, 50.09) == pytest.approx(-7.9808, abs=5e-5)
    assert spreads.impact_bps(-1, 50.12, 50.09) == pytest.approx(11.9713, abs=5e-5)
    assert spreads.effective_over_quoted(-1, 50.11, 50.10, 50.14) == pytest.approx(0.5, abs=5e-5)
    assert spreads.markout(-1, 50.11, 50.09) == pytest.approx(0.02)
    assert spreads.price_improvement(-1, 50.11, 50.10, 50.14) == pytest.approx(0.01)


@given(side=sides, px=prices, mid=prices, after=prices)
def test_effective_is_realised_plus_impact(side: int, px: float, mid: float, after: float) -> None:
    effective = spreads.effective_bps(side, px, mid)
    realised, impact = spreads.realised_bps(side, px, mid, after), spreads.impact_bps(side, mid, after)
    assert effective == pytest.approx(realised + impact, rel=1e-9, abs=1e-6)
    assert spreads.markout_bps(side, px, mid, after) == pytest.approx(-realised / 2, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("px", "capture"), [(50.10, 1.0), (50.12, 0.0), (50.14, -1.0)])
def test_capture_of_a_buy_and_a_sell(px: float, capture: float) -> None:
    assert spreads.spread_capture(1, px, 50.10, 50.14) == pytest.approx(capture)
    assert spreads.spread_capture(-1, px, 50.10, 50.14) == pytest.approx(-capture)


def test_a_crossed_or_locked_quote_is_not_a_reference() -> None:
    for ask in (50.13, 50.139):
        with pytest.raises(ModelError) as crossed:
            spreads.quoted_bps(50.14, ask)
        assert crossed.value.code == "crossed_quote"
    with pytest.raises(ModelError) as locked:
        spreads.spread_capture(1, 50.10, 50.10, 50.10)
    assert locked.value.code == "locked_quote"
    with pytest.raises(ModelError):
        spreads.effective_bps(1, 50.13, 0.0)
