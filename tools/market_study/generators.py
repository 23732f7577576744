"""The markets under study by name: each a way to make one from instruments, sessions and a seed.

Studies see a market through its port only. A generator that thins its tape unless told otherwise is told: order flow
cannot be measured on a tape that leaves quotes out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from importlib import import_module

from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Market, Session

GENERATORS = {
    "agents": ("sottovoce.adapters.simulated", "SimulatedMarket"),
    "queues": ("sottovoce.adapters.queues", "QueueMarket"),
}
UNTHINNED = "every_quote"
"""The argument of a generator that would thin its tape."""

MakeMarket = Callable[[Sequence[Instrument], Sequence[Session], int], Market]


def maker(name: str) -> MakeMarket:
    """How to make the market of a name. Raises KeyError for a name that is not in GENERATORS."""
    module, builder = GENERATORS[name]
    build = getattr(import_module(module), builder)
    whole = {UNTHINNED: True} if UNTHINNED in inspect.signature(build).parameters else {}

    def make(instruments: Sequence[Instrument], sessions: Sequence[Session], seed: int) -> Market:
        market: Market = build(instruments, sessions, seed, **whole)
        return market

    return make
