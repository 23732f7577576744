"""The cost of a schedule against hand-worked figures of the models."""

from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np
import pytest

from sottovoce.core.enums import Strategy
from sottovoce.models.cost_interval import Z_80
from sottovoce.models.impact_almgren import almgren2005, cost_interval
from sottovoce.models.impact_istar import istar
from sottovoce.models.impact_sqrt import sqrt_law
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import bunching, exposure, impact_at, schedule_cost
from sottovoce.stages.planning.facts import Facts, facts_of
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, BARE, NO_SHARES

CONFIG = PlanningConfig()
IBM = Facts(price=100.0, adv=6.561e6, sigma_daily=0.0157, shares_outstanding=1.728e9, half_spread_bps=1.0, flags=())
"""The IBM example of Almgren et al. (2005): T-IMP-1."""


def test_a_constant_rate_costs_what_the_paper_says() -> None:
    """T-IMP-1, T = 0.2: permanent 19.860 bp, temporary 14.709 bp, together 24.638 bp (published 25)."""
    volumes = np.full(4, 0.2 * 6.561e6 / 4)
    policy = msgspec.structs.replace(CONFIG.high, max_participation_ppm=1_000_000)
    days = np.linspace(0, 0.2, 5)
    cost = schedule_cost(IBM, CONFIG, policy, 656_100, np.linspace(0, 1, 5), volumes, days, 0.0)
    assert cost.impact_bps == pytest.approx(24.638, abs=0.001)
    assert cost.permanent_bps == pytest.approx(9.930, abs=0.001)
    assert cost.timing_risk_bps == pytest.approx(157 * sqrt(0.2 / 3), abs=1e-9)
    assert cost.model_version == "almgren2005/risk-18-7"


def test_the_interval_joins_model_error_and_price_noise() -> None:
    cost = desk.plan(desk.order(strategy=Strategy.VWAP))
    model = almgren2005(100_000, 42_138_739, 5.218e9, 0.0131, CONFIG.volume_curve.continuous)
    error = cost_interval(model, include_exponents=True).standard_error_bps
    half = Z_80 * sqrt(error**2 + (131 / sqrt(3)) ** 2)
    assert cost.cost_high_bps - cost.expected_cost_bps == pytest.approx(half, abs=0.001)
    assert cost.expected_cost_bps - cost.cost_low_bps == pytest.approx(half, abs=0.001)


def test_without_shares_outstanding_i_star_answers() -> None:
    cost = impact_at(facts_of(desk.order(NO_SHARES), NO_SHARES, desk.view(NO_SHARES)), 100_000, 0.05)
    model = istar(100_000 / 2e6, 0.02 * sqrt(250), 0.05)
    assert cost.model_version == "istar/all-stock"
    assert cost.temporary_bps == pytest.approx(model.temporary_bps)
    assert cost.paid * cost.permanent_bps == pytest.approx(model.permanent_bps)
    assert "shares outstanding" in cost.flags[0]


def test_without_an_adv_no_impact_is_invented() -> None:
    cost = impact_at(facts_of(desk.order(BARE), BARE, desk.view(BARE)), 100, 0.1)
    assert (cost.permanent_bps, cost.temporary_bps, cost.model_version) == (0.0, 0.0, "spread-only")


def test_a_size_outside_the_sample_is_flagged_with_the_figures() -> None:
    large = impact_at(facts_of(desk.order(), AAPL, desk.view()), 8_000_000, 0.3)
    small = impact_at(facts_of(desk.order(), AAPL, desk.view()), 1_000, 0.3)
    assert large.flags == ("extrapolated: 19.0% of ADV is above the 10% the model was fitted to",)
    assert small.flags == ("extrapolated: 0.002% of ADV is below the 0.25% the model was fitted from",)


def test_bunching_is_one_for_a_constant_rate_and_more_otherwise() -> None:
    volumes = np.array([100.0, 300.0, 200.0])
    even = bunching(volumes / 600, 60, volumes, 0.1, 1.0, 0.6)
    uneven = bunching(np.array([0.5, 0.3, 0.2]), 60, volumes, 0.1, 1.0, 0.6)
    assert even == pytest.approx(1.0)
    assert uneven == pytest.approx(0.5 * 3**0.6 + 0.3 * 0.6**0.6 + 0.2 * 0.6**0.6)


def test_exposure_is_exact_for_straight_and_for_bent_schedules() -> None:
    assert exposure(np.array([0.0, 1.0]), np.array([0.0, 2.0])) == pytest.approx(sqrt(2 / 3))
    assert exposure(np.linspace(0, 1, 50), np.linspace(0, 2, 50)) == pytest.approx(sqrt(2 / 3))
    # All in the first half day of two: the integral of (1 - 2t)² over half a day.
    assert exposure(np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.5, 2.0])) == pytest.approx(sqrt(0.5 / 3))


def test_a_live_quote_is_the_spread_before_the_dated_figure_and_the_tick() -> None:
    order = desk.order()
    dated = msgspec.structs.replace(AAPL, spread_bps=desk.fact(3.0))
    assert facts_of(order, dated, desk.view(spread=20_000)).half_spread_bps == pytest.approx(0.6268, abs=1e-4)
    assert facts_of(order, dated, desk.view(spread=0)).half_spread_bps == pytest.approx(1.5)
    bare = facts_of(order, AAPL, desk.view(spread=0))
    assert bare.half_spread_bps == pytest.approx(0.3134, abs=1e-4)
    assert any(flag.startswith("no spread") for flag in bare.flags)


def test_a_direct_order_pays_half_the_spread_the_law_and_the_fee() -> None:
    plan = desk.plan(desk.order(qty=10_000, strategy=Strategy.SOR))
    law = sqrt_law(10_000 / 42_138_739, 0.0131).average_bps
    spread, fee = 0.5e4 * 0.01 / 159.54, 1e4 * 0.003 / 159.54
    assert plan.expected_cost_bps == pytest.approx(law + spread + fee, abs=1e-4)
    assert plan.timing_risk_bps == pytest.approx(131 * sqrt(1 / 390 / 3), abs=1e-4)


def test_dark_orders_pay_no_spread_and_the_midpoint_fee() -> None:
    facts = facts_of(desk.order(), AAPL, desk.view())
    cost = schedule_cost(
        facts, CONFIG, CONFIG.low, 1000, np.array([0.0, 1.0]), np.array([1e6]), np.array([0.0, 1.0]), 1.0
    )
    assert cost.spread_bps == 0
    assert cost.fees_bps == pytest.approx(1e4 * 0.001 / 159.54)
