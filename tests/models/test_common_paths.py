"""Common paths: the figures known in closed form come out, caps hold, and chance is the same for every way."""

from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.common_paths import PathCosts, PathMarket, Ways, draws, path_costs

STEPS, PATHS = 20, 4_000
EVEN = np.linspace(0.0, 1.0, STEPS + 1)[1:]
QUIET = PathMarket(
    volumes=np.full(STEPS, 1e5), days=np.full(STEPS, 1.0 / STEPS), sigma_bps=100.0, whole_log_sd=0.0, step_log_sd=0.0
)
SURE = msgspec.structs.replace(QUIET, whole_log_sd=0.4, step_log_sd=0.4)


def ways(*curves: FloatArray, rate: float = 0.0, most: float = 0.5, quantity: float = 1e5, close: bool = False) -> Ways:
    count = len(curves)
    return Ways(
        curves=np.stack(curves), rates=np.full(count, rate), most=np.full(count, most),
        to_close=np.full(count, float(close)), quantity=quantity,
    )  # fmt: skip


def met(each: Ways, market: PathMarket = QUIET, exponent: float = 0.6) -> PathCosts:
    return path_costs(each, market, draws(7, PATHS, STEPS), exponent)


def test_a_constant_rate_risks_the_volatility_of_a_third_of_the_horizon() -> None:
    """σ√(T/3): the continuous figure; twenty steps are within the Monte Carlo error of it."""
    assert met(ways(EVEN)).move_bps.std() == pytest.approx(100.0 / sqrt(3.0), rel=0.05)


def test_the_price_costs_nothing_on_average_exactly() -> None:
    assert met(ways(EVEN)).move_bps.mean() == pytest.approx(0.0, abs=1e-9)


def test_temporary_impact_of_a_constant_share_is_the_model_at_that_share() -> None:
    assert met(ways(EVEN)).temporary == pytest.approx((1e5 / 2e6) ** 0.6)


def test_bunching_costs_what_the_formula_says() -> None:
    curve = np.minimum(2.0 * EVEN, 1.0)
    assert met(ways(curve)).temporary == pytest.approx((1e5 / 1e6) ** 0.6)


def test_all_at_once_is_without_risk_but_for_the_step_it_takes() -> None:
    assert met(ways(np.ones(STEPS), most=0.999)).move_bps.std() == pytest.approx(100.0 * sqrt(1 / STEPS) / 2, rel=0.05)


def test_a_quiet_step_is_made_up_for_within_what_the_cap_left_room_for() -> None:
    """A cap of a half: nobody trades in the first step, so nothing does; the second may then be twice an even one."""
    market = msgspec.structs.replace(QUIET, volumes=np.array([1e-3, *np.full(STEPS - 1, 1e5)]))
    free, bound = ways(EVEN), msgspec.structs.replace(ways(EVEN), catch_up=1.0)
    assert met(free, market).done == pytest.approx(1.0)
    assert met(bound, market).done == pytest.approx(1.0 - 1.0 / STEPS)
    late = met(free, market).temporary * 2e6**0.6 / 1e5**0.6
    assert late == pytest.approx(((STEPS - 2) + 2.0**1.6) / STEPS, rel=1e-3)


def test_what_may_not_go_to_the_auction_is_not_done() -> None:
    half = msgspec.structs.replace(ways(np.zeros(STEPS), most=0.1), to_close=np.array([0.5]))
    found = met(half, msgspec.structs.replace(QUIET, auction=1e5))
    assert found.done == pytest.approx(0.5)
    assert found.temporary == pytest.approx(0.5 * 0.5**0.6 + 0.5 * 0.1**0.6)


def test_no_step_trades_above_the_cap() -> None:
    found = met(ways(np.ones(STEPS), most=0.1, quantity=1e5))
    assert found.done == pytest.approx(1.0)
    assert found.temporary == pytest.approx((1.0 / 9.0) ** 0.6)


