"""A market of agents that reacts to us: four lit venues, dark ones, auctions and halts, seeded and repeatable.

Institutions split orders, value and momentum traders choose sides by what they find, makers quote against what they
expect, and latent interest answers the surprise: impact is what they do, nowhere a formula.
"""

from __future__ import annotations

from sottovoce.adapters.simulated.calibration import calibrate
from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.adapters.simulated.toxic import Toxicity
from sottovoce.adapters.simulated.venues import AUCTION_CUTOFF_NS, SIM_VENUES

__all__ = ["SimulatedMarket", "Toxicity", "calibrate", "SIM_VENUES", "AUCTION_CUTOFF_NS"]
