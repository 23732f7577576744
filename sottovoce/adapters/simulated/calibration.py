"""Calibrating a simulated name from a tape: what the market printed and quoted, instead of the instrument's facts.

Everything is measured on whole sessions: shares and market orders a day (prints of one moment are one order),
time-weighted spread and size at the touch, realised volatility of five-minute mids, and how continuous volume is
spread over the day. Trades of ours are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from sottovoce.adapters.simulated.profile import OVERNIGHT_VARIANCE, Calibration
from sottovoce.adapters.simulated.tape import AUCTION, LIT
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session, Tape
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray

HALF_HOURS = 13
STEP_NS = 300_000_000_000
TRADES_MIN = 100


def calibrate(tape: Tape, sessions: Sequence[Session]) -> Calibration:
    """Measure a name on the sessions of its tape; depth is None where the tape has no sizes.

    Raises: ModelError, sim_tape_too_thin, when a session has fewer than TRADES_MIN lit prints or is not quoted.
    """
    days = [_day(tape, session) for session in sessions]
    if not days:
        raise ModelError("A calibration needs at least one session of the tape.", code="sim_tape_too_thin")
    mean = np.mean([day[:4] for day in days], axis=0)
    depths = [day[4] for day in days]
    curve = np.mean([day[5] for day in days], axis=0)
    return Calibration(
        adv=float(mean[0]),
        trades=round(float(mean[1])),
        spread_bps=float(mean[2]),
        sigma=float((mean[3] / (1.0 - OVERNIGHT_VARIANCE)) ** 0.5),
        depth_qty=None if any(depth is None for depth in depths) else float(np.mean(cast(list[float], depths))),
        curve=tuple(float(part) for part in curve / curve.sum()),
    )


_Day = tuple[float, float, float, float, float | None, FloatArray]


def _day(tape: Tape, session: Session) -> _Day:
    """Shares, market orders, spread in bps, variance, depth and volume by half hour of one session."""
    at, qty, kind = (_column(each) for each in (tape.trade_ns, tape.trade_qty, tape.trade_kind))
    theirs = _column(tape.trade_own) == 0
    inside = (at >= session.open_ns) & (at <= session.close_ns) & theirs
    lit = inside & (kind == LIT)
    quotes = _column(tape.quote_ns)
    quoted = (quotes >= session.open_ns) & (quotes <= session.close_ns)
    if int(lit.sum()) < TRADES_MIN or not quoted.any():
        raise ModelError(
            f"The tape of {tape.instrument_id} has {int(lit.sum())} lit trades and {int(quoted.sum())} quotes on "
            f"{session.date}; a calibration needs {TRADES_MIN} and some. Leave the session out.",
            code="sim_tape_too_thin",
        )
    bid, ask = _column(tape.bid)[quoted].astype(np.float64), _column(tape.ask)[quoted].astype(np.float64)
    held = np.diff(quotes[quoted], append=session.close_ns).astype(np.float64)
    spread = (ask - bid) / (ask + bid) * 2e4
    continuous = inside & (kind != AUCTION)
    return (
        float(qty[inside].sum()),
        float(len(np.unique(at[lit]))),
        float(spread @ held / held.sum()),
        _variance(quotes[quoted], (bid + ask) / 2, session),
        _depth(tape, quoted, held),
        np.histogram(at[continuous], HALF_HOURS, (session.open_ns, session.close_ns), weights=qty[continuous])[0],
    )


def _variance(quote_ns: IntArray, mid: FloatArray, session: Session) -> float:
    """Sum of squared five-minute log returns of the mid."""
    grid = np.arange(session.open_ns, session.close_ns + 1, STEP_NS)
    at = np.maximum(np.searchsorted(quote_ns, grid, side="right") - 1, 0)
    return float((np.diff(np.log(mid[at])) ** 2).sum())


def _depth(tape: Tape, quoted: BoolArray, held: FloatArray) -> float | None:
    """Time-weighted shares at one side of the touch."""
    if tape.bid_size is None or tape.ask_size is None:
        return None
    both = (_column(tape.bid_size) + _column(tape.ask_size))[quoted] / 2
    return float(both @ held / held.sum())


def _column(values: object) -> IntArray:
    return np.asarray(cast(IntArray, values), dtype=np.int64)
