"""What a tape says of its national best quote: how wide, how often locked, and how trades stood to it.

Regular hours only, and a trade is compared with the quote in force strictly before it, set in regular hours: a
quote of the same millisecond may be the trade's own effect, and one from before the open is nobody's offer to it.
These are the definitions under which the data set's README gives its figures.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.tape.day import DayTape, quote_before
from sottovoce.adapters.tape.figures import regular_trades
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray


class QuoteFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """rows: quote rows of the whole file. Time-weighted over regular hours: spread in cents, locked and crossed time.

    inside_nbbo is the part of regular-hours trades at or between the best bid and offer before them;
    effective_spread_bps is 2 |price - mid| / mid of the same trades, weighted by shares. None without such a trade.
    """

    rows: int
    spread_cents: float
    locked: float
    crossed: float
    inside_nbbo: float | None
    effective_spread_bps: float | None


def quote_figures(day: DayTape, price_scale: int = 1_000_000) -> QuoteFigures:
    """Spread, locked and crossed time, and how trades stood to the quote. Raises: ModelError, tape_no_quotes."""
    quotes, session = day.quotes, day.session
    regular = (quotes.ns[:-1] >= session.open_ns) & (quotes.ns[1:] < session.close_ns)
    two_sided = (quotes.bid[:-1] > 0) & (quotes.ask[:-1] > 0)
    weights = np.diff(quotes.ns) * (regular & two_sided)
    total = int(weights.sum())
    if total == 0:
        raise ModelError(f"The tape of {session.date} has no two-sided quote in regular hours.", code="tape_no_quotes")
    spread = (quotes.ask - quotes.bid)[:-1]
    inside, effective = _trades_against_quotes(day)
    return QuoteFigures(
        rows=int(quotes.ns.size),
        spread_cents=float((spread * weights.astype(np.float64)).sum()) / total / (price_scale / 100),
        locked=int(weights[spread == 0].sum()) / total,
        crossed=int(weights[spread < 0].sum()) / total,
        inside_nbbo=inside,
        effective_spread_bps=effective,
    )


def _trades_against_quotes(day: DayTape) -> tuple[float | None, float | None]:
    """Part inside the best bid and offer, and the effective spread in bps; None each without a quoted trade."""
    counted = day.trades.where(regular_trades(day.trades, day.session))
    before = quote_before(day.quotes, counted.ns)
    known = _quoted(day, before)
    if not known.any():
        return None, None
    bid, ask = day.quotes.bid[before[known]], day.quotes.ask[before[known]]
    px, qty = counted.px[known], counted.qty[known].astype(np.float64)
    mid: FloatArray = (bid + ask) / 2.0
    effective = 2e4 * np.abs(px - mid) / mid
    inside = float(((px >= bid) & (px <= ask)).mean())
    return inside, float((effective * qty).sum() / qty.sum())


def _quoted(day: DayTape, before: IntArray) -> BoolArray:
    """Trades whose quote exists, has both sides, and was set since the open; shape as before."""
    row = np.maximum(before, 0)
    two_sided = (day.quotes.bid[row] > 0) & (day.quotes.ask[row] > 0) if day.quotes.ns.size else before > 0
    since_open = day.quotes.ns[row] >= day.session.open_ns if day.quotes.ns.size else before > 0
    quoted: BoolArray = (before >= 0) & two_sided & since_open
    return quoted
