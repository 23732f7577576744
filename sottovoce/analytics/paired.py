"""Two ways of doing the same thing, each tried on the same sessions: the difference, its interval, and what it says.

Under common random numbers a session's noise is in both arms and leaves their difference, so the interval is of the
differences, not of the arms. A mean has Student's interval; a spread and a utility (mean plus a price times the spread)
have the percentile bootstrap over whole sessions, both arms drawn together, within each market. Sessions of several
markets count by market first: a pooled figure is the mean of the markets' figures, so that none speaks for the others
by having more sessions.

A session may bring several outcomes of an arm, a buy and a sell say: they share its draws, so the session stays what is
drawn and counted, its outcomes averaged for a mean and taken together for a spread.

Source: Law, Simulation Modeling and Analysis, ch. 11 (common random numbers); Efron and Tibshirani, An Introduction to
the Bootstrap, ch. 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray

LEVEL = 0.95
DRAWS = 2_000
GAIN, LOSS, NONE = "gain", "loss", "no gain"
DEPENDENT = "model-dependent"

Statistic = Callable[[FloatArray], FloatArray]
"""Of outcomes, shape (draws, n): one figure a draw, shape (draws,)."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What the first arm has over the second, less is better, with its 95 % interval and the number of pairs."""

    value: float
    low: float
    high: float
    n: int

    @property
    def verdict(self) -> str:
        """Gain where the whole interval is below zero, loss where it is above, else no gain."""
        if self.high < 0:
            return GAIN
        return LOSS if self.low > 0 else NONE


def mean_difference(first: Sequence[FloatArray], second: Sequence[FloatArray]) -> Difference:
    """Difference of the means, by Student's t over the pairs' differences.

    Args: first, second: outcomes of each arm, one array a market, session by session in the same order, two sessions or
        more; shape (n,), or (n, k) for k outcomes a session.
    Raises: ModelError `unpaired`.
    """
    from scipy.stats import t

    apart = [_each(one - other) for one, other in _pairs(first, second)]
    errors = [float(each.var(ddof=1)) / each.size for each in apart]
    value = float(np.mean([each.mean() for each in apart]))
    error = sqrt(sum(errors)) / len(apart)
    freedom = sum(errors) ** 2 / sum(e * e / (d.size - 1) for e, d in zip(errors, apart, strict=True)) if error else 1.0
    reach = float(t.ppf(0.5 + LEVEL / 2.0, freedom)) * error
    return Difference(value=value, low=value - reach, high=value + reach, n=sum(len(each) for each in apart))


def clustered_difference(first: FloatArray, second: FloatArray, cluster: IntArray) -> Difference:
    """Difference of the means where pairs of a cluster (a day) are not independent: clusters count, pairs do not.

    Args: first, second: as mean_difference takes one market's; cluster: the number of each session's, shape (n,).
    Raises: ModelError `unpaired` with fewer than two clusters. n of the result counts pairs.
    """
    ((one, other),) = _pairs([first], [second])
    apart = _each(one - other)
    means = [apart[cluster == each].mean() for each in np.unique(cluster)]
    if len(means) < 2:
        raise ModelError("One cluster of sessions has no spread; a comparison needs two.", code="unpaired")
    found = mean_difference([np.array(means)], [np.zeros(len(means))])
    return msgspec.structs.replace(found, n=apart.size)


def spread_difference(first: Sequence[FloatArray], second: Sequence[FloatArray], seed: int = 0) -> Difference:
    """Difference of the standard deviations; arguments as mean_difference takes them. seed: of the bootstrap."""
    return bootstrap_difference(first, second, spread, seed)


def utility_difference(
    first: Sequence[FloatArray], second: Sequence[FloatArray], price: float, seed: int = 0
) -> Difference:
    """Difference of mean + price × standard deviation; price: units of cost a unit of risk is worth, >= 0."""

    def utility(outcomes: FloatArray) -> FloatArray:
        return np.asarray(outcomes.mean(axis=1) + price * spread(outcomes), dtype=np.float64)

    return bootstrap_difference(first, second, utility, seed)


def spread(outcomes: FloatArray) -> FloatArray:
    """Standard deviation of each draw, shape (draws,)."""
    return np.asarray(outcomes.std(axis=1, ddof=1), dtype=np.float64)


def bootstrap_difference(
    first: Sequence[FloatArray], second: Sequence[FloatArray], statistic: Statistic, seed: int
) -> Difference:
    """Difference of a statistic with its percentile interval: pairs are drawn, so both arms see the same sessions.

    Raises: ModelError `unpaired`.
    """
    rng = np.random.default_rng(seed)
    values, draws = [], []
    for one, other in _pairs(first, second):
        drawn = np.vstack([np.arange(len(one)), rng.integers(0, len(one), (DRAWS, len(one)))])
        apart = statistic(one[drawn].reshape(len(drawn), -1)) - statistic(other[drawn].reshape(len(drawn), -1))
        values.append(float(apart[0]))
        draws.append(apart[1:])
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(np.mean(draws, axis=0), [tail, 100.0 - tail])
    return Difference(
        value=float(np.mean(values)), low=float(low), high=float(high), n=sum(len(each) for each in first)
    )


def joint_verdict(verdicts: Sequence[str]) -> str:
    """What several markets say together: what they all say, else that it depends on the market."""
    return verdicts[0] if len(set(verdicts)) == 1 else DEPENDENT


def _each(apart: FloatArray) -> FloatArray:
    """One figure a session."""
    return np.asarray(apart.reshape(len(apart), -1).mean(axis=1), dtype=np.float64)


def _pairs(first: Sequence[FloatArray], second: Sequence[FloatArray]) -> list[tuple[FloatArray, FloatArray]]:
    pairs = list(zip(first, second, strict=False))
    fit = len(first) == len(second) and all(one.shape == other.shape and len(one) > 1 for one, other in pairs)
    if not pairs or not fit:
        raise ModelError("Each session of one arm needs the same session of the other, two or more.", code="unpaired")
    return pairs
