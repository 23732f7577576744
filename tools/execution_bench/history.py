"""Days before the study, without us: how a market spreads its volume over the clock.

The static VWAP arm trades along this curve, as a desk trades along the one of the last weeks; every name of a market
counts the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.tca.market_tape import AUCTION_PRINT, read_tape
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray
from sottovoce.models.volume import VolumeCurve, volume_curve
from sottovoce.runtime.markets import open_market
from tools.execution_bench.sessions import GENERATORS, HISTORY_SEED, SYMBOLS, day, instrument

BINS = 26
OPEN_MIN = 570
LATE_NS = 20 * NS_PER_MINUTE
"""The closing auction has printed by then."""


class DayVolume(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of one day: continuous by quarter hour, in the opening and in the closing auction."""

    bins: tuple[float, ...]
    opening: float
    closing: float


def day_volume(generator: str, number: int) -> DayVolume:
    """The volume of one day of history, the number-th; names take turns."""
    symbol, session = SYMBOLS[number % len(SYMBOLS)], day()
    name = instrument(symbol)
    market = open_market(GENERATORS[generator], [name], (session,), HISTORY_SEED + number)
    while market.advance(session.close_ns + LATE_NS):
        pass
    tape = read_tape(market.tape(name.instrument_id), ((session.open_ns, session.close_ns),))
    auction = tape.trade_kind == AUCTION_PRINT
    early = tape.trade_ns < (session.open_ns + session.close_ns) // 2
    bins, _ = np.histogram(
        tape.trade_ns[~auction], BINS, (session.open_ns, session.close_ns), weights=tape.trade_qty[~auction]
    )
    return DayVolume(
        bins=tuple(bins.tolist()),
        opening=float(tape.trade_qty[auction & early].sum()),
        closing=float(tape.trade_qty[auction & ~early].sum()),
    )


def curve_of(generator: str, days: Sequence[DayVolume], session: Session | None = None) -> VolumeCurve:
    """The mean curve of days of history: each day's shares count the same."""
    bins = np.array([each.bins for each in days])
    whole = bins.sum(axis=1) + [each.opening + each.closing for each in days]
    shares: FloatArray = (bins / bins.sum(axis=1, keepdims=True)).mean(axis=0)
    length = (session or day()).close_ns - (session or day()).open_ns
    return volume_curve(
        name=f"{generator} history",
        origin=f"{len(days)} simulated days before the study, each counting the same",
        edges_ns=tuple(OPEN_MIN * NS_PER_MINUTE + length * edge // BINS for edge in range(BINS + 1)),
        shares=tuple((shares / shares.sum()).tolist()),
        open_auction=float(np.mean([each.opening for each in days] / whole)),
        close_auction=float(np.mean([each.closing for each in days] / whole)),
    )
