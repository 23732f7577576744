"""Intensities of a queue-reactive book estimated from its events, with bands.

For each queue size n: λ̂(n) = limit orders that arrived at n / seconds spent at n, and likewise cancellations and market
orders. Bands resample blocks of consecutive events, which keeps the dependence within a block.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.queues.queue_play import Played

KINDS = 3


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """Events a second of one level by kind (limit, cancel, market) and queue size, shape (3, sizes); nan where no time
    was spent at a size. low and high bound the bootstrap band of the stated level."""

    rate: FloatArray
    low: FloatArray
    high: FloatArray
    seconds: FloatArray


def estimate(
    played: Played, level: int, *, blocks: int = 50, draws: int = 200, band: float = 0.95, seed: int = 0
) -> Estimate:
    """Estimated intensities of one queue (0 … 2K − 1) with percentile bands over resampled blocks.

    Raises: ModelError, too_few_events, when there are fewer events than blocks.
    """
    events = len(played.level)
    if events < blocks:
        raise ModelError(f"{events} events cannot be cut into {blocks} blocks.", code="too_few_events")
    sizes = played.time_at.shape[1]
    block = np.arange(events) * blocks // events
    count = np.zeros((blocks, KINDS, sizes))
    ours = played.level == level
    np.add.at(count, (block[ours], played.kind[ours], played.size[ours]), 1.0)
    seconds = np.zeros((blocks, sizes))
    np.add.at(seconds, (block, sizes_before(played, level)), played.waited_s)
    picked = np.random.default_rng(seed).integers(0, blocks, (draws, blocks))
    resampled = _rates(count[picked].sum(axis=1), seconds[picked].sum(axis=1))
    low, high = _band(resampled, band)
    spent = seconds.sum(axis=0)
    return Estimate(rate=_rates(count.sum(axis=0), spent), low=low, high=high, seconds=spent)


def sizes_before(played: Played, level: int) -> IntArray:
    """The queue's size before every event, while the reference stands still; shape (n,).

    Raises: ModelError, reference_moves, on a record in which the reference moved: levels then change their price.
    """
    if played.move.any():
        raise ModelError("Levels change price when the reference moves: cut the record there.", code="reference_moves")
    here = np.flatnonzero(played.level == level)
    if not len(here):
        raise ModelError(f"Nothing happened at level {level}.", code="too_few_events")
    step = np.where(played.kind[here] == 0, 1, -1)
    following = np.searchsorted(here, np.arange(len(played.level)), side="left")
    after_last = played.size[here[-1]] + step[-1]
    sizes: IntArray = np.append(played.size[here], after_last)[following]
    return sizes


def _rates(count: FloatArray, seconds: FloatArray) -> FloatArray:
    spread = np.broadcast_to(seconds[..., None, :], count.shape)
    rates: FloatArray = np.divide(count, spread, out=np.full(count.shape, np.nan), where=spread > 0.0)
    return rates


def _band(resampled: FloatArray, band: float) -> tuple[FloatArray, FloatArray]:
    """Percentiles over draws, of the draws in which a size occurred."""
    edge = 50.0 * (1.0 - band)
    seen = np.where(np.isnan(resampled).all(axis=0), 0.0, resampled)
    low, high = np.nanpercentile(seen, [edge, 100.0 - edge], axis=0)
    never = np.isnan(resampled).all(axis=0)
    return np.where(never, np.nan, low), np.where(never, np.nan, high)
