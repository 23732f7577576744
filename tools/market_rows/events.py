"""T-MKT-1 to 3: what options say of an event to come."""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.models.implied_move import (
    event_from_one_expiry,
    event_from_term_structure,
    expected_absolute_move,
    straddle,
    straddle_approximation,
    volatility_with_event,
)
from tools.figure_row import Row, near

WEEK, MONTH = 5 / 252, 25 / 252


def rows() -> Iterator[Row]:
    """Volatilities with an event, the event read back, and the straddle."""
    base, move = 0.30, 0.06
    first, second = volatility_with_event(base, move, WEEK), volatility_with_event(base, move, MONTH)
    yield near("T-MKT-1", "σ at 5/252, base 30 %, event 6 %", first, 0.520999, 5e-7, 6)
    yield near("T-MKT-1", "σ at 25/252", second, 0.355370, 5e-7, 6)
    read = event_from_term_structure(first, WEEK, second, MONTH)
    yield near("T-MKT-1", "event read back from both", read.move if read else 0.0, move, 1e-9, 9)
    yield near("T-MKT-1", "E|move|", expected_absolute_move(move), 0.04787, 5e-6, 5)
    yield near("T-MKT-2", "event from one expiry", event_from_one_expiry(0.60, WEEK, 0.30) or 0.0, 0.075593, 5e-7, 6)
    read = event_from_term_structure(0.60, WEEK, 0.42, MONTH)
    yield near("T-MKT-2", "event from two expiries", read.move if read else 0.0, 0.067480, 5e-7, 6)
    yield near("T-MKT-2", "base volatility from two expiries", read.base_volatility if read else 0.0, 0.36125, 5e-6, 5)
    yield near("T-MKT-3", "straddle, S = K = 100, σ 60 %, 7/365", straddle(100, 100, 0.60, 7 / 365), 6.6278, 5e-5, 4)
    rough = straddle_approximation(100, 0.60, 7 / 365)
    yield near("T-MKT-3", "its approximation √(2/π) S σ √T", rough, 6.6297, 5e-5, 4)
