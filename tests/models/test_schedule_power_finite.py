"""Power-law impact with a horizon: Almgren and Chriss at an exponent of 1, the path without one as it grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import almgren_chriss
from sottovoce.models.schedule_power import PowerLawMarket, cost_variance, temporary_cost
from sottovoce.models.schedule_power_finite import PowerSchedule, finite_schedule


def market(exponent: float, quantity: float = 1e6) -> PowerLawMarket:
    """As in T-SCH-8: η so that trading 200,000 a day costs 0.5 a share."""
    eta = 0.5 / 200_000**exponent
    return PowerLawMarket(quantity=quantity, sigma_price=0.95, eta=eta, exponent=exponent, risk_aversion=1e-6)


@pytest.mark.parametrize(("horizon", "periods"), [(5.0, 5), (1.0, 13), (5.0, 39), (2.0, 1)])
def test_an_exponent_of_one_is_almgren_chriss(horizon: float, periods: int) -> None:
    """Scheduling reference, section 4: k = 1 reproduces section 1; ±0.5 share in a million, utility to 1e-9."""
    wanted = almgren_chriss(1e6, horizon, periods, 0.95, 0.0, 2.5e-6, 0.0, 1e-6)
    found = finite_schedule(market(1.0), horizon, periods)
    assert found.holdings == pytest.approx(wanted.holdings, abs=0.5)
    assert found.utility == pytest.approx(wanted.utility, rel=1e-9)


@pytest.mark.parametrize("exponent", [0.5, 0.6, 1.0, 2.0])
def test_it_comes_to_the_path_without_a_horizon_as_the_horizon_grows(exponent: float) -> None:
    """Never below it, falling, and within 0.1 % at 20 days; the path is taken as straight between bucket ends."""
    each = market(exponent)
    least = temporary_cost(each) + each.risk_aversion * cost_variance(each)
    found = [finite_schedule(each, days, round(days * 20)).utility_between / least for days in (1.0, 2.5, 5.0, 20.0)]
    assert all(ratio >= 1.0 for ratio in found)
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(1.0, abs=1e-3)


def _utility(each: PowerLawMarket, horizon: float, holdings: np.ndarray) -> float:
    tau = horizon / (len(holdings) - 1)
    trades = np.maximum(-np.diff(holdings), 0.0)
    spent = each.eta * tau * float(((trades / tau) ** (each.exponent + 1)).sum())
    return spent + each.risk_aversion * each.sigma_price**2 * tau * float((holdings[1:] ** 2).sum())


@settings(max_examples=20, deadline=None)
@given(st.floats(0.3, 3.0), st.floats(0.2, 10.0), st.integers(2, 30), st.integers(0, 2**20))
def test_no_other_path_is_better(exponent: float, horizon: float, periods: int, seed: int) -> None:
    each = market(exponent, 5e5)
    best = finite_schedule(each, horizon, periods)
    _assert_a_schedule(best)
    assert best.utility == pytest.approx(_utility(each, horizon, best.holdings), rel=1e-9)
    shares = np.random.default_rng(seed).dirichlet(np.ones(periods))
    for mixed in (1.0, 0.1, 0.001):
        other = (1 - mixed) * best.holdings + mixed * 5e5 * np.append(1.0, 1.0 - np.cumsum(shares))
        assert _utility(each, horizon, other) >= best.utility * (1 - 1e-7)


def _assert_a_schedule(found: PowerSchedule) -> None:
    assert found.residual <= 1e-6
    assert found.holdings[0] == 5e5
    assert found.holdings[-1] == 0.0
    assert (np.diff(found.holdings) <= 1e-6).all()


def test_figures_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ModelError):
        finite_schedule(market(1.0), 0.0, 5)
    with pytest.raises(ModelError):
        finite_schedule(market(1.0), 1.0, 0)
