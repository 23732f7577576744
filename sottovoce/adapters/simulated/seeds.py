"""Independent dice: one stream for each agent of a name and session, found from the seed by what it is for."""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np

MARKET_NAME = "*"
"""The name under which streams common to all names are found; no instrument is called so."""


class Agent(IntEnum):
    """Who rolls dice; the number is part of the seed, so it never changes."""

    ORDERS = 1
    LIMITS = 2
    CANCELS = 3
    FUNDAMENTAL = 4
    DARK = 5
    AUCTION = 6
    OVERNIGHT = 7
    DISPLAY = 8
    OPENING = 9
    STATE = 10
    ARRIVALS = 11
    INSTITUTIONS = 12
    COMMON_NEWS = 13
    PINGS = 14
    REOPENING = 15


def generator(seed: int, name: str, agent: Agent, session: int) -> np.random.Generator:
    """The stream of one agent in one name (or MARKET_NAME, or a sector) and session."""
    digest = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(np.random.SeedSequence([seed, digest, int(agent), session]))
