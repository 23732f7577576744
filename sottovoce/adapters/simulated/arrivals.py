"""When orders arrive: market orders, limit orders and cancels that excite each other, on top of the session's pace.

Immigrants of each kind follow the pace; each has children of every kind, which have children in turn, so that
activity comes in bursts of seconds within the minutes and hours of the pace.

Source: the Hawkes process of models/flow/hawkes.py; branching ratios intraday are 0.7 to 0.95 in studies of one
kernel for all horizons (Filimonov and Sornette 2012; Hardiman, Bercot and Bouchaud 2013). Here slower clustering is the
pace's, and the kernel's ratio is below that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sottovoce.adapters.simulated.pace import Pace
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.flow.hawkes import Hawkes, descend

KINDS = 3
DECAY_PER_S = 0.5
CHILDREN = np.array([[0.50, 0.05, 0.05], [0.25, 0.30, 0.20], [0.10, 0.15, 0.30]])
"""Mean children of a kind (row: market, limit, cancel) of an event of a kind (column)."""


class Arrivals(NamedTuple):
    """Times of each kind in a session, ns UTC, ascending."""

    market: IntArray
    limit: IntArray
    cancel: IntArray


def arrivals(rng: np.random.Generator, pace: Pace, expected: FloatArray) -> Arrivals:
    """Draw a session's arrivals; expected: events of each kind on an average day, shape (3,)."""
    span_s = float(pace.edges_ns[-1] - pace.edges_ns[0]) / 1e9
    first = np.maximum(expected - CHILDREN @ expected, 0.0) * pace.trading[-1]
    immigrants = [pace.trading_times(rng.random(int(rng.poisson(count)))) for count in first]
    process = Hawkes(mu=np.zeros(KINDS), alpha=CHILDREN * DECAY_PER_S, beta=DECAY_PER_S)
    events = descend(process, immigrants, span_s, rng)
    times: IntArray = pace.edges_ns[0] + (events.times_s * 1e9).astype(np.int64)
    return Arrivals(*(times[events.kinds == kind] for kind in range(KINDS)))


def paced(rng: np.random.Generator, pace: Pace, count: int) -> IntArray:
    """Ascending times of about count events on an average day that follow the pace alone."""
    since = pace.trading_times(np.sort(rng.random(int(rng.poisson(count * pace.trading[-1])))))
    times: IntArray = pace.edges_ns[0] + (since * 1e9).astype(np.int64)
    return times
