"""What it costs to cross: the time-weighted spread, and whether it widens when prices move.

The link is measured on five-minute intervals, each session around its own means, so that it is not the difference
between one day's level and another's.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.columns import SessionColumns, grid_ns, held_seconds, mids_at, time_averages
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import FloatArray

INTERVAL_S = 300
STEP_S = 10


class SpreadSums(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Of one session: spread x seconds in bps and in ticks, seconds, and per interval spread and volatility.

    spread (bps) and volatility (bps a step) have shape (i,), intervals not quoted throughout left out.
    """

    bps_seconds: float
    tick_seconds: float
    seconds: float
    spread: FloatArray
    volatility: FloatArray


def spread_sums(session: SessionColumns) -> SpreadSums:
    """The sums of one session."""
    held = held_seconds(session)
    width = (session.ask - session.bid).astype(np.float64)
    bps = width / ((session.ask + session.bid) / 2) * 1e4
    spread, volatility = _by_interval(session, bps)
    return SpreadSums(
        bps_seconds=float(bps @ held),
        tick_seconds=float(width @ held) / session.tick,
        seconds=float(held.sum()),
        spread=spread,
        volatility=volatility,
    )


def _by_interval(session: SessionColumns, bps: FloatArray) -> tuple[FloatArray, FloatArray]:
    moves = np.diff(np.log(mids_at(session, grid_ns(session, STEP_S * NS_PER_SECOND)))) ** 2
    steps = INTERVAL_S // STEP_S
    count = moves.size // steps
    edges = grid_ns(session, INTERVAL_S * NS_PER_SECOND)[: count + 1]
    volatility = 1e4 * np.sqrt(moves[: count * steps].reshape(count, steps).mean(axis=1))
    spread = time_averages(session, bps, edges)
    known = np.isfinite(spread) & np.isfinite(volatility)
    return spread[known], volatility[known]


def mean_bps(parts: Sequence[SpreadSums]) -> float:
    """Time-weighted spread in bps of the mid."""
    seconds = sum(part.seconds for part in parts)
    return sum(part.bps_seconds for part in parts) / seconds if seconds else float("nan")


def mean_ticks(parts: Sequence[SpreadSums]) -> float:
    """Time-weighted spread in ticks."""
    seconds = sum(part.seconds for part in parts)
    return sum(part.tick_seconds for part in parts) / seconds if seconds else float("nan")


def volatility_link(parts: Sequence[SpreadSums]) -> float:
    """Correlation of spread and volatility over intervals, within sessions; NaN when either never varies."""
    spread = np.concatenate([part.spread - part.spread.mean() for part in parts if part.spread.size])
    moved = np.concatenate([part.volatility - part.volatility.mean() for part in parts if part.spread.size])
    scale = float(np.sqrt((spread @ spread) * (moved @ moved)))
    return float(spread @ moved) / scale if scale > 0 else float("nan")
