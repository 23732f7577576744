"""What a trader usually enters (PT-25): the sizes of sixty days, so that a slip of units stands out.

Sizes are counted in steps of about a fifth (four to a doubling), so the median is known to within a step and the
memory is bounded: so many days of so many steps for each trader, however many orders there were.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.gateway.checking import NOTHING, STATE
from sottovoce.stages.gateway.config import IntentConfig

STEPS_PER_DOUBLING = 4


class Day(msgspec.Struct, kw_only=True, gc=False):
    """One day of one trader: how many orders of each step, and the largest, in whole units of currency."""

    steps: dict[int, int] = {}
    largest: int = 0


class Habit(msgspec.Struct, kw_only=True, gc=False):
    """A trader's days, by day number since 1970, and their sum: orders by step."""

    days: dict[int, Day] = {}
    steps: dict[int, int] = {}
    count: int = 0

    def median(self) -> int:
        """The median size, in units of currency, to within a step."""
        left = (self.count + 1) // 2
        for step in sorted(self.steps):
            left -= self.steps[step]
            if left <= 0:
                return size_of(step)
        return 0

    def largest(self) -> int:
        """The largest size of the days remembered."""
        return max((day.largest for day in self.days.values()), default=0)


class Habits(msgspec.Struct, kw_only=True):
    """The habits of every trader, by name."""

    traders: dict[str, Habit] = {}

    def add(self, trader: str, value: int, ts_ns: int, config: IntentConfig) -> None:
        """Count an order that was accepted: value in whole units of currency."""
        habit = self.traders.setdefault(trader, Habit())
        today = ts_ns // NS_PER_DAY
        while habit.days and (oldest := next(iter(habit.days))) <= today - config.days:
            _forget(habit, oldest)
        day = habit.days.setdefault(today, Day())
        step = step_of(value)
        day.steps[step] = day.steps.get(step, 0) + 1
        day.largest = max(day.largest, value)
        habit.steps[step] = habit.steps.get(step, 0) + 1
        habit.count += 1

    def judge(self, trader: str, value: int, config: IntentConfig) -> Sequence[Failure]:
        """Why a size is unusual for a trader, by the median and by the largest; nothing before there is a habit."""
        habit = self.traders.get(trader)
        if habit is None or habit.count < config.orders_min:
            return NOTHING
        largest = habit.largest()
        if value <= config.max_multiple * largest and value <= config.median_multiple * size_of(min(habit.steps)):
            return NOTHING  # no more than usual even if every order had been as small as the smallest
        found = []
        for name, usual, multiple in (
            ("median", habit.median(), config.median_multiple),
            ("largest", largest, config.max_multiple),
        ):
            if value > multiple * usual:
                found.append(failure(STATE, "unusual_size", value, f"{multiple} x the {name} of {usual}"))
        return found


def step_of(value: int) -> int:
    """The step of a size: four to each doubling, from 0 for a size of 1 or less."""
    whole = max(value, 1)
    doubling = whole.bit_length() - 1
    part = (whole << 2 >> doubling) - STEPS_PER_DOUBLING
    return doubling * STEPS_PER_DOUBLING + part


def size_of(step: int) -> int:
    """The smallest size of a step, at least 1."""
    doubling, part = divmod(step, STEPS_PER_DOUBLING)
    return max((STEPS_PER_DOUBLING + part) << doubling >> 2, 1)


def _forget(habit: Habit, day_number: int) -> None:
    day = habit.days.pop(day_number)
    for step, number in day.steps.items():
        left = habit.steps[step] - number
        if left:
            habit.steps[step] = left
        else:
            del habit.steps[step]
        habit.count -= number
