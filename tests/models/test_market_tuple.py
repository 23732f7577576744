"""T-MKT-9: quoting an instrument otherwise changes neither its cost in basis points nor its schedule."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.market_tuple import MarketTuple, impact_of, schedule_of

STOCK = MarketTuple(price=50.0, sigma_price=0.95, volume=5e6, spread=0.02, lot=100)
FUTURE = MarketTuple(price=110.640625, sigma_price=0.4, volume=1.5e6, spread=1 / 64, multiplier=1_000.0, fx=0.92)


def requoted(market: MarketTuple, by: float) -> MarketTuple:
    """The same instrument at `by` times the price with one part in `by` of the multiplier."""
    return msgspec.structs.replace(
        market,
        price=market.price * by,
        sigma_price=market.sigma_price * by,
        spread=market.spread * by,
        multiplier=market.multiplier / by,
    )


@pytest.mark.parametrize("market", [STOCK, FUTURE], ids=["stock", "note future"])
@given(by=st.floats(1e-4, 1e4), part=st.floats(0.001, 0.2), risk=st.floats(0, 1e-5))
def test_invariance(market: MarketTuple, by: float, part: float, risk: float) -> None:
    """T-MKT-9, 1e-12 relative."""
    other, quantity = requoted(market, by), part * market.volume
    assert impact_of(other, quantity).peak_bps == pytest.approx(impact_of(market, quantity).peak_bps, rel=1e-12)
    assert other.half_spread_bps == pytest.approx(market.half_spread_bps, rel=1e-12)
    one = schedule_of(market, quantity, 1.0, 13, risk)
    two = schedule_of(other, quantity, 1.0, 13, risk)
    assert two.trades == pytest.approx(one.trades, rel=1e-12, abs=1e-12 * quantity)
    assert two.expected_cost / (quantity * other.unit_value) == pytest.approx(
        one.expected_cost / (quantity * market.unit_value), rel=1e-12
    )


def test_changing_the_price_alone_does_change_the_cost() -> None:
    """What the invariance would not notice: the test above can fail."""
    dearer = msgspec.structs.replace(STOCK, price=100.0)
    assert impact_of(dearer, 1e5).peak_bps == pytest.approx(impact_of(STOCK, 1e5).peak_bps / 2)


def test_urgent_schedules_trade_early() -> None:
    patient, urgent = (schedule_of(FUTURE, 1e5, 1.0, 10, risk) for risk in (0.0, 1e-7))
    assert patient.trades == pytest.approx([1e4] * 10)
    assert urgent.trades[0] > patient.trades[0]


@pytest.mark.parametrize(("field", "value"), [("price", 0.0), ("volume", 0.0)])
def test_nonsense_is_refused(field: str, value: float) -> None:
    with pytest.raises(ModelError):
        impact_of(msgspec.structs.replace(STOCK, **{field: value}), 1e5)
