"""What stands in the way of a list is named, with what it would need; nothing is relaxed in silence."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.models.schedule_constrained import constrained_schedule
from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket
from sottovoce.models.schedule_constrained_reason import InfeasibleSchedule
from tests.models.constrained_cases import made_list

FREE = BasketLimits()


def refused(basket: ConstrainedBasket, limits: BasketLimits) -> InfeasibleSchedule:
    with pytest.raises(InfeasibleSchedule) as error:
        constrained_schedule(basket, limits, 1e-6)
    return error.value


def test_a_participation_cap_names_the_name_the_rest_and_the_time() -> None:
    basket = made_list(3, 4, 1, participation=0.1)
    size = np.array([1_000.0, 1_423.0, -900.0])
    basket = replace(
        basket, quantities=size, volumes=np.full((4, 3), 2_500.0), names=("ABC", "XYZ", "KLM"),
        buckets=("13:00", "14:00", "15:00", "16:00"),
    )  # fmt: skip
    error = refused(basket, FREE)
    assert error.code == "participation_infeasible"
    assert str(error) == "Participation of 0.1 in XYZ leaves 423 shares undone by 16:00; it needs 0.1423."
    (short,) = error.shortages
    assert short.name == "XYZ"
    assert short.undone == pytest.approx(423.0)


def test_what_it_needs_is_enough_and_less_is_not() -> None:
    basket = made_list(20, 8, 2, participation=0.01)
    needed = max(each.needed for each in refused(basket, FREE).shortages)
    again = replace(basket, participation=np.full(20, needed * (1 + 1e-9)))
    assert constrained_schedule(again, FREE, 1e-6).residuals.worst <= 1e-6
    assert refused(replace(basket, participation=np.full(20, needed * 0.999)), FREE).shortages


def test_a_name_that_never_opens_is_named() -> None:
    basket = made_list(3, 4, 1)
    volumes = basket.volumes.copy()
    volumes[:, 1] = 0.0
    error = refused(replace(basket, volumes=volumes), FREE)
    assert "N1 is never open" in str(error)
    assert error.shortages[0].needed == inf


def test_an_early_end_is_the_time_that_is_named() -> None:
    basket = made_list(2, 6, 1, participation=0.05)
    volumes = basket.volumes.copy()
    volumes[3:, 0] = 0.0
    tight = replace(basket, volumes=volumes, buckets=tuple("abcdef"), quantities=np.array([volumes[:, 0].sum(), -1.0]))
    assert refused(tight, FREE).shortages[0].bucket == "c"


def test_the_lists_own_net_cannot_be_hidden() -> None:
    basket = made_list(6, 5, 4)
    net = abs(float(basket.prices @ basket.quantities))
    error = refused(basket, BasketLimits(cash_max=net * 0.99))
    assert error.code == "limits_infeasible"
    assert error.shortages[0].needed == pytest.approx(net)
    assert f"{net:,.0f} net" in str(error)


@pytest.mark.parametrize("kind", ["beta", "sector"])
def test_limits_that_exclude_each_other_say_what_each_would_need(kind: str) -> None:
    """A limit below what the caps let the list reach in the first bucket; with what is told it can be kept."""
    basket = replace(made_list(12, 6, 3, participation=0.06), quantities=np.abs(made_list(12, 6, 3).quantities))
    start = float(np.abs(basket.quantities) @ (basket.prices * np.abs(basket.betas)))
    tight = BasketLimits(**{f"{kind}_max": 0.05 * start})
    error = refused(basket, tight)
    assert error.code == "limits_infeasible"
    assert {each.kind for each in error.shortages} == {kind}
    assert "participation" in str(error)
    needed = max(each.needed for each in error.shortages)
    kept = constrained_schedule(basket, BasketLimits(**{f"{kind}_max": needed * (1 + 1e-6)}), 1e-6)
    assert kept.residuals.worst <= 1e-6
    assert refused(basket, BasketLimits(**{f"{kind}_max": needed * 0.99})).shortages


def test_the_participation_that_would_do_does() -> None:
    basket = replace(made_list(12, 6, 3, participation=0.06), quantities=np.abs(made_list(12, 6, 3).quantities))
    start = float(np.abs(basket.quantities) @ (basket.prices * np.abs(basket.betas)))
    limits = BasketLimits(beta_max=0.3 * start)
    told = float(str(refused(basket, limits)).split("or a participation of ")[1].split()[0])
    enough = replace(basket, participation=np.full(12, told * 1.001))
    assert constrained_schedule(enough, limits, 1e-6).residuals.worst <= 1e-6
    assert refused(replace(basket, participation=np.full(12, told * 0.99)), limits).shortages
