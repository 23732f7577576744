"""From sessions to one figure and how sure it is: pool them, then leave out one at a time.

The sessions are independent draws, what happens within one is not, so the session is the unit of the jackknife
(Efron and Stein 1981): the variance is (n - 1)/n times the squared deviations of the n leave-one-out figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, sqrt
from typing import TypeVar

import msgspec

Part = TypeVar("Part")


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its standard error over sessions; value None, and a note, when it could not be measured."""

    value: float | None
    error: float | None = None
    note: str = ""


def unmeasured(note: str) -> Estimate:
    """No figure, and why."""
    return Estimate(value=None, note=note)


def pooled(
    parts: Sequence[Part],
    estimate: Callable[[Sequence[Part]], float],
    note: str = "",
    missing: str = "not measurable on these sessions",
) -> Estimate:
    """estimate(parts) with its jackknife error; a result that is not a number counts as not measured.

    note says what the figure is of, missing why there may be none.
    """
    if not parts:
        return unmeasured("no sessions")
    value = float(estimate(parts))
    if not isfinite(value):
        return unmeasured(missing)
    return Estimate(value=value, error=_jackknife(parts, estimate), note=note)


def _jackknife(parts: Sequence[Part], estimate: Callable[[Sequence[Part]], float]) -> float | None:
    count = len(parts)
    if count < 3:
        return None
    left = [estimate([*parts[:out], *parts[out + 1 :]]) for out in range(count)]
    if not all(map(isfinite, left)):
        return None
    middle = sum(left) / count
    return sqrt((count - 1) / count * float(sum((each - middle) ** 2 for each in left)))
