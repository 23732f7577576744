"""What liquidity providers draw, and the queue-reactive law by which the book lets it happen.

A drawn limit order or cancel is a candidate: whether it happens depends on the length of the queue it is for. Together
they are the queue-reactive model's Model I (models/queues): arrivals that long queues discourage, cancels in proportion
to the queue, market orders at the best one. The law's invariant sizes are what a price shows when quotes reach it.
"""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.dice import Stream, stream
from sottovoce.adapters.queues.flow import activity_times, allowed_order
from sottovoce.adapters.queues.places import CHANCES, DRAWS, LEVELS, SIZES, TABLE, WORD_BITS
from sottovoce.adapters.queues.venues import DEPTH_SHARE, TAKER_SHARE
from sottovoce.adapters.queues.weather import Weather
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.queues.queue_reactive import invariant_law, model_one

CANDIDATES_PER_TRADE = 10.0
LEVEL_SHARE = 0.5
"""Part of candidates for the best price; each further price has this share of what is left."""

UNITS_IN_QUEUE = 6.0
"""The usual best queue holds about this many units; a unit is the mean limit order."""

DEEPER = 1.4
"""The usual queue behind the best one, in best queues."""

JOIN_USUAL, LEAVE_USUAL = 0.75, 0.4
"""Part of candidate limit orders, and of cancels, that happen at a queue of usual length."""

QTY_SIGMA = 0.6


def book_events(
    profile: Profile, session: Session, weather: Weather, seed: int, index: int
) -> tuple[IntArray, IntArray]:
    """A session's candidate limit orders and cancels: sorted times, and a word of random bits each (see places)."""
    times, words = [], []
    for which, activity in ((Stream.PROVIDERS, weather.activity), (Stream.PROVIDERS_SURGE, weather.surge)):
        if activity.any():
            rng = stream(seed, profile.instrument_id, which, index)
            times.append(activity_times(rng, session, activity, profile.trades * CANDIDATES_PER_TRADE))
            words.append(rng.integers(0, 1 << WORD_BITS, len(times[-1])))
    if len(times) == 1 and not weather.halted.any():
        return times[0], words[0]
    both = np.concatenate(times)
    order = allowed_order(both, session, weather)
    return both[order], np.concatenate(words)[order]


def unit_qty(profile: Profile) -> int:
    """Shares of the unit queues are counted in."""
    return max(1, round(max(profile.mean_qty, profile.depth_qty / UNITS_IN_QUEUE)))


def lookup_table(profile: Profile, seed: int) -> IntArray:
    """The kernel's tables one after the other: venues, levels, sizes, chances by queue size, fresh queues, shares."""
    rng = stream(seed, profile.instrument_id, Stream.TABLES, 0)
    unit = unit_qty(profile)
    join, leave = zip(*(_chances(profile, deep) for deep in (False, True)), strict=True)
    limit = np.stack(join) * _candidates(profile)[:, None]
    cancel = np.stack(leave) * _candidates(profile)[:, None]
    market = np.zeros((2, SIZES))
    market[0] = 0.5 * profile.mean_qty / unit
    law = model_one(limit, cancel, market)
    fresh = [_fresh(rng, invariant_law(law, deep), unit) for deep in range(2)]
    sizes = np.maximum(1, np.rint(rng.lognormal(-0.5 * QTY_SIGMA**2, QTY_SIGMA, DRAWS) * unit))
    chances = [np.rint(np.concatenate(side) * CHANCES) for side in (join, leave)]
    parts = (
        *(_spread(np.array(DEPTH_SHARE)), _spread(np.array(TAKER_SHARE)), _spread(_level_shares()), sizes),
        *(*chances, *fresh, np.rint(np.array(DEPTH_SHARE) * 1024)),
    )
    table: IntArray = np.concatenate(parts).astype(np.int64)
    assert len(table) == TABLE, "the tables do not fill their places"
    return table


def _candidates(profile: Profile) -> FloatArray:
    """Candidate limit orders (and as many cancels) per market order and side, at the best price and the next."""
    return CANDIDATES_PER_TRADE / 4.0 * _level_shares()[:2]


def _chances(profile: Profile, deep: bool) -> tuple[FloatArray, FloatArray]:
    """Chance that a candidate limit order joins, and that a cancel leaves, by queue size in units, shape (SIZES,).

    At the usual length arrivals balance cancels and, at the best price, market orders.
    """
    unit = unit_qty(profile)
    usual = profile.depth_qty / unit * (DEEPER if deep else 1.0)
    taken = 0.0 if deep else 0.5 * profile.mean_qty / unit / _candidates(profile)[0]
    leave_usual = LEAVE_USUAL if deep else max(0.05, JOIN_USUAL - taken)
    size = np.arange(SIZES) / usual
    join = np.minimum(1.0, (leave_usual if deep else JOIN_USUAL) * 1.5 / (0.5 + size))
    return join, np.minimum(1.0, leave_usual * size)


def _level_shares() -> FloatArray:
    shares: FloatArray = LEVEL_SHARE * (1.0 - LEVEL_SHARE) ** np.arange(LEVELS, dtype=np.float64)
    shares /= shares.sum()
    return shares


def _spread(shares: FloatArray) -> FloatArray:
    """A table of 256 entries in which each index has its share."""
    edges = np.rint(np.cumsum(shares) / shares.sum() * 256)
    return np.searchsorted(edges, np.arange(256), side="right").astype(np.float64)


def _fresh(rng: np.random.Generator, law: FloatArray, unit: int) -> FloatArray:
    """Queue sizes in shares drawn from an invariant law, never empty, shape (DRAWS,)."""
    units = np.searchsorted(np.cumsum(law), rng.random(DRAWS)) + rng.random(DRAWS) - 0.5
    return np.maximum(0.5, units) * unit
