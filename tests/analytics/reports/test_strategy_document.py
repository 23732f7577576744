"""The execution-strategy document: every required field, figures that add up, and nothing made up."""

from __future__ import annotations

import json

import pytest

from sottovoce.analytics.reports.plan_text import strategy_text
from sottovoce.analytics.reports.strategy_document import document_json, strategy_document
from tests.analytics.reports.planned import BLIND, DEMO, DIRECT, ORDERS, strategy_of
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, Weekdays

REQUIRED = {
    "order_details": ("symbol", "side", "quantity", "value"),
    "horizon": ("start", "end", "urgency"),
    "risk_parameters": ("max_participation", "impact_limit_bps", "volatility_tolerance_bps"),
    "primary_algorithm": ("name", "parameters"),
    "venue_allocation": ("dark", "lit", "crossing"),
    "time_distribution": ("peak", "off_peak", "days", "buckets"),
    "size_distribution": ("average_clip", "maximum_clip"),
    "cost_estimates": (
        "impact_bps", "impact_low_bps", "impact_high_bps", "timing_risk_bps", "total_bps", "benchmark",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_every_required_field_is_there(name: str) -> None:
    plain = json.loads(json.dumps(document_json(strategy_of(ORDERS[name]))))
    for section, fields in REQUIRED.items():
        assert set(fields) <= set(plain[section]), section


@pytest.mark.parametrize("name", ORDERS)
def test_parts_add_up_to_the_order(name: str) -> None:
    order = ORDERS[name]
    document = strategy_of(order)
    time, venues = document.time_distribution, document.venue_allocation
    assert sum(each.quantity for each in time.buckets) == order.order_qty
    assert sum(each.quantity for each in time.days) == order.order_qty
    assert time.buckets[-1].cumulative == order.order_qty
    assert time.peak + time.off_peak == pytest.approx(1.0)
    assert venues.dark + venues.lit + venues.crossing == pytest.approx(1.0)


def test_the_demo_s_figures_are_those_of_its_plan() -> None:
    document = strategy_of(DEMO)
    cost = document.cost_estimates
    assert document.title == "Buy 626,800 AAPL US"
    assert document.order_details.value == pytest.approx(99_999_672)
    assert document.horizon.start == "2018-02-12T09:30:00-05:00"
    assert document.horizon.end == "2018-02-14T16:00:00-05:00"
    assert document.horizon.sessions == 3
    assert [day.date for day in document.time_distribution.days] == ["2018-02-12", "2018-02-13", "2018-02-14"]
    assert cost.impact_bps == pytest.approx(1.818, abs=0.001)
    assert cost.total_value == pytest.approx(cost.total_bps * 9_999.9672, rel=1e-6)
    assert cost.impact_low_bps is not None
    assert cost.impact_high_bps is not None
    assert 0 <= cost.impact_low_bps < 1.818 < cost.impact_high_bps
    assert [way.recommended for way in document.alternatives] == [True, False, False]


def test_the_impact_limit_is_the_cost_at_the_maximum_participation() -> None:
    """10 % of volume: γσ(X/V)(Θ/V)^¼/2 + ησ·0.1^0.6 = 1.0205 + 0.142 · 131 · 0.25119 = 5.693 bps."""
    assert strategy_of(DEMO).risk_parameters.impact_limit_bps == pytest.approx(5.693, abs=0.001)


def test_the_price_of_risk_is_the_urgency_s() -> None:
    assert strategy_of(DEMO).risk_parameters.risk_price == pytest.approx(0.005, abs=1e-5)


def test_what_nobody_has_given_is_null_and_says_so() -> None:
    document = strategy_of(BLIND)
    cost = document.cost_estimates
    assert (cost.impact_bps, cost.timing_risk_bps, cost.outcome_low_bps) == (None, None, None)
    assert document.risk_parameters.impact_limit_bps is None
    assert document.alternatives[0].impact_bps is None
    text = strategy_text(document)
    assert text.count("not estimated") >= 5
    assert "None" not in text
    assert "no ADV" in text


def test_a_direct_order_trades_at_its_start() -> None:
    (bucket,) = strategy_of(DIRECT).time_distribution.buckets
    assert bucket.start == bucket.end == "2018-02-12T09:30:00-05:00"


def test_a_document_made_later_shows_the_quote_its_plan_was_made_on() -> None:
    """It said "no quote" above a condition that gave one."""
    details = strategy_of(DEMO, quoted=False).order_details
    assert (details.bid, details.ask, details.spread_bps) == (None, None, None)
    assert details.market == "159.535 bid for 500, 159.545 asked for 500"
    assert details.market in strategy_text(strategy_of(DEMO, quoted=False))
    assert strategy_of(DIRECT, quoted=False).order_details.market == "not recorded with the plan"


def test_the_touch_is_shown_with_its_spread() -> None:
    """0.01 at a mid of 159.54 is 0.6268 bps."""
    details = strategy_of(DEMO).order_details
    assert (details.bid, details.ask, details.spread_bps) == ("159.535", "159.545", 0.6268)
    assert details.market == "159.535 / 159.545, spread 0.63 bps"


def test_without_a_quote_there_is_no_market() -> None:
    plan = desk.plan(DEMO, desk.view(spread=0))
    details = strategy_document(DEMO, plan, AAPL, None, Weekdays().sessions_from(DEMO.start_ns, 3)).order_details
    assert (details.bid, details.market) == (None, "no quote")


@pytest.mark.parametrize("name", ORDERS)
def test_the_text_fits_a_terminal(name: str) -> None:
    lines = strategy_text(strategy_of(ORDERS[name])).splitlines()
    assert max(len(line) for line in lines) <= 120


def test_the_text_shows_all_three_ways_and_marks_the_chosen_one() -> None:
    text = strategy_text(strategy_of(DEMO))
    for word in ("▶ slower", "balanced", "faster", "almgren2005/risk-18-7", "peak", "extrapolated"):
        assert word in text
