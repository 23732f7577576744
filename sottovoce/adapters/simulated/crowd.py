"""Traders who choose their side when they trade: noise, value and momentum.

Noise traders toss a coin, a little bent against what they hold, since they go home flat. Value traders buy below the
fundamental and sell above it, more surely the further away. Momentum traders follow the last minutes. Their coins
are drawn beforehand; how they bend is a matter of the market they find.
"""

from __future__ import annotations

from sottovoce.adapters.simulated.streams import MOMENTUM, VALUE

VALUE_TILT = 2.0
"""A value trader's buying is this much less likely at one sigma above value, growing with the square of the distance,
because the density of those who would act grows linearly with it."""

FLAT_TILT = 12.0
"""A noise trader's buying is this much less likely for each ADV the crowd has bought on balance."""

MOMENTUM_TILT = 3.0
"""A momentum trader's buying is this much more likely for each sigma the price stands above its recent average."""

MOMENTUM_LOOKS = 30.0
"""The average forgets all but 1/e in so many looks, ten seconds apart."""

TILT_MAX = 0.5


class Crowd:
    """The crowd of one name and session; quantities in days of volume, prices in daily volatilities."""

    def __init__(self) -> None:
        self._held = 0.0
        self._average = 0.0
        self._trend = 0.0

    def look(self, price: float) -> None:
        """See the price, every ten seconds."""
        self._average += (price - self._average) / MOMENTUM_LOOKS
        self._trend = price - self._average

    def buys(self, owner: int, chance: float, offset: float, qty: float) -> bool:
        """Whether the owner of an order buys; offset: price less fundamental."""
        if owner == VALUE:
            tilt = -VALUE_TILT * offset * abs(offset)
        elif owner == MOMENTUM:
            tilt = MOMENTUM_TILT * self._trend
        else:
            tilt = -FLAT_TILT * self._held
        buy = chance < 0.5 + min(TILT_MAX, max(-TILT_MAX, tilt))
        self._held += qty if buy else -qty
        return buy
