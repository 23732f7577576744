"""The zero-intelligence market against T-SIM-3: spread by delta/mu, dimensional laws, anti-persistent mids.

The published figures have a tolerance of 3 % and come from 40,000 to 100,000 market orders. Spreads of one run are
known within 0.5 % (delta/mu 0.5) to 1.4 % (0.01) with 20,000 market orders, by the scatter of ten seeds; the quick test
allows 3 % and three of those.
"""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.flow.zero_intelligence import ZeroIntelligence, play

ROWS = {0.01: 0.250, 0.05: 0.319, 0.10: 0.386, 0.25: 0.557, 0.50: 0.818}
"""T-SIM-3: time-average spread in units of mu/alpha, by delta/mu."""

SCATTER = {0.01: 0.014, 0.05: 0.006, 0.10: 0.007, 0.25: 0.007, 0.50: 0.005}


@pytest.mark.parametrize("ratio", ROWS)
def test_spread_is_near_the_published_one_on_a_short_run(ratio: float) -> None:
    spread = play(ZeroIntelligence(delta=ratio), 20_000, 1).spread
    assert spread == pytest.approx(ROWS[ratio], rel=0.03 + 3 * SCATTER[ratio])


@pytest.mark.laws
@pytest.mark.parametrize("ratio", ROWS)
def test_spread_is_within_3_percent_of_the_published_one(ratio: float) -> None:
    """T-SIM-3 at its tolerance, a million market orders."""
    assert play(ZeroIntelligence(delta=ratio), 1_000_000, 1).spread == pytest.approx(ROWS[ratio], rel=0.03)


def test_twice_the_market_orders_double_the_spread() -> None:
    """At the same delta/mu and alpha, +- 3 % (T-SIM-3)."""
    usual = play(ZeroIntelligence(delta=0.25), 100_000, 1).spread
    double = play(ZeroIntelligence(mu=2.0, delta=0.5, reach=12.0), 100_000, 2).spread
    assert double == pytest.approx(2 * usual, rel=0.03)


def test_twice_the_limit_orders_halve_the_spread() -> None:
    usual = play(ZeroIntelligence(delta=0.25), 100_000, 1).spread
    half = play(ZeroIntelligence(alpha=2.0, delta=0.25, tick=0.002), 100_000, 2).spread
    assert half == pytest.approx(usual / 2, rel=0.03)


def test_mids_are_anti_persistent_at_short_lags() -> None:
    """T-SIM-3: at delta/mu 0.05 the variance of one step is more than 3 times that of a hundred, over a hundred."""
    mids = play(ZeroIntelligence(delta=0.05), 100_000, 1).mids
    assert np.diff(mids).var() / ((mids[100:] - mids[:-100]).var() / 100) > 3


def test_compiled_and_plain_play_the_same_market() -> None:
    model = ZeroIntelligence(delta=0.5, tick=0.02, reach=2.0)
    quick, plain = (play(model, 100, 3, compile_=compile_) for compile_ in (True, False))
    assert quick.mids.tolist() == plain.mids.tolist()
    assert quick.spread == pytest.approx(plain.spread, rel=1e-12)
    assert quick.events == plain.events


def test_same_seed_same_market_and_another_seed_another() -> None:
    first, again, other = (play(ZeroIntelligence(), 500, seed).mids.tolist() for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("wrong", [{"delta": 0.0}, {"mu": -1.0}, {"tick": 2.0}, {"reach": 0.5}])
def test_rates_and_scales_that_make_no_market_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ModelError) as caught:
        play(ZeroIntelligence(**wrong), 10, 1)
    assert caught.value.code == "zero_intelligence_bad_parameters"
