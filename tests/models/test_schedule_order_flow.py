"""Leaning on order flow: the published row, the limit without flow, and what is refused."""

from __future__ import annotations

from math import sqrt, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_order_flow import FlowMarket, sell_speed

MARKET = FlowMarket(temporary=1e-3, permanent=1e-4, running=0.01, terminal=0.1, reversion=5.0)


def test_the_published_speed() -> None:
    """T-SCH-10: 3.172933 − 0.006096 = 3.166837, ±1e-6."""
    speed = sell_speed(MARKET, held=1.0, flow=1.0, left=1.0)
    assert speed.schedule == pytest.approx(3.172933, abs=1e-6)
    assert speed.flow == pytest.approx(-0.006096, abs=1e-6)
    assert speed.rate == pytest.approx(3.166837, abs=1e-6)


@given(st.floats(0.01, 3.0))
def test_without_flow_and_with_a_strict_end_it_is_almgren_chriss(left: float) -> None:
    """T-SCH-10: μ = 0, α → ∞ gives ν = γQ coth γ(T − t)."""
    strict = FlowMarket(temporary=1e-3, permanent=1e-4, running=0.01, terminal=1e9, reversion=5.0)
    gamma = sqrt(0.01 / 1e-3)
    assert sell_speed(strict, 2.0, 0.0, left).rate == pytest.approx(gamma * 2.0 / tanh(gamma * left), rel=1e-6)


@given(st.floats(0.0, 20.0), st.floats(0.01, 2.0), st.floats(-3.0, 3.0))
def test_the_integral_is_that_of_quadrature(reversion: float, left: float, flow: float) -> None:
    """The closed form of the second term against the midpoint rule, 1e-5."""
    market = FlowMarket(temporary=1e-3, permanent=1e-4, running=0.01, terminal=0.1, reversion=reversion)
    gamma, zeta = market.urgency, market.zeta
    s = (np.arange(20_000) + 0.5) / 20_000 * left
    bracket = zeta * np.exp(gamma * (left - s)) - np.exp(-gamma * (left - s))
    whole = zeta * np.exp(gamma * left) - np.exp(-gamma * left)
    integral = float((bracket / whole * flow * np.exp(-reversion * s)).mean() * left)
    wanted = -market.permanent / (2 * market.temporary) * integral
    assert sell_speed(market, 1.0, flow, left).flow == pytest.approx(wanted, rel=1e-5, abs=1e-12)


def test_buyers_make_a_seller_wait() -> None:
    assert sell_speed(MARKET, 1.0, 2.0, 0.5).rate < sell_speed(MARKET, 1.0, 0.0, 0.5).rate
    assert sell_speed(MARKET, 1.0, -2.0, 0.5).rate > sell_speed(MARKET, 1.0, 0.0, 0.5).rate


def test_a_weak_end_is_refused() -> None:
    with pytest.raises(ModelError, match="raise it") as refused:
        FlowMarket(temporary=1e-3, permanent=1e-4, running=0.01, terminal=1e-3, reversion=5.0)
    assert refused.value.code == "terminal_too_low"


@pytest.mark.parametrize("arguments", [(-1.0, 0.0, 1.0), (1.0, float("nan"), 1.0), (1.0, 0.0, 0.0)])
def test_nonsense_is_refused(arguments: tuple[float, float, float]) -> None:
    with pytest.raises(ModelError):
        sell_speed(MARKET, *arguments)
