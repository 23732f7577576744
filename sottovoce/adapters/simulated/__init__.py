"""A market that reacts: two lit venues, a midpoint dark pool and a closing auction, seeded and repeatable."""

from __future__ import annotations

from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.adapters.simulated.venues import AUCTION_CUTOFF_NS, SIM_VENUES

__all__ = ["SimulatedMarket", "SIM_VENUES", "AUCTION_CUTOFF_NS"]
