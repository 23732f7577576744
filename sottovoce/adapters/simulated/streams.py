"""The background's dice: one independent stream per agent, drawn for a whole session before it begins.

What an agent draws depends on (seed, instrument, session, agent) alone, and every draw is a column of a table
laid out in time. What our orders do to the book changes what a drawn event finds there, never which event
comes next: so a session with us and one without us share every draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.adapters.simulated import institutions
from sottovoce.adapters.simulated.arrivals import arrivals, paced
from sottovoce.adapters.simulated.fundamental import fundamental
from sottovoce.adapters.simulated.pace import Pace
from sottovoce.adapters.simulated.profile import AUCTION_SHARE, OPENING_SHARE, Profile
from sottovoce.adapters.simulated.seeds import Agent, generator
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.happenings import MarketEvent
from sottovoce.models.matching.auction_rules import AuctionKind

ASK, LIMIT, CANCEL = 32, 64, 128
"""A code is the venue's number, plus ASK for the ask side, plus LIMIT or CANCEL; a market order has neither."""

LIMITS_PER_TRADE = 1.0
CANCELS_PER_TRADE = 0.5
TOUCH_SHARE = 0.6
"""Part of limit orders and cancels that are at the best quoted price; each price further back gets 0.4 of the
rest."""

SELLER, BUYER, NOISE_TRADER, VALUE, MOMENTUM = range(5)
"""Whose a market order is: of an institution that sells or buys, or of a trader who chooses its side when it trades."""

INSTITUTIONAL = 0.65
"""Part of market orders that institutions send."""

CROWD = {NOISE_TRADER: 0.40, VALUE: 0.45, MOMENTUM: 0.15}
"""Who sends the rest."""

SIZE_SIGMA = 0.9
SIZE_MAX = 8.0
"""Order sizes: standard deviation of their log, and the largest over the mean."""

HIDDEN_LIFE_S = 300.0
"""Mean time a background order waits in the dark."""

CALLS = {
    AuctionKind.OPENING: (Agent.OPENING, OPENING_SHARE),
    AuctionKind.CLOSING: (Agent.AUCTION, AUCTION_SHARE),
    AuctionKind.REOPENING: (Agent.REOPENING, OPENING_SHARE),
}
"""Who draws the background of an auction, and how much of a day comes to each side of it."""

CALL_SIGMA = 0.15
"""Standard deviation of the log of that, from day to day."""

IMBALANCE_SIGMA, IMBALANCE_MAX = 0.03, 0.1
"""Half the imbalance of market orders at a call, in parts of one side."""

NOISE = 4096
"""Sizes in the table that displayed quantities are looked up in."""

NOISE_MIN, NOISE_MAX = 0.4, 1.6
"""Their range, of mean 1."""

