"""From a desk's figures to the optimiser's: units, signs, closed buckets, and what is refused by name."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.errors import ModelError, SottovoceError
from sottovoce.models.impact_almgren import ALMGREN_2005, almgren2005
from sottovoce.models.schedule_constrained_list import ListedName, ListMarket, listed_basket
from sottovoce.models.schedule_constrained_problem import expected_cost, variance

IBM = ListedName(symbol="IBM", quantity=656_100.0, price=100.0, adv=6_561_000.0, sigma_daily=0.0157, spread_bps=2.0)
DAY = ListMarket(volume_days=np.full(10, 0.1), participation=0.5)


def even(basket_size: float) -> np.ndarray:
    return np.linspace(basket_size, 0.0, 11)[:, None]


def test_an_even_schedule_costs_the_temporary_impact_of_the_paper_and_half_the_spread() -> None:
    """T-IMP-1's IBM, a tenth of a day's volume over a day: temporary 22 bps as almgren2005 gives it, plus 1 bp."""
    basket = listed_basket([IBM], DAY)
    paper = almgren2005(656_100, 6_561_000, 1.728e9, 0.0157, 1.0, ALMGREN_2005).temporary_bps
    worth = 656_100 * 100.0
    assert expected_cost(basket, even(656_100.0)) / worth * 1e4 == pytest.approx(paper + 1.0, rel=1e-9)


def test_a_name_alone_keeps_its_volatility() -> None:
    basket = listed_basket([IBM], DAY)
    held = np.vstack([np.full((10, 1), 656_100.0), np.zeros((1, 1))])
    assert sqrt(variance(basket, held)) == pytest.approx(0.0157 * 100 * 656_100 * sqrt(0.9))


def test_a_purchase_has_the_other_sign_and_the_same_cost() -> None:
    sold, bought = listed_basket([IBM], DAY), listed_basket([replace(IBM, quantity=-656_100.0)], DAY)
    assert bought.quantities[0] == -sold.quantities[0]
    assert expected_cost(bought, even(-656_100.0)) == pytest.approx(expected_cost(sold, even(656_100.0)))


def test_windows_close_buckets_and_caps_count_continuous_volume() -> None:
    late = replace(IBM, symbol="LATE", first_bucket=3, last_bucket=6, participation=0.2)
    basket = listed_basket([IBM, late], replace(DAY, continuous=0.9))
    assert list(np.flatnonzero(basket.tradable[:, 1])) == [3, 4, 5, 6]
    assert basket.caps[3] == pytest.approx(np.array([0.5, 0.2]) * 0.1 * 0.9 * 6_561_000)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 0.0}, "zero_quantity"), ({"price": 0.0}, "not_positive"), ({"adv": -1.0}, "not_positive"),
        ({"sigma_daily": float("nan")}, "not_finite"), ({"spread_bps": -1.0}, "negative"),
    ],
)  # fmt: skip
def test_a_bad_figure_is_refused_by_name(change: dict[str, float], code: str) -> None:
    with pytest.raises(SottovoceError) as refused:
        listed_basket([replace(IBM, **change)], DAY)
    assert refused.value.code == code
    assert "IBM" in str(refused.value)


def test_a_list_needs_orders_and_each_name_once() -> None:
    for names, code in (([], "empty_list"), ([IBM, IBM], "name_twice")):
        with pytest.raises(SottovoceError) as refused:
            listed_basket(names, DAY)
        assert refused.value.code == code


def test_a_bucket_without_length_is_refused() -> None:
    with pytest.raises(ModelError):
        listed_basket([IBM], replace(DAY, volume_days=np.array([0.5, 0.0])))
