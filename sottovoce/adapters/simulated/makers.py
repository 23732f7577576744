"""Market makers: what they make of the flow they see, and how far apart they quote.

They trade against everybody, and know that orders come in strings: what they expect of the next order from those
before it, they offer in advance, so only the surprise is left for the latent book to meet. Whoever splits an order is
thus found out in part, as by every market. What they have bought and not yet passed on moves their quotes down a
little, and they quote wider when the price they see has moved more than usual.

Source: Lillo and Farmer 2004 and Bouchaud, Farmer and Lillo 2009 (surprise and asymmetric liquidity); Stoll 1978 and
Avellaneda and Stoikov 2008 (inventory); the expectation is a regression, see EXPECTED.
"""

from __future__ import annotations

from math import sqrt

from sottovoce.adapters.simulated.latent import LatentBook

LOOK_NS = 10_000_000_000

MEMORIES = (4.0, 20.0, 100.0, 500.0, 2_500.0)
"""Orders after which the five averages of signed flow have forgotten all but 1/e."""

EXPECTED = (0.04, 0.33, 0.18, 0.16, 0.08)
"""What an order is expected to be, in parts of each average: least squares over 30 sessions of 20,000 orders of the
institutions among noise, where it explains 1.3 % of the variance."""

A_PART, B_PART, C_PART, D_PART, E_PART = EXPECTED
A_NEW, B_NEW, C_NEW, D_NEW, E_NEW = (1.0 / memory for memory in MEMORIES)

INVENTORY_SKEW = 6.0
"""Quotes move against inventory by this, daily volatilities for a day's volume held."""

UNLOADED = 0.02
"""Part of their inventory that makers pass on with every order."""

CALM_S = 120.0
"""Time constant of the volatility makers see."""

WIDENING = 0.6
"""Spread goes with this power of the volatility seen over the usual one."""

WIDEST, NARROWEST = 3.0, 0.5


class Makers:
    """All liquidity providers of one name together. offset: where they think the price is, in daily volatilities from
    the fundamental; width: their spread over the usual one."""

    def __init__(self, latent: LatentBook) -> None:
        self.offset = latent.offset
        self.width = 1.0
        self.next_look_ns = 0
        self._latent = latent
        self._inventory = 0.0
        self._averages = (0.0, 0.0, 0.0, 0.0, 0.0)
        self._seen_ns = 0
        self._seen = 0.0
        self._variance = 1.0

    @property
    def one_sided(self) -> float:
        """Signed flow of an order, the last hundred's average, in days of volume: anybody can read it off the tape."""
        return self._averages[2]

    def absorb(self, flow: float) -> None:
        """A net market flow has traded (positive: bought, in days of volume)."""
        a, b, c, d, e = self._averages
        surprise = flow - (A_PART * a + B_PART * b + C_PART * c + D_PART * d + E_PART * e)
        self._averages = (
            a + (flow - a) * A_NEW,
            b + (flow - b) * B_NEW,
            c + (flow - c) * C_NEW,
            d + (flow - d) * D_NEW,
            e + (flow - e) * E_NEW,
        )
        self._inventory = self._inventory * (1.0 - UNLOADED) - flow
        self.offset = self._latent.absorb(surprise) - INVENTORY_SKEW * self._inventory

    def reform(self, share: float) -> None:
        """A share of a day's trading passes and latent interest comes back."""
        self.offset = self._latent.reform(share) - INVENTORY_SKEW * self._inventory

    def look(self, at_ns: int, drift: float, usual: float) -> None:
        """Compare the price with the last one seen; usual: variance of a second, in daily volatilities squared."""
        price, elapsed = drift + self.offset, (at_ns - self._seen_ns) / 1e9
        if self._seen_ns and elapsed < 10 * CALM_S:
            part = min(1.0, elapsed / CALM_S)
            self._variance += part * ((price - self._seen) ** 2 / (usual * elapsed) - self._variance)
        self._seen_ns, self._seen = at_ns, price
        self.next_look_ns = at_ns + LOOK_NS
        self.width = min(WIDEST, max(NARROWEST, sqrt(self._variance) ** WIDENING))
