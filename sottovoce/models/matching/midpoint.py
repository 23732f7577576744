"""The price midpoint venues trade at, and when there is none.

A mid needs a bid below an ask. Locked (equal), crossed, one-sided and excessively wide markets have none, and
nothing trades at the mid until there is one. Prices are integers in a unit far finer than the tick, so half a tick
is a whole number of units; where it is not, the mid is rounded down, as everywhere in the system.
"""

from __future__ import annotations

import msgspec

from sottovoce.models.matching.port import Touch

PPM = 1_000_000

NOTHING_SHOWN = Touch(0, 0, 0, 0)
"""What a venue that displays nothing shows."""


class SpreadGuard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A spread wider than both figures is no price: units, and parts per million of the offer. 0, 0 is no guard."""

    units: int = 0
    ppm_of_ask: int = 0

    def too_wide(self, touch: Touch) -> bool:
        """Whether the touch is refused."""
        spread = touch.ask - touch.bid
        return self.ppm_of_ask > 0 and spread > self.units and spread * PPM > self.ppm_of_ask * touch.ask


NO_GUARD = SpreadGuard()


def usable_mid(touch: Touch | None, guard: SpreadGuard = NO_GUARD) -> int | None:
    """The mid of the consolidated touch in price units, None where there is no price to trade at."""
    if touch is None or touch.bid <= 0 or touch.ask <= touch.bid or guard.too_wide(touch):
        return None
    return (touch.bid + touch.ask) // 2
