"""Almgren–Chriss: the published tables, the paper's identities, its limits and what is refused."""

from __future__ import annotations

from math import inf, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import (
    AlmgrenChrissMarket,
    almgren_chriss,
    cost_variance,
    efficient_frontier,
    expected_cost,
    immediate_cost,
    optimal_schedule,
    urgency,
)
from sottovoce.models.schedule_ac_closed import closed_expected_cost, closed_variance

TABLE_1 = AlmgrenChrissMarket(
    quantity=1e6, horizon=5, periods=5, sigma_price=0.95, gamma=2.5e-7, eta=2.5e-6, epsilon=0.0625
)
INTRADAY = AlmgrenChrissMarket(
    quantity=250_000, horizon=1, periods=13, sigma_price=2, gamma=4e-8, eta=4e-7, epsilon=0.01
)
ROWS = [
    (1e-6, (541_955.55, 289_854.22, 147_897.49, 62_141.80), 911_226.99, 3.641286e11, 603_430.67),
    (5e-7, (636_913.22, 394_839.96, 227_786.28, 104_012.00), 768_132.81, 5.633966e11, 750_597.48),
    (1e-7, (757_882.39, 544_564.31, 351_939.68, 172_688.75), 670_057.46, 9.247186e11, 961_622.90),
    (1e-5, (177_868.31, 31_636.20, 5_621.63, 969.25), 1_845_211.26, 2.948515e10, 171_712.41),
    (0.0, (800_000, 600_000, 400_000, 200_000), 662_500.00, 1.083000e12, 1_040_672.86),
]

markets = st.builds(
    AlmgrenChrissMarket,
    quantity=st.floats(100, 1e7),
    horizon=st.floats(0.05, 10),
    periods=st.integers(2, 60),
    sigma_price=st.floats(0.05, 5),
    gamma=st.floats(0, 1e-7),
    eta=st.floats(1e-6, 1e-4),
    epsilon=st.floats(0, 0.1),
)
aversions = st.floats(1e-8, 1e-4)


@pytest.mark.parametrize(("risk_aversion", "held", "cost", "variance", "deviation"), ROWS)
def test_table_1(risk_aversion: float, held: tuple[float, ...], cost: float, variance: float, deviation: float) -> None:
    """T-SCH-1: ±0.01 share, ±0.01 $, V to the digits printed (1e-6 relative)."""
    found = almgren_chriss(1_000_000, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, risk_aversion)
    assert found.holdings == pytest.approx((1e6, *held, 0.0), abs=0.01)
    assert found.expected_cost == pytest.approx(cost, abs=0.01)
    assert found.variance == pytest.approx(variance, rel=1e-6)
    assert found.standard_deviation == pytest.approx(deviation, abs=0.01)


def test_rates_of_table_1() -> None:
    """T-SCH-1: κ̃, κ, half-life and κT at λ = 1e-6."""
    kappa = urgency(TABLE_1, 1e-6)
    assert sqrt(1e-6 * 0.95**2 / TABLE_1.eta_tilde) == pytest.approx(0.6164414, abs=5e-8)
    assert kappa == pytest.approx(0.60707616, abs=5e-9)
    assert 1 / kappa == pytest.approx(1.647240, abs=5e-7)
    assert kappa * 5 == pytest.approx(3.035381, abs=5e-7)


def test_everything_at_once_and_straight_line() -> None:
    """T-SCH-1: immediate cost and the naive closed forms."""
    assert immediate_cost(TABLE_1) == pytest.approx(2_562_500.0, abs=1e-6)
    at_once = np.array([1e6, 0, 0, 0, 0, 0], dtype=np.float64)
    assert expected_cost(TABLE_1, at_once) == pytest.approx(2_562_500.0, abs=1e-6)
    assert cost_variance(TABLE_1, at_once) == 0.0
    straight = optimal_schedule(TABLE_1, 0.0)
    assert straight.expected_cost == pytest.approx(closed_expected_cost(TABLE_1, 0.0), rel=1e-12)
    assert straight.variance == pytest.approx(closed_variance(TABLE_1, 0.0), rel=1e-12)
    assert straight.kappa == 0.0


