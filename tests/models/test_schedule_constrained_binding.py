"""What holds a schedule back is named, and easing it saves about what is told."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.models.schedule_constrained import constrained_schedule
from sottovoce.models.schedule_constrained_binding import binding_limits
from sottovoce.models.schedule_constrained_problem import BasketLimits
from tests.models.constrained_cases import made_list


def test_nothing_binds_where_there_is_room() -> None:
    basket = made_list(10, 8, 6, participation=1.0)
    assert binding_limits(basket, constrained_schedule(basket, BasketLimits(), 1e-7)) == ()


def test_a_tenth_of_a_point_saves_a_tenth_of_what_is_told() -> None:
    basket = made_list(10, 8, 6, participation=0.06)
    found = constrained_schedule(basket, BasketLimits(), 1e-6)
    first = binding_limits(basket, found)[0]
    assert first.kind == "participation"
    place = basket.names.index(first.name)
    ends = []
    for move in (-0.0005, 0.0005):
        eased = basket.participation.copy()
        eased[place] += move
        ends.append(constrained_schedule(replace(basket, participation=eased), BasketLimits(), 1e-6).utility)
    assert ends[0] - ends[1] == pytest.approx(0.1 * first.saves, rel=0.05)


def test_a_sum_is_named_with_its_buckets() -> None:
    basket = replace(made_list(10, 8, 6), buckets=tuple(f"{hour}:00" for hour in range(9, 17)))
    free = constrained_schedule(basket, BasketLimits(), 1e-6)
    left = np.abs(free.holdings[1:-1] @ (basket.prices * basket.betas))
    found = constrained_schedule(basket, BasketLimits(beta_max=0.9 * float(left.max())), 1e-6)
    named = [each for each in binding_limits(basket, found) if each.kind == "beta"]
    assert [each.name for each in named] == ["net beta"]
    assert named[0].first <= basket.bucket(int(left.argmax()))
    assert named[0].saves > 0
