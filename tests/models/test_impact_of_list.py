"""The impact of a list: one error for all its names, and which of them its coefficients never saw the like of."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.models.impact_almgren import ALMGREN_2005, almgren2005
from sottovoce.models.impact_of_list import ListImpact, list_impact
from sottovoce.models.schedule_constrained_list import ListedName, ListMarket, listed_basket

IBM = ListedName(symbol="IBM", quantity=656_100.0, price=100.0, adv=6_561_000.0, sigma_daily=0.0157, spread_bps=2.0)
TWIN = replace(IBM, symbol="TWIN", quantity=-656_100.0)
DAY = ListMarket(volume_days=np.full(10, 0.1), participation=0.5, continuous=0.9)


def evenly(*names: ListedName, market: ListMarket = DAY) -> ListImpact:
    basket = listed_basket(names, market)
    left = np.linspace(1.0, 0.0, len(market.volume_days) + 1)[:, None] * basket.quantities
    return list_impact(basket, left, np.array([each.adv for each in names]), market)


def test_an_even_order_costs_the_papers_temporary_impact_with_its_error() -> None:
    """T-IMP-1's IBM over a day: eta ± 0.0062 and beta ± 0.038 of impact.md §1, by the delta method."""
    found = evenly(IBM)
    paper = almgren2005(656_100, 6_561_000, 1.728e9, 0.0157, 1.0).temporary_bps
    error = paper * np.hypot(0.0062 / 0.142, 0.038 * log(0.1))
    assert found.estimate.value_bps == pytest.approx(paper)
    assert found.estimate.high_bps == pytest.approx(paper + 1.281552 * error)
    assert found.estimate.low_bps == pytest.approx(paper - 1.281552 * error)
    assert (found.estimate.version, found.estimate.n) == (ALMGREN_2005.version, 29_509)


def test_two_like_orders_are_no_surer_than_one() -> None:
    one, two = evenly(IBM).estimate, evenly(IBM, TWIN).estimate
    assert (two.value_bps, two.low_bps, two.high_bps) == pytest.approx((one.value_bps, one.low_bps, one.high_bps))


def test_names_outside_the_sample_are_named_with_their_side() -> None:
    large, small = replace(IBM, symbol="L", quantity=800_000.0), replace(TWIN, symbol="S", quantity=-10_000.0)
    found = evenly(IBM, large, small)
    assert found.outside == {"L": ("size_above_sample",), "S": ("size_below_sample",)}
    assert found.estimate.extrapolated
    assert not evenly(IBM).estimate.extrapolated


@pytest.mark.parametrize("buckets", [3, 7, 39, 78, 390])
def test_a_whole_day_is_not_longer_than_one_however_it_is_cut(buckets: int) -> None:
    assert evenly(IBM, market=replace(DAY, volume_days=np.full(buckets, 1.0 / buckets))).outside == {}


def test_longer_than_a_day_is_outside() -> None:
    two_days = ListMarket(volume_days=np.full(20, 0.1), participation=0.5)
    assert evenly(IBM, market=two_days).outside == {"IBM": ("longer_than_a_day",)}
