"""The market-impact document: coefficients with errors, factors with reasons, three models side by side."""

from __future__ import annotations

import json

import msgspec
import pytest

from sottovoce.analytics.reports.impact_document import impact_document
from sottovoce.analytics.reports.impact_sections import Factor
from sottovoce.analytics.reports.plan_text import factors_of, impact_text
from sottovoce.analytics.reports.strategy_document import document_json
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.instrument import Fact
from sottovoce.core.units import NS_PER_MINUTE
from tests.analytics.reports.planned import BLIND, DEMO, DIRECT, ORDERS, impact_of
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, NO_SHARES, OPEN_NS

REQUIRED = (
    "adv", "quantity", "pct_of_adv", "pct_of_market_cap", "temporary", "permanent", "volatility_adjustment", "momentum",
    "volatility_regime", "time_of_day", "sector_concentration", "total", "best_strategy", "model_version",
    "horizon_days",
)  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_every_required_field_is_there(name: str) -> None:
    plain = json.loads(json.dumps(document_json(impact_of(ORDERS[name]))))
    assert set(REQUIRED) <= set(plain)


def test_the_demo_s_figures() -> None:
    document = impact_of(DEMO)
    assert document.adv == 42_138_739
    assert document.pct_of_adv == pytest.approx(1.48747, abs=1e-5)
    assert document.pct_of_market_cap == pytest.approx(0.0120123, abs=1e-7)
    assert document.permanent.bps == pytest.approx(2.0411, abs=1e-4)
    assert document.permanent.paid_bps == pytest.approx(1.0205, abs=1e-4)
    assert document.temporary.bps == pytest.approx(0.7975, abs=1e-3)
    assert document.total.bps == pytest.approx(1.818, abs=1e-3)
    assert document.total.plus_minus_bps is not None
    assert document.volatility_adjustment.value == pytest.approx(131 / 111, abs=1e-4)


def test_coefficients_carry_their_standard_errors() -> None:
    document = impact_of(DEMO)
    coefficients = (*document.permanent.coefficients, *document.temporary.coefficients)
    errors = {each.name: each.standard_error for each in coefficients}
    assert errors == {"gamma": 0.041, "alpha": 0.10, "delta": 0.22, "eta": 0.0062, "beta": 0.038}
    assert "gamma 0.314 ± 0.041" in impact_text(document)


def test_a_falling_price_comes_to_a_buyer_and_runs_from_a_seller() -> None:
    assert impact_of(DEMO).momentum.value == pytest.approx(-880)
    assert impact_of(msgspec.structs.replace(DEMO, side=Side.SELL)).momentum.value == pytest.approx(880)


def test_the_opening_hour_is_cheaper_than_lunch() -> None:
    first = desk.order(strategy=Strategy.VWAP, end_ns=OPEN_NS + 60 * NS_PER_MINUTE)
    lunch = desk.order(
        strategy=Strategy.VWAP, start_ns=OPEN_NS + 180 * NS_PER_MINUTE, end_ns=OPEN_NS + 240 * NS_PER_MINUTE
    )
    early, late = impact_of(first).time_of_day.value, impact_of(lunch).time_of_day.value
    assert early is not None
    assert late is not None
    assert early < 1 < late


def test_positions_give_the_sector_s_weight() -> None:
    values = {"Information Technology": 100e6, "Energy": -100e6}
    factor = impact_of(DEMO, values).sector_concentration
    assert factor.value == pytest.approx(66.67, abs=0.01)


def test_every_missing_factor_says_why_in_the_text() -> None:
    document = impact_of(BLIND)
    text = impact_text(document)
    assert document.total.bps is None
    assert all(each.not_estimated for each in factors_of(document) if each.value is None)
    for line in (
        "Momentum                not estimated (no 20-day momentum",
        "Volatility regime       not estimated (no daily volatility",
        "Sector concentration    not estimated (no positions by sector",
        "Share of market cap     not estimated",
        "Total impact            not estimated (no average daily volume",
    ):
        assert line in text
    assert "None" not in text


def test_a_figure_marked_unusable_gives_its_source_s_reason() -> None:
    why = "not usable: the vendor divides the firm's capitalisation by one class's price"
    blocked = msgspec.structs.replace(AAPL, shares_outstanding=Fact(value=None, as_of="2018-02-07", source=why))
    document = impact_document(DEMO, desk.plan(DEMO), blocked)
    assert document.permanent.not_estimated == why
    assert document.pct_of_market_cap is None


def test_i_star_answers_without_shares_outstanding_and_without_errors() -> None:
    order = desk.order(NO_SHARES, qty=60_000)
    document = impact_document(order, desk.plan(order), NO_SHARES)
    assert document.model_version == "istar/all-stock"
    assert document.total.plus_minus_bps is None
    assert {each.name for each in document.temporary.coefficients} == {"a1", "a2", "a3", "a4", "b1"}
    assert "publishes no errors" in impact_text(document)


def test_a_direct_order_is_costed_by_the_square_root_law() -> None:
    document = impact_of(DIRECT)
    assert document.total.bps == document.models[2].cost_bps
    assert document.temporary.bps is None


def test_a_factor_prints_its_figure_or_its_reason_never_both() -> None:
    for factor in factors_of(impact_of(DEMO)):
        assert isinstance(factor, Factor)
        assert (factor.value is None) == bool(factor.not_estimated)
