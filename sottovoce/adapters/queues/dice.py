"""The background's dice: one independent stream for each kind of draw, name and session, rolled before the session.

What a stream gives depends on (seed, name, stream, session) alone: our orders change what a drawn event finds, never
which event comes next, and a name is the same whoever else is simulated. Streams of the market as a whole are shared by
all names, which is what correlates them.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np

MARKET_WIDE = "the whole market"


class Stream(IntEnum):
    """What is rolled for; the number is part of the seed, so it never changes."""

    MARKET_ORDERS = 1
    PROVIDERS = 2
    FUNDAMENTAL = 3
    VOLATILITY = 4
    WIDTH = 5
    DARK = 6
    CLOSING = 7
    OVERNIGHT = 8
    TABLES = 9
    MARKET_SURGE = 10
    PROVIDERS_SURGE = 11


def stream(seed: int, name: str, which: Stream, session: int) -> np.random.Generator:
    """The generator of one stream; name is an instrument_id or MARKET_WIDE."""
    code = int.from_bytes(hashlib.blake2b(f"queues/{name}".encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(np.random.SeedSequence([seed, code, int(which), session]))
