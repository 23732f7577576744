"""Market makers and the crowd: expected flow moves nothing, surprises do, inventory leans, volatility widens."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.simulated.crowd import Crowd
from sottovoce.adapters.simulated.latent import LatentBook
from sottovoce.adapters.simulated.makers import CALM_S, EXPECTED, NARROWEST, WIDEST, Makers
from sottovoce.adapters.simulated.streams import MOMENTUM, NOISE_TRADER, VALUE

ORDER = 1e-4
"""One order, in days of volume."""
USUAL = 0.8 / 23_400
SECOND_NS = 1_000_000_000


def makers() -> Makers:
    return Makers(LatentBook(0.65, 0.02))


def test_a_string_of_buys_moves_less_with_every_order() -> None:
    """The hundredth buy in a row is expected in part; the first was not at all."""
    alike, moves = makers(), []
    for _ in range(200):
        before = alike.offset
        alike.absorb(ORDER)
        moves.append(alike.offset - before)
    assert moves[0] > 0
    assert 0 < moves[199] < 0.6 * moves[0]


def test_what_was_expected_and_did_not_come_moves_the_other_way() -> None:
    alike = makers()
    for _ in range(100):
        alike.absorb(ORDER)
    high = alike.offset
    alike.absorb(0.0)
    assert alike.offset < high


def test_less_is_expected_than_came() -> None:
    """The weights sum to less than 1: a flow that goes on for ever still moves the price."""
    assert 0.5 < sum(EXPECTED) < 1.0


def test_flow_of_either_side_moves_alike() -> None:
    up, down = makers(), makers()
    for _ in range(50):
        up.absorb(ORDER)
        down.absorb(-ORDER)
    assert up.offset == pytest.approx(-down.offset)
    assert up.one_sided == pytest.approx(-down.one_sided)


@pytest.mark.parametrize(("factor", "low", "high"), [(1.0, 0.8, 1.2), (3.0, 1.6, 2.3), (0.2, NARROWEST, 0.6)])
def test_spread_goes_with_the_volatility_seen(factor: float, low: float, high: float) -> None:
    """Ten hours of looks at a price that moves `factor` times as much as usual: width factor^0.6 on average."""
    rng, alike, price, widths = np.random.default_rng(1), makers(), 0.0, []
    for look in range(3_600):
        price += factor * (USUAL * 10.0) ** 0.5 * float(rng.standard_normal())
        alike.look((1 + look) * 10 * SECOND_NS, price, USUAL)
        widths.append(alike.width)
    assert low <= float(np.mean(widths[360:])) < high


def test_width_stays_within_bounds_and_a_night_is_no_volatility() -> None:
    alike = makers()
    alike.look(SECOND_NS, 0.0, USUAL)
    alike.look(11 * SECOND_NS, 5.0, USUAL)
    assert alike.width == WIDEST
    other = makers()
    other.look(SECOND_NS, 0.0, USUAL)
    other.look(int(20 * CALM_S) * SECOND_NS, 5.0, USUAL)
    assert other.width == 1.0


def test_value_traders_lean_against_the_offset_and_all_of_them_far_away() -> None:
    crowd = Crowd()
    assert crowd.buys(VALUE, 0.99, -1.0, ORDER)
    assert not crowd.buys(VALUE, 0.01, 1.0, ORDER)
    assert crowd.buys(VALUE, 0.49, 0.0, ORDER)
    assert not crowd.buys(VALUE, 0.51, 0.0, ORDER)


def test_momentum_traders_follow_the_last_minutes() -> None:
    crowd = Crowd()
    for look in range(30):
        crowd.look(0.01 * look)
    assert crowd.buys(MOMENTUM, 0.6, 0.0, ORDER)
    assert not crowd.buys(NOISE_TRADER, 0.6, 0.0, ORDER)


def test_noise_traders_go_home_flat() -> None:
    """Having bought 4 % of a day's volume, a coin of 0.49 no longer buys."""
    crowd = Crowd()
    assert crowd.buys(NOISE_TRADER, 0.01, 0.0, 0.04)
    assert not crowd.buys(NOISE_TRADER, 0.49, 0.0, ORDER)
