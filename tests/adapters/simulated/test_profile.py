"""The calibration of a name: derived from dated facts, refused without them."""

from __future__ import annotations

import pytest

from sottovoce.adapters.simulated.profile import AUCTION_SHARE, DARK_SHARE, OPENING_SHARE, TRADES_MAX, profile_of
from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Instrument
from tests.adapters.simulated.names import name

DATE = "2026-01-05"


@pytest.mark.parametrize(
    "instrument", [name(close=None), name(adv=None), name(sigma=None)], ids=["close", "adv", "sigma"]
)
def test_name_without_a_needed_fact_is_refused(instrument: Instrument) -> None:
    with pytest.raises(ModelError) as caught:
        profile_of(instrument, DATE)
    assert caught.value.code == "sim_fact_missing"


def test_lit_trades_carry_what_dark_and_auction_leave() -> None:
    profile = profile_of(name(adv=42e6), DATE)
    assert profile.trades == TRADES_MAX
    assert profile.mean_qty * profile.trades == pytest.approx(42e6 * (1 - AUCTION_SHARE - OPENING_SHARE - DARK_SHARE))


def test_known_spread_is_used_as_it_is() -> None:
    assert profile_of(name(close=100.0, spread_bps=12.0), DATE).spread_ticks == pytest.approx(12.0)


def test_spread_is_never_below_a_tick() -> None:
    assert profile_of(name(close=5.0, adv=5e7), DATE).spread_ticks == 1.0


def test_unknown_spread_follows_the_volatility_of_one_trade() -> None:
    """1.5 x 2 % / sqrt(10,000 trades) x 50,000 ticks = 15 ticks."""
    profile = profile_of(name(close=500.0, adv=1e6, sigma=0.02), DATE)
    assert profile.spread_ticks == pytest.approx(15.0)
    assert profile.grid == 5
