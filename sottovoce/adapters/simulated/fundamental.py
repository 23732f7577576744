"""What a name is worth during a session: news of the market, of its sector and of its own, and scheduled jumps.

The market's news and the sector's are streams of their own, drawn per session whichever names are simulated: two
names in one market, or in two markets of the same seed, share them. News comes at the pace of the session's
variance, so that it clusters.

A name's exposure is beta 1 to a market of MARKET_SIGMA a day, no more than EXPOSURE_MAX of its own volatility, and
SECTOR_EXPOSURE to its sector where the instrument master names one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

import numpy as np

from sottovoce.adapters.simulated.pace import Pace, market_pace
from sottovoce.adapters.simulated.profile import OVERNIGHT_VARIANCE, Profile
from sottovoce.adapters.simulated.seeds import MARKET_NAME, Agent, generator
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.happenings import MarketEvent, VolatilityBurst, between, moved

MARKET_SIGMA = 0.008
NEWS_VARIANCE = 0.88
"""Part of a session's variance that news makes; order flow makes the rest."""

EXPOSURE_MAX = 0.7
SECTOR_EXPOSURE = 0.3
NEWS_NS = 250_000_000
"""News comes four times a second: whole streams of it are drawn, whoever trades when."""


def exposures(profile: Profile) -> tuple[float, float, float]:
    """Loadings on market, sector and own news, in the name's volatility; their squares sum to 1."""
    market = max(-EXPOSURE_MAX, min(EXPOSURE_MAX, profile.beta * MARKET_SIGMA / profile.sigma))
    sector = SECTOR_EXPOSURE if profile.sector else 0.0
    return market, sector, sqrt(1.0 - market**2 - sector**2)


def fundamental(
    profile: Profile,
    session: Session,
    seed: int,
    index: int,
    pace: Pace,
    times_ns: IntArray,
    events: Sequence[MarketEvent] = (),
) -> FloatArray:
    """The move since the open at each time (ascending), in daily volatilities of the open, shape as times_ns.

    News adds up in logs, so a price never falls to zero and a jump is the log return it is said to be.
    """
    market, sector, own = exposures(profile)
    at = (times_ns - session.open_ns) // NEWS_NS
    path = own * _news(generator(seed, profile.instrument_id, Agent.FUNDAMENTAL, index), pace, session)[at]
    path += market * common_news(seed, MARKET_NAME, index, session)[at]
    if profile.sector:
        path += sector * common_news(seed, f"{MARKET_NAME}{profile.sector}", index, session)[at]
    path *= profile.sigma
    path += moved(between(events, session.open_ns, session.close_ns), times_ns)
    drift: FloatArray = np.expm1(path) / profile.sigma
    return drift


@lru_cache(maxsize=64)
def common_news(seed: int, name: str, index: int, session: Session) -> FloatArray:
    """A path all names share, from the open, in its own daily volatilities; never written to."""
    path = _news(generator(seed, name, Agent.COMMON_NEWS, index), market_pace(session, seed, index), session)
    path.flags.writeable = False
    return path


def _news(rng: np.random.Generator, pace: Pace, session: Session) -> FloatArray:
    """A random path at the pace's variance, one value every NEWS_NS from the open."""
    moments = np.arange(session.open_ns, session.close_ns + NEWS_NS, NEWS_NS)
    steps = np.diff(pace.variance_at(moments), prepend=0.0)
    sigmas = np.sqrt(NEWS_VARIANCE * (1.0 - OVERNIGHT_VARIANCE) * steps)
    path: FloatArray = np.cumsum(rng.standard_normal(len(steps)) * sigmas)
    return path


def overnight_gap(profile: Profile, seed: int, index: int) -> float:
    """The fundamental's move before a session, in daily volatilities; none before the first."""
    if index == 0:
        return 0.0
    market, sector, own = exposures(profile)
    names = [(market, MARKET_NAME), (sector, f"{MARKET_NAME}{profile.sector}"), (own, profile.instrument_id)]
    news = (loading * generator(seed, name, Agent.OVERNIGHT, index).normal() for loading, name in names)
    return float(sum(news)) * sqrt(OVERNIGHT_VARIANCE)


def opening_move(
    profile: Profile, seed: int, index: int, events: Sequence[MarketEvent], closed_ns: int, open_ns: int
) -> float:
    """All that has moved the fundamental while the market was closed, in daily volatilities of the last close."""
    scheduled = float(moved(between(events, closed_ns, open_ns), np.array([open_ns]))[0])
    return math.expm1(scheduled + profile.sigma * overnight_gap(profile, seed, index)) / profile.sigma


def still_felt(events: Sequence[MarketEvent], closed_ns: int) -> list[MarketEvent]:
    """The events of a session and the night before it, bursts that last, and none of the jumps before that."""
    return [event for event in events if event.at_ns >= closed_ns or isinstance(event, VolatilityBurst)]