BACK_MAX = 7
"""Limit orders and cancels are at most so many quoted prices behind the best."""


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """One session's background events, sorted by time; arrays of one length.

    code: kind + side + venue; drift: the fundamental's move since the open, in daily volatilities; qty:
    shares; chance: uniform in [0, 1); back: quoted prices away from the best, of a market order whose it is.
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
    """Background interest in one auction, shares: market orders on each side."""

    buy_qty: int
    sell_qty: int


def display_noise(seed: int, instrument_id: str) -> list[float]:
    """Sizes liquidity providers show, relative to their mean; looked up by price and time, never drawn in
    turn."""
    rng = generator(seed, instrument_id, Agent.DISPLAY, 0)
    sizes: list[float] = rng.uniform(NOISE_MIN, NOISE_MAX, NOISE).tolist()
    return sizes


def session_flow(
    profile: Profile,
    session: Session,
    seed: int,
    index: int,
    shares: FloatArray,
    pace: Pace,
    events: Sequence[MarketEvent] = (),
) -> Flow:
    """All lit background events of a session, with the fundamental at each; shares of trading by lit venue, sum 1."""
    name = profile.instrument_id
    usual = profile.trades * np.array([1.0, LIMITS_PER_TRADE, CANCELS_PER_TRADE])
    times = arrivals(generator(seed, name, Agent.ARRIVALS, index), pace, usual)
    owners = _owners(generator(seed, name, Agent.INSTITUTIONS, index), len(times.market))
    parts = [
        _market_orders(times.market, owners, profile, generator(seed, name, Agent.ORDERS, index), shares),
        _limit_orders(times.limit, profile, generator(seed, name, Agent.LIMITS, index), shares),
        _cancels(times.cancel, generator(seed, name, Agent.CANCELS, index), shares),
    ]
    at, code, qty, chance, back = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(at, kind="stable")
    at = at[order]
    drift = fundamental(profile, session, seed, index, pace, at, events)
    return Flow(times_ns=at, code=code[order], drift=drift, qty=qty[order], chance=chance[order], back=back[order])


def dark_flow(profile: Profile, seed: int, index: int, shares: FloatArray, pace: Pace) -> list[HiddenOrder]:
    """All hidden orders of a session; shares of them by dark venue, sum 1."""
    rng = generator(seed, profile.instrument_id, Agent.DARK, index)
    times = paced(rng, pace, profile.dark_orders)
    count = len(times)
    columns = (
        times,
        _venues(rng, count, shares),
        rng.integers(0, 2, count),
        _sizes(rng, count, profile.dark_qty),
        (rng.exponential(HIDDEN_LIFE_S, count) * 1e9).astype(np.int64),
        rng.random(count),
    )
    return [HiddenOrder(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def auction_draw(
    profile: Profile, seed: int, index: int, pace: Pace, kind: AuctionKind, number: int = 0
) -> AuctionDraw:
    """Background market orders for a call of a kind, the session's first (0) or a later one; more on a busy day.

    At the close that is 7 to 12 % of the day nine days in ten. A reopening brings what an opening does.
    """
    agent, share = CALLS[kind]
    rng = generator(seed, profile.instrument_id, agent, index)
    size = share * profile.adv * float(pace.trading[-1])
    size *= float(rng.lognormal(-0.5 * CALL_SIGMA**2, CALL_SIGMA, number + 1)[number])
    imbalance = float(np.clip(rng.normal(0.0, IMBALANCE_SIGMA, number + 1)[number], -IMBALANCE_MAX, IMBALANCE_MAX))
    return AuctionDraw(buy_qty=round(size * (1 + imbalance)), sell_qty=round(size * (1 - imbalance)))


def _sizes(rng: np.random.Generator, count: int, mean: float | FloatArray) -> IntArray:
    """Log-normal sizes with a bounded tail and the mean (or means) asked for, at least one share."""
    sizes = np.minimum(rng.lognormal(-0.5 * SIZE_SIGMA**2, SIZE_SIGMA, count), SIZE_MAX)
    whole: IntArray = np.maximum(1, np.rint(sizes * mean)).astype(np.int64)
    return whole


_Columns = tuple[IntArray, IntArray, IntArray, FloatArray, IntArray]


def _owners(rng: np.random.Generator, count: int) -> IntArray:
    """Whose each market order is, in order of time."""
    crowd = np.cumsum(list(CROWD.values()))[:-1]
    owners = np.array(list(CROWD))[np.searchsorted(crowd, rng.random(count), side="right")]
    institutional = rng.random(count) < INSTITUTIONAL
    signs = institutions.order_signs(rng, int(institutional.sum()))
    owners[institutional] = np.where(signs > 0, BUYER, SELLER)
    return owners.astype(np.int64)


def _market_orders(
    times: IntArray, owners: IntArray, profile: Profile, rng: np.random.Generator, shares: FloatArray
) -> _Columns:
    count = len(times)
    venue = _venues(rng, count, shares)
    return times, venue, _sizes(rng, count, profile.mean_qty), rng.random(count), owners


def _limit_orders(times: IntArray, profile: Profile, rng: np.random.Generator, shares: FloatArray) -> _Columns:
    count = len(times)
    place = _places(rng, count, shares)
    mean = _limit_qty(profile, shares)[place % ASK]
    return times, LIMIT + place, _sizes(rng, count, mean), rng.random(count), _back(rng, count)


def _cancels(times: IntArray, rng: np.random.Generator, shares: FloatArray) -> _Columns:
    """qty is where in the queue, in thousandths; chance is the part of the queue canceled."""
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
    back: IntArray = np.minimum(rng.geometric(TOUCH_SHARE, count) - 1, BACK_MAX).astype(np.int64)
    return back


def _limit_qty(profile: Profile, shares: FloatArray) -> FloatArray:
    """Mean limit order by venue that holds its touch at its share of the depth: arrivals = trades + cancels."""
    depth = profile.depth_qty * shares
    per_touch = TOUCH_SHARE * LIMITS_PER_TRADE
    canceled = TOUCH_SHARE * CANCELS_PER_TRADE * 0.5 * depth
    mean: FloatArray = (profile.mean_qty + canceled) / per_touch
    return mean
