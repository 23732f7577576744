"""Differences of two arms on the same sessions: the interval is of the differences, and zero inside is no gain."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.paired import (
    DEPENDENT,
    GAIN,
    LOSS,
    NONE,
    Difference,
    clustered_difference,
    joint_verdict,
    mean_difference,
    spread_difference,
    utility_difference,
)
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray


def sessions(seed: int, n: int = 200) -> tuple[FloatArray, FloatArray]:
    """A noisy arm, and one that is 1 dearer with the same noise and a little of its own."""
    rng = np.random.default_rng(seed)
    common = 50.0 * rng.standard_normal(n)
    return common, common + 1.0 + 2.0 * rng.standard_normal(n)


def test_noise_that_both_arms_share_leaves_the_difference() -> None:
    cheap, dear = sessions(1)
    paired = mean_difference([dear], [cheap])
    assert paired.low < 1.0 < paired.high
    assert paired.high - paired.low == pytest.approx(2 * 1.97 * 2.0 / 200**0.5, rel=0.2)
    assert (paired.verdict, mean_difference([cheap], [dear]).verdict) == (LOSS, GAIN)
    shuffled = np.random.default_rng(0).permutation(cheap)
    assert mean_difference([dear], [shuffled]).verdict == NONE


def test_interval_of_one_market_is_students() -> None:
    found = mean_difference([np.array([1.0, 2.0, 3.0, 6.0])], [np.zeros(4)])
    assert found.value == 3.0
    assert found.high - found.value == pytest.approx(3.182446 * (14 / 3 / 4) ** 0.5, rel=1e-6)


def test_markets_count_alike_whatever_their_number_of_sessions() -> None:
    rng = np.random.default_rng(2)
    many, few = 10.0 + rng.standard_normal(900), rng.standard_normal(30)
    found = mean_difference([many, few], [np.zeros(900), np.zeros(30)])
    assert found.value == pytest.approx((many.mean() + few.mean()) / 2)
    assert found.n == 930


def test_nominal_interval_covers() -> None:
    inside = 0
    for seed in range(300):
        cheap, dear = sessions(seed, 60)
        found = mean_difference([dear], [cheap])
        inside += found.low <= 1.0 <= found.high
    assert 0.91 <= inside / 300 <= 0.985


def test_spread_of_a_calmer_arm_is_a_gain_and_of_an_equal_one_is_not() -> None:
    rng = np.random.default_rng(4)
    common = rng.standard_normal(300)
    calm, wild = 40.0 * common, 50.0 * common + rng.standard_normal(300)
    assert spread_difference([calm], [wild]).verdict == GAIN
    other = 50.0 * rng.standard_normal(300)
    assert spread_difference([50.0 * common], [other]).verdict == NONE


def test_utility_weighs_cost_and_risk_by_the_price_of_risk() -> None:
    rng = np.random.default_rng(5)
    common = rng.standard_normal(400)
    calm, cheap = 5.0 + 30.0 * common, 60.0 * common
    assert utility_difference([calm], [cheap], 0.0).verdict == LOSS
    assert utility_difference([calm], [cheap], 0.5).verdict == GAIN


def test_same_seed_gives_the_same_interval() -> None:
    cheap, dear = sessions(3)
    assert spread_difference([cheap], [dear], 7) == spread_difference([cheap], [dear], 7)


def test_sessions_of_one_day_are_one_observation() -> None:
    rng = np.random.default_rng(6)
    day = np.repeat(np.arange(4), 50)
    apart = 3.0 * rng.standard_normal(4)[day] + 0.1 * rng.standard_normal(200)
    within = mean_difference([apart], [np.zeros(200)])
    between = clustered_difference(apart, np.zeros(200), day)
    assert between.value == pytest.approx(within.value)
    assert between.high - between.low > 4 * (within.high - within.low)
    assert between.n == 200


def test_what_markets_disagree_on_depends_on_the_market() -> None:
    assert joint_verdict([GAIN, GAIN]) == GAIN
    assert joint_verdict([GAIN, NONE]) == DEPENDENT
    assert joint_verdict([GAIN, LOSS]) == DEPENDENT


def test_zero_inside_is_no_gain() -> None:
    assert Difference(value=-1.0, low=-2.0, high=0.0, n=9).verdict == NONE


@pytest.mark.parametrize("other", [[np.zeros(3)], [np.zeros(2), np.zeros(2)], []])
def test_arms_that_do_not_pair_are_refused(other: list[FloatArray]) -> None:
    with pytest.raises(ModelError) as error:
        mean_difference([np.zeros(2)], other)
    assert error.value.code == "unpaired"


def test_one_cluster_has_no_spread() -> None:
    with pytest.raises(ModelError):
        clustered_difference(np.ones(5), np.zeros(5), np.zeros(5, dtype=np.int64))


def test_buy_and_sell_of_a_session_are_one_observation_whose_price_move_cancels() -> None:
    rng = np.random.default_rng(8)
    moved = 50.0 * rng.standard_normal((150, 1)) * np.array([[1.0, -1.0]])
    slow, fast = moved + 4.0, 0.8 * moved + 5.0
    both = mean_difference([fast], [slow])
    assert both.n == 150
    assert both.value == pytest.approx(1.0)
    assert both.verdict == LOSS
    assert mean_difference([fast[:, 0]], [slow[:, 0]]).verdict == NONE
    assert spread_difference([fast], [slow]).verdict == GAIN
    assert spread_difference([fast], [slow]).value == pytest.approx(-0.2 * float(moved.std(ddof=1)))
