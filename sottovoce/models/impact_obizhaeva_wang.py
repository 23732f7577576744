"""Obizhaeva and Wang 2013: a book that refills, and the two blocks and constant rate that are best against it.

Source: "Optimal trading strategy and supply/demand dynamics", J. Financial Markets 16, 1-32. The book is a block of
density q shares per unit of price; a buy of x moves the ask by x/q, of which λx stays and κx, κ = 1/q − λ, fades at
rate ρ. Of the figures only ρ shapes the schedule. A buy is shown; a sell is its mirror image.
"""

from __future__ import annotations

from math import exp

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive


class ResilientBook(msgspec.Struct, frozen=True, kw_only=True):
    """density q: shares per unit of price, > 0; permanent λ: price per share, 0 to 1/q; resilience ρ: per day, >= 0."""

    density: float
    permanent: float
    resilience: float

    def __post_init__(self) -> None:
        positive("Book density", self.density)
        not_negative("Permanent impact", self.permanent)
        not_negative("Resilience", self.resilience)
        if self.permanent > 1.0 / self.density:
            raise ModelError(
                f"Permanent impact {self.permanent:g} is above the whole impact 1/q = {1 / self.density:g}; lower it.",
                code="permanent_above_whole",
            )

    @property
    def temporary(self) -> float:
        """κ, price per share: what fades."""
        return 1.0 / self.density - self.permanent


class ContinuousPlan(msgspec.Struct, frozen=True, kw_only=True):
    """block: shares at the start and again at the end; rate: shares a day between; cost: currency above the ask."""

    block: float
    rate: float
    cost: float


class DiscretePlan(msgspec.Struct, frozen=True, kw_only=True):
    """trades: shares at each of the equally spaced times; cost: currency above the ask."""

    trades: tuple[float, ...]
    cost: float


def continuous_plan(book: ResilientBook, quantity: float, horizon: float) -> ContinuousPlan:
    """The best schedule in continuous time: two blocks and a constant rate.

    Args:
        quantity: shares, > 0; horizon: days, > 0.
    Raises: ModelError `not_positive`, `not_finite`.
    Source: T-IMP-6, T-IMP-7.
    """
    positive("Quantity", quantity)
    refills = book.resilience * positive("Horizon", horizon)
    block = quantity / (refills + 2.0)
    cost = 0.5 * book.permanent * quantity**2 + book.temporary * quantity**2 / (refills + 2.0)
    return ContinuousPlan(block=block, rate=book.resilience * block, cost=cost)


def discrete_plan(book: ResilientBook, quantity: float, horizon: float, intervals: int) -> DiscretePlan:
    """The best schedule over intervals + 1 equally spaced trades.

    Args:
        quantity: shares, > 0; horizon: days, > 0; intervals N: >= 1.
    Raises: ModelError `not_positive`, `not_finite`.
    """
    positive("Quantity", quantity)
    positive("Number of intervals", intervals)
    faded = 1.0 - exp(-book.resilience * positive("Horizon", horizon) / intervals)
    ends = quantity / (2.0 + (intervals - 1) * faded)
    trades = np.full(intervals + 1, ends * faded)
    trades[0] = trades[-1] = ends
    return DiscretePlan(trades=tuple(trades.tolist()), cost=cost_of(book, trades, horizon))


def cost_of(book: ResilientBook, trades: FloatArray, horizon: float) -> float:
    """Expected cost of any trades at equally spaced times, currency above the ask they would have met alone.

    Args:
        trades: shares, shape (n + 1,), the first at time 0 and the last at the horizon (days).
    """
    if len(trades) < 2:
        raise ModelError("A schedule needs two trades or more.", code="too_few_trades")
    decay = exp(-book.resilience * positive("Horizon", horizon) / (len(trades) - 1))
    moved = stretched = cost = 0.0
    for qty in trades.tolist():
        cost += qty * (moved * book.permanent + stretched + qty / (2.0 * book.density))
        moved += qty
        stretched = (stretched + book.temporary * qty) * decay
    return cost


def equal_slices(quantity: float, intervals: int) -> FloatArray:
    """The same quantity each time: what the best schedule is compared with."""
    return np.full(intervals + 1, quantity / (intervals + 1))
