"""The latent order book: what value investors would trade, and at which distance from the fundamental.

Interest is held in cells around the fundamental price, at a density that grows linearly with the distance
from it plus a floor. Net market flow consumes the nearest interest; the price is the edge between latent bids
and asks. Interest that has traded stands on the other side of the same price: who sold at a price buys back
below it. A quantity q thus moves the price to where the linear density has supplied q: about sqrt(2 q /
density). Nothing adds an impact to a price: without the flow the edge does not move.

Source of the picture: Toth et al. 2011, Phys. Rev. X 1 021006; Donier, Bonart, Mastromatteo and Bouchaud
2015.
"""

from __future__ import annotations

from math import sqrt

CELLS_PER_SIGMA = 100
REACH_SIGMA = 4


REFORMING = ((0.35, 60.0), (0.25, 8.0))
"""Parts of what is consumed that come back by themselves, and how fast, per day of volume: 0.35 within a
sixtieth of a day, a quarter within an eighth. The rest waits for value investors."""


SLOPE = 0.65
"""Latent density per sigma from the fundamental, ADV per sigma^2: a flow q moves the price about
sqrt(2q/slope)."""

FLOOR = 2.0
"""Latent density at the fundamental is this over the root of the number of trades a day, ADV per sigma."""


def latent_floor(trades: int) -> float:
    """Density at the fundamental of a name with so many trades a day."""
    return FLOOR / sqrt(trades)


class LatentBook:
    """Latent interest in cells of 1/CELLS_PER_SIGMA of a daily volatility; quantities in days of volume (ADV
    = 1)."""

    __slots__ = ("_asks", "_bids", "_cell", "_quick", "_slower", "offset")

    def __init__(self, slope: float, floor: float) -> None:
        """slope: density per sigma of distance; floor: density at the fundamental. Both in ADV per sigma."""
        width, cells = 1.0 / CELLS_PER_SIGMA, REACH_SIGMA * CELLS_PER_SIGMA
        depth = [(floor + slope * width * (cell + 0.5)) * width for cell in range(cells)]
        self._asks = [0.0] * cells + depth
        self._bids = [*reversed(depth)] + [0.0] * cells
        self._cell = cells
        self._quick = self._slower = 0.0
        self.offset = 0.0
        """Distance of the price from the fundamental, in daily volatilities."""

    def absorb(self, qty: float) -> float:
        """Take a net market flow (positive: bought, in days of volume); returns the new offset."""
        (quick, _), (slower, _) = REFORMING
        self._quick += quick * qty
        self._slower += slower * qty
        return self._move(qty)

    def reform(self, share: float) -> float:
        """Let consumed interest come back for a share of a day's volume; returns the new offset."""
        (_, quick), (_, slower) = REFORMING
        first, second = self._quick * quick * share, self._slower * slower * share
        self._quick -= first
        self._slower -= second
        return self._move(-first - second)

    def _move(self, qty: float) -> float:
        if qty > 0.0:
            self._consume(self._asks, self._bids, qty, 1)
        elif qty < 0.0:
            self._consume(self._bids, self._asks, -qty, -1)
        cell = self._cell
        bid, ask = self._bids[cell], self._asks[cell]
        self.offset = (cell + bid / (bid + ask)) / CELLS_PER_SIGMA - REACH_SIGMA
        return self.offset

    def _consume(self, taken: list[float], turned: list[float], qty: float, step: int) -> None:
        cell, last = self._cell, (len(taken) - 1 if step > 0 else 0)
        while qty >= taken[cell] and cell != last:
            qty -= taken[cell]
            turned[cell] += taken[cell]
            taken[cell] = 0.0
            cell += step
        done = min(qty, taken[cell])
        taken[cell] -= done
        turned[cell] += done
        self._cell = cell


def latent_book(trades: int) -> LatentBook:
    """The latent book of a name with so many trades a day."""
    return LatentBook(SLOPE, latent_floor(trades))
