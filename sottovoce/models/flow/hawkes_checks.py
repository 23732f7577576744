"""Whether events come from a Hawkes process: time-rescaled residuals, and how over-dispersed counts are.

Under the true model the compensator, the integral of the intensity, grows by independent exponentials of mean 1 from
one event of a type to the next.

Source: Ogata 1988 for the residuals; Fano factor 1/(1 - n)^2 for long windows; T-SIM-5.
"""

from __future__ import annotations

import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.compiling import Family
from sottovoce.models.flow.hawkes import Events, Hawkes


def residuals(model: Hawkes, events: Events, kind: int, *, compile_: bool = True) -> FloatArray:
    """Compensator of a type between its successive events, shape (events of the type,), Exp(1) under the model."""
    ready = COMPENSATOR.compiled() if compile_ else None
    run = compensate if ready is None else ready["compensate"]
    found = np.empty(int((events.kinds == kind).sum()))
    run(float(model.mu[kind]), model.alpha[kind], model.beta, events.times_s, events.kinds, kind, found)
    return found


def compensate(
    mu: float, alpha: FloatArray, beta: float, times: FloatArray, kinds: IntArray, kind: int, found: FloatArray
) -> None:
    """Fill found with the growth of one type's compensator from event to event of the type."""
    excited = grown = last = 0.0
    count = 0
    for at in range(len(times)):
        fade = np.exp(-beta * (times[at] - last))
        grown += mu * (times[at] - last) + excited * (1.0 - fade) / beta
        excited = excited * fade + alpha[kinds[at]]
        last = times[at]
        if kinds[at] == kind:
            found[count] = grown
            grown = 0.0
            count += 1


COMPENSATOR = Family(compensate, allocates=True)


def fano(times_s: FloatArray, horizon_s: float, window_s: float) -> float:
    """Variance over mean of counts in successive windows; a part of a window at the end is dropped."""
    windows = int(horizon_s // window_s)
    counts = np.histogram(times_s, bins=windows, range=(0.0, windows * window_s))[0]
    return float(counts.var(ddof=1) / counts.mean())


def fano_expected(ratio: float, beta: float, window_s: float) -> float:
    """The same in law for one type of branching ratio `ratio`, stationary: 1/(1-n)^2 for long windows.

    From Hawkes's covariance density: F(w) = 1/(1-n)^2 - (1/(1-n)^2 - 1) (1 - exp(-k w)) / (k w), k = beta (1 - n).
    """
    long, rate = 1.0 / (1.0 - ratio) ** 2, beta * (1.0 - ratio) * window_s
    return long - (long - 1.0) * (1.0 - float(np.exp(-rate))) / rate
