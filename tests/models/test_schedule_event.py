"""The schedule across an event: the published figures, what it improves on, and what is refused."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import AlmgrenChrissMarket, optimal_schedule
from sottovoce.models.schedule_event import Regime, event_schedule, ignoring_the_event

DAY = 50 / sqrt(250)
MARKET = AlmgrenChrissMarket(
    quantity=1e6, horizon=5, periods=5, sigma_price=0.1 * DAY, gamma=2.5e-7, eta=2.5e-6, epsilon=0.0625
)
REGIMES = (Regime(probability=0.5, sigma_price=0.05 * DAY), Regime(probability=0.5, sigma_price=0.4 * DAY))


def test_the_published_schedule() -> None:
    """T-SCH-5: X* ± 1; utility, cost and variance to the digits given; both branches."""
    found = event_schedule(MARKET, 2, REGIMES, 1e-6)
    assert found.held_at_event == pytest.approx(486_451.2, abs=1)
    assert found.utility == pytest.approx(833_142.63, abs=0.01)
    assert found.expected_cost == pytest.approx(713_488.24, abs=0.01)
    assert found.variance == pytest.approx(1.196544e11, rel=1e-6)
    assert found.before[1] == pytest.approx(727_901.4, abs=0.1)
    calm, wild = found.after
    assert calm[1:3] == pytest.approx((321_483.7, 159_900.3), abs=0.1)
    assert wild[1:3] == pytest.approx((211_531.0, 79_115.9), abs=0.1)


def test_what_ignoring_the_event_costs() -> None:
    """T-SCH-5: X* = 539,154.5 and U = 839,814.33."""
    found = ignoring_the_event(MARKET, 2, REGIMES, 1e-6)
    assert found.held_at_event == pytest.approx(539_154.5, abs=0.1)
    assert found.utility == pytest.approx(839_814.33, abs=0.01)


def test_without_a_change_it_is_the_plain_schedule() -> None:
    same = (Regime(probability=1.0, sigma_price=MARKET.sigma_price),)
    found, plain = event_schedule(MARKET, 2, same, 1e-6), optimal_schedule(MARKET, 1e-6)
    assert (*found.before, *found.after[0][1:]) == pytest.approx(plain.holdings, abs=0.1)
    assert found.utility == pytest.approx(plain.utility, rel=1e-9)


@given(st.floats(0.05, 0.95), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1e-8, 1e-5), st.integers(1, 4))
def test_knowing_of_the_event_never_costs_more(
    chance: float, calm: float, wild: float, risk_aversion: float, event_period: int
) -> None:
    regimes = (
        Regime(probability=chance, sigma_price=calm * DAY),
        Regime(probability=1 - chance, sigma_price=wild * DAY),
    )
    known = event_schedule(MARKET, event_period, regimes, risk_aversion)
    assert known.utility <= ignoring_the_event(MARKET, event_period, regimes, risk_aversion).utility * (1 + 1e-9)
    assert 0 <= known.held_at_event <= MARKET.quantity


def test_a_wilder_market_to_come_is_traded_ahead_of() -> None:
    held = [
        event_schedule(MARKET, 2, (Regime(probability=1.0, sigma_price=wild * DAY),), 1e-6).held_at_event
        for wild in (0.05, 0.2, 0.4, 0.8)
    ]
    assert held == sorted(held, reverse=True)


@pytest.mark.parametrize(
    ("market", "event_period", "regimes", "code"),
    [
        (MARKET, 0, REGIMES, "out_of_range"),
        (MARKET, 5, REGIMES, "out_of_range"),
        (MARKET, 2, REGIMES[:1], "probabilities"),
        (MARKET, 2, (), "probabilities"),
        (MARKET, 2, (Regime(probability=1.0, sigma_price=-1.0),), "negative"),
        (replace(MARKET, drift=0.02), 2, REGIMES, "drift_unsupported"),
    ],
)
def test_nonsense_is_refused(
    market: AlmgrenChrissMarket, event_period: int, regimes: tuple[Regime, ...], code: str
) -> None:
    with pytest.raises(ModelError) as refused:
        event_schedule(market, event_period, regimes, 1e-6)
    assert refused.value.code == code
