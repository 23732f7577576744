"""What the sessions say: each arm's figures, the paired differences, and how often intervals held.

A difference is a gain only where its interval leaves out zero, and only where it does so on both generators; where
they disagree it depends on the model. Intervals are 95 % each and are not widened for their number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.analytics.paired import (
    Difference,
    joint_verdict,
    mean_difference,
    spread_difference,
    utility_difference,
)
from sottovoce.models.arrays import FloatArray
from sottovoce.models.cost_interval import NORMAL, Coverage, coverage
from sottovoce.stages.planning.config import PlanningConfig
from tools.execution_bench.arms import ARMS, COMPARED, COVERED, PAIRS, SIZES, Arm
from tools.execution_bench.learned import Learned
from tools.execution_bench.playing import Played

POOLED = "both"
RISK_PRICES = {"medium": PlanningConfig().medium.risk_price, "high": PlanningConfig().high.risk_price}
"""What a bp of risk is worth in bps of cost at an urgency, as the planner reckons."""

BAND = 0.04
"""Coverage within so much of its level passes."""

Measure = Callable[[Sequence[FloatArray], Sequence[FloatArray]], Difference]


class ArmFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One arm on one market: bps; cost_error is of the mean, tracking the mean absolute figure, plans new
    ones an order."""

    market: str
    arm: str
    n: int
    cost: float
    cost_error: float
    risk: float
    tracking: float
    participation: float
    completion: float
    held: int
    plans: float


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one arm less another's on one market, or on both."""

    market: str
    arm: str
    against: str
    measure: str
    found: Difference
    verdict: str


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """How often the realised cost fell inside its interval. ends: learned, or the normal distribution's."""

    market: str
    size: str
    ends: str
    found: Coverage
    width_bps: float

    @property
    def within(self) -> bool:
        return abs(self.found.part - 0.8) <= BAND


def arm_figures(orders: Sequence[Played]) -> list[ArmFigures]:
    """Every arm on every market at the size strategies are compared at."""
    markets = list(dict.fromkeys(each.market for each in orders))
    return [_figures(market, arm, _chosen(orders, market, arm)) for market in markets for arm in ARMS]


def _figures(market: str, arm: Arm, orders: Sequence[Played]) -> ArmFigures:
    cost = outcomes(orders, "shortfall_bps", absolute=False)
    each_session = cost.mean(axis=1)
    return ArmFigures(
        market=market,
        arm=arm.name,
        n=len(cost),
        cost=float(cost.mean()),
        cost_error=float(each_session.std(ddof=1)) / sqrt(len(cost)),
        risk=float(cost.std(ddof=1)),
        tracking=float(np.abs(column(orders, "tracking_bps")).mean()),
        participation=float(column(orders, "participation").mean()),
        completion=float(column(orders, "filled").sum() / column(orders, "asked").sum()),
        held=sum(each.held for each in orders),
        plans=float(column(orders, "plans").mean()),
    )


def comparisons(orders: Sequence[Played], pairs: Sequence[tuple[Arm, Arm]] = PAIRS) -> list[Compared]:
    """Every measure of every pair of arms, on each market and on both."""
    return [row for arm, other in pairs for name in MEASURES for row in _compared(orders, arm, other, name)]


def _compared(orders: Sequence[Played], arm: Arm, other: Arm, name: str) -> list[Compared]:
    field, absolute, measure = MEASURES[name]
    markets = list(dict.fromkeys(each.market for each in orders))
    sides = [[outcomes(_chosen(orders, market, each), field, absolute) for market in markets] for each in (arm, other)]
    each = [measure([one], [two]) for one, two in zip(*sides, strict=True)]
    verdicts = [found.verdict for found in each]
    rows = [_row(market, arm, other, name, found, found.verdict) for market, found in zip(markets, each, strict=True)]
    return [*rows, _row(POOLED, arm, other, name, measure(*sides), joint_verdict(verdicts))]


def _row(market: str, arm: Arm, other: Arm, name: str, found: Difference, verdict: str) -> Compared:
    return Compared(market=market, arm=arm.name, against=other.name, measure=name, found=found, verdict=verdict)


def outcomes(orders: Sequence[Played], field: str, absolute: bool) -> FloatArray:
    """One figure an order, by session and side, so that arms pair; shape (sessions, orders a session)."""
    ordered = sorted(orders, key=lambda each: (each.seed, each.side))
    found = column(ordered, field).reshape(len({each.seed for each in orders}), -1)
    return np.abs(found) if absolute else found


def coverages(orders: Sequence[Played], learned: dict[str, Learned]) -> list[Covered]:
    """Coverage by size, on each market and on both, with the learned ends and with the normal distribution's."""
    markets = list(dict.fromkeys(each.market for each in orders))
    names = {arm.name for arm in COVERED}
    found = []
    for size in SIZES:
        chosen = [each for each in orders if each.size == size.name and each.arm in names]
        for market in (*markets, POOLED):
            these = [each for each in chosen if market in (POOLED, each.market)]
            found += [_covered(market, size.name, ends, these, learned) for ends in ("learned", "normal")]
    return found


def _covered(market: str, size: str, ends: str, orders: Sequence[Played], learned: dict[str, Learned]) -> Covered:
    low, high = column(orders, "low_bps"), column(orders, "high_bps")
    if ends == "normal":
        expected = column(orders, "expected_bps")
        reach = np.array([learned[each.market].quantiles.high - learned[each.market].quantiles.low for each in orders])
        scale = (high - low) / reach
        low, high = expected + NORMAL.low * scale, expected + NORMAL.high * scale
    names = list(dict.fromkeys(each.market for each in orders))
    session = np.array([each.seed * len(names) + names.index(each.market) for each in orders])
    inside = coverage(column(orders, "cost_bps"), low, high, session)
    return Covered(market=market, size=size, ends=ends, found=inside, width_bps=float((high - low).mean()))


def _chosen(orders: Sequence[Played], market: str, arm: Arm) -> list[Played]:
    return [each for each in orders if each.market == market and each.arm == arm.name and each.size == COMPARED.name]


def column(orders: Sequence[Played], field: str) -> FloatArray:
    """A field of every order, shape (n,)."""
    return np.array([getattr(each, field) for each in orders], dtype=np.float64)


def _utility(urgency: str) -> Measure:
    return lambda first, second: utility_difference(first, second, RISK_PRICES[urgency])


MEASURES: dict[str, tuple[str, bool, Measure]] = {
    "cost": ("shortfall_bps", False, mean_difference),
    "risk": ("shortfall_bps", False, spread_difference),
    "tracking": ("tracking_bps", True, mean_difference),
    "utility_medium": ("shortfall_bps", False, _utility("medium")),
    "utility_high": ("shortfall_bps", False, _utility("high")),
}
"""Field, whether its size alone counts, and how arms differ in it."""
