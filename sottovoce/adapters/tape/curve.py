"""Volume curves from tapes: how earlier days' volume was spread over the clock, for the schedule of a later one.

A schedule replayed on a day must come from the days before it; a curve that has seen the day flatters the result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sottovoce.adapters.tape.conditions import CLOSING_PRINT, OPENING_PRINT, is_auction, is_trade
from sottovoce.adapters.tape.day import Trades
from sottovoce.adapters.tape.figures import auction, regular_trades
from sottovoce.adapters.tape.loader import OPEN_AFTER_MIDNIGHT_NS
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray
from sottovoce.models.volume import VolumeCurve, volume_curve

Day = tuple[Trades, Session]


def volume_shares(trades: Trades, session: Session, bins: int = 26) -> FloatArray:
    """How a session's continuous volume was spread over equal buckets, auctions left out.

    Args:
        trades: of that session. bins: number of buckets, >= 1; 26 are quarter hours of a full US day.
    Returns: shape (bins,), each >= 0, sum 1.
    Raises: ModelError, tape_no_volume or tape_bins.
    """
    if bins < 1:
        raise ModelError(f"A volume curve of {bins} buckets is none; ask for one or more.", code="tape_bins")
    counted = trades.where(regular_trades(trades, session) & ~is_auction(trades.cond))
    bucket = (counted.ns - session.open_ns) * bins // (session.close_ns - session.open_ns)
    volume: FloatArray = np.bincount(bucket, weights=counted.qty, minlength=bins).astype(np.float64)
    if volume.sum() == 0:
        raise ModelError(f"The tape of {session.date} has no trade in regular hours.", code="tape_no_volume")
    shares: FloatArray = volume / volume.sum()
    return shares


def mean_volume_shares(days: Sequence[Day], bins: int = 26) -> FloatArray:
    """The average of several days' volume_shares, each day counting the same; shape (bins,), sum 1."""
    if not days:
        raise ModelError("A volume curve needs at least one day of tape.", code="tape_no_volume")
    each = [volume_shares(trades, session, bins) for trades, session in days]
    shares: FloatArray = np.stack(each).mean(axis=0)
    return shares


def tape_curve(symbol: str, days: Sequence[Day], bins: int = 26) -> VolumeCurve:
    """The curve planning takes, from the tapes of earlier days of full length, auctions included.

    Raises: ModelError as volume_shares does.
    """
    shares = mean_volume_shares(days, bins)
    length = days[0][1].close_ns - days[0][1].open_ns
    dates = ", ".join(session.date for _, session in days)
    return volume_curve(
        name=f"{symbol} tape",
        origin=f"consolidated tape of {symbol} on {dates}; each day counts the same",
        edges_ns=tuple(OPEN_AFTER_MIDNIGHT_NS + length * edge // bins for edge in range(bins + 1)),
        shares=tuple(shares.tolist()),
        open_auction=_mean_share(days, OPENING_PRINT),
        close_auction=_mean_share(days, CLOSING_PRINT),
    )


def _mean_share(days: Sequence[Day], bit: int) -> float:
    """Average part of a day's shares that its largest auction of a kind printed."""
    return float(np.mean([_share(trades, bit) for trades, _ in days]))


def _share(trades: Trades, bit: int) -> float:
    figures = auction(trades, bit)
    return figures.qty / int(trades.qty[is_trade(trades.cond)].sum()) if figures else 0.0
