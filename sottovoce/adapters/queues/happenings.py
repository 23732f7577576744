"""What happens to a market by arrangement: news that moves a price, a halt, an hour of high volatility."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec
import numpy as np

from sottovoce.models.arrays import BoolArray, FloatArray, IntArray


class Happening(Enum):
    """Kinds of event."""

    NEWS = "news"
    HALT = "halt"
    VOLATILITY = "volatility"


class MarketEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event in one name, or in all of them (instrument_id None), at a time.

    NEWS: the fundamental jumps by size_sigmas daily volatilities, and activity is `factor` times as high, fading over
    duration_ns. HALT: nothing trades and no lit or dark order is taken for duration_ns; a jump of size_sigmas waits at
    its end. VOLATILITY: volatility is `factor` times as high for duration_ns.
    """

    kind: Happening
    at_ns: int
    duration_ns: int = 0
    size_sigmas: float = 0.0
    factor: float = 1.0
    instrument_id: str | None = None

    @property
    def end_ns(self) -> int:
        """When it is over."""
        return self.at_ns + self.duration_ns


def concerning(events: Sequence[MarketEvent], instrument_id: str) -> tuple[MarketEvent, ...]:
    """The events of one name, in order of time."""
    ours = [event for event in events if event.instrument_id in (None, instrument_id)]
    return tuple(sorted(ours, key=lambda event: event.at_ns))


def volatility_factor(events: Sequence[MarketEvent], times_ns: IntArray) -> FloatArray:
    """By how much events raise the volatility at each time, shape (n,)."""
    factor = np.ones(len(times_ns))
    for event in events:
        since = times_ns - event.at_ns
        if event.kind is Happening.VOLATILITY:
            factor[(since >= 0) & (since < event.duration_ns)] *= event.factor
        elif event.kind is Happening.NEWS and event.duration_ns:
            factor[since >= 0] *= 1.0 + (event.factor - 1.0) * np.exp(-since[since >= 0] / event.duration_ns)
    return factor


def jumps(events: Sequence[MarketEvent], times_ns: IntArray) -> FloatArray:
    """How far events have moved the fundamental by each time, in daily volatilities, shape (n,)."""
    moved = np.zeros(len(times_ns))
    for event in events:
        if event.kind is not Happening.VOLATILITY:
            moved[times_ns >= (event.end_ns if event.kind is Happening.HALT else event.at_ns)] += event.size_sigmas
    return moved


def halted(events: Sequence[MarketEvent], times_ns: IntArray) -> BoolArray:
    """Whether trading is halted at each time, shape (n,)."""
    quiet = np.zeros(len(times_ns), dtype=np.bool_)
    for event in events:
        if event.kind is Happening.HALT:
            quiet |= (times_ns >= event.at_ns) & (times_ns < event.end_ns)
    return quiet


def halt_at(events: Sequence[MarketEvent], at_ns: int) -> MarketEvent | None:
    """The halt in force at a time, None when trading goes on."""
    halts = (event for event in events if event.kind is Happening.HALT)
    return next((event for event in halts if event.at_ns <= at_ns < event.end_ns), None)
