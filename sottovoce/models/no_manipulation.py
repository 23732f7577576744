"""The guard against models that pay for trading in circles (T-IMP-10).

A model of impact under which some round trip is expected to earn money will be found by an optimiser and sent to the
market. So every fitted pair of rate impact and kernel is searched for one before it may plan: two and four legs, rates
and durations on logarithmic grids, costs by exact integration. Source: Huberman and Stanzl, Econometrica 72 (2004);
Gatheral, Quant. Finance 10 (2010); Curato, Gatheral and Lillo 2014.
"""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive
from sottovoce.models.impact_transient import Kernel, RateImpact, interaction

TOLERANCE = 1e-9
"""Of what the same legs would cost if all were purchases: a loss smaller than this is rounding."""

RATIOS = tuple(float(each) for each in np.geomspace(1e-8, 1e8, 33))
DURATIONS = tuple(float(each) for each in np.geomspace(1 / 64, 1, 13))


Legs = tuple[tuple[float, ...], tuple[float, ...]]
"""Durations in days, and rates."""


class RoundTrip(msgspec.Struct, frozen=True, kw_only=True):
    """A way to end where one began. durations: days; rates: shares a day, positive buys; cost: negative earns."""

    durations: tuple[float, ...]
    rates: tuple[float, ...]
    cost: float

    def sentence(self) -> str:
        """The trip in words."""
        legs = ", then ".join(
            f"{'buy' if rate > 0 else 'sell'} {abs(rate):.4g} a day for {days:.4g} days"
            for days, rate in zip(self.durations, self.rates, strict=True)
        )
        return f"{legs}: expected cost {self.cost:.4g}"


def cheapest_round_trip(
    kernel: Kernel, impact: RateImpact, *, scale_rate: float = 1.0, half_spread: float = 0.0
) -> RoundTrip:
    """The round trip of least expected cost on the grid.

    Args:
        scale_rate: shares a day around which rates are tried, > 0.
        half_spread: price paid for every share on top, >= 0: what may offset a manipulation.
    """
    positive("Scale of rates", scale_rate)
    not_negative("Half spread", half_spread)
    best: RoundTrip | None = None
    for durations, rates in round_trips():
        scaled = np.asarray(rates) * scale_rate
        cost = _cost(kernel, impact, np.asarray(durations), scaled, half_spread)
        if best is None or cost < best.cost:
            best = RoundTrip(durations=durations, rates=tuple(scaled.tolist()), cost=cost)
    assert best is not None
    return best


def refuse_manipulation(
    kernel: Kernel, impact: RateImpact, *, scale_rate: float = 1.0, half_spread: float = 0.0
) -> RoundTrip:
    """The cheapest round trip of a model that may be used. Raises ModelError `price_manipulation` naming the trip."""
    trip = cheapest_round_trip(kernel, impact, scale_rate=scale_rate, half_spread=half_spread)
    if trip.cost < -_rounding(kernel, impact, trip):
        raise ModelError(
            f"The model would pay for a round trip: {trip.sentence()}. It must not plan orders; fit a kernel that fades"
            " more slowly for so concave an impact, or add the spread.",
            code="price_manipulation",
        )
    return trip


def smallest_eigenvalue(kernel: Kernel, edges: FloatArray) -> float:
    """Of the symmetric part of the cost matrix under linear impact: not negative if no round trip earns (T-IMP-11)."""
    matrix = interaction(kernel, edges)
    return float(np.linalg.eigvalsh((matrix + matrix.T) / 2.0)[0])


def round_trips() -> tuple[Legs, ...]:
    """Every trip that is tried, each ending where it began; durations in days, the rates up to a scale."""
    return (*_two_legs(), *_four_legs())


def _two_legs() -> list[Legs]:
    """Buy for a day's part, sell it again faster or slower."""
    return [((ratio, 1.0), (1.0 / ratio, -1.0)) for ratio in RATIOS]


def _four_legs() -> list[Legs]:
    """Bursts and slow legs in both orders, each trip returning to nothing."""
    trips: list[Legs] = []
    for burst, slow in product(DURATIONS, DURATIONS):
        for part in (0.25, 0.5, 0.75):
            rates = (part / slow, (1 - part) / burst, -(1 - part) / burst, -part / slow)
            trips.append(((slow, burst, burst, slow), rates))
            rates = (part / slow, (1 - part) / burst, -part / slow, -(1 - part) / burst)
            trips.append(((slow, burst, slow, burst), rates))
    return trips


def _cost(kernel: Kernel, impact: RateImpact, durations: FloatArray, rates: FloatArray, half_spread: float) -> float:
    edges = np.concatenate(([0.0], np.cumsum(durations)))
    cost = float(rates @ interaction(kernel, edges) @ impact(rates))
    return cost + half_spread * float(np.abs(rates) @ durations)


def _rounding(kernel: Kernel, impact: RateImpact, trip: RoundTrip) -> float:
    """What a cost of nothing may come out as: a part of what the legs would cost as purchases, and lost digits."""
    durations, rates = np.asarray(trip.durations), np.abs(np.asarray(trip.rates))
    whole = float(kernel.twice_integrated(np.array([float(durations.sum())]))[0])
    digits = 8.0 * float(np.finfo(np.float64).eps) * whole * float(rates.sum()) * float(np.abs(impact(rates)).sum())
    return TOLERANCE * abs(_cost(kernel, impact, durations, rates, 0.0)) + digits
