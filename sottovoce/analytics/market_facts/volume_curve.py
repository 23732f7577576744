"""How a day's volume is spread: half-hour shares of continuous trading, and what the closing auction takes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.columns import AUCTION, SessionColumns
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import FloatArray

HALF_HOUR_NS = 1800 * NS_PER_SECOND


class DayVolume(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Shares of one session: by half hour without auctions, shape (h,), in its closing auction, and in all."""

    half_hours: FloatArray
    closing: float
    total: float


def day_volume(session: SessionColumns) -> DayVolume:
    """The volumes of one session; an auction print nearer to the close than to the open is the closing one's."""
    auction = session.trade_kind == AUCTION
    since = session.trade_ns - session.open_ns
    count = -(-(session.close_ns - session.open_ns) // HALF_HOUR_NS)
    place = np.minimum(since[~auction] // HALF_HOUR_NS, count - 1)
    qty = session.trade_qty.astype(np.float64)
    late = auction & (2 * session.trade_ns > session.open_ns + session.close_ns)
    return DayVolume(
        half_hours=np.bincount(place, weights=qty[~auction], minlength=count).astype(np.float64),
        closing=float(qty[late].sum()),
        total=float(qty.sum()),
    )


def shares(days: Sequence[DayVolume]) -> FloatArray:
    """Part of continuous volume in each half hour, shape (h,), the mean over days of equal length."""
    rows = [day.half_hours / day.half_hours.sum() for day in days if day.half_hours.sum() > 0]
    return np.mean(rows, axis=0) if rows else np.full(1, np.nan)


def edge_over_midday(days: Sequence[DayVolume], edge: int) -> float:
    """The first (edge 0) or last (-1) half hour over the mean of the middle three; NaN in a day under five."""
    curve = shares(days)
    if curve.size < 5:
        return float("nan")
    middle = curve.size // 2
    return float(curve[edge] / curve[middle - 1 : middle + 2].mean())


def closing_share(days: Sequence[DayVolume]) -> float:
    """Part of all volume that the closing auction took."""
    total = sum(day.total for day in days)
    return sum(day.closing for day in days) / total if total else float("nan")
