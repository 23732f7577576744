"""The Cont–Stoikov–Talreja book event by event: every price a queue, run until the mid moves.

It is the simulation the linear systems of `cont_stoikov_talreja` are checked against, and knows nothing of them: the
whole book lives, orders arrive at every distance, and the mid is read off the best prices after each event.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.compiling import Family
from sottovoce.models.queues.cont_stoikov_talreja import BookRates

REACH = 12
"""Distances from the opposite best at which orders arrive."""

WIDTH = 64
DRAWS_PER_RACE = 400


def simulated_rises(rates: BookRates, bid: int, ask: int, spread: int, runs: int, seed: int) -> int:
    """How many of `runs` books with these best queues see the mid rise first; an estimate of `mid_rises`.

    Raises: ModelError, race_unfinished, when the races take more events than any plausible rates need.
    """
    limit = np.array([rates.limit_at(distance) for distance in range(1, REACH + 1)])
    cancel = np.array([rates.cancel_at(distance) for distance in range(1, REACH + 1)])
    draws = np.random.default_rng(seed).random(DRAWS_PER_RACE * runs + 1000)
    ready = RACE.compiled()
    run = run_races if ready is None else ready["run_races"]
    rises, finished = run(bid, ask, spread, runs, limit, cancel, rates.market, draws)
    if finished < runs:
        raise ModelError(
            f"Only {finished} of {runs} races of two queues ended within {len(draws)} events; check the rates.",
            code="race_unfinished",
        )
    return int(rises)


def run_races(
    bid: int, ask: int, spread: int, runs: int, limit: FloatArray, cancel: FloatArray, market: float, draws: FloatArray
) -> tuple[int, int]:
    """Mids that rose, and races that ended before the draws were used up. One draw an event."""
    depth = np.zeros(WIDTH, dtype=np.int64)
    rises = used = 0
    for race in range(runs):
        low = WIDTH // 2
        high = low + spread
        depth[:] = 0
        depth[: low + 1] = -1
        depth[high:] = 1
        depth[low], depth[high] = -bid, ask
        start = low + high
        while low + high == start:
            if used == len(draws):
                return rises, race
            play_event(depth, low, high, limit, cancel, market, draws[used])
            used += 1
            low, high = best_prices(depth, start // 2)
        rises += low + high > start
    return rises, runs


def play_event(
    depth: IntArray, low: int, high: int, limit: FloatArray, cancel: FloatArray, market: float, draw: float
) -> None:
    """One event, chosen by a uniform draw in proportion to its rate. Bids are negative depth, asks positive."""
    total = 2.0 * market
    for near in range(len(limit)):
        total += 2.0 * limit[near] + cancel[near] * (depth[low + near + 1] - depth[high - near - 1])
    left = draw * total
    for side in (-1, 1):
        best, against = (low, high) if side < 0 else (high, low)
        left -= market
        if left < 0.0:
            depth[best] -= side
            return
        for near in range(len(limit)):
            price = against + side * (near + 1)
            left -= limit[near]
            if left < 0.0:
                depth[price] += side
                return
            resting = max(0, side * depth[price])
            left -= cancel[near] * resting
            if left < 0.0:
                depth[price] -= side
                return


def best_prices(depth: IntArray, middle: int) -> tuple[int, int]:
    """Best bid and ask around a price the two sides were around before."""
    low = middle + REACH
    while depth[low] >= 0:
        low -= 1
    high = low + 1
    while depth[high] <= 0:
        high += 1
    return low, high


RACE = Family(play_event, best_prices, run_races, allocates=True)
