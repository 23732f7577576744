"""The background's dice: one independent stream per agent, drawn for a whole session before it begins.

What an agent draws depends on (seed, instrument, session, agent) alone, and every draw is a column of a table
laid out in time. What our orders do to the book changes what a drawn event finds there, never which event
comes next: so a session with us and one without us share every draw.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.adapters.simulated.profile import AUCTION_SHARE, OPENING_SHARE, OVERNIGHT_VARIANCE, Profile
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.matching.auction_rules import AuctionKind

ASK, LIMIT, CANCEL = 32, 64, 128
"""A code is the venue's number, plus ASK for the ask side, plus LIMIT or CANCEL; a market order has neither."""

LIMITS_PER_TRADE = 1.0
CANCELS_PER_TRADE = 0.5
TOUCH_SHARE = 0.6
"""Part of limit orders and cancels that are at the best quoted price; each price further back gets 0.4 of the
rest."""

VOLUME_MIDDAY = 0.64
"""Rate of trading at mid-day, in units of the day's mean; the curve is this plus a parabola, mean 1."""

SIZE_SIGMA = 0.9
SIZE_MAX = 8.0
NOISE = 4096


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


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """One session's background events, sorted by time; arrays of one length.

    code: kind + side + venue; drift: the fundamental's move since the open, in daily volatilities; qty:
    shares; chance: uniform in [0, 1); back: quoted prices away from the best.
    """

    times_ns: IntArray
    code: IntArray
    drift: FloatArray
    qty: IntArray
    chance: FloatArray
    back: IntArray


class HiddenOrder(NamedTuple):
    """A background order for a venue that shows nothing: which venue in MIC order, and chance of its class."""

    at_ns: int
    place: int
    buy: int
    qty: int
    life_ns: int
    chance: float


class AuctionDraw(msgspec.Struct, frozen=True, kw_only=True):
    """Background interest in one closing auction, shares: market orders on each side."""

    buy_qty: int
    sell_qty: int


