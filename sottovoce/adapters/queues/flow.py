"""Market orders of the background: when they come, who they belong to, how large they are, where they go first.

Times cluster: an order brings on others within seconds (a Hawkes process, laid out by generations). Signs persist: the
orders are pieces of parents that a few institutions work at once, each picked at random, whose numbers of pieces have a
power-law tail (Lillo, Mike and Farmer 2005: tail exponent α gives a sign autocorrelation that decays as lag^(1 − α)).
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.dice import Stream, stream
from sottovoce.adapters.queues.weather import BUCKET_NS, Weather
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray

BRANCHING = 0.55
"""Orders each order brings on, on average."""

ECHO_SECONDS = (0.4, 15.0)
"""Half of those come within about the first of these, half within about the second."""

GENERATIONS = 30
PARENTS_AT_ONCE = 10
TAIL_ALPHA = 1.5
QTY_SIGMA = 0.75
QTY_MAX = 8.0


class MarketOrders(msgspec.Struct, frozen=True, kw_only=True):
    """One session's market orders in order of time, shape (n,): ns, signed shares, and random bits for the rest."""

    times_ns: IntArray
    signed_qty: IntArray
    word: IntArray


def market_orders(profile: Profile, session: Session, weather: Weather, seed: int, index: int) -> MarketOrders:
    """Roll a session's market orders. What a surge adds is of its own stream, so the others stay as they are."""
    parts = [
        _rolled(profile, session, activity, stream(seed, profile.instrument_id, which, index))
        for which, activity in ((Stream.MARKET_ORDERS, weather.activity), (Stream.MARKET_SURGE, weather.surge))
        if activity.any()
    ]
    times, signed_qty, word = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = allowed_order(times, session, weather)
    return MarketOrders(times_ns=times[order], signed_qty=signed_qty[order], word=word[order])


def allowed_order(times: IntArray, session: Session, weather: Weather) -> IntArray:
    """Indices that put times in order, those within a halt left out."""
    order = np.argsort(times, kind="stable")
    if not weather.halted.any():
        return order
    bucket = np.minimum(len(weather.halted) - 1, (times[order] - session.open_ns) // BUCKET_NS)
    return order[~weather.halted[bucket]]


def _rolled(
    profile: Profile, session: Session, activity: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray, IntArray]:
    """Times, signed shares and random bits of the market orders under an activity."""
    times = clustered_times(rng, session, activity, profile.trades)
    signs = parent_signs(rng, len(times), PARENTS_AT_ONCE, TAIL_ALPHA)
    qty = whole_sizes(rng, len(times), profile.mean_qty)
    return times, signs * qty, rng.integers(0, 1 << 24, len(times))


def clustered_times(rng: np.random.Generator, session: Session, activity: FloatArray, expected: float) -> IntArray:
    """Sorted times of a Hawkes process whose first generation follows the activity."""
    generation = activity_times(rng, session, activity, expected * (1.0 - BRANCHING))
    whole = [generation]
    for _ in range(GENERATIONS):
        born = np.repeat(generation, rng.poisson(BRANCHING, len(generation)))
        scale = np.where(rng.random(len(born)) < 0.5, *ECHO_SECONDS)
        born = born + (rng.standard_exponential(len(born)) * scale * 1e9).astype(np.int64)
        generation = born[born < session.close_ns]
        whole.append(generation)
        if not len(generation):
            break
    times: IntArray = np.sort(np.concatenate(whole))
    return times


def activity_times(rng: np.random.Generator, session: Session, activity: FloatArray, expected: float) -> IntArray:
    """Sorted times of a Poisson number of events under the activity, `expected` on a day of mean activity 1."""
    clock = np.concatenate([[0.0], np.cumsum(activity)])
    count = int(rng.poisson(expected * clock[-1] / len(activity)))
    gaps = np.cumsum(rng.standard_exponential(count + 1))
    at = np.interp(gaps[:-1] / gaps[-1] * clock[-1], clock, np.arange(len(clock), dtype=np.float64))
    times: IntArray = session.open_ns + np.minimum(
        (at * BUCKET_NS).astype(np.int64), session.close_ns - session.open_ns - 1
    )
    return times


def parent_signs(rng: np.random.Generator, count: int, parents: int, alpha: float) -> IntArray:
    """Signs of a stream of pieces: each piece is of one of `parents` running orders, picked at random.

    A parent's number of pieces L has P(L ≥ l) = l^−α; when it is done another takes its place. Shape (count,).
    """
    picked = rng.integers(0, parents, count)
    signs = np.empty(count, dtype=np.int64)
    for place in range(parents):
        pieces = np.flatnonzero(picked == place)
        ends = np.cumsum(np.floor(rng.random(len(pieces) + 1) ** (-1.0 / alpha)))
        sides = 2 * rng.integers(0, 2, len(ends) + 1) - 1
        signs[pieces] = sides[np.searchsorted(ends, np.arange(len(pieces)), side="right")]
    return signs


def whole_sizes(rng: np.random.Generator, count: int, mean: float) -> IntArray:
    """Log-normal sizes with a bounded tail, about the mean asked for, at least one share."""
    sizes = np.minimum(rng.lognormal(-0.5 * QTY_SIGMA**2, QTY_SIGMA, count), QTY_MAX)
    whole: IntArray = np.maximum(1, np.rint(sizes * mean)).astype(np.int64)
    return whole
