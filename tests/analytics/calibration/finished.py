"""Finished parents for the tests of calibration: of a known law, with every figure known."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from sottovoce.analytics.calibration.parents import FinishedParent
from tools.calibration_samples import Shape, almgren_sample

SIGMA, ARRIVAL, ADV = 0.02, 50.0, 1e6


def one(**changes: object) -> FinishedParent:
    """An order that may be fitted to either form."""
    plain = FinishedParent(
        parent_id="P1", symbol="AAA", date="2026-03-02", side=1, quantity=20_000.0, arrival_px=ARRIVAL, average_px=50.1,
        adv=ADV, sigma_daily=SIGMA, duration_days=0.1, post_days=0.18, post_px=50.2, shares_outstanding=2e8,
        strategy="POV",
    )  # fmt: skip
    return replace(plain, **changes)


def many(n: int = 400, days: int = 80, seed: int = 1) -> list[FinishedParent]:
    """Orders of the Almgren form with the published figures, ten names, buys and sells."""
    rng = np.random.default_rng(seed)
    orders, cluster = almgren_sample(Shape(name="test", n=n, days=days), rng)
    found = []
    for at in range(n):
        side = 1 if rng.random() < 0.5 else -1
        day = int(cluster[at])
        found.append(
            one(
                parent_id=f"P{at:04}", symbol=f"N{day % 10}", date=f"2026-03-{1 + day // 10:02}", side=side,
                quantity=float(orders.size[at]) * ADV,
                average_px=ARRIVAL * (1 + side * SIGMA * float(orders.cost[at])),
                post_px=ARRIVAL * (1 + side * SIGMA * float(orders.permanent[at])),
                duration_days=float(orders.duration[at]), post_days=float(orders.post[at]),
                shares_outstanding=float(orders.turnover[at]) * ADV, day_part=float(rng.random()),
            )
        )  # fmt: skip
    return found
