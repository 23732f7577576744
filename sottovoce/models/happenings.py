"""What is known to happen to a name in a simulated session: an earnings jump, a halt, a burst of volatility.

They are facts of the run, given by whoever makes the market, and the same with and without our orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from sottovoce.core.errors import ConfigError
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray

EVERY_NAME = "*"
"""As an instrument_id: the event concerns the whole market."""


class EarningsJump(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """News moves the fundamental at once. move: log return; between two sessions the next one opens with it.

    Volatility and trading are `factor` times as high just after it, and calm down with a time constant of fade_s.
    """

    instrument_id: str
    at_ns: int
    move: float
    factor: float = 2.0
    fade_s: float = 1_800.0


class TradingHalt(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Nothing trades for duration_ns: resting orders wait, new ones are refused, cancels are taken."""

    instrument_id: str
    at_ns: int
    duration_ns: int

    @property
    def end_ns(self) -> int:
        """When trading goes on."""
        return self.at_ns + self.duration_ns


class VolatilityBurst(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """For duration_ns the fundamental is `factor` times as volatile and trading `factor` times as busy."""

    instrument_id: str
    at_ns: int
    duration_ns: int
    factor: float

    @property
    def end_ns(self) -> int:
        """When it is over."""
        return self.at_ns + self.duration_ns


MarketEvent = EarningsJump | TradingHalt | VolatilityBurst


def checked(events: Iterable[MarketEvent], sessions: Sequence[Session]) -> tuple[MarketEvent, ...]:
    """The events in order of time. Raises: ConfigError, sim_event_impossible, for one that cannot be played."""
    ordered = tuple(sorted(events, key=lambda event: (event.at_ns, event.instrument_id)))
    for event in ordered:
        fault = _fault(event, sessions)
        if fault:
            raise ConfigError(
                f"The {type(event).__name__} of {event.instrument_id} at {event.at_ns} ns {fault}.",
                code="sim_event_impossible",
            )
    return ordered


def concerning(events: Iterable[MarketEvent], instrument_id: str) -> tuple[MarketEvent, ...]:
    """The events of one name and of the whole market."""
    return tuple(event for event in events if event.instrument_id in (instrument_id, EVERY_NAME))


def halts(events: Iterable[MarketEvent]) -> list[TradingHalt]:
    """The halts among events."""
    return [event for event in events if isinstance(event, TradingHalt)]


def intensity(events: Iterable[MarketEvent], times_ns: IntArray, open_ns: int) -> FloatArray:
    """By how much events raise volatility, and trading, at each time of a session, shape as times_ns.

    News from before the open is felt from the open on.
    """
    factor = np.ones(len(times_ns))
    for event in events:
        if isinstance(event, VolatilityBurst):
            factor[(times_ns >= event.at_ns) & (times_ns < event.end_ns)] *= event.factor
        elif isinstance(event, EarningsJump) and event.at_ns <= times_ns[-1]:
            since_s = (times_ns - max(event.at_ns, open_ns)) / 1e9
            factor *= 1.0 + (event.factor - 1.0) * np.exp(-np.maximum(since_s, 0.0) / event.fade_s) * (since_s >= 0)
    return factor


def moved(events: Iterable[MarketEvent], times_ns: IntArray) -> FloatArray:
    """How far events have moved the fundamental by each time, log return, shape as times_ns."""
    total = np.zeros(len(times_ns))
    for event in events:
        if isinstance(event, EarningsJump):
            total[times_ns >= event.at_ns] += event.move
    return total


def between(events: Iterable[MarketEvent], start_ns: int, end_ns: int) -> list[MarketEvent]:
    """The events that begin in [start_ns, end_ns)."""
    return [event for event in events if start_ns <= event.at_ns < end_ns]


def _fault(event: MarketEvent, sessions: Sequence[Session]) -> str:
    if isinstance(event, EarningsJump):
        sound = event.factor >= 1.0 and event.fade_s > 0 and abs(event.move) < 1.0
        return "" if sound else "needs a move below 100 %, a factor of 1 or more and a fade above zero"
    if event.duration_ns <= 0:
        return "needs a duration above zero"
    if isinstance(event, VolatilityBurst):
        return "" if event.factor > 0 else "needs a factor above zero"
    inside = any(each.open_ns < event.at_ns and event.end_ns < each.close_ns for each in sessions)
    return "" if inside else "must begin and end within one session"
