"""Finished tasks without a market: outcomes whose differences and intervals are known."""

from __future__ import annotations

import numpy as np

from sottovoce.core.enums import Side
from tools.execution_bench.arms import COMPARED, SIZES, TRAINED, arms_at
from tools.execution_bench.history import DayVolume
from tools.execution_bench.learned import Learned
from tools.execution_bench.playing import Played
from tools.execution_bench.sessions import meeting_of
from tools.execution_bench.tasks import Done, Task, trained

RISK = {"twap": 50.0, "vwap": 45.0, "vwap_dynamic": 44.0, "is_medium": 35.0, "is_again": 35.0, "is_high": 25.0}
COST = {"twap": 6.0, "vwap": 5.0, "vwap_dynamic": 5.0, "is_medium": 6.0, "is_again": 6.0, "is_high": 9.0}
TRACKING = {"twap": 6.0, "vwap": 4.0, "vwap_dynamic": 3.0, "is_medium": 5.0, "is_again": 5.0, "is_high": 12.0}
SCALE = 60.0


def synthetic(task: Task, learned: Learned) -> Done:
    """A task done at once: the price moves as the seed says, and each arm bears its own part of it."""
    if task.stage == "history":
        return Done(key=task.key, volume=DayVolume(bins=(1.0,) * 26, opening=1.0, closing=2.0))
    if task.stage in TRAINED:
        size, arm = trained(task)
        return Done(key=task.key, orders=(_order(task, size.name, arm.name, 1, learned),))
    orders = [
        _order(task, size.name, arm.name, side, learned)
        for size in SIZES
        for arm in arms_at(size)
        for side in ((1, -1) if size == COMPARED else (1,))
    ]
    return Done(key=task.key, orders=tuple(orders))


def _order(task: Task, size: str, arm: str, side: int, learned: Learned) -> Played:
    rng = np.random.default_rng([task.number, len(task.generator)])
    moved, own = rng.standard_normal(2)
    cost = float(COST[arm] + RISK[arm] * side * moved + 0.5 * own)
    low, high = learned.quantiles.ends(5.0, SCALE)
    return Played(
        market=task.generator, seed=task.number, symbol=meeting_of("agents", task.number).symbol,
        side=(Side.BUY if side > 0 else Side.SELL).value, size=size, arm=arm, asked=1_000, filled=1_000,
        shortfall_bps=cost, cost_bps=cost, slippage_bps=cost, tracking_bps=float(TRACKING[arm] * abs(own)),
        participation=0.04, expected_bps=5.0, low_bps=low, high_bps=high, timing_risk_bps=SCALE, model_version="test",
        duration=0.2, post=0.25, permanent_bps=float(20.0 * moved), held=False, plans=0,
    )  # fmt: skip
