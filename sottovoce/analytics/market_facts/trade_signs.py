"""How long the market remembers who was buying: the autocorrelation of trade signs and its power law.

One sign an order, not a print: prints of one moment and one side are one aggressive order that met several resting
ones. Where the tape does not name the aggressor, the quote rule decides, and at the mid the tick rule (Lee and
Ready 1991). Signs are compared in trade time, within a session.
Source of the law: Lillo, Mike and Farmer 2005; reference text §6, gate "sign memory".
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.columns import LIT, SessionColumns
from sottovoce.models.arrays import FloatArray, IntArray

LAG_MAX = 500
FIT_LAGS = (10, 500)
BINS = 12


class SignSums(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Of one session: products and pairs at lags 1..LAG_MAX, shape (LAG_MAX,), and the sum and count of signs."""

    products: FloatArray
    pairs: FloatArray
    total: float
    count: int


def order_signs(session: SessionColumns) -> IntArray:
    """+1 or -1 for each aggressive order on lit books, in order of time."""
    lit = session.trade_kind == LIT
    trade_ns, side = session.trade_ns[lit], session.trade_side[lit]
    side = np.where(side == 0, _inferred(session, trade_ns, session.trade_px[lit]), side)
    trade_ns, side = trade_ns[side != 0], side[side != 0]
    first = np.ones(side.size, np.bool_)
    first[1:] = (np.diff(trade_ns) != 0) | (np.diff(side) != 0)
    kept: IntArray = side[first]
    return kept


def _inferred(session: SessionColumns, trade_ns: IntArray, trade_px: IntArray) -> IntArray:
    """Lee and Ready: above the mid in force before the print it was a buy; at the mid, the last price change."""
    if not trade_px.size:
        return trade_px
    moves = np.sign(np.diff(trade_px, prepend=trade_px[:1]))
    last = np.maximum.accumulate(np.where(moves != 0, np.arange(moves.size), 0))
    by_tick = moves[last]
    before = np.searchsorted(session.quote_ns, trade_ns, side="left") - 1
    if not session.quote_ns.size:
        return by_tick
    twice_mid = (session.bid + session.ask)[np.maximum(before, 0)]
    by_quote = np.where(before >= 0, np.sign(2 * trade_px - twice_mid), 0)
    return np.where(by_quote != 0, by_quote, by_tick)


def sign_sums(signs: IntArray) -> SignSums:
    """What one session adds to the autocorrelation; signs shape (n,), any n."""
    count = signs.size
    lags = np.arange(1, LAG_MAX + 1)
    if count < 2:
        return SignSums(products=np.zeros(LAG_MAX), pairs=np.zeros(LAG_MAX), total=float(signs.sum()), count=count)
    size = 1 << int(np.ceil(np.log2(count + LAG_MAX)))
    spectrum = np.fft.rfft(signs, size)
    products = np.fft.irfft(spectrum * np.conj(spectrum), size)[1 : LAG_MAX + 1]
    return SignSums(products=products, pairs=np.maximum(count - lags, 0.0), total=float(signs.sum()), count=count)


def autocorrelation(parts: Sequence[SignSums]) -> FloatArray:
    """Autocorrelation at lags 1..LAG_MAX, one mean for all sessions; NaN where no pair is that far apart."""
    pairs = np.sum([part.pairs for part in parts], axis=0)
    count = sum(part.count for part in parts)
    mean = sum(part.total for part in parts) / count if count else np.nan
    products = np.sum([part.products for part in parts], axis=0)
    spread = 1.0 - mean**2
    if not spread > 0:
        return np.full(LAG_MAX, np.nan)
    return np.where(pairs > 0, (products / np.maximum(pairs, 1.0) - mean**2) / spread, np.nan)


def binned(correlation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean log lag and mean autocorrelation in BINS bins of equal ratio over FIT_LAGS."""
    lags = np.arange(1, LAG_MAX + 1)
    edges = np.geomspace(FIT_LAGS[0], FIT_LAGS[1] + 1, BINS + 1)
    place = np.searchsorted(edges, lags, side="right") - 1
    inside = [place == number for number in range(BINS)]
    return (
        np.array([np.log(lags[each]).mean() for each in inside]),
        np.array([correlation[each].mean() for each in inside]),
    )


def memory_exponent(parts: Sequence[SignSums]) -> float:
    """gamma of C(lag) ~ lag^-gamma: minus the log-log slope over FIT_LAGS, least squares on the bins.

    NaN when a bin is not above zero: there is no memory at that lag to have a slope.
    """
    log_lag, level = binned(autocorrelation(parts))
    if not bool((level > 0).all()):
        return float("nan")
    return float(-np.polyfit(log_lag, np.log(level), 1)[0])
