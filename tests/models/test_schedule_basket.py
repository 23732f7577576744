"""A basket's schedule: the published rows, the single asset within it, and optimality against any other path."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_ac import almgren_chriss
from sottovoce.models.schedule_basket import (
    BasketMarket,
    basket_cost,
    basket_schedule,
    basket_variance,
)

PAIR = BasketMarket(
    quantities=np.array([1e6, 1e6]),
    covariance=np.array([[0.9, 0.6], [0.6, 1.6]]),
    gamma=np.array([2.5e-7, 6.25e-8]),
    eta=np.array([2.5e-6, 6.25e-7]),
    epsilon=np.array([0.0625, 0.0625]),
    horizon=5.0,
    periods=5,
)


@pytest.mark.parametrize(
    ("quantities", "first", "second", "utility"),
    [
        ((1e6, 1e6), (537_334.4, 85_073.4), (299_782.4, -57_612.3), 1_930_520.09),
        ((1e6, -5e5), (593_092.6, -265_569.5), (343_844.8, -147_443.3), 1_262_564.21),
        ((1e6, 0.0), (574_506.5, -148_688.5), (329_157.3, -117_499.6), 1_216_633.13),
    ],
)
def test_the_published_pair(
    quantities: tuple[float, float], first: tuple[float, float], second: tuple[float, float], utility: float
) -> None:
    """T-SCH-6: holdings ±0.1 share, utility ±0.01, κ to six digits."""
    found = basket_schedule(replace(PAIR, quantities=np.array(quantities)), 1e-6)
    assert found.kappas == pytest.approx([0.517197, 1.522120], abs=1e-6)
    assert found.holdings[1] == pytest.approx(first, abs=0.1)
    assert found.holdings[2] == pytest.approx(second, abs=0.1)
    assert found.utility == pytest.approx(utility, abs=0.01)


@pytest.mark.parametrize(("quantities", "hedges"), [((1e6, 1e6), True), ((1e6, -5e5), False), ((1e6, 0.0), True)])
def test_a_hedge_is_said(quantities: tuple[float, float], hedges: bool) -> None:
    """Rows 1 and 3 of T-SCH-6 oversell or open the second asset."""
    assert basket_schedule(replace(PAIR, quantities=np.array(quantities)), 1e-6).reverses is hedges


def test_one_asset_is_the_single_model() -> None:
    alone = replace(
        PAIR, quantities=np.array([1e6]), covariance=np.array([[0.95**2]]), gamma=np.array([2.5e-7]),
        eta=np.array([2.5e-6]), epsilon=np.array([0.0625]),
    )  # fmt: skip
    wanted = almgren_chriss(1e6, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6)
    found = basket_schedule(alone, 1e-6)
    assert found.holdings[:, 0] == pytest.approx(wanted.holdings, rel=1e-9, abs=1e-6)
    assert found.utility == pytest.approx(wanted.utility, rel=1e-12)


@given(st.integers(1, 6), st.integers(2, 12), st.integers(0, 2**32 - 1), st.floats(0.0, 1e-5))
def test_no_other_path_is_better(assets: int, periods: int, seed: int, risk_aversion: float) -> None:
    """E + λV without ε, which the closed form leaves out, against bent paths with the same ends."""
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(assets, assets))
    market = BasketMarket(
        quantities=rng.normal(size=assets) * 1e5,
        covariance=factors @ factors.T + 0.1 * np.eye(assets),
        gamma=np.full(assets, 1e-8),
        eta=10 ** rng.uniform(-6, -4, assets),
        epsilon=np.zeros(assets),
        horizon=1.0,
        periods=periods,
    )
    best = basket_schedule(market, risk_aversion)
    bend = np.zeros_like(best.holdings)
    bend[1:-1] = rng.normal(size=(periods - 1, assets)) * 1e4
    other = best.holdings + bend
    worse = basket_cost(market, other) + risk_aversion * basket_variance(market, other)
    assert worse >= best.utility * (1 - 1e-9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"gamma": np.array([1e-7])}, "shapes_differ"),
        ({"quantities": np.array([1.0])}, "shapes_differ"),
        ({"covariance": np.array([[1.0, 2.0], [2.0, 1.0]])}, "covariance"),
        ({"covariance": np.array([[1.0, 0.5], [0.4, 1.0]])}, "covariance"),
        ({"quantities": np.array([1.0, np.nan])}, "covariance"),
        ({"eta": np.array([1e-9, 1e-9])}, "eta_tilde_not_positive"),
        ({"horizon": 0.0}, "not_positive"),
        ({"gamma": np.array([-1.0, 0.0])}, "negative"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        basket_schedule(replace(PAIR, **change), 1e-6)
    assert refused.value.code == code