def generator(seed: int, instrument_id: str, agent: Agent, session: int) -> np.random.Generator:
    """The stream of one agent in one name and session."""
    name = int.from_bytes(hashlib.blake2b(instrument_id.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(np.random.SeedSequence([seed, name, int(agent), session]))


def display_noise(seed: int, instrument_id: str) -> list[float]:
    """Sizes liquidity providers show, relative to their mean; looked up by price and time, never drawn in
    turn."""
    rng = generator(seed, instrument_id, Agent.DISPLAY, 0)
    sizes: list[float] = rng.uniform(0.4, 1.6, NOISE).tolist()
    return sizes


def session_flow(profile: Profile, session: Session, seed: int, index: int, shares: FloatArray) -> Flow:
    """All lit background events of a session, with the fundamental at each; shares of trading by lit venue, sum 1."""
    parts = [
        _market_orders(profile, session, generator(seed, profile.instrument_id, Agent.ORDERS, index), shares),
        _limit_orders(profile, session, generator(seed, profile.instrument_id, Agent.LIMITS, index), shares),
        _cancels(profile, session, generator(seed, profile.instrument_id, Agent.CANCELS, index), shares),
    ]
    times, code, qty, chance, back = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(times, kind="stable")
    times = times[order]
    drift = _drift(times, session, generator(seed, profile.instrument_id, Agent.FUNDAMENTAL, index))
    return Flow(times_ns=times, code=code[order], drift=drift, qty=qty[order], chance=chance[order], back=back[order])


def dark_flow(profile: Profile, session: Session, seed: int, index: int, shares: FloatArray) -> list[HiddenOrder]:
    """All hidden orders of a session; shares of them by dark venue, sum 1."""
    rng = generator(seed, profile.instrument_id, Agent.DARK, index)
    times = _times(rng, session, profile.dark_orders)
    count = len(times)
    columns = (
        times,
        _venues(rng, count, shares),
        rng.integers(0, 2, count),
        _sizes(rng, count, profile.dark_qty),
        (rng.exponential(300.0, count) * 1e9).astype(np.int64),
        rng.random(count),
    )
    return [HiddenOrder(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def auction_draw(profile: Profile, seed: int, index: int, kind: AuctionKind) -> AuctionDraw:
    """Background market orders for a call: OPENING_SHARE or AUCTION_SHARE of the day on average.

    At the close that is 7 to 12 % of the day nine days in ten.
    """
    opening = kind is AuctionKind.OPENING
    rng = generator(seed, profile.instrument_id, Agent.OPENING if opening else Agent.AUCTION, index)
    size = (OPENING_SHARE if opening else AUCTION_SHARE) * profile.adv * float(rng.lognormal(-0.5 * 0.15**2, 0.15))
    imbalance = float(np.clip(rng.normal(0.0, 0.03), -0.1, 0.1))
    return AuctionDraw(buy_qty=round(size * (1 + imbalance)), sell_qty=round(size * (1 - imbalance)))


def overnight_gap(profile: Profile, seed: int, index: int) -> float:
    """The fundamental's move before a session, in daily volatilities; none before the first."""
    if index == 0:
        return 0.0
    rng = generator(seed, profile.instrument_id, Agent.OVERNIGHT, index)
    return float(rng.normal(0.0, OVERNIGHT_VARIANCE**0.5))


def volume_share(part: FloatArray) -> FloatArray:
    """Share of a day's trading done by a part of the session (0 to 1): the integral of the U-shaped curve."""
    parabola = 3.0 * (1.0 - VOLUME_MIDDAY)
    return VOLUME_MIDDAY * part + parabola * ((2.0 * part - 1.0) ** 3 + 1.0) / 6.0


def _times(rng: np.random.Generator, session: Session, count: int) -> IntArray:
    """Sorted times of a Poisson number of events under the volume curve."""
    part = np.linspace(0.0, 1.0, 2001)
    drawn = np.sort(rng.random(int(rng.poisson(count))))
    length = session.close_ns - session.open_ns
    at: IntArray = (np.interp(drawn, volume_share(part), part) * (length - 1)).astype(np.int64)
    return session.open_ns + at


def _sizes(rng: np.random.Generator, count: int, mean: float | FloatArray) -> IntArray:
    """Log-normal sizes with a bounded tail and the mean (or means) asked for, at least one share."""
    sizes = np.minimum(rng.lognormal(-0.5 * SIZE_SIGMA**2, SIZE_SIGMA, count), SIZE_MAX)
    whole: IntArray = np.maximum(1, np.rint(sizes * mean)).astype(np.int64)
    return whole


_Columns = tuple[IntArray, IntArray, IntArray, FloatArray, IntArray]


def _market_orders(profile: Profile, session: Session, rng: np.random.Generator, shares: FloatArray) -> _Columns:
    times = _times(rng, session, profile.trades)
    count = len(times)
    venue = _venues(rng, count, shares)
    return times, venue, _sizes(rng, count, profile.mean_qty), rng.random(count), np.zeros(count, np.int64)


def _limit_orders(profile: Profile, session: Session, rng: np.random.Generator, shares: FloatArray) -> _Columns:
    times = _times(rng, session, round(profile.trades * LIMITS_PER_TRADE))
    count = len(times)
    place = _places(rng, count, shares)
    mean = _limit_qty(profile, shares)[place % ASK]
    return times, LIMIT + place, _sizes(rng, count, mean), rng.random(count), _back(rng, count)


def _cancels(profile: Profile, session: Session, rng: np.random.Generator, shares: FloatArray) -> _Columns:
    """qty is where in the queue, in thousandths; chance is the part of the queue canceled."""
    times = _times(rng, session, round(profile.trades * CANCELS_PER_TRADE))
    count = len(times)
    place = _places(rng, count, shares)
    return times, CANCEL + place, rng.integers(0, 1000, count), rng.random(count), _back(rng, count)


def _venues(rng: np.random.Generator, count: int, shares: FloatArray) -> IntArray:
    """A lit venue's number for each event, by its share of trading."""
    edges = np.cumsum(shares)[:-1]
    drawn: IntArray = np.searchsorted(edges, rng.random(count), side="right").astype(np.int64)
    return drawn


def _places(rng: np.random.Generator, count: int, shares: FloatArray) -> IntArray:
    """Venue and side."""
    return _venues(rng, count, shares) + ASK * rng.integers(0, 2, count)


def _back(rng: np.random.Generator, count: int) -> IntArray:
    back: IntArray = np.minimum(rng.geometric(TOUCH_SHARE, count) - 1, 7).astype(np.int64)
    return back


def _limit_qty(profile: Profile, shares: FloatArray) -> FloatArray:
    """Mean limit order by venue that holds its touch at its share of the depth: arrivals = trades + cancels."""
    depth = profile.depth_qty * shares
    per_touch = TOUCH_SHARE * LIMITS_PER_TRADE
    canceled = TOUCH_SHARE * CANCELS_PER_TRADE * 0.5 * depth
    mean: FloatArray = (profile.mean_qty + canceled) / per_touch
    return mean


def _drift(times: IntArray, session: Session, rng: np.random.Generator) -> FloatArray:
    """The fundamental at each event, a Brownian path in volume time, in daily volatilities."""
    part = (times - session.open_ns) / (session.close_ns - session.open_ns)
    clock = volume_share(part)
    steps = np.diff(clock, prepend=0.0)
    path: FloatArray = np.cumsum(rng.standard_normal(len(times)) * np.sqrt(steps * (1.0 - OVERNIGHT_VARIANCE)))
    return path
