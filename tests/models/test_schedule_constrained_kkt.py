"""The measure of optimality sees what is not optimal: bent holdings, forged prices, a broken limit, a wrong matrix."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.errors import PlanError
from sottovoce.models import schedule_constrained
from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_constrained import ConstrainedSchedule, constrained_schedule
from sottovoce.models.schedule_constrained_kkt import Multipliers, Residuals, residuals
from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket
from sottovoce.models.schedule_constrained_rows import Rows

AVERSION = 1e-6


def solved() -> tuple[ConstrainedBasket, ConstrainedSchedule]:
    """A list whose caps and beta limit both bind."""
    from tests.models.constrained_cases import made_list

    basket = made_list(10, 8, 6, participation=0.06)
    free = constrained_schedule(basket, BasketLimits(), AVERSION)
    most = float(np.abs(free.holdings[1:-1] @ (basket.prices * basket.betas)).max())
    found = constrained_schedule(basket, BasketLimits(beta_max=0.9 * most), AVERSION)
    assert found.multipliers.forth.max() > 0
    assert found.multipliers.high.max() + found.multipliers.low.max() > 0
    return basket, found


def measured(
    basket: ConstrainedBasket, found: ConstrainedSchedule, holdings: FloatArray, prices: Multipliers
) -> Residuals:
    return residuals(basket, found.limits, AVERSION, holdings, prices, found.utility)


def test_the_optimum_is_one() -> None:
    basket, found = solved()
    assert measured(basket, found, found.holdings, found.multipliers).worst <= 1e-6


def test_a_bent_schedule_is_not() -> None:
    basket, found = solved()
    bent = found.holdings.copy()
    bent[3, 2] *= 1.02
    assert measured(basket, found, bent, found.multipliers).worst > 1e-4


@pytest.mark.parametrize("kind", ["forth", "oversell", "high", "low"])
def test_a_forged_price_is_seen(kind: str) -> None:
    basket, found = solved()
    price = getattr(found.multipliers, kind)
    for forged in (price * 0.9 + price.max() * 0.01 + 1e-3, price - 1e-2 * (1.0 + price)):
        assert measured(basket, found, found.holdings, replace(found.multipliers, **{kind: forged})).worst > 1e-4


def test_a_broken_limit_is_seen() -> None:
    basket, found = solved()
    tighter = tuple(replace(each, low=each.low * 0.5, high=each.high * 0.5) for each in found.limits)
    assert residuals(basket, tighter, AVERSION, found.holdings, found.multipliers, found.utility).feasibility > 1e-4
    narrow = replace(basket, participation=basket.participation * 0.9)
    assert measured(narrow, found, found.holdings, found.multipliers).feasibility > 1e-4


def test_a_slip_in_the_matrices_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optimiser is given a program whose risk is a tenth too small: its answer is not handed out."""
    basket, _ = solved()

    def slipped(basket: ConstrainedBasket, limits: tuple[()], risk_aversion: float) -> Rows:
        return Rows(basket, limits, 0.9 * risk_aversion)

    monkeypatch.setattr(schedule_constrained, "Rows", slipped)
    with pytest.raises(PlanError) as refused:
        constrained_schedule(basket, BasketLimits(), AVERSION)
    assert refused.value.code == "schedule_not_solved"
