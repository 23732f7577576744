"""Whole lots: half a lot at every bucket's end, one lot above a cap at most, the list whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import PlanError
from sottovoce.models.schedule_constrained import constrained_schedule
from sottovoce.models.schedule_constrained_lots import in_lots
from sottovoce.models.schedule_constrained_problem import BasketLimits
from tests.models.constrained_cases import made_list


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**20), st.sampled_from([1, 10, 100]))
def test_every_bound_of_the_rounding(seed: int, lot: int) -> None:
    basket = made_list(8, 10, seed)
    free = constrained_schedule(basket, BasketLimits(), 1e-6)
    most = float(np.abs(free.holdings[1:-1] @ (basket.prices * basket.betas)).max())
    found = constrained_schedule(basket, BasketLimits(beta_max=most * 1.0001), 1e-6)
    lots = np.full(8, lot, dtype=np.int64)
    whole = in_lots(basket, found, lots)
    odd = np.abs(basket.quantities) % lot
    assert (np.abs(whole.holdings - found.holdings) <= 0.5 * lot + odd + 1e-6).all()
    assert (whole.holdings[0] == basket.quantities).all()
    assert (whole.holdings[-1] == 0).all()
    along = -np.diff(whole.holdings, axis=0) * np.sign(basket.quantities)
    assert (along >= 0).all()
    assert ((along - basket.caps) <= lot + odd + 1e-6).all()
    assert whole.beyond <= whole.beyond_max + float(np.abs(basket.prices * basket.betas) @ odd) + 1.0


@pytest.mark.parametrize(
    ("change", "lot", "code"),
    [
        ({"reversible": np.array([True, False])}, 1, "reversible_lots"),
        ({"quantities": np.array([100.5, -100.0])}, 1, "bad_quantity"),
        ({}, 0, "bad_lot"),
    ],
)
def test_what_cannot_be_rounded_is_refused(change: dict[str, object], lot: int, code: str) -> None:
    basket = made_list(2, 4, 1)
    found = constrained_schedule(basket, BasketLimits(), 1e-6)
    with pytest.raises(PlanError) as refused:
        in_lots(replace(basket, **change), found, np.full(2, lot, dtype=np.int64))
    assert refused.value.code == code
