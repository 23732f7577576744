"""What a trader usually enters: an order unlike any before it waits, once there is a habit to compare with."""

from __future__ import annotations

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.gateway.config import IntentConfig
from sottovoce.stages.gateway.habits import Habits, size_of, step_of
from tests.scenarios.small_desk import OPEN_NS

HOUSE = IntentConfig()


def habit(sizes: list[int], day: int = 0) -> Habits:
    habits = Habits()
    for size in sizes:
        habits.add("t", size, OPEN_NS + day * NS_PER_DAY, HOUSE)
    return habits


def rules(habits: Habits, value: int) -> list[str]:
    return [rule.limit.split(" of ")[0] for rule in habits.judge("t", value, HOUSE)]


@pytest.mark.parametrize(("orders", "found"), [(19, []), (20, ["20 x the median", "5 x the largest"])])
def test_nothing_is_unusual_before_there_is_a_habit(orders: int, found: list[str]) -> None:
    assert rules(habit([1_000] * orders), 1_000_000) == found


def test_value_typed_in_the_units_field_is_unusual() -> None:
    """A desk that enters about 200 shares of 50: 10,000 typed as shares is 500,000, fifty times its usual order."""
    habits = habit([10_000] * 30)
    (median, largest) = habits.judge("t", 500_000, HOUSE)
    assert (median.code, median.control) == ("unusual_size", "PT-25")
    assert largest.limit == "5 x the largest of 10000"
    assert list(habits.judge("t", 40_000, HOUSE)) == []
    assert list(habits.judge("somebody else", 500_000, HOUSE)) == []


def test_largest_alone_can_be_passed() -> None:
    assert rules(habit([1_000] * 19 + [10_000]), 50_001) == ["20 x the median", "5 x the largest"]
    assert rules(habit([4_000] * 19 + [10_000]), 50_001) == ["5 x the largest"]


def test_days_older_than_sixty_are_forgotten() -> None:
    habits = habit([1_000] * 20)
    habits.add("t", 1_000, OPEN_NS + 59 * NS_PER_DAY, HOUSE)
    assert habits.traders["t"].count == 21
    habits.add("t", 1_000, OPEN_NS + 60 * NS_PER_DAY, HOUSE)
    assert habits.traders["t"].count == 2
    assert len(habits.traders["t"].days) == 2


@given(st.integers(1, 10**15))
def test_step_holds_its_size_to_within_a_quarter(value: int) -> None:
    assert size_of(step_of(value)) <= value < max(size_of(step_of(value) + 1), value + 1)
    assert size_of(step_of(value)) * 5 >= value * 4 or value < 5


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=80))
def test_median_and_largest_are_those_of_the_sizes(sizes: list[int]) -> None:
    trader = habit(sizes).traders["t"]
    assert trader.median() == size_of(step_of(median_low(sizes)))
    assert trader.largest() == max(sizes)
    assert trader.count == len(sizes)
