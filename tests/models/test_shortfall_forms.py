"""Perold, Wagner–Edwards and the market split of the worked order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from sottovoce.core.errors import ModelError
from sottovoce.models.shortfall import ShortfallSlice, fills, shortfall
from sottovoce.models.shortfall_forms import market_split, perold, wagner_edwards
from tests.models.shortfall_cases import BETA, INDEX_RETURNS, units, worked_order
from tests.models.test_shortfall import slices


@pytest.mark.parametrize("side_sign", [1, -1])
def test_perold(side_sign: int) -> None:
    """T-TCA-1: 17,600 execution + 12,000 opportunity + 280 = 29,880; paper 60,000, actual 30,120."""
    found = perold(worked_order(side_sign))
    assert (found.execution, found.opportunity, found.fees) == (units(17_600), units(12_000), units(280))
    assert (found.total, found.paper, found.actual) == (units(29_880), units(60_000), units(30_120))


@pytest.mark.parametrize("side_sign", [1, -1])
def test_wagner_edwards(side_sign: int) -> None:
    """T-TCA-1: 10,000 delay, 9,600 trading, 10,000 opportunity, 280 fees."""
    found = wagner_edwards(worked_order(side_sign))
    assert (found.delay, found.trading) == (units(10_000), units(9_600))
    assert (found.opportunity, found.fees, found.total) == (units(10_000), units(280), units(29_880))


def test_market_and_residual_drift() -> None:
    """T-TCA-1: market 2,645.28, residual 2,154.72."""
    found = market_split(worked_order(), INDEX_RETURNS, BETA)
    assert (found.market, found.residual, found.drift) == (units(2_645.28), units(2_154.72), units(4_800))


def test_market_drift_of_the_sell_mirror_scales_with_arrival() -> None:
    """T-TCA-1: index returns change sign, P_a is 49.90; the drift itself is the same."""
    found = market_split(worked_order(-1), [-each for each in INDEX_RETURNS], BETA)
    assert found.market == pytest.approx(units(2_645.28) * 49.90 / 50.10, abs=1)
    assert found.drift == units(4_800) == found.market + found.residual


@given(piece=slices())
def test_all_forms_have_one_total(piece: ShortfallSlice) -> None:
    account, one, other = shortfall(piece), perold(piece), wagner_edwards(piece)
    assert one.total == other.total == account.total
    assert one.execution + one.opportunity + one.fees == one.total == one.paper - one.actual
    assert other.delay + other.trading + other.opportunity + other.fees == other.total
    assert (other.delay, other.trading, other.opportunity) == (
        account.delay,
        account.trading,
        account.opportunity,
    )


def test_exercises_with_published_answers(market_data: Path) -> None:
    """Other people's exercises, total in percent of ordered × benchmark price, two decimals published."""
    cases = json.loads((market_data / "tca_worked_examples" / "cases.json").read_text("utf-8"))
    checked = 0
    for case in cases:
        given_, published = case["inputs"], case["published"]
        fill = given_["fills"][0]
        piece = ShortfallSlice(
            side_sign=1 if given_["side"] == "buy" else -1,
            ordered=given_["order_qty"],
            decision_px=units(given_["benchmark_price"]),
            arrival_px=units(fill["prior_benchmark"]),
            end_px=units(given_["cancel_price"]),
            fees=units(given_["commission"]),
            fills=fills((fill["qty"],), (units(fill["price"]),), (units(fill["prior_benchmark"]),), (0,)),
        )
        account = shortfall(piece)
        if "total_pct" in published:
            assert account.components_bps().total / 100 == pytest.approx(published["total_pct"], abs=0.005)
            checked += 1
        if "total_per_share" in published:
            assert account.total / account.ordered == units(published["total_per_share"])
            checked += 1
    assert checked == 3


def test_one_index_return_a_fill() -> None:
    with pytest.raises(ModelError) as refused:
        market_split(worked_order(), INDEX_RETURNS[:2], BETA)
    assert refused.value.code == "shapes_differ"
