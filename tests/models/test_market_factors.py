"""Market factors: the figure where there is data, None where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray
from sottovoce.models.market_factors import (
    annual_volatility,
    momentum,
    sector_concentration,
    time_of_day_multiplier,
    volatility_regime,
)
from sottovoce.models.volume import US_EQUITY, volume_curve


def walk(early: float, late: float, late_days: int = 60, days: int = 250) -> FloatArray:
    """Closes whose log returns alternate ± early, then ± late over the last days."""
    sizes = np.where(np.arange(days) < days - late_days, early, late)
    return np.asarray(100 * np.exp(np.concatenate([[0.0], np.cumsum(sizes * (-1.0) ** np.arange(days))])))


def test_momentum_is_the_return_over_twenty_days() -> None:
    closes = np.array([999.0, 100.0, *[7.0] * 19, 107.0])
    assert momentum(closes) == pytest.approx(0.07)
    assert momentum(closes, days=1) == pytest.approx(107 / 7 - 1)


@pytest.mark.parametrize("closes", [None, np.array([1.0] * 20), np.array([0.0, *[1.0] * 20])])
def test_momentum_without_data_is_none(closes: FloatArray | None) -> None:
    assert momentum(closes) is None


@pytest.mark.parametrize(
    ("early", "late", "word"), [(0.01, 0.01, "normal"), (0.01, 0.03, "volatile"), (0.01, 0.002, "calm")]
)
def test_volatility_regime(early: float, late: float, word: str) -> None:
    found = volatility_regime(walk(early, late))
    assert found is not None
    year = np.sqrt((190 * early**2 + 60 * late**2) / 250)
    assert found.ratio == pytest.approx(late / year, rel=0.01)
    assert found.regime == word


def test_volatility_regime_without_a_year_of_prices_that_move_is_none() -> None:
    assert volatility_regime(None) is None
    assert volatility_regime(walk(0.01, 0.01)[:-1]) is None
    assert volatility_regime(np.full(251, 10.0)) is None
    assert volatility_regime(np.append(walk(0.01, 0.01)[:-1], np.nan)) is None


def test_thick_hours_are_cheaper() -> None:
    def at(start: int, end: int) -> float:
        found = time_of_day_multiplier(US_EQUITY, start * NS_PER_MINUTE, end * NS_PER_MINUTE)
        assert found is not None
        return found

    assert at(570, 960) == pytest.approx(1.0)
    assert at(945, 960) == pytest.approx((1 / 26 / 0.1145) ** 0.6, rel=1e-3)
    assert at(945, 960) < 1 < at(720, 780)
    assert at(0, 24 * 60) == pytest.approx(1.0)


def test_time_of_day_without_a_curve_or_volume_is_none() -> None:
    assert time_of_day_multiplier(None, 0, 1) is None
    assert time_of_day_multiplier(US_EQUITY, 0, 60 * NS_PER_MINUTE) is None
    silent = volume_curve(name="s", origin="test", edges_ns=(0, 10, 20), shares=(0.0, 1.0))
    assert time_of_day_multiplier(silent, 0, 10) is None


def test_sector_concentration_counts_the_order() -> None:
    held = {"Tech": 300.0, "Energy": -200.0}
    assert sector_concentration(held, "Tech", 500.0) == pytest.approx(800 / 1000)
    assert sector_concentration(held, "Energy", 200.0) == 0.0
    assert sector_concentration(held, "Health", 500.0) == pytest.approx(0.5)
    assert held == {"Tech": 300.0, "Energy": -200.0}


def test_sector_concentration_without_data_is_none() -> None:
    assert sector_concentration(None, "Tech", 1.0) is None
    assert sector_concentration({"Tech": 1.0}, None, 1.0) is None
    assert sector_concentration({}, "Tech", 0.0) is None


def test_annual_volatility() -> None:
    assert annual_volatility(0.0157) == pytest.approx(0.0157 * 250**0.5)
    assert annual_volatility(None) is None
