"""Costs of the two ways of sending that a schedule's model does not see, worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.sending_cost import Level, Sweep, auction_cost_bps, sweep, sweep_cost_bps

MID = 50_000_000
OFFERS = [Level(50_020_000, 300), Level(50_010_000, 500), Level(0, 900), Level(50_030_000, 0)]


def test_sweep_takes_the_best_first_and_skips_what_is_not_shown() -> None:
    assert sweep(OFFERS, 600, 1) == Sweep(600, 500 * 50_010_000 + 100 * 50_020_000, 50_020_000)


def test_sweep_stops_at_the_limit() -> None:
    assert sweep(OFFERS, 600, 1, limit_px=50_010_000).qty == 500


def test_selling_takes_the_highest_bid_first() -> None:
    bids = [Level(49_980_000, 300), Level(49_990_000, 500)]
    assert sweep(bids, 600, -1).last_px == 49_980_000


def test_what_is_shown_costs_its_prices() -> None:
    cost = sweep_cost_bps(OFFERS, 500, 1, MID, adv=None, sigma_daily=None)
    assert cost == pytest.approx(2.0)


def test_what_is_not_shown_costs_the_depth_behind_it() -> None:
    """800 shown, 200 deeper: two thirds of sigma x sqrt(200 / adv) beyond the worst shown price."""
    cost = sweep_cost_bps(OFFERS, 1_000, 1, MID, adv=79_000.0, sigma_daily=0.03)
    deeper = 1e4 * 0.03 * sqrt(200 / 79_000) * 2 / 3
    assert cost == pytest.approx((500 * 2 + 300 * 4 + 200 * (4 + deeper)) / 1_000)


def test_depth_behind_cannot_be_said_without_volume() -> None:
    assert sweep_cost_bps(OFFERS, 1_000, 1, MID, adv=None, sigma_daily=0.03) is None


def test_rest_of_a_limit_order_waits_and_costs_nothing_yet() -> None:
    cost = sweep_cost_bps(OFFERS, 1_000, 1, MID, adv=None, sigma_daily=None, limit_px=50_010_000)
    assert cost == pytest.approx(2.0 * 500 / 1_000)


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_more_shares_never_cost_less_each(one: int, more: int) -> None:
    few = sweep_cost_bps(OFFERS, one, 1, MID, adv=79_000.0, sigma_daily=0.03)
    many = sweep_cost_bps(OFFERS, one + more, 1, MID, adv=79_000.0, sigma_daily=0.03)
    assert few is not None
    assert many is not None
    assert many >= few - 1e-9


def test_thin_auction_moves_a_hundred_times_what_a_deep_one_does() -> None:
    thin = auction_cost_bps(5_000, 79_000.0, 0.0191, 0.03, 50_000_000.0)
    deep = auction_cost_bps(5_000, 50_000_000.0, 0.0191, 0.015, 5_000_000_000.0)
    assert thin > 80
    assert deep < 2


def test_auction_without_shares_outstanding_is_costed_by_the_other_model() -> None:
    assert auction_cost_bps(5_000, 79_000.0, 0.0191, 0.03, None) > 20


@pytest.mark.parametrize(("adv", "share", "sigma"), [(0.0, 0.02, 0.01), (1e6, 0.0, 0.01), (1e6, 0.02, 0.0)])
def test_figure_that_is_not_above_zero_is_refused(adv: float, share: float, sigma: float) -> None:
    with pytest.raises(ModelError):
        auction_cost_bps(100, adv, share, sigma, None)