def test_what_the_cap_leaves_over_counts_as_not_done_and_is_priced_at_the_cap() -> None:
    found = met(ways(EVEN, most=0.1, quantity=1e6))
    inside = 2e6 / 9.0 / 1e6
    assert found.done == pytest.approx(inside)
    assert found.temporary == pytest.approx(inside * (1.0 / 9.0) ** 0.6 + (1.0 - inside) * 0.1**0.6)


def test_a_rate_follows_the_volume_that_trades() -> None:
    found = met(ways(np.zeros(STEPS), rate=0.2, most=0.2, quantity=1e5), SURE)
    assert found.done == pytest.approx(1.0)
    assert 0.9 * 0.25**0.6 < found.temporary.mean() <= 0.25**0.6  # the last step trades less than its rate
    assert found.temporary.std() < 0.1 * found.temporary.mean()


def test_completion_of_a_rate_is_the_chance_that_the_volume_suffices() -> None:
    """Volume is log-normal about 2e6 with 0.4: a ninth of it is above 222,222 on half the days."""
    market = msgspec.structs.replace(SURE, step_log_sd=0.0)
    found = met(ways(np.zeros(STEPS), rate=0.1, most=0.1, quantity=2e6 / 9.0), market)
    assert (found.done >= 0.999).mean() == pytest.approx(0.5, abs=0.002)


def test_the_close_waits_and_meets_the_auction_s_volume() -> None:
    market = msgspec.structs.replace(QUIET, auction=1e6)
    found = met(ways(np.zeros(STEPS), most=1.0, close=True), market)
    assert found.done == pytest.approx(1.0)
    assert found.temporary == pytest.approx(0.1**0.6)
    assert found.move_bps[0] == pytest.approx(found.close_bps)


def test_a_limit_stops_what_is_beyond_it() -> None:
    each = msgspec.structs.replace(ways(EVEN), room_bps=-1e9)
    assert met(each).done == pytest.approx(0.0)
    halved = met(msgspec.structs.replace(ways(EVEN), room_bps=0.0))
    assert 0.3 < halved.done.mean() < 0.8
    assert halved.move_bps.mean() > 0.0


def test_a_way_in_proportion_to_volume_tracks_the_market_s_vwap_exactly() -> None:
    found = met(ways(EVEN))
    assert found.move_bps[0] == pytest.approx(found.vwap_bps)


def test_every_way_meets_the_same_paths() -> None:
    twice = met(ways(EVEN, EVEN), SURE)
    assert np.array_equal(twice.move_bps[0], twice.move_bps[1])
    assert np.array_equal(twice.temporary[0], twice.temporary[1])


def test_more_volume_by_a_way_s_own_scale_is_more_volume() -> None:
    scaled = msgspec.structs.replace(ways(EVEN, EVEN), scale=np.array([1.0, 4.0]))
    found = met(scaled, SURE)
    more = met(ways(EVEN), msgspec.structs.replace(SURE, volumes=4.0 * SURE.volumes))
    assert found.temporary[1] == pytest.approx(more.temporary[0])
    assert found.done[1] == pytest.approx(more.done[0])


def test_a_seed_gives_the_same_figures_and_another_others() -> None:
    assert np.array_equal(draws(7, 64, 5).prices, draws(7, 64, 5).prices)
    assert not np.array_equal(draws(7, 64, 5).prices, draws(8, 64, 5).prices)


@pytest.mark.parametrize("paths", [0, 1, 63, -2])
def test_paths_come_in_pairs(paths: int) -> None:
    with pytest.raises(ModelError) as refused:
        draws(7, paths, 5)
    assert refused.value.code == "odd_paths"


def test_a_market_without_volume_is_refused() -> None:
    with pytest.raises(ModelError):
        met(ways(EVEN), msgspec.structs.replace(QUIET, volumes=np.zeros(STEPS)))