def test_intraday() -> None:
    """T-SCH-4."""
    found = optimal_schedule(INTRADAY, 1e-6)
    assert found.kappa == pytest.approx(3.160587, abs=5e-7)
    assert found.holdings[1] == pytest.approx(195_822.8, abs=0.05)
    assert found.holdings[6] == pytest.approx(56_301.0, abs=0.05)
    assert found.expected_cost == pytest.approx(43_955.90, abs=0.005)
    assert found.standard_deviation == pytest.approx(173_070.85, abs=0.005)
    notional = 250_000 * 100.0
    assert found.expected_cost / notional * 1e4 == pytest.approx(17.582, abs=5e-4)
    assert found.standard_deviation / notional * 1e4 == pytest.approx(69.228, abs=5e-4)
    twap = optimal_schedule(INTRADAY, 0.0)
    assert twap.expected_cost == pytest.approx(28_653.85, abs=0.005)
    assert twap.standard_deviation == pytest.approx(271_964.15, abs=0.005)


@pytest.mark.parametrize("risk_aversion", [row[0] for row in ROWS if row[0] > 0])
def test_closed_forms_equal_sums_on_table_1(risk_aversion: float) -> None:
    """T-SCH-2: (20) equals the direct sums of (8) and (5) to 1e-9 relative."""
    found = optimal_schedule(TABLE_1, risk_aversion)
    assert found.expected_cost == pytest.approx(closed_expected_cost(TABLE_1, risk_aversion), rel=1e-9)
    assert found.variance == pytest.approx(closed_variance(TABLE_1, risk_aversion), rel=1e-9)


@given(market=markets, risk_aversion=aversions)
def test_closed_forms_equal_sums_elsewhere(market: AlmgrenChrissMarket, risk_aversion: float) -> None:
    """T-SCH-2 at other inputs; the closed variance cancels digits for small κT, so those are left out."""
    found = optimal_schedule(market, risk_aversion)
    if found.kappa * market.horizon < 0.1:
        return
    assert found.expected_cost == pytest.approx(closed_expected_cost(market, risk_aversion), rel=1e-9)
    assert found.variance == pytest.approx(closed_variance(market, risk_aversion), rel=1e-8)


@given(market=markets, risk_aversion=aversions)
def test_trades_sum_to_the_order_and_never_turn(market: AlmgrenChrissMarket, risk_aversion: float) -> None:
    found = optimal_schedule(market, risk_aversion)
    assert sum(found.trades) == pytest.approx(market.quantity, rel=1e-12)
    assert found.holdings[0] == market.quantity
    assert found.holdings[-1] == 0.0
    assert not found.reverses
    assert len(found.trades) == market.periods == len(found.holdings) - 1
    assert list(found.trades) == sorted(found.trades, reverse=True) or found.kappa * market.horizon < 1e-3


@given(market=markets, risk_aversion=st.floats(0, 1e-4), drift=st.floats(-0.05, 0.05), step=st.integers(0, 60))
def test_resolving_from_the_middle_gives_the_same_tail(
    market: AlmgrenChrissMarket, risk_aversion: float, drift: float, step: int
) -> None:
    """T-SCH-3, to 1e-9 of the order, with drift as well."""
    market = replace(market, drift=drift)
    whole = optimal_schedule(market, risk_aversion)
    at = step % market.periods
    left = whole.holdings[at]
    if left <= 0:
        return
    rest = replace(market, quantity=left, horizon=market.horizon - at * market.tau, periods=market.periods - at)
    tail = optimal_schedule(rest, risk_aversion).holdings
    scale = max(abs(held) for held in whole.holdings)
    assert tail == pytest.approx(whole.holdings[at:], abs=1e-9 * scale, rel=1e-9)


@given(market=markets, risk_aversion=aversions)
def test_more_aversion_costs_more_and_risks_less(market: AlmgrenChrissMarket, risk_aversion: float) -> None:
    """T-SCH-3: monotone along the frontier."""
    calm, wary = efficient_frontier(market, (risk_aversion, 2 * risk_aversion))
    assert wary.expected_cost >= calm.expected_cost * (1 - 1e-12)
    assert wary.variance <= calm.variance * (1 + 1e-12)
    assert wary.kappa > calm.kappa


@pytest.mark.parametrize("market", [TABLE_1, INTRADAY])
@pytest.mark.parametrize("risk_aversion", [1e-7, 1e-6, 5e-6])
def test_frontier_slope_is_minus_lambda(market: AlmgrenChrissMarket, risk_aversion: float) -> None:
    """T-SCH-3: central difference, 1e-4 relative."""
    low, high = efficient_frontier(market, (risk_aversion * 0.999, risk_aversion * 1.001))
    slope = (high.expected_cost - low.expected_cost) / (high.variance - low.variance)
    assert slope == pytest.approx(-risk_aversion, rel=1e-4)


