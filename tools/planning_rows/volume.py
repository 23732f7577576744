"""T-SCH-11 to 16: schedules that follow the market's volume, forecasts of it, and the target close."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.analytics.forecasts.intraday import evaluated
from sottovoce.models.intraday_volume import simulated
from tools.figure_row import Row, near, within
from tools.forecast_study.study import DAYS, GENERATOR, SEED, TRAIN_DAYS
from tools.planning_rows.asking import ask

WEIGHTS = (0.300000, 0.200000, 0.208333, 0.291667)
UPDATE = "schedule volume-update --prior-shares 1e6 --implied-shares 1.5e6 --bins 5"
CLOSE = "schedule target-close --quantity 1e6 --horizon-days 5 --periods 5 --kappa-per-day 0.60707616"


def rows() -> Iterator[Row]:
    """Closed forms."""
    konishi = ask("schedule vwap-static --day 0.60:4 --day 0.45:1")
    yield near("T-SCH-11", "two days, weighed by variance", konishi["part"][0], 0.570, 1e-12)
    yield near("T-SCH-11", "their plain mean", konishi["plain_mean"][0], 0.525, 1e-12)
    found = ask("schedule vwap-weights --forecast 30,20,20,30 --forecast 24,24,36 --forecast 25,35")["weight"]
    for number, (got, expected) in enumerate(zip(found, WEIGHTS, strict=True), 1):
        yield near("T-SCH-12", f"weight of bin {number}", got, expected, 5e-7, 6)
    early = ask(f"{UPDATE} --prior-bins 10")["volume_shares"]
    yield near("T-SCH-13", "prior worth ten bins", early, 1_144_714, 1, 1)
    late = ask(f"{UPDATE} --bin-variance 0.09 --prior-variance 0.04")["volume_shares"]
    yield near("T-SCH-13", "weighed by variances", late, 1_322_642, 1, 1)
    for rate, child in ((0.05, 52.63), (0.1, 111.11), (0.2, 250.00)):
        got = ask(f"schedule pov --others-volume 1000 --rate {rate} --quantity 100000")["child_shares"][0]
        yield near("T-SCH-15", f"child at {rate:.0%} while others trade 1,000", got, child, 0.005, 2)
    done = ask(CLOSE)["executed"]
    for day, expected in enumerate((62_141.80, 147_897.49, 289_854.22, 541_955.55), 1):
        yield near("T-SCH-16", f"executed by day {day}", done[day], expected, 0.01, 2)


def slow_rows() -> Iterator[Row]:
    """T-SCH-14: the state space against the rolling mean on its own data, and every model on constant shares."""
    for each in evaluated(simulated(GENERATOR, DAYS, SEED), TRAIN_DAYS):
        if each.model == "Kalman":
            what = f"{each.kind}: MAPE {each.mape:.3f} less the rolling mean's, over {each.days} days"
            yield within("T-SCH-14", what, each.difference, None, 0.0)
            yield within("T-SCH-14", f"{each.kind}: p of the paired difference", each.p, None, 0.01, 6)
    constant = np.tile(np.exp(GENERATOR.shape), (DAYS, 1))
    worst = max(each.mape for each in evaluated(constant, TRAIN_DAYS))
    yield within("T-SCH-14", "constant shares: the worst model's MAPE", worst, None, 0.01, 6)
