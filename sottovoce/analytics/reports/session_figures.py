"""What a market did over its sessions, in a dozen figures: prices, volume and who printed it, spread, movement."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session, Tape
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import BoolArray, FloatArray

DARK, AUCTION = 1, 2
"""Kinds of a tape's trades besides lit."""


class SessionFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Prices and spread in currency; shares of volume are parts of 1; spread weighted by time within sessions.

    volatility is of one-minute mid returns within sessions, scaled to a session, a fraction.
    """

    trades: int
    volume: int
    first_px: float
    last_px: float
    high: float
    low: float
    vwap: float
    dark_share: float
    auction_share: float
    spread: float
    spread_bps: float
    volatility: float
    quotes: int


def session_figures(tape: Tape, sessions: Sequence[Session], price_scale: int) -> SessionFigures:
    """The figures of a tape. Raises: ModelError, tape_no_volume or tape_no_quotes."""
    px, qty = np.asarray(tape.trade_px), np.asarray(tape.trade_qty)
    kind = np.asarray(tape.trade_kind)
    if not px.size:
        raise ModelError("The market printed no trade, so there is nothing to sum up.", code="tape_no_volume")
    volume = int(qty.sum())
    spread, mid = _time_weighted(tape, sessions)
    return SessionFigures(
        trades=int(px.size),
        volume=volume,
        first_px=int(px[0]) / price_scale,
        last_px=int(px[-1]) / price_scale,
        high=int(px.max()) / price_scale,
        low=int(px.min()) / price_scale,
        vwap=sum((px * qty).tolist()) / volume / price_scale,
        dark_share=int(qty[kind == DARK].sum()) / volume,
        auction_share=int(qty[kind == AUCTION].sum()) / volume,
        spread=spread / price_scale,
        spread_bps=1e4 * spread / mid,
        volatility=_volatility(tape, sessions),
        quotes=int(np.asarray(tape.quote_ns).size),
    )


def _time_weighted(tape: Tape, sessions: Sequence[Session]) -> tuple[float, float]:
    """Mean spread and mean mid over the time a two-sided quote stood within the sessions, price units."""
    ns, bid, ask = (np.asarray(column) for column in (tape.quote_ns, tape.bid, tape.ask))
    if not ns.size:
        raise ModelError("The market quoted nothing, so it has no spread.", code="tape_no_quotes")
    ends = np.append(ns[1:], max(sessions[-1].close_ns, int(ns[-1])))
    stood = np.zeros(ns.size, dtype=np.float64)
    for session in sessions:
        stood += np.maximum(np.minimum(ends, session.close_ns) - np.maximum(ns, session.open_ns), 0)
    stood *= _two_sided(bid, ask)
    total = float(stood.sum())
    if not total:
        raise ModelError("No two-sided quote stood in the sessions, so there is no spread.", code="tape_no_quotes")
    return float(((ask - bid) * stood).sum()) / total, float(((ask + bid) / 2.0 * stood).sum()) / total


def _volatility(tape: Tape, sessions: Sequence[Session]) -> float:
    ns, bid, ask = (np.asarray(column) for column in (tape.quote_ns, tape.bid, tape.ask))
    usable = _two_sided(bid, ask)
    ns, log_mid = ns[usable], np.log((bid + ask)[usable] / 2.0)
    squares, minutes = 0.0, 0
    for session in sessions:
        rows = np.searchsorted(ns, np.arange(session.open_ns, session.close_ns + 1, NS_PER_MINUTE), side="right") - 1
        moves: FloatArray = np.diff(log_mid[rows[rows >= 0]])
        squares += float((moves**2).sum())
        minutes += moves.size
    per_session = sum((each.close_ns - each.open_ns) // NS_PER_MINUTE for each in sessions) / len(sessions)
    return float(np.sqrt(squares / minutes * per_session)) if minutes else 0.0


def _two_sided(bid: FloatArray, ask: FloatArray) -> BoolArray:
    standing: BoolArray = (bid > 0) & (ask >= bid)
    return standing
