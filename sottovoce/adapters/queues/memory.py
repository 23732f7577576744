"""What providers make of order flow: how far a surprise moves them, how it fades, and what they expect next.

Units: moves in daily volatilities, flow in days of volume, times in days of volume (memory) and in market orders
(expectation). The memory is a sum of exponentials close to a power law of exponent MEMORY_POWER between its shortest
and longest time. The expectation is the best linear forecast of the next sign from fading averages of past ones, for
signs with the persistence of `flow.parent_signs`, believed in part: what was foreseen moves nobody, so a persistent
buyer pays less and less for each further share, and once he stops the price comes back part of the way.
"""

from __future__ import annotations

import math

from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.places import EXPECTATIONS, MEMORIES

MEMORY_DAYS = (1 / 200, 1 / 40, 1 / 8, 0.7, 4.0)
MEMORY_POWER = 0.36
IMPACT = 2.3

EXPECTED_ORDERS = (3.0, 20.0, 150.0, 1000.0)
FORECAST = (0.020, 0.513, 0.197, 0.147)
"""Weights of the averages over about so many orders: normal equations on the autocorrelation for ten parents, α 1.5."""

BELIEF = 0.6
"""Part of the forecast providers act on."""


def memory_rates(profile: Profile) -> tuple[float, ...]:
    """The kernel's constants: decay and weight of each memory, then fading and trust of each expectation."""
    decay = [math.exp(-1.0 / (days * profile.trades)) for days in MEMORY_DAYS]
    weight = [IMPACT * days**-MEMORY_POWER * profile.mean_qty / profile.adv for days in MEMORY_DAYS]
    forget = [math.exp(-1.0 / orders) for orders in EXPECTED_ORDERS]
    trust = [BELIEF * part for part in FORECAST]
    assert (len(decay), len(forget)) == (MEMORIES, EXPECTATIONS), "places and memory disagree"
    return (*decay, *weight, *forget, *trust)
