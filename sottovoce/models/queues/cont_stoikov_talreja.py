"""Best queues as birth–death chains: which empties first, and whether an order trades before it.

Orders are of unit size. At distance i from the opposite best price limit orders arrive at rate λ(i), each resting
one is canceled at rate θ(i), and market orders come at rate μ on each side, all independent and exponential. At spread
S the best queues are then two chains with births λ(S) and deaths μ + nθ(S), and within a wider spread an arrival moves
the mid at once; else it moves when one of the queues empties.

Source: Cont, Stoikov and Talreja 2010, "A stochastic model for order book dynamics", Operations Research 58(3) 549–563.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

Chain = tuple[FloatArray, FloatArray]
"""Birth and death rates by length, from 1."""

SIZE = 60
"""The chains are cut at this many orders: at the published rates they are hardly ever a third as long."""


class BookRates(msgspec.Struct, frozen=True, kw_only=True):
    """Rates by distance from the opposite best, in ticks from 1: limit λ(i), cancel θ(i) an order; market μ a side.

    Beyond the listed distances λ(i) = tail · i^−tail_power and θ is its last value.
    """

    limit: tuple[float, ...]
    cancel: tuple[float, ...]
    market: float
    tail: float
    tail_power: float

    def limit_at(self, distance: int) -> float:
        """Arrivals of limit orders at a distance, a side."""
        if distance <= len(self.limit):
            return self.limit[distance - 1]
        return float(self.tail * distance**-self.tail_power)

    def cancel_at(self, distance: int) -> float:
        """Cancellation rate of one order at a distance."""
        return self.cancel[min(distance, len(self.cancel)) - 1]


SKY_PERFECT = BookRates(
    limit=(1.85, 1.51, 1.09, 0.88, 0.77),
    cancel=(0.71, 0.81, 0.68, 0.56, 0.47),
    market=0.94,
    tail=1.92,
    tail_power=0.52,
)
"""The paper's estimates for Sky Perfect Communications, Tokyo; orders in units of the mean size."""


def mid_rises(rates: BookRates, spread: int = 1, size: int = SIZE) -> FloatArray:
    """P(the next move of the mid is up | b orders at the bid, a at the ask), shape (size, size), [b − 1, a − 1].

    Args:
        spread: ask less bid in ticks, ≥ 1.
        size: where the chains are cut.
    Raises: ModelError, spread_not_positive.
    """
    if spread < 1:
        raise ModelError(f"A spread of {spread} ticks is not one; it is 1 or more.", code="spread_not_positive")
    inside = sum(rates.limit_at(distance) for distance in range(1, spread))
    queue = _best_queue(rates, spread, size)
    return _race(queue, queue, bid_gone=0.0, ask_gone=1.0, leak=2.0 * inside, leak_value=inside)


def execution_before_move(rates: BookRates, spread: int = 1, size: int = SIZE) -> FloatArray:
    """P(our order at place b of the bid trades before the ask empties | a orders there), shape (size, size).

    The b − 1 orders ahead may be canceled, ours is not; an ask inside a wide spread ends the wait. [b − 1, a − 1].
    """
    inside = sum(rates.limit_at(distance) for distance in range(1, spread))
    ahead = rates.market + np.arange(size, dtype=np.float64) * rates.cancel_at(spread)
    ask = _best_queue(rates, spread, size)
    return _race((np.zeros(size), ahead), ask, bid_gone=1.0, ask_gone=0.0, leak=inside, leak_value=0.0)


def _best_queue(rates: BookRates, spread: int, size: int) -> Chain:
    birth: FloatArray = np.full(size, rates.limit_at(spread))
    death = rates.market + np.arange(1, size + 1, dtype=np.float64) * rates.cancel_at(spread)
    return birth, death


def _race(
    bid: Chain,
    ask: Chain,
    *,
    bid_gone: float,
    ask_gone: float,
    leak: float,
    leak_value: float,
) -> FloatArray:
    """Expected value at the end of a race of two (birth, death) chains, from every pair of lengths.

    bid_gone and ask_gone are the values when a chain reaches 0 first; at rate leak the race ends otherwise, worth
    leak_value / leak. Solves (total rate) p − Σ rate · p(neighbour) = Σ rate · value(end).
    """
    from scipy.sparse import diags_array, eye_array, kron
    from scipy.sparse.linalg import spsolve

    size = len(bid[0])
    matrices, ends = [], np.full((size, size), float(leak_value))
    for (birth, death), gone, target in ((bid, bid_gone, ends), (ask, ask_gone, ends.T)):
        up = np.append(birth[:-1], 0.0)
        matrices.append(diags_array([up + death, -up[:-1], -death[1:]], offsets=[0, 1, -1]))
        target[0] += death[0] * gone
    one = eye_array(size)
    both = kron(matrices[0], one) + kron(one, matrices[1]) + leak * eye_array(size * size)
    solved: FloatArray = np.asarray(spsolve(both.tocsc(), ends.ravel())).reshape(size, size)
    return solved
