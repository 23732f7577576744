"""T-SIM-1, 2 and 4: the best queues of Cont, Stoikov and Talreja, and the queue-reactive book's long run."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np

from sottovoce.models.queues.book_race import simulated_rises
from sottovoce.models.queues.cont_stoikov_talreja import SKY_PERFECT, execution_before_move, mid_rises
from sottovoce.models.queues.queue_play import play
from sottovoce.models.queues.queue_reactive import Intensities, invariant_law, model_one
from tools.figure_row import Row, near, within

RUNS = 4_000
DEEP = 5
EXECUTIONS = {
    1: (0.503, 0.698, 0.794, 0.848, 0.882),
    3: (0.291, 0.465, 0.578, 0.656, 0.713),
    5: (0.224, 0.369, 0.472, 0.548, 0.607),
}
EVENTS = 1_000_000


def rows() -> Iterator[Row]:
    """What the linear systems give."""
    yield from _mid_rises()
    yield from _executions()


def slow_rows() -> Iterator[Row]:
    """What takes a simulation."""
    yield _simulated()
    yield from _long_run()


def _mid_rises() -> Iterator[Row]:
    one, two = mid_rises(SKY_PERFECT), mid_rises(SKY_PERFECT, 2)
    yield near("T-SIM-1", "largest |p(b,a) + p(a,b) − 1|", float(np.abs(one + one.T - 1.0).max()), 0.0, 1e-6, 9)
    yield near("T-SIM-1", "largest |p(n,n) − ½|", float(np.abs(np.diag(one) - 0.5).max()), 0.0, 1e-6, 9)
    for bid, ask, expected in ((1, 2, 0.404), (1, 5, 0.367), (5, 1, 0.633)):
        yield near("T-SIM-1", f"S = 2, p(b={bid}, a={ask})", float(two[bid - 1, ask - 1]), expected, 0.002)


def _simulated() -> Row:
    """The book event by event against the law."""
    one, worst = mid_rises(SKY_PERFECT), 0.0
    for bid in range(1, DEEP + 1):
        for ask in range(1, DEEP + 1):
            law = float(one[bid - 1, ask - 1])
            rises = simulated_rises(SKY_PERFECT, bid, ask, 1, RUNS, 100 * bid + ask)
            worst = max(worst, abs(rises / RUNS - law) / sqrt(law * (1 - law) / RUNS))
    what = f"simulated book against the law at S = 1, b, a ≤ {DEEP}, {RUNS:,} runs each: worst, standard errors"
    return within("T-SIM-1", what, worst, None, 3.0, 2)


def _executions() -> Iterator[Row]:
    law = execution_before_move(SKY_PERFECT)
    for bid, expected in EXECUTIONS.items():
        for ask, figure in enumerate(expected, 1):
            yield near(
                "T-SIM-2", f"executed first, place {bid}, a = {ask}", float(law[bid - 1, ask - 1]), figure, 0.002
            )


def _model() -> Intensities:
    """Three levels whose intensities depend on their own queue: arrivals fade with its size, cancels grow."""
    sizes = np.arange(25.0)
    limit = np.array([1.6 * np.exp(-sizes / 12), 1.4 * np.exp(-sizes / 15), 1.2 * np.exp(-sizes / 18)])
    cancel = np.outer([0.10, 0.09, 0.08], sizes)
    market = np.outer([0.6, 0.15, 0.03], sizes > 0)
    return model_one(limit, cancel, market)


def _long_run() -> Iterator[Row]:
    model = _model()
    still = play(model, EVENTS, 1, 0.0, 0.0)
    levels = model.limit.shape[0]
    worst = 0.0
    for level in range(levels):
        time = still.time_at[level] + still.time_at[levels + level]
        worst = max(worst, 0.5 * float(np.abs(time / time.sum() - invariant_law(model, level)).sum()))
    what = f"occupancy after {EVENTS:,} events against the invariant law: worst total variation"
    yield within("T-SIM-4", what, worst, None, 0.02, 4)
    moves = float(np.abs(still.move).sum())
    yield near("T-SIM-4", "moves of the reference price with θ = 0", moves, 0.0, 0.0, 0)
    ratios = [play(model, EVENTS // 2, 2, 0.7, again).mean_reversion for again in (0.25, 0.85, 1.0)]
    for again, ratio in zip((0.25, 0.85), ratios, strict=False):
        yield within("T-SIM-4", f"mean-reversion ratio ζ at θ_reinit = {again:g}", ratio, None, 0.5)
    yield within("T-SIM-4", "ζ at θ_reinit = 0.85 less at 0.25", ratios[1] - ratios[0], 0.0, None)
    yield near("T-SIM-4", "ζ at θ_reinit = 1", ratios[2], 0.5, 0.02)