@given(
    market=markets,
    risk_aversion=st.floats(0, 1e-4),
    drift=st.floats(-0.01, 0.01),
    seed=st.integers(0, 2**32 - 1),
)
def test_no_other_path_does_better(market: AlmgrenChrissMarket, risk_aversion: float, drift: float, seed: int) -> None:
    """The schedule minimises E + λV less the fixed cost, which (17) and (26) leave out, drift or none."""
    market = replace(market, drift=drift, epsilon=0.0)
    best = optimal_schedule(market, risk_aversion)
    path = np.array(best.holdings)
    nudge = np.random.default_rng(seed).standard_normal(path.size) * 0.01 * market.quantity
    nudge[[0, -1]] = 0.0
    other = path + nudge
    utility = expected_cost(market, other) + risk_aversion * cost_variance(market, other)
    slack = 1e-12 * (abs(best.expected_cost) + abs(utility) + risk_aversion * best.variance)
    assert utility >= best.utility - slack


def test_drift_shifts_the_table_1_schedule_by_equation_26() -> None:
    """(26) written out with hyperbolic functions, x̄ = α/(2λσ²)."""
    found = almgren_chriss(1e6, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6, drift=0.02)
    kappa, level = found.kappa, 0.02 / (2 * 1e-6 * 0.95**2)
    for day, held in enumerate(found.holdings):
        down, up = np.sinh(kappa * (5 - day)), np.sinh(kappa * day)
        whole = np.sinh(kappa * 5)
        assert held == pytest.approx(1e6 * down / whole + (1 - (down + up) / whole) * level, abs=1e-6)
    plain = optimal_schedule(TABLE_1, 1e-6)
    assert found.expected_cost < plain.expected_cost


def test_a_strong_drift_against_the_side_is_said() -> None:
    found = almgren_chriss(1_000, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6, drift=0.5)
    assert found.reverses
    assert min(found.trades) < 0


@pytest.mark.parametrize("drift", [0.0, 0.02])
def test_tiny_aversion_joins_the_straight_line_without_a_step(drift: float) -> None:
    market = replace(TABLE_1, drift=drift)
    limit = optimal_schedule(market, 0.0).holdings
    for exponent in range(-40, -12):
        assert optimal_schedule(market, 10.0**exponent).holdings == pytest.approx(limit, rel=1e-6)


@pytest.mark.parametrize("drift", [0.0, 0.02])
def test_huge_aversion_is_immediate_and_finite(drift: float) -> None:
    found = optimal_schedule(replace(TABLE_1, drift=drift, periods=50), 1e12)
    assert found.kappa * 5 > 1_000
    assert found.trades[0] == pytest.approx(1e6, rel=1e-9)
    assert found.expected_cost == pytest.approx(immediate_cost(replace(TABLE_1, periods=50)), rel=1e-6)
    assert np.isfinite(found.holdings).all()


def test_one_period_trades_everything() -> None:
    found = optimal_schedule(replace(TABLE_1, periods=1, horizon=1), 1e-6)
    assert found.trades == (1e6,)
    assert found.variance == 0.0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 0}, "not_positive"),
        ({"quantity": -5}, "not_positive"),
        ({"horizon": 0}, "not_positive"),
        ({"periods": 0}, "not_positive"),
        ({"sigma_price": -0.1}, "negative"),
        ({"gamma": -1e-9}, "negative"),
        ({"eta": 0}, "not_positive"),
        ({"epsilon": -0.01}, "negative"),
        ({"drift": nan}, "not_finite"),
        ({"sigma_price": inf}, "not_finite"),
        ({"gamma": 1e-5}, "eta_tilde_not_positive"),
    ],
)
def test_bad_markets_are_refused(change: dict[str, float], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        optimal_schedule(replace(TABLE_1, **change), 1e-6)
    assert refused.value.code == code


@pytest.mark.parametrize(("aversion", "code"), [(-1e-9, "negative"), (nan, "not_finite"), (inf, "not_finite")])
def test_bad_risk_aversion_is_refused(aversion: float, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        optimal_schedule(TABLE_1, aversion)
    assert refused.value.code == code


def test_closed_forms_refuse_a_drift() -> None:
    with pytest.raises(ModelError) as refused:
        closed_variance(replace(TABLE_1, drift=0.01), 1e-6)
    assert refused.value.code == "drift_given"
