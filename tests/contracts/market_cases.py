"""The adapters that are held to the contract of the Market port. A new one is added to CASES."""

from __future__ import annotations

from sottovoce.adapters.simulated import AUCTION_CUTOFF_NS, SimulatedMarket
from tests.adapters.simulated.names import OPEN_NS, TICK, name, sessions
from tests.contracts.market_desk import MarketCase

SIMULATED = MarketCase(
    name="simulated",
    make=lambda: SimulatedMarket([name()], sessions(1), 7),
    instrument_id="SMALL",
    open_ns=OPEN_NS,
    close_ns=sessions(1)[0].close_ns,
    tick=TICK,
    lit="SIMA",
    dark="SIMD",
    auction="SIMX",
    cutoff_ns=AUCTION_CUTOFF_NS,
)

CASES: tuple[MarketCase, ...] = (SIMULATED,)
